"""Samples into line segments: thinning to pixel columns, gaps, dashes, the filled difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

DASH_PX = 4.0
DASH_GAP_PX = 2.5
LONGEST_DASHED_PX = 1000.0
OVERLAP_PX = 0.25
LEAST_DIFFERENCE_PX = 0.5

Segments = NDArray[np.float64]
"""Shape (n, 4): x and y of both ends of each segment."""

NO_SEGMENTS: Segments = np.empty((0, 4))


@dataclass(frozen=True, eq=False)
class Thinned:
    """The samples of a lead that are worth drawing.

    Attributes
    ----------
    samples : ndarray, shape (points,)
        Sample numbers, counted from the start of the recording.
    values_mv : ndarray, shape (points,)
        NaN in gaps.
    joined : ndarray of bool, shape (points - 1,)
        Whether a line leads from a point to the next.
    """

    samples: NDArray[np.int64]
    values_mv: NDArray[np.floating]
    joined: NDArray[np.bool_]


def samples_per_bin(samples_per_column: float) -> int:
    """Choose how many samples share a bin: 1 until more than two fall into a pixel column."""
    return int(samples_per_column) if samples_per_column > 2 else 1


def thin(signal_mv: NDArray[np.floating], first: int, per_bin: int) -> Thinned:
    """Keep the lowest and the highest sample of each bin, in the order they occur.

    Bins start at multiples of `per_bin` counted from the start of the recording, so the same
    samples are kept wherever the window begins, and the trace does not wiggle in panning.

    Parameters
    ----------
    signal_mv : ndarray, shape (samples,)
        NaN in gaps.
    first : int
        Sample number of ``signal_mv[0]`` in the recording.
    per_bin : int
        Samples in a bin; 1 keeps all.

    Returns
    -------
    Thinned
        A line never crosses a NaN.
    """
    if per_bin == 1:
        drawn = np.isfinite(signal_mv)
        return Thinned(first + np.arange(signal_mv.size), signal_mv, drawn[:-1] & drawn[1:])
    bins, first_bin = _binned(signal_mv, first, per_bin)
    missing = np.isnan(bins)
    lowest = np.where(missing, np.inf, bins).argmin(axis=1)
    highest = np.where(missing, -np.inf, bins).argmax(axis=1)
    places = np.sort(np.stack([lowest, highest], axis=1), axis=1)
    values_mv = np.take_along_axis(bins, places, axis=1).ravel()
    samples = ((first_bin + np.arange(len(bins)))[:, None] * per_bin + places).ravel()
    joined = np.isfinite(values_mv[:-1]) & np.isfinite(values_mv[1:])
    joined[1::2] &= ~_holed(bins, signal_mv.size, first % per_bin)
    return Thinned(samples, values_mv, joined)


def _binned(
    signal_mv: NDArray[np.floating], first: int, per_bin: int
) -> tuple[NDArray[np.floating], int]:
    """Reshape to (bins, per_bin), padded with NaN, and the number of the first bin."""
    first_bin, ahead = divmod(first, per_bin)
    n_bins = -(-(ahead + signal_mv.size) // per_bin)
    padded = np.full(n_bins * per_bin, np.nan, dtype=signal_mv.dtype)
    padded[ahead : ahead + signal_mv.size] = signal_mv
    return padded.reshape(n_bins, per_bin), first_bin


def _holed(bins: NDArray[np.floating], n_samples: int, ahead: int) -> NDArray[np.bool_]:
    """Whether a sample is missing in either of two neighbouring bins, for each pair of them."""
    missing = np.isnan(bins)
    # What pads the ends is no gap.
    missing[0, :ahead] = False
    missing[-1, bins.shape[1] - (bins.size - ahead - n_samples) :] = False
    holed = missing.any(axis=1)
    return holed[:-1] | holed[1:]


def segments(thinned: Thinned, fs_hz: float, px_per_s: float, px_per_mv: float) -> Segments:
    """Draw a lead as segments on endless paper, its origin at time 0 and 0 mV, y downwards.

    A sample with a gap on both sides becomes a level dot one pixel long.
    """
    x = thinned.samples * (px_per_s / fs_hz)
    y = thinned.values_mv.astype(np.float64) * -px_per_mv
    joined = thinned.joined
    line = np.stack([x[:-1], y[:-1], x[1:], y[1:]], axis=1)
    if joined.all() and len(line):
        return line
    alone = np.isfinite(y)
    alone[:-1] &= ~joined
    alone[1:] &= ~joined
    dots = np.stack([x - 0.5, y, x + 0.5, y], axis=1)[alone]
    return np.vstack([line[joined], dots])


def overlapping(lines: Segments, dpr: float) -> Segments:
    """Lengthen segments by a quarter of a device pixel at both ends.

    Drawn one by one and antialiased, segments that just touch leave a pale spot at each joint.
    """
    more = OVERLAP_PX / dpr
    if len(lines) and (lines[:, 0] == lines[:, 2]).all() and (lines[:, 1] < lines[:, 3]).all():
        return lines + np.array([0.0, -more, 0.0, more])
    along = lines[:, 2:] - lines[:, :2]
    length = np.hypot(along[:, 0], along[:, 1])
    # A segment of no length has no direction and needs none.
    along *= (more / np.maximum(length, 1e-9))[:, None]
    return np.hstack([lines[:, :2] - along, lines[:, 2:] + along])


def dashed(lines: Segments, dash_px: float = DASH_PX, gap_px: float = DASH_GAP_PX) -> Segments:
    """Cut segments into dashes along the axis that each mostly follows.

    The pattern is tied to the paper, so it does not creep in panning; and it is cut along y
    where a trace is steep, so that an upstroke is dashed too and not lost in one gap.
    """
    period_px = dash_px + gap_px
    along_x = np.abs(lines[:, 2] - lines[:, 0]) >= np.abs(lines[:, 3] - lines[:, 1])
    start = np.where(along_x, lines[:, 0], lines[:, 1])
    stop = np.where(along_x, lines[:, 2], lines[:, 3])
    first_dash = np.floor(np.minimum(start, stop) / period_px)
    reach = np.maximum(start, stop) - first_dash * period_px
    # Most segments are short and lie within one dash. Those of a signal in a wrong unit run
    # through the window by thousands of times its height: their dashes would be millions.
    whole = (reach <= dash_px) | (reach > LONGEST_DASHED_PX)
    cut = ~whole
    runs = _Runs(start[cut], stop[cut], first_dash[cut], reach[cut])
    pieces = _cut(lines[cut], runs, dash_px, period_px)
    return np.vstack([lines[whole], pieces])


class _Runs(NamedTuple):
    """Where segments run along their axes: ends, first dash, and reach from its start."""

    start: NDArray[np.float64]
    stop: NDArray[np.float64]
    first_dash: NDArray[np.float64]
    reach: NDArray[np.float64]


def _cut(lines: Segments, runs: _Runs, dash_px: float, period_px: float) -> Segments:
    """Keep what each segment shares with the dashes."""
    start, stop, first_dash, reach = runs
    counts = np.floor(reach / period_px).astype(np.int64) + 1
    of = np.repeat(np.arange(len(lines)), counts)
    nth = np.arange(of.size) - np.repeat(np.cumsum(counts) - counts, counts)
    dash = (first_dash[of] + nth) * period_px
    low = np.maximum(dash, np.minimum(start, stop)[of])
    high = np.minimum(dash + dash_px, np.maximum(start, stop)[of])
    kept = high > low
    of, low, high = of[kept], low[kept], high[kept]
    length = (stop - start)[of]
    from_part, to_part = (low - start[of]) / length, (high - start[of]) / length
    origin, step = lines[of, :2], lines[of, 2:] - lines[of, :2]
    return np.hstack([origin + from_part[:, None] * step, origin + to_part[:, None] * step])


def column_means(
    signal_mv: NDArray[np.floating], first: int, per_bin: int, at_samples: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean of a lead at some places, from the means of its bins; NaN in gaps.

    Parameters
    ----------
    signal_mv : ndarray, shape (samples,)
        At least one sample.
    first : int
        Sample number of ``signal_mv[0]``.
    per_bin : int
        Samples in a bin.
    at_samples : ndarray, shape (columns,)
        Places as sample numbers, with fractions.

    Returns
    -------
    ndarray, shape (columns,)
        Interpolated between the centres of the bins.
    """
    bins, first_bin = _binned(signal_mv, first, per_bin)
    present = np.isfinite(bins)
    count = present.sum(axis=1)
    total = np.where(present, bins, 0.0).sum(axis=1)
    means = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    centres = (first_bin + np.arange(len(bins)) + 0.5) * per_bin - 0.5
    return np.interp(at_samples, centres, means)


def difference_bars(
    upper_mv: NDArray[np.floating],
    lower_mv: NDArray[np.floating],
    x: NDArray[np.floating],
    px_per_mv: float,
) -> Segments:
    """One upright bar for each pixel column from one line to the other.

    Parameters
    ----------
    upper_mv, lower_mv : ndarray, shape (columns,)
        The two lines; where either is NaN there is no bar.
    x : ndarray, shape (columns,)
        Centres of the columns.
    px_per_mv : float
        Scale.

    Returns
    -------
    ndarray, shape (bars, 4)
        y counted from 0 mV downwards.
    """
    bars = np.stack([x, -px_per_mv * upper_mv, x, -px_per_mv * lower_mv], axis=1)
    # Bars lower than the lines are thick would only smear them; NaN compares false.
    return bars[np.abs(bars[:, 3] - bars[:, 1]) > LEAST_DIFFERENCE_PX]
