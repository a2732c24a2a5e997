"""Variables of MATLAB 5 files.

Own code rather than a library's: every length in the file is checked before memory is taken, and
nothing but numbers, texts, cells and structures is made. Source: "MAT-File Format", The
MathWorks.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.arrays.contents import DEEPEST, MOST_VARIABLES, check_size
from ecgview.formats.guard import refuse_excess

_MATRIX, _COMPRESSED = 14, 15
_TYPES = {
    1: "i1",
    2: "u1",
    3: "i2",
    4: "u2",
    5: "i4",
    6: "u4",
    7: "f4",
    9: "f8",
    12: "i8",
    13: "u8",
}
_TEXT_TYPES = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}
_CLASSES = {8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
_CELL, _STRUCTURE, _CHARACTERS, _DOUBLE, _SINGLE = 1, 2, 4, 6, 7
_COMPLEX_FLAG = 0x800


@dataclass
class _Reader:
    """Walks over the elements of a file."""

    path: Path
    order: str
    n_seen: int = 0
    n_unpacked: int = 0

    def damaged(self, what: str) -> RecordingError:
        return RecordingError(
            f"{self.path.name} is damaged: {what}.", "Save it in MATLAB again, or copy it again."
        )

    def elements(self, content: memoryview) -> Iterator[tuple[int, memoryview]]:
        """Give type and bytes of the elements in a stretch."""
        place = 0
        while place + 8 <= len(content):
            kind, size = struct.unpack_from(self.order + "II", content, place)
            start = place + 8
            if kind >> 16:  # up to four bytes stand in the place of the length
                kind, size, start = kind & 0xFFFF, kind >> 16, place + 4
            if start + size > len(content):
                raise self.damaged("an element is longer than what holds it")
            yield kind, content[start : start + size]
            place = start + size
            if kind != _COMPRESSED:
                place += -place % 8

    def unpacked(self, packed: memoryview) -> memoryview:
        """Unpack a compressed variable: no more than it says it is, and no more than allowed."""
        machine = zlib.decompressobj()
        head = machine.decompress(packed, 8)
        if len(head) < 8:
            raise self.damaged("a compressed variable is cut off")
        size = struct.unpack(self.order + "II", head)[1]
        self.n_unpacked += size
        refuse_excess(self.path, self.n_unpacked)
        body = machine.decompress(machine.unconsumed_tail, max(size, 1))
        return memoryview(head + body)

    def matrix(self, content: memoryview, depth: int = 0) -> tuple[str, Any]:
        """Give name and value of a variable: an array, text, list, mapping, or None."""
        self.n_seen += 1
        if depth > DEEPEST or self.n_seen > MOST_VARIABLES:
            raise self.damaged("its structures are nested too deep, or too many")
        parts = self.elements(content)
        flags = self._numbers(next(parts, (0, memoryview(b""))))
        shape = tuple(int(n) for n in self._numbers(next(parts, (0, memoryview(b"")))))
        name = bytes(next(parts, (0, memoryview(b"")))[1]).decode("latin-1")
        if not len(flags) or any(length < 0 for length in shape):
            return "", None
        kind = int(flags[0]) & 0xFF
        if kind in _CLASSES or kind in (_DOUBLE, _SINGLE):
            is_complex = int(flags[0]) & _COMPLEX_FLAG
            return name, None if is_complex else self._array(next(parts, None), shape, kind)
        if kind == _CHARACTERS:
            return name, self._text(next(parts, None), shape)
        if kind == _CELL:
            return name, [self.matrix(body, depth + 1)[1] for _, body in parts]
        return name, self._structure(parts, shape, depth) if kind == _STRUCTURE else None

    def _numbers(self, element: tuple[int, memoryview]) -> np.ndarray:
        dtype = np.dtype(self.order + _TYPES.get(element[0], "i1"))
        return np.frombuffer(element[1], dtype, len(element[1]) // dtype.itemsize)

    def _array(
        self, element: tuple[int, memoryview] | None, shape: tuple[int, ...], kind: int
    ) -> np.ndarray | None:
        if element is None or element[0] not in _TYPES:
            return None
        check_size(self.path, shape, np.dtype("u1"))
        values = self._numbers(element)
        if values.size != np.prod(shape, dtype=np.int64):
            raise self.damaged("an array is shorter than its size says")
        if kind in (_DOUBLE, _SINGLE) and values.dtype.kind in "iu":
            # Stored small, but floating-point numbers in MATLAB.
            check_size(self.path, shape, np.dtype("f4"))
            values = values.astype(np.float64 if values.dtype.itemsize > 2 else np.float32)
        return values.reshape(shape, order="F")

    def _text(
        self, element: tuple[int, memoryview] | None, shape: tuple[int, ...]
    ) -> str | list[str]:
        if element is None:
            return ""
        kind, content = element
        encoding = _TEXT_TYPES.get(kind, "latin-1")
        if encoding in ("utf-16", "utf-32"):
            encoding += "-le" if self.order == "<" else "-be"
        text = bytes(content).decode(encoding, errors="replace")
        n_rows = shape[0] if shape else 1
        if n_rows <= 1 or n_rows * (len(text) // n_rows) != len(text):
            return text.strip("\0 ")
        return [text[row::n_rows].strip("\0 ") for row in range(n_rows)]

    def _structure(
        self, parts: Iterator[tuple[int, memoryview]], shape: tuple[int, ...], depth: int
    ) -> Any:
        width = self._numbers(next(parts, (0, memoryview(b""))))
        names = bytes(next(parts, (0, memoryview(b"")))[1])
        if not len(width) or width[0] <= 0 or not names:
            return None
        step = int(width[0])
        fields = [
            names[i : i + step].split(b"\0")[0].decode("latin-1")
            for i in range(0, len(names), step)
        ]
        values = [self.matrix(body, depth + 1)[1] for _, body in parts]
        items = [
            dict(zip(fields, values[i : i + len(fields)], strict=False))
            for i in range(0, len(values), len(fields))
        ]
        return items[0] if len(items) == 1 else items


def read_variables(path: Path, content: bytes) -> Iterator[tuple[str, Any]]:
    """Read the variables of a MATLAB 5 file.

    Parameters
    ----------
    path : Path
        The file, for messages and its size.
    content : bytes
        All of it.

    Yields
    ------
    name : str
        Of the variable.
    value
        An array (by column, as MATLAB stores it), a text, a list (cells, characters in rows, an
        array of structures), a mapping (a structure), or None for what is not read: complex and
        sparse numbers, objects, functions.

    Raises
    ------
    RecordingError
        If a length does not fit.
    """
    reader = _Reader(path, ">" if content[126:128] == b"MI" else "<")
    for kind, body in reader.elements(memoryview(content)[128:]):
        if kind == _COMPRESSED:
            for inner, matrix in reader.elements(reader.unpacked(body)):
                if inner == _MATRIX:
                    yield reader.matrix(matrix)
        elif kind == _MATRIX:
            yield reader.matrix(body)
