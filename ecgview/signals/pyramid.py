"""Lowest and highest values of a long recording at several widths, so that hours are drawn at once.

Level 0 holds each lead's extremes in bins of `Pyramid.base` samples; each further level joins four
bins of the one below. Bins are counted from the start of the recording. Values are kept as
float16, rounded outwards, so that no peak is lost: the error is at most a thousandth of a value,
less than a pixel wherever that value is still on a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

FACTOR = 4
LEAST_BASE = 64
_LEVELS = 6
MOST_VALUES = 40_000_000
"""Level 0 holds at most so many: 80 MB. A day of twelve leads at 500 Hz has 16 million."""
_MOST_MV = float(np.finfo(np.float16).max)

Rows = int | list[int]
"""A lead, or several."""
Read = Callable[[int, int], NDArray[np.float32]]
"""``read(start, stop)`` gives float32 mV, shape (leads, samples), NaN in gaps."""


@dataclass(frozen=True, eq=False)
class Extremes:
    """What some stretches of a signal span.

    Attributes
    ----------
    lowest, highest : ndarray of float32, shape (leads, stretches) or (stretches,)
        NaN where a stretch holds no sample.
    holed : ndarray of bool, of the same shape
        Whether a sample is missing in it, so that no line leads into it or out of it.
    """

    lowest: NDArray[np.float32]
    highest: NDArray[np.float32]
    holed: NDArray[np.bool_]

    def of(self, leads: list[int]) -> Extremes:
        """Give those of some leads."""
        return Extremes(self.lowest[leads], self.highest[leads], self.holed[leads])


def extremes(signal_mv: NDArray[np.float32], starts: NDArray[np.int64]) -> Extremes:
    """Find the extremes of stretches of a signal.

    Parameters
    ----------
    signal_mv : ndarray, shape (leads, samples) or (samples,)
        NaN in gaps.
    starts : ndarray of int, shape (stretches,)
        Where each begins, rising; each ends where the next begins, the last with the signal.

    Returns
    -------
    Extremes
        Of each stretch.
    """
    lowest = np.fmin.reduceat(signal_mv, starts, axis=-1)
    highest = np.fmax.reduceat(signal_mv, starts, axis=-1)
    missing = np.isnan(signal_mv)
    if missing.any():
        return Extremes(lowest, highest, np.logical_or.reduceat(missing, starts, axis=-1))
    return Extremes(lowest, highest, np.zeros(lowest.shape, dtype=np.bool_))


class _Level:
    """Bins of one width; flags of gaps take no memory until there is one."""

    def __init__(self, n_leads: int, n_bins: int) -> None:
        self.lowest = np.full((n_leads, n_bins), np.nan, dtype=np.float16)
        self.highest = np.full((n_leads, n_bins), np.nan, dtype=np.float16)
        self.holed: NDArray[np.bool_] | None = None

    def put(self, first: int, found: Extremes) -> None:
        """Take over the extremes of bins from `first` on."""
        place = slice(first, first + found.lowest.shape[1])
        self.lowest[:, place] = _outwards(found.lowest, -1)
        self.highest[:, place] = _outwards(found.highest, 1)
        if self.holed is None and found.holed.any():
            self.holed = np.zeros(self.lowest.shape, dtype=np.bool_)
        if self.holed is not None:
            self.holed[:, place] = found.holed

    def between(self, leads: Rows, first: int, stop: int) -> Extremes:
        """Give bins ``[first, stop)`` of some leads."""
        place = (leads, slice(first, stop))
        lowest, highest = (one[place].astype(np.float32) for one in (self.lowest, self.highest))
        holed = np.zeros(lowest.shape, bool) if self.holed is None else self.holed[place]
        return Extremes(lowest, highest, holed)


def _outwards(values: NDArray[np.float32], way: int) -> NDArray[np.float16]:
    """Round to half precision, never towards zero extent: down for -1, up for 1."""
    values = np.clip(values, -_MOST_MV, _MOST_MV)
    halves = values.astype(np.float16)
    short = halves > values if way < 0 else halves < values
    if short.any():
        halves[short] = np.nextafter(halves[short], np.float16(way * np.inf))
    return halves


class Pyramid:
    """Extremes of some leads, level by level; filled part by part, in any order.

    Parameters
    ----------
    n_leads, n_samples : int
        Shape of the whole.
    """

    def __init__(self, n_leads: int, n_samples: int) -> None:
        self.n_leads, self.n_samples = n_leads, n_samples
        self.base = LEAST_BASE
        while 2 * n_leads * (n_samples // self.base) > MOST_VALUES:
            self.base *= 2
        self.built = np.zeros(-(-n_samples // self.block), dtype=np.bool_)

    @cached_property
    def levels(self) -> tuple[_Level, ...]:
        """Bins of `base` samples, of four times as many, and so on up to `block`."""
        widths = [self.base * FACTOR**power for power in range(_LEVELS)]
        return tuple(_Level(self.n_leads, -(-self.n_samples // width)) for width in widths)

    @property
    def block(self) -> int:
        """Samples of a part: a bin of the highest level."""
        return self.base * FACTOR ** (_LEVELS - 1)

    @property
    def n_bytes(self) -> int:
        """Memory that the levels take; they are made when the first part is filled."""
        if "levels" not in self.__dict__:
            return 0
        arrays = [a for level in self.levels for a in (level.lowest, level.highest, level.holed)]
        return sum(array.nbytes for array in arrays if array is not None)

    @property
    def is_complete(self) -> bool:
        """Whether every part is filled."""
        return bool(self.built.all())

    @property
    def fraction(self) -> float:
        """How much of it is filled, 0 to 1."""
        return float(self.built.mean()) if self.built.size else 1.0

    def take(self, part: int, signal_mv: NDArray[np.float32]) -> None:
        """Fill one part.

        Parameters
        ----------
        part : int
            Its number.
        signal_mv : ndarray, shape (leads, samples)
            All samples of the part; `block`, fewer at the end of the recording.
        """
        self._put(part, extremes(signal_mv, np.arange(0, signal_mv.shape[1], self.base)))

    def _put(self, part: int, found: Extremes) -> None:
        """Take over the bins of a part, and join them level by level."""
        width = self.base
        for level in self.levels:
            level.put(part * self.block // width, found)
            found, width = _joined(found), width * FACTOR
        self.built[part] = True

    @property
    def shape(self) -> tuple[int, int]:
        """Leads and bins of level 0."""
        return self.n_leads, -(-self.n_samples // self.base)

    def put_back(
        self,
        lowest: NDArray[np.float16],
        highest: NDArray[np.float16],
        holed: NDArray[np.bool_] | None,
    ) -> None:
        """Fill all of it with the arrays of a level 0 that were kept, each of `shape`."""
        per_part = self.block // self.base
        for part in range(len(self.built)):
            place = (slice(None), slice(part * per_part, (part + 1) * per_part))
            low = lowest[place].astype(np.float32)
            gaps = np.zeros(low.shape, dtype=np.bool_) if holed is None else holed[place]
            self._put(part, Extremes(low, highest[place].astype(np.float32), gaps))

    def read_part(self, part: int, read: Read) -> None:
        """Read one part and fill it."""
        start = part * self.block
        self.take(part, read(start, min(start + self.block, self.n_samples)))

    def forget(self, start: int, stop: int) -> None:
        """Mark the parts that hold samples ``[start, stop)`` to be filled again."""
        self.built[start // self.block : -(-stop // self.block)] = False

    def width_for(self, samples_per_column: float) -> int | None:
        """Choose a level for columns of that many samples; None where its bins are too coarse.

        At least two bins share a column, so that a peak is at most half a column out of place.
        """
        if samples_per_column < 2 * self.base:
            return None
        width = self.base
        while width * FACTOR <= self.block and 2 * width * FACTOR <= samples_per_column:
            width *= FACTOR
        return width

    def columns(self, leads: Rows, edges: NDArray[np.int64], width: int) -> Extremes:
        """Give the extremes of some leads in stretches between sample numbers.

        Parameters
        ----------
        leads : int or list of int
            Their rows.
        edges : ndarray of int, shape (columns + 1,)
            Rising, each within the recording; a column is a bin's width or wider.
        width : int
            Of the level's bins, see `width_for`.

        Returns
        -------
        Extremes
            Of all bins that a column touches, shape (columns,) or (leads, columns); NaN in parts
            that are not filled.
        """
        if "levels" not in self.__dict__:
            nothing = np.full((*np.shape(leads), len(edges) - 1), np.nan, dtype=np.float32)
            return Extremes(nothing, nothing, np.zeros(nothing.shape, dtype=np.bool_))
        level = self.levels[_power(width // self.base)]
        first, stop = int(edges[0]) // width, -(-int(edges[-1]) // width)
        return column_extremes(level.between(leads, first, stop), edges - first * width, width)


def column_extremes(bins: Extremes, edges: NDArray[np.int64], width: int) -> Extremes:
    """Join the bins of some leads into columns; a bin at an edge belongs to both.

    Parameters
    ----------
    bins : Extremes, shape (bins,) or (leads, bins)
        All that the columns touch.
    edges : ndarray of int, shape (columns + 1,)
        Rising sample numbers, counted from the first bin.
    width : int
        Samples of a bin.

    Returns
    -------
    Extremes, shape (columns,) or (leads, columns)
        No peak is lost; one may show in a neighbouring column too.
    """
    first, stop = edges[:-1] // width, -(-edges[1:] // width)
    lowest = _reduced(np.fmin, bins.lowest, first, stop)
    highest = _reduced(np.fmax, bins.highest, first, stop)
    if not bins.holed.any():
        return Extremes(lowest, highest, np.zeros(lowest.shape, dtype=np.bool_))
    return Extremes(lowest, highest, _reduced(np.logical_or, bins.holed, first, stop))


def _reduced(
    join: np.ufunc, values: NDArray[Any], first: NDArray[np.int64], stop: NDArray[np.int64]
) -> NDArray[Any]:
    """Join ``values[..., first:stop]`` for each pair, many times faster than `reduceat`.

    Neighbours are joined to twos, fours and so on, as long as these fit into every stretch; each
    is then covered by a few that may overlap, so `join` must not mind a value met twice.
    """
    lengths, reach = stop - first, 1
    while 2 * reach <= lengths.min():
        values = join(values[..., :-reach], values[..., reach:])
        reach *= 2
    found = values[..., first]
    for ahead in range(reach, int(lengths.max()), reach):
        found = join(found, values[..., np.minimum(first + ahead, stop - reach)])
    return found


def _power(ratio: int) -> int:
    return (ratio.bit_length() - 1) // (FACTOR.bit_length() - 1)


def _joined(found: Extremes) -> Extremes:
    """Join every four bins; the last has what is left."""
    starts = np.arange(0, found.lowest.shape[1], FACTOR)
    return Extremes(
        np.fmin.reduceat(found.lowest, starts, axis=1),
        np.fmax.reduceat(found.highest, starts, axis=1),
        np.logical_or.reduceat(found.holed, starts, axis=1),
    )


def fill(pyramid: Pyramid, read: Read) -> Iterator[int]:
    """Fill all parts that are not, one after another.

    Parameters
    ----------
    pyramid : Pyramid
        Filled in place.
    read : callable
        Gives the samples.

    Yields
    ------
    int
        Number of each part that was filled; stop asking to stop the work.
    """
    for part in np.flatnonzero(~pyramid.built):
        pyramid.read_part(int(part), read)
        yield int(part)
