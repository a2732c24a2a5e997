"""Which arrays of a file are signals, and which way round they lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.formats.arrays.contents import ArrayFile, Values
from ecgview.formats.arrays.stated import plain_word
from ecgview.formats.guard import gaps_for_absurd
from ecgview.formats.text.names import column_of
from ecgview.leads import normalise_lead_name, normalise_other_lead

MOST_LEADS = 64
FEWEST_SAMPLES = 100
USUAL_LEADS = (12, 15, 8)
"""Numbers of leads that tell the axis of leads where two axes could be it."""
MOST_PARTS = 10_000
"""Records of a batch that are listed."""

_SIGNAL_WORDS = (
    *("ecg", "ekg", "val", "signal", "signals", "psignal", "dsignal", "data", "samples"),
    *("rhythm", "waveform", "waveforms", "tracing", "tracings", "x"),
)


@dataclass(frozen=True)
class Axes:
    """Which axis of an array is which; None where there is none."""

    samples: int
    leads: int | None = None
    records: int | None = None


@dataclass(frozen=True, eq=False)
class Piece:
    """A matrix of leads, or one lead, inside an array.

    Parameters
    ----------
    values : Values
        The array.
    axes : Axes
        Its layout; axes of length one need no name.
    record : int
        Place along the axis of records.
    """

    values: Values
    axes: Axes
    record: int = 0

    @property
    def n_leads(self) -> int:
        """Number of leads."""
        return 1 if self.axes.leads is None else int(self.values.shape[self.axes.leads])

    @property
    def n_samples(self) -> int:
        """Number of samples of each."""
        return int(self.values.shape[self.axes.samples])

    def read(self, start: int, stop: int, first: int, last: int) -> np.ndarray:
        """Read samples ``[start, stop)`` of leads ``[first, last)``, shape (leads, samples)."""
        index: list[int | slice] = [0] * len(self.values.shape)
        index[self.axes.samples] = slice(start, stop)
        if self.axes.records is not None:
            index[self.axes.records] = self.record
        if self.axes.leads is None:
            return np.asarray(self.values[tuple(index)])[np.newaxis]
        index[self.axes.leads] = slice(first, last)
        found = np.asarray(self.values[tuple(index)])
        return found if self.axes.leads < self.axes.samples else found.T


@dataclass(frozen=True, eq=False)
class Block:
    """Signals that belong together: one array, or an array for each lead.

    Parameters
    ----------
    about : str
        Path of the array (or of the group of arrays) in the file; what is stated near it holds.
    name : str
        What the part is called.
    pieces : tuple of Piece
        One of many leads, or many of one lead.
    names : tuple of str
        Names of the leads where each has its own array; else empty.
    """

    about: str
    name: str
    pieces: tuple[Piece, ...]
    names: tuple[str, ...] = ()

    @property
    def n_channels(self) -> int:
        """Number of signals."""
        return sum(piece.n_leads for piece in self.pieces)

    @property
    def n_samples(self) -> int:
        """Number of samples of each."""
        return self.pieces[0].n_samples

    @property
    def dtype(self) -> np.dtype:
        """Type of the numbers: of the first array."""
        return self.pieces[0].values.dtype

    def raw(self, start: int, stop: int, channels: Sequence[int]) -> list[np.ndarray]:
        """Read ``[start, stop)`` of some channels as they are stored."""
        if len(self.pieces) > 1:
            return [self.pieces[channel].read(start, stop, 0, 1)[0] for channel in channels]
        first = min(channels, default=0)
        rows = self.pieces[0].read(start, stop, first, max(channels, default=-1) + 1)
        return [rows[channel - first] for channel in channels]


@dataclass(frozen=True, eq=False)
class BlockSource:
    """Samples of a block in millivolts, read on demand.

    Parameters
    ----------
    block : Block
        Where they are stored.
    sizes : tuple of float
        One unit of the stored numbers of each signal, in mV (or in the unit of the file).
    baselines : tuple of float
        What is subtracted from the stored numbers first.
    """

    block: Block
    sizes: tuple[float, ...]
    baselines: tuple[float, ...]

    @property
    def n_channels(self) -> int:
        """Number of signals."""
        return self.block.n_channels

    @property
    def n_samples(self) -> int:
        """Number of samples of each."""
        return self.block.n_samples

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some channels, float32 mV, shape (channels, samples)."""
        signals_mv = np.empty((len(channels), stop - start), dtype=np.float32)
        stored = self.block.raw(start, stop, channels)
        for row, channel, numbers in zip(signals_mv, channels, stored, strict=True):
            with np.errstate(all="ignore"):
                exact = numbers.astype(np.float64)
                gaps_for_absurd(exact)
                row[:] = (exact - self.baselines[channel]) * self.sizes[channel]
        return signals_mv


