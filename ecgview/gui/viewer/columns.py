"""Pixel columns of a far view: one upright bar over what each holds, its dashes and its shading.

Arrays have the shape (leads, columns). Ends of bars are in logical pixels from the top of the page,
NaN where a column has no bar; what is given back is flat.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer import lines
from ecgview.gui.viewer.lines import OVERLAP_PX, Segments
from ecgview.signals.pyramid import Extremes

LINE_PX = 1.0
"""Height of the bar of a level trace."""
EDGE_PX = 2.0
"""Thickness of the lines along the ends of dense bars."""
_FLAT_PX = 2.0
_NEIGHBOURS = 3

Places = NDArray[np.float64]


class Scale(NamedTuple):
    """Where the voltages of leads lie, each of shape (leads, 1).

    Attributes
    ----------
    px_per_mv : ndarray
        Negative where a lead is turned round.
    baselines : ndarray
        The y of 0 mV.
    """

    px_per_mv: Places
    baselines: Places

    def y_of(self, values_mv: NDArray[np.floating]) -> Places:
        """Give the height of voltages on the page."""
        return self.baselines - self.px_per_mv * values_mv


class Bars(NamedTuple):
    """Upright bars.

    Attributes
    ----------
    x : ndarray, shape (columns,)
        Centres of the columns in logical pixels, a device pixel apart.
    top, bottom : ndarray, shape (leads, columns)
        Their ends.
    """

    x: Places
    top: Places
    bottom: Places

    def longer(self, by_px: float) -> Bars:
        """Lengthen them at both ends."""
        return Bars(self.x, self.top - by_px, self.bottom + by_px)

    def segments(self, chosen: NDArray[np.bool_] | None = None) -> Segments:
        """Give those that are there, and `chosen`, lead after lead."""
        there = np.isfinite(self.top) if chosen is None else chosen
        x = np.broadcast_to(self.x, self.top.shape)[there]
        return np.stack([x, self.top[there], x, self.bottom[there]], axis=1)


def bars_of(found: Extremes, x: Places, scale: Scale, dpr: float) -> Bars:
    """Draw one bar for each column that holds samples; neighbours meet halfway.

    Parameters
    ----------
    found : Extremes, shape (leads, columns)
        What each column spans.
    x : ndarray, shape (columns,)
        Centres of the columns.
    scale : Scale
        Of the leads.
    dpr : float
        Device pixels per logical pixel.

    Returns
    -------
    Bars
        None reaches over to a neighbour where a sample is missing in either.
    """
    ends = scale.y_of(found.highest), scale.y_of(found.lowest)
    top, bottom = np.minimum(*ends), np.maximum(*ends)
    # A comparison with NaN is false.
    joined = ~(found.holed[:, 1:] | found.holed[:, :-1])
    falls = joined & (top[:, 1:] > bottom[:, :-1])
    rises = joined & (bottom[:, 1:] < top[:, :-1])
    lower = (bottom[:, :-1][falls] + top[:, 1:][falls]) / 2
    upper = (top[:, :-1][rises] + bottom[:, 1:][rises]) / 2
    bottom[:, :-1][falls] = top[:, 1:][falls] = lower
    top[:, :-1][rises] = bottom[:, 1:][rises] = upper
    # What a painter adds to every segment is left out here.
    half = LINE_PX / 2 - OVERLAP_PX / dpr
    return Bars(x, top - half, bottom + half)


def wider(found: Extremes, half_mv: NDArray[np.floating]) -> Extremes:
    """Let extremes reach farther up and down by the half width of an interval."""
    return Extremes(found.lowest - half_mv, found.highest + half_mv, found.holed)


def dashed_bars(bars: Bars, places: Places, dash_px: float, gap_px: float) -> Segments:
    """Leave out the bars that lie in gaps, unless something would be lost with them.

    A bar in a gap, such as an R wave, with nothing near it that is half as tall and drawn, is cut
    along y instead.

    Parameters
    ----------
    bars : Bars
        From left to right.
    places : ndarray, shape (columns,)
        Place of each on the endless paper, in logical pixels.
    dash_px, gap_px : float
        Lengths of dash and gap.

    Returns
    -------
    ndarray, shape (n, 4)
        What is drawn.
    """
    height = bars.bottom - bars.top
    there = np.isfinite(height)
    dashed = places % (dash_px + gap_px) < dash_px
    drawn = np.pad(np.where(there & dashed, height, 0.0), ((0, 0), (_NEIGHBOURS, _NEIGHBOURS)))
    twos = np.maximum(drawn[:, 1:], drawn[:, :-1])
    fours = np.maximum(twos[:, 2:], twos[:, :-2])
    nearby = np.maximum(fours[:, _NEIGHBOURS:], fours[:, :-_NEIGHBOURS])
    lost = ~dashed & (height > _FLAT_PX) & (height > 2 * nearby)
    cut = lines.dashed(bars.segments(lost), dash_px, gap_px)
    return np.vstack([bars.segments(there & dashed), cut])


def dashed_edges(bars: Bars, places: Places, dash_px: float, gap_px: float) -> Segments:
    """Draw upper and lower ends of bars as two dashed lines, see `dashed_bars`."""
    dashed = np.isfinite(bars.top) & (places % (dash_px + gap_px) < dash_px)
    return edges_of(bars.segments(dashed))


def edges_of(bars: Segments) -> Segments:
    """Keep only the two ends of bars that are tall enough to have two, from top to bottom."""
    upper, lower = bars.copy(), bars.copy()
    upper[:, 3] = np.minimum(bars[:, 3], bars[:, 1] + EDGE_PX)
    lower[:, 1] = np.maximum(upper[:, 3], bars[:, 3] - EDGE_PX)
    return np.vstack([upper, lower[lower[:, 1] < lower[:, 3]]])


def envelope_bars(one: Extremes, other: Extremes, x: Places, scale: Scale) -> Segments:
    """Fill between the upper ends of two lines' bars, and between their lower ends.

    Parameters
    ----------
    one, other : Extremes, shape (leads, columns)
        What each line spans in each column.
    x : ndarray, shape (columns,)
        Centres of the columns.
    scale : Scale
        Of the leads.

    Returns
    -------
    ndarray, shape (bars, 4)
        One or two for each column.
    """
    upper = bars_between(one.highest, other.highest, x, scale)
    lower = bars_between(one.lowest, other.lowest, x, scale)
    return np.vstack([upper, lower])


def bars_between(
    one_mv: NDArray[np.floating], other_mv: NDArray[np.floating], x: Places, scale: Scale
) -> Segments:
    """Fill between two lines that have one value a column; none where either is NaN."""
    ends = scale.y_of(one_mv), scale.y_of(other_mv)
    bars = Bars(x, np.minimum(*ends), np.maximum(*ends))
    # Bars lower than the lines are thick would only smear them; NaN compares false.
    return bars.segments(bars.bottom - bars.top > lines.LEAST_DIFFERENCE_PX)
