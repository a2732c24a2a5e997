"""Segments into what is drawn as vectors: cut at the edge of the paper, joined into long lines.

A line of its own for each pair of samples would make files ten times as large, with a notch at
each sharp peak.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer.lines import Segments


def clipped(segments: Segments, width: float, height: float) -> Segments:
    """Cut segments at the edges of an area (Liang and Barsky's way, for all at once).

    Parameters
    ----------
    segments : ndarray, shape (n, 4)
        x and y of both ends.
    width, height : float
        The area, from (0, 0).

    Returns
    -------
    ndarray, shape (m, 4)
        What lies within; the ends of uncut segments stay the same to the bit.
    """
    if not len(segments):
        return segments
    start, way = segments[:, :2], segments[:, 2:] - segments[:, :2]
    enters, leaves = np.zeros(len(segments)), np.ones(len(segments))
    outside = np.zeros(len(segments), dtype=bool)
    for axis, extent in ((0, width), (1, height)):
        at, along = start[:, axis], way[:, axis]
        for step, room in ((-along, at), (along, extent - at)):
            level = step == 0
            outside |= level & (room < 0)
            part = room / np.where(level, 1.0, step)
            enters = np.where(~level & (step < 0), np.maximum(enters, part), enters)
            leaves = np.where(~level & (step > 0), np.minimum(leaves, part), leaves)
    kept = ~outside & (enters <= leaves)
    cut = np.where((enters > 0)[:, None], start + way * enters[:, None], start)
    end = np.where((leaves < 1)[:, None], start + way * leaves[:, None], segments[:, 2:])
    return np.hstack([cut, end])[kept]


def polylines(segments: Segments) -> list[NDArray[np.float64]]:
    """Join segments of which each begins where the one before ends.

    Parameters
    ----------
    segments : ndarray, shape (n, 4)
        In order.

    Returns
    -------
    list of ndarray, shape (points, 2)
        Lines of two points or more.
    """
    if not len(segments):
        return []
    parted = np.any(segments[1:, :2] != segments[:-1, 2:], axis=1)
    runs = np.split(segments, np.flatnonzero(parted) + 1)
    return [np.vstack([run[:1, :2], run[:, 2:]]) for run in runs]


def areas(bars: Segments, width: float, height: float) -> list[NDArray[np.float64]]:
    """Join upright bars, side by side, into the outlines of what they fill.

    Parameters
    ----------
    bars : ndarray, shape (n, 4)
        One bar a pixel column, from left to right.
    width, height : float
        The area that they may fill, from (0, 0).

    Returns
    -------
    list of ndarray, shape (points, 2)
        Closed outlines: along the one line and back along the other.
    """
    bars = bars[(bars[:, 0] >= 0) & (bars[:, 0] <= width)]
    if len(bars) < 2:
        return []
    steps = np.diff(bars[:, 0])
    column = steps[steps > 0].min(initial=np.inf)
    ends = np.clip(bars[:, [1, 3]], 0.0, height)
    runs = np.split(np.column_stack([bars[:, 0], ends]), np.flatnonzero(steps > 1.5 * column) + 1)
    # Every other column is finer than print, and half of the work.
    thinned = [np.vstack([run[:-1:2], run[-1:]]) for run in runs if len(run) > 1]
    return [np.vstack([run[:, [0, 1]], run[::-1][:, [0, 2]]]) for run in thinned]