def blocks(file: ArrayFile) -> list[Block]:
    """List what may be the signals of a file, the likeliest first.

    Parameters
    ----------
    file : ArrayFile
        Its contents.

    Returns
    -------
    list of Block
        Arrays with one axis of up to 64 leads and a long one, arrays named like leads, and the
        records of three-dimensional arrays; other rows of numbers only where there is nothing
        else.
    """
    axes = {path: found for path, values in file.arrays.items() if (found := find_axes(values))}
    vectors = {path: file.arrays[path] for path, found in axes.items() if found.leads is None}
    matrices = [
        block
        for path, found in axes.items()
        if found.leads is not None
        for block in _records(path, file.arrays[path], found)
    ]
    rows = list(_rows(vectors))
    named = [block for block in rows if any(map(_is_lead, block.names))]
    return sorted([*named, *matrices] or rows, key=_unlikely)


def _unlikely(block: Block) -> tuple[bool, bool, bool]:
    is_named = plain_word(column_of(block.about.rpartition("/")[2]).name) in _SIGNAL_WORDS
    usual = block.n_channels in USUAL_LEADS
    return not (block.names or usual), not (block.names or is_named), not usual


def find_axes(values: Values) -> Axes | None:
    """Tell the axes of an array apart; None where it cannot hold signals."""
    shape = values.shape
    long = [axis for axis, length in enumerate(shape) if length > 1]
    if len(long) == 1:
        return Axes(long[0]) if shape[long[0]] >= FEWEST_SAMPLES else None
    if len(long) == 2:
        return _matrix_axes(shape, long)
    if len(long) == 3:
        # Records come first in most files, and last in those of MATLAB.
        ways = [_matrix_axes(shape, long[1:], long[0]), _matrix_axes(shape, long[:2], long[2])]
        possible = [way for way in ways if way is not None]
        usual = [way for way in possible if shape[way.leads or 0] in USUAL_LEADS]
        return next(iter([*usual, *possible]), None)
    return None


def _matrix_axes(
    shape: Sequence[int], pair: Sequence[int], records: int | None = None
) -> Axes | None:
    leads, samples = sorted(pair, key=lambda axis: shape[axis])
    fits = shape[leads] <= MOST_LEADS and shape[samples] >= FEWEST_SAMPLES
    return Axes(samples, leads, records) if fits else None


def _records(path: str, values: Values, axes: Axes) -> Iterator[Block]:
    if axes.records is None:
        yield Block(path, path, (Piece(values, axes),))
        return
    for record in range(min(values.shape[axes.records], MOST_PARTS)):
        yield Block(path, f"{path} {record + 1}", (Piece(values, axes, record),))


def _rows(vectors: Mapping[str, Values]) -> Iterator[Block]:
    """Put rows of equal length together, group by group; times and sample numbers left out."""
    together: dict[tuple[str, int], list[str]] = {}
    for path, values in vectors.items():
        folder, _, name = path.rpartition("/")
        if column_of(name).role == "signal" and not name.startswith("__index"):
            together.setdefault((folder, max(values.shape)), []).append(path)
    for (folder, _), paths in together.items():
        pieces = tuple(_single(vectors[path]) for path in paths[:MOST_LEADS])
        names = tuple(path.rpartition("/")[2] for path in paths[:MOST_LEADS])
        yield Block(folder, folder or names[0], pieces, names)


def _single(values: Values) -> Piece:
    lengths = values.shape
    return Piece(values, Axes(int(np.argmax(lengths))))


def _is_lead(name: str) -> bool:
    name = column_of(name).name
    other = normalise_other_lead(name)
    # A lone x, y or z is rather a coordinate than Frank's lead.
    is_other = other is not None and len(name.strip()) > 1
    return normalise_lead_name(name) is not None or is_other
