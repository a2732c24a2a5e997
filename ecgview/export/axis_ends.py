"""Where axes of plots end, so that a few strange values do not squeeze all others."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_FAR = 3.0
"""Quartile ranges beyond the quartiles from which on a value is left to the edge."""
_ROOM = 0.06


def axis_ends(values: NDArray[np.float64], wanted: Sequence[float] = ()) -> tuple[float, float]:
    """Choose the ends of an axis.

    Parameters
    ----------
    values : ndarray, shape (n,)
        What is drawn; those far from all others may lie outside.
    wanted : sequence of float
        What must lie inside, as 0 must; what is not finite does not count.

    Returns
    -------
    tuple of float
        With a little room at both sides.
    """
    if not len(values):
        return -1.0, 1.0
    low, high = _without_strange(values)
    edges = [low, high, 0.0, *(edge for edge in wanted if math.isfinite(edge))]
    low, high = min(edges), max(edges)
    room = _ROOM * ((high - low) or 1.0)
    return low - room, high + room


def _without_strange(values: NDArray[np.float64]) -> tuple[float, float]:
    first, third = np.percentile(values, (25, 75))
    far = _FAR * (third - first)
    usual = values[(values >= first - far) & (values <= third + far)]
    return float(usual.min()), float(usual.max())
