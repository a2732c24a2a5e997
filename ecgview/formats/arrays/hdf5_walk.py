"""The contents of HDF5 files; run in a process apart (see `ecgview.formats.arrays.apart`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ecgview.formats.arrays.contents import (
    DEEPEST,
    LONGEST_FACT,
    MOST_VARIABLES,
    ArrayFile,
    as_fact,
    check_size,
)
from ecgview.formats.arrays.hdf5 import DataSet
from ecgview.formats.guard import foreign_parser, refuse_excess

LARGEST_CHUNK = 64_000_000
"""Bytes of a chunk, which is unpacked as a whole."""
LARGEST_RATIO = 100
"""How many times the bytes stored a data set may be long: gaps and flat leads pack well."""
MOST_ATTRIBUTES = 200
_LONGEST_TEXT = 10_000
_KNOWN_FILTERS = frozenset((1, 2, 3, 4, 5, 6, 32000))
"""deflate, shuffle, fletcher32, szip, nbit, scale-offset, lzf: no plug-in is ever loaded."""


def walk(path: Path, format_name: str) -> ArrayFile:
    """List the arrays and facts of a file, each object once.

    Parameters
    ----------
    path : Path
        The file.
    format_name : str
        ``HDF5`` or ``MATLAB``.

    Raises
    ------
    RecordingError
        If it is damaged.
    """
    import h5py

    file = ArrayFile(path, format_name)
    with foreign_parser(path, format_name), h5py.File(path, "r", locking=False) as opened:
        _Visit(file, h5py, set()).group(opened, "", 0)
    return file


def read(path: Path, inside: str, index: tuple[int | slice, ...]) -> np.ndarray:
    """Read a part of a data set.

    Raises
    ------
    RecordingError
        If it is damaged.
    """
    import h5py

    with foreign_parser(path, "HDF5"), h5py.File(path, "r", locking=False) as opened:
        return np.asarray(opened[inside][index])


@dataclass(frozen=True)
class _Visit:
    """A walk through the groups, each object once."""

    file: ArrayFile
    h5py: Any
    seen: set[Any]

    def group(self, group: Any, inside: str, depth: int) -> None:
        self.attributes(group, inside)
        for name in group:
            if depth > DEEPEST or len(self.seen) > MOST_VARIABLES:
                return
            path = f"{inside}/{name}" if inside else name
            if not isinstance(group.get(name, getlink=True), self.h5py.HardLink):
                self.file.passed_over.append(f"“{path}” is a link, which is not followed")
            elif name != "#refs#":
                self.member(group[name], path, depth)

    def member(self, item: Any, path: str, depth: int) -> None:
        place = self.h5py.h5o.get_info(item.id)
        if (place.fileno, place.addr) in self.seen:
            return
        self.seen.add((place.fileno, place.addr))
        if isinstance(item, self.h5py.Group):
            self.group(item, path, depth + 1)
        elif isinstance(item, self.h5py.Dataset):
            if reason := self.not_to_be_read(item):
                self.file.passed_over.append(f"“{path}” {reason}")
                return
            self.attributes(item, path)
            self.data_set(item, path)

    def not_to_be_read(self, item: Any) -> str:
        """Say why the samples of a data set may not be read; empty where they may."""
        if item.is_virtual or item.external:
            return "lies in another file, which is not opened"
        made = item.id.get_create_plist()
        filters = {made.get_filter(number)[0] for number in range(made.get_nfilters())}
        if not filters <= _KNOWN_FILTERS:
            return "is packed in a way that needs a plug-in"
        chunk = item.chunks or ()
        size = item.dtype.itemsize
        for length in chunk:
            size *= int(length)
        return "is packed in pieces of more than 64 MB" if chunk and size > LARGEST_CHUNK else ""

    def attributes(self, item: Any, path: str) -> None:
        for name in list(item.attrs)[:MOST_ATTRIBUTES]:
            kind = item.attrs.get_id(name)
            if kind.dtype.kind in "iufSUO" and int(np.prod(kind.shape)) <= _LONGEST_TEXT:
                if self.h5py.check_ref_dtype(kind.dtype) is not None:
                    continue
                fact = as_fact(item.attrs[name])
                if fact is not None and not name.startswith(("MATLAB_", "H5PATH")):
                    self.file.facts[f"{path}/{name}" if path else name] = fact

    def data_set(self, item: Any, path: str) -> None:
        n_values = 0 if item.shape is None else int(np.prod(item.shape, dtype=object))
        if item.dtype.kind in "iuf" and n_values > LONGEST_FACT:
            if self.is_text(item) and n_values < _LONGEST_TEXT:
                self.file.add(path, _characters(item[()]))
            elif n_bytes := item.id.get_storage_size():
                _check_stored(self.file.path, item.shape, item.dtype, n_bytes)
                self.file.add(path, DataSet(self.file.path, item.name, item.shape, item.dtype))
        elif 0 < n_values <= _LONGEST_TEXT:
            self.file.add(path, self.small(item))

    def is_text(self, item: Any) -> bool:
        """Tell MATLAB's characters, which are stored as whole numbers."""
        return bytes(item.attrs.get("MATLAB_class", b"")) == b"char"

    def small(self, item: Any) -> Any:
        """Read a short data set: numbers, texts, or MATLAB's cells of texts."""
        if self.h5py.check_ref_dtype(item.dtype) is not None:
            return list(self.cells(item))
        if item.dtype.kind in "iuf":
            return _characters(item[()]) if self.is_text(item) else np.asarray(item[()])
        is_text = self.h5py.check_string_dtype(item.dtype) is not None
        return np.asarray(item[()], dtype=object) if is_text else None

    def cells(self, item: Any) -> Iterator[Any]:
        for reference in np.asarray(item[()]).ravel(order="F")[:LONGEST_FACT]:
            target: Any = item.file[reference] if reference else None
            is_short = isinstance(target, self.h5py.Dataset) and target.size < _LONGEST_TEXT
            if is_short and self.is_text(target) and not self.not_to_be_read(target):
                yield _characters(target[()])


def _check_stored(path: Path, shape: tuple[int, ...], dtype: np.dtype[Any], n_stored: int) -> None:
    """Refuse a data set that says it is far longer than what is stored of it."""
    n_bytes = dtype.itemsize
    for length in shape:
        n_bytes *= int(length)
    if n_bytes > LARGEST_RATIO * n_stored:
        check_size(path, shape, dtype)
    refuse_excess(path, n_bytes / LARGEST_RATIO)


def _characters(codes: np.ndarray) -> str:
    return "".join(map(chr, np.asarray(codes).ravel(order="F")))
