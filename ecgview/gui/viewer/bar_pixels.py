"""Upright bars turned into pixels by numpy: many times faster than a painter draws them.

Each ink has a plane of its own. Where a bar begins and where it ends is marked there; the sum of
the marks from the top down is how much of each pixel is covered. The planes' levels together are
the number of a colour in a table of all blends. Nothing here knows Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer.lines import Segments

SOFT_LEVELS = 10
"""Shades in which the ends of lines fade, as antialiased ones do; fewer where inks are many."""
_FEWER_LEVELS = (SOFT_LEVELS, 7, 3)
_MOST_COLOURS = 256


@dataclass(frozen=True, eq=False)
class Ink:
    """Bars of one colour.

    Attributes
    ----------
    bars : ndarray, shape (n, 4)
        From top to bottom in logical pixels, with x at the centre of a device pixel.
    argb : int
        ``0xAARRGGBB``.
    width : int
        Of a bar in device pixels; it reaches to the right.
    is_soft : bool
        Whether their ends fade.
    """

    bars: Segments
    argb: int
    width: int = 1
    is_soft: bool = True


class BarPixels:
    """Fills pictures with bars; the memory is used again for the next."""

    def __init__(self) -> None:
        self._memory = [np.empty(0, dtype=np.uint8)] * 3

    def fill(self, inks: Sequence[Ink], shape: tuple[int, int], dpr: float) -> Filled:
        """Fill a picture.

        Parameters
        ----------
        inks : sequence of Ink
            Upper ones cover lower ones; the lowest comes first.
        shape : tuple of int
            Rows and columns in device pixels.
        dpr : float
            Device pixels per logical pixel.

        Returns
        -------
        Filled
            To be used before the next picture is filled.
        """
        levels = _levels(inks)
        # What lies left of the picture may reach into it.
        margin = max(ink.width for ink in inks) - 1
        marks = self._room(0, (shape[0] + 2, len(inks), margin + shape[1]))
        marks.fill(0)
        spans = [
            _mark(marks, plane, (ink.bars, dpr, margin), level)
            for plane, (ink, level) in enumerate(zip(inks, levels, strict=True))
        ]
        first, stop = min(span[0] for span in spans), max(span[1] for span in spans)
        first, stop = min(first, stop), min(stop, shape[0])
        for before, row in pairwise(marks[first:stop]):
            np.add(before, row, out=row)
        numbers = self._numbers(marks[first:stop], inks, levels)
        return Filled(numbers[:, margin:], first, colours(tuple(ink.argb for ink in inks), levels))

    def _numbers(
        self, covered: NDArray[np.uint8], inks: Sequence[Ink], levels: tuple[int, ...]
    ) -> NDArray[np.unsignedinteger]:
        """Find the colours of pixels from what each ink covers, shape (rows, inks, columns)."""
        shape = (covered.shape[0], covered.shape[2])
        dtype = np.uint8 if _n_colours(levels) <= _MOST_COLOURS else np.uint16
        numbers = self._room(1, shape, dtype)
        numbers.fill(0)
        plane = self._room(2, shape)
        for place in reversed(range(len(inks))):
            np.minimum(covered[:, place], np.full(shape[1], levels[place], np.uint8), out=plane)
            for _ in range(inks[place].width - 1):
                np.maximum(plane[:, 1:], plane[:, :-1], out=plane[:, 1:])
            np.multiply(numbers, dtype(levels[place] + 1), out=numbers)
            np.add(numbers, plane, out=numbers)
        return numbers

    def _room(
        self, number: int, shape: tuple[int, ...], dtype: type[np.unsignedinteger] = np.uint8
    ) -> NDArray[Any]:
        """Give memory with anything in it: fresh memory would cost more than the filling."""
        n_bytes = prod(shape) * np.dtype(dtype).itemsize
        if self._memory[number].size < n_bytes:
            self._memory[number] = np.empty(n_bytes, dtype=np.uint8)
        return self._memory[number][:n_bytes].view(dtype).reshape(shape)


@dataclass(frozen=True, eq=False)
class Filled:
    """A picture of bars.

    Attributes
    ----------
    numbers : ndarray, shape (rows, columns)
        Of each pixel's colour, in those rows that have any.
    first_row : int
        Where these rows begin.
    colours : ndarray of uint32
        ``0xAARRGGBB``, multiplied by their opacity.
    """

    numbers: NDArray[np.unsignedinteger]
    first_row: int
    colours: NDArray[np.uint32]


def _levels(inks: Sequence[Ink]) -> tuple[int, ...]:
    """How many shades of each ink there are, so that the table of colours stays small."""
    found = [tuple(soft if ink.is_soft else 1 for ink in inks) for soft in _FEWER_LEVELS]
    return next((levels for levels in found if _n_colours(levels) <= _MOST_COLOURS), found[-1])


def _n_colours(levels: tuple[int, ...]) -> int:
    return prod(level + 1 for level in levels)


def _mark(
    marks: NDArray[np.uint8], plane: int, placed: tuple[Segments, float, int], level: int
) -> tuple[int, int]:
    """Add `level` where bars begin and take it off where they end, shared between two rows.

    The marks have the shape (rows + 2, inks, columns); `placed` are the bars, device pixels per
    logical pixel, and by how many of these they move to the right. The first and last + 1 row of
    the bars is given back.
    """
    (bars, dpr, shift), (n_rows, n_planes, n_columns) = placed, marks.shape
    x = bars[:, 0] * dpr + shift
    inside = (x >= 0) & (x < n_columns)
    column = x[inside].astype(np.int64) + plane * n_columns
    if not len(column):
        return n_rows, 0
    flat, per_row, found = marks.reshape(-1), n_planes * n_columns, []
    for end, is_start in ((1, True), (3, False)):
        y = np.minimum(np.maximum(bars[inside, end] * dpr, 0), n_rows - 2)
        if level == 1:
            y = np.rint(y)
        row = y.astype(np.int64)
        below = ((y - row) * level + 0.5).astype(np.uint8)
        at = row * per_row + column
        # Numbers below zero wrap round, and so do the sums.
        np.add.at(flat, at, level - below if is_start else below - level)
        if level > 1:
            np.add.at(flat, at + per_row, below if is_start else -below)
        found += [row.min(), row.max()]
    return int(min(found)), int(max(found)) + 1


@lru_cache(maxsize=32)
def colours(argb: tuple[int, ...], levels: tuple[int, ...]) -> NDArray[np.uint32]:
    """Blend inks, the lowest first, in all their shades.

    Parameters
    ----------
    argb : tuple of int
        ``0xAARRGGBB`` of each ink.
    levels : tuple of int
        Shades of each besides none.

    Returns
    -------
    ndarray of uint32, shape (colours,)
        ``0xAARRGGBB``, multiplied by their opacity; the lowest ink's level varies fastest.
    """
    number = np.arange(_n_colours(levels))
    blend = np.zeros((len(number), 4))
    for ink, level in zip(argb, levels, strict=True):
        number, shade = np.divmod(number, level + 1)
        alpha, *rgb = (ink >> shift & 0xFF for shift in (24, 16, 8, 0))
        opacity = (shade / level * alpha / 255)[:, None]
        blend = blend * (1 - opacity) + opacity * np.array([255, *rgb])
    parts = np.rint(blend).astype(np.uint32)
    return parts @ np.array([1 << 24, 1 << 16, 1 << 8, 1], dtype=np.uint32)
