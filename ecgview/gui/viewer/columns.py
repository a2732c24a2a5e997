"""Pixel columns of a far view: one upright bar over what each holds, its dashes and its shading."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ecgview.gui.viewer import lines
from ecgview.gui.viewer.lines import OVERLAP_PX, Segments
from ecgview.signals.pyramid import Extremes

LINE_PX = 1.0
"""Height of the bar of a level trace."""
_FLAT_PX = 2.0
_NEIGHBOURS = 3


def bars_of(
    found: Extremes, x: NDArray[np.float64], px_per_mv: float, dpr: float
) -> tuple[NDArray[np.bool_], Segments]:
    """Draw one bar for each column that holds samples; neighbours meet halfway.

    Parameters
    ----------
    found : Extremes, shape (columns,)
        What each column spans.
    x : ndarray, shape (columns,)
        Their centres in logical pixels, a device pixel apart.
    px_per_mv : float
        Scale of voltage; negative where the lead is turned round.
    dpr : float
        Device pixels per logical pixel.

    Returns
    -------
    there : ndarray of bool, shape (columns,)
        Which columns have a bar.
    bars : ndarray, shape (bars, 4)
        From top to bottom, y counted from 0 mV downwards. No bar reaches over to a neighbour where
        a sample is missing in either.
    """
    ends = -px_per_mv * np.stack([found.highest, found.lowest]).astype(np.float64)
    top, bottom = ends if px_per_mv >= 0 else ends[::-1]
    top, bottom = top.copy(), bottom.copy()
    there = np.isfinite(top)
    joined = there[1:] & there[:-1] & ~found.holed[1:] & ~found.holed[:-1]
    joined &= np.diff(x) < 1.5 / dpr
    falls = joined & (top[1:] > bottom[:-1])
    rises = joined & (bottom[1:] < top[:-1])
    middle = np.where(falls, bottom[:-1] + top[1:], top[:-1] + bottom[1:]) / 2
    bottom[:-1][falls] = top[1:][falls] = middle[falls]
    top[:-1][rises] = bottom[1:][rises] = middle[rises]
    # What a painter adds to every segment is left out here.
    half = LINE_PX / 2 - OVERLAP_PX / dpr
    return there, np.stack([x, top - half, x, bottom + half], axis=1)[there]


def dashed_bars(
    bars: Segments, places: NDArray[np.floating], dash_px: float, gap_px: float
) -> Segments:
    """Leave out the bars that lie in gaps, unless something would be lost with them.

    A bar in a gap, such as an R wave, with nothing near it that is half as tall and drawn, is cut
    along y instead.

    Parameters
    ----------
    bars : ndarray, shape (bars, 4)
        From left to right.
    places : ndarray, shape (bars,)
        Place of each on the endless paper, in logical pixels.
    dash_px, gap_px : float
        Lengths of dash and gap.

    Returns
    -------
    ndarray, shape (n, 4)
        What is drawn.
    """
    if not len(bars):
        return bars
    # A lead that is turned round has its bars upside down.
    height = np.abs(bars[:, 3] - bars[:, 1])
    dashed = places % (dash_px + gap_px) < dash_px
    drawn = np.zeros(len(bars) + 2 * _NEIGHBOURS)
    drawn[_NEIGHBOURS : len(bars) + _NEIGHBOURS][dashed] = height[dashed]
    nearby = sliding_window_view(drawn, 2 * _NEIGHBOURS + 1).max(axis=1)
    lost = ~dashed & (height > _FLAT_PX) & (height > 2 * nearby)
    return np.vstack([bars[dashed], lines.dashed(bars[lost], dash_px, gap_px)])


def envelope_bars(
    one: Extremes, other: Extremes, x: NDArray[np.float64], px_per_mv: float
) -> Segments:
    """Fill between the upper ends of two lines' bars, and between their lower ends.

    Parameters
    ----------
    one, other : Extremes, shape (columns,)
        What each line spans in each column.
    x : ndarray, shape (columns,)
        Centres of the columns.
    px_per_mv : float
        Scale of voltage.

    Returns
    -------
    ndarray, shape (bars, 4)
        y counted from 0 mV downwards.
    """
    upper = lines.difference_bars(one.highest, other.highest, x, px_per_mv)
    lower = lines.difference_bars(one.lowest, other.lowest, x, px_per_mv)
    return np.vstack([upper, lower])
