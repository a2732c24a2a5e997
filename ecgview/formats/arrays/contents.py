"""What a file of arrays holds: arrays that may be signals, and small facts about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ecgview.formats.guard import foreign_parser, refuse_excess

Fact = float | str | tuple[float, ...] | tuple[str, ...]
"""A number, a text, or a short list of either."""

LONGEST_FACT = 64
"""Numbers in a row that are still a fact (gains of leads) and no signal."""
MOST_TEXTS = 500_000
MOST_VARIABLES = 10_000
DEEPEST = 16
"""Variables that are looked at, and levels of structures in structures."""


class Values(Protocol):
    """An array that may lie in a file: a shape, a type, and slices that are read on demand."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the numbers."""
        ...

    def __getitem__(self, index: tuple[int | slice, ...], /) -> Any:
        """Read a part as an array."""
        ...


@dataclass(frozen=True)
class StoredArray:
    """An array in the bytes of a file that is open only while it is read.

    Parameters
    ----------
    path : Path
        The file.
    offset : int
        Where the numbers begin.
    dtype : dtype
        Their type.
    shape : tuple of int
        Checked by the maker: all of it lies in the file.
    order : str
        ``C`` or ``F``.
    """

    path: Path
    offset: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    order: str = "C"

    def __getitem__(self, index: tuple[int | slice, ...]) -> np.ndarray:
        """Read a part as an array.

        Raises
        ------
        RecordingError
            If the file has become shorter or is gone.
        """
        order: Any = self.order
        with foreign_parser(self.path, "NumPy"):
            whole = np.memmap(self.path, self.dtype, "r", self.offset, self.shape, order)
            return np.array(whole[index])


@dataclass
class ArrayFile:
    """The contents of a file, by path inside it (``ECG/data``).

    Attributes
    ----------
    path : Path
        The file.
    format_name : str
        Such as ``HDF5``.
    arrays : dict of str to Values
        Arrays of real numbers that are too long to be facts.
    facts : dict of str to Fact
        Attributes of an array stand below its path.
    passed_over : list of str
        Sentences on what was not opened, for the error where nothing else is there.
    """

    path: Path
    format_name: str
    arrays: dict[str, Values] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    passed_over: list[str] = field(default_factory=list)

    def add(self, name: str, value: Any, depth: int = 0) -> None:
        """Sort a value in, be it an array, a text, a number, a list or a mapping of them."""
        full = len(self.arrays) + len(self.facts) >= MOST_VARIABLES
        if value is None or full or depth > DEEPEST:
            return
        if isinstance(value, Mapping):
            for inner, item in value.items():
                self.add(f"{name}/{inner}" if name else str(inner), item, depth + 1)
        elif isinstance(value, list) and not all(isinstance(item, str) for item in value):
            for number, item in enumerate(value, start=1):
                self.add(f"{name} {number}", item, depth + 1)
        elif (fact := as_fact(value)) is not None:
            self.facts[name] = fact
        elif hasattr(value, "shape") and value.dtype.kind in "iuf" and 0 not in value.shape:
            self.arrays[name] = value


def as_fact(value: Any) -> Fact | None:
    """Give a text, a number or a short list of either; None for anything else."""
    if isinstance(value, bytes):
        return _text(value)
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list | tuple):
        texts = tuple(text for text in map(_text, value[:MOST_TEXTS]) if text is not None)
        return texts if texts and len(texts) == len(value) else None
    if isinstance(value, int | float | np.number):
        return float(value)
    return _short_fact(value) if isinstance(value, np.ndarray) and value.size else None


def _short_fact(values: np.ndarray) -> Fact | None:
    if values.dtype.kind in "USO" and values.size <= MOST_TEXTS:
        texts = as_fact(values.ravel().tolist())
        return texts[0] if isinstance(texts, tuple) and len(texts) == 1 else texts
    is_row = values.size == max(values.shape, default=1)
    if values.dtype.kind not in "iuf" or not is_row or values.size > LONGEST_FACT:
        return None
    numbers = tuple(float(number) for number in values.ravel())
    return numbers[0] if len(numbers) == 1 else numbers


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace").strip(" \0")
    return value.strip(" \0") if isinstance(value, str) else None


def check_size(path: Path, shape: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    """Give the bytes an array takes, and refuse more than the file can hold.

    Raises
    ------
    RecordingError
        See `ecgview.formats.guard.refuse_excess`.
    """
    n_bytes = dtype.itemsize
    for length in shape:
        n_bytes *= int(length)  # no overflow: these are Python's own numbers
    refuse_excess(path, n_bytes)
    return n_bytes
