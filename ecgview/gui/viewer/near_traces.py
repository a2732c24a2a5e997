"""The traces of near views: lines from sample to sample."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer import lines
from ecgview.gui.viewer.columns import Scale, bars_between
from ecgview.gui.viewer.layout import Cell, Page
from ecgview.gui.viewer.lines import NO_SEGMENTS, Segments
from ecgview.gui.viewer.made_of import NO_TRACES, Lines, Traces
from ecgview.gui.viewer.overlays import DASHES_PX
from ecgview.gui.viewer.signals import LevelledLeads, Signals

BEYOND_PX = 3.0
"""Lines run so far out of the window."""


def joined(
    page: Page,
    cell: Cell,
    signals: Signals,
    window: tuple[float, float],
    made_of: Lines,
    shading: bool,
    share: NDArray[np.float64] | None,
) -> Traces:
    """Draw the lines of a lead; `window` is its width and device pixels per logical pixel.

    `share` scales the widths of bands, None for no bands.
    """
    fs_hz, (width, dpr), row = signals.recording.fs_hz, window, made_of.row
    first, stop = _visible_samples(page, cell, fs_hz, signals.recorded.n_samples, width)
    if stop <= first:
        return NO_TRACES
    px_per_mv = page.px_per_mv_in(cell)
    shift = np.array([page.x_of(cell.delay_s), page.baselines[cell.row]] * 2)

    def drawn(leads: LevelledLeads) -> Segments:
        thinned = lines.thin(leads.window(first, stop)[row], first, 1)
        return lines.segments(thinned, fs_hz, page.px_per_s, px_per_mv)

    def dashed_in(style: int, leads: LevelledLeads) -> Segments:
        # They overlap before they are cut, so that the dashes keep their length.
        return lines.dashed(lines.overlapping(drawn(leads), dpr), *DASHES_PX[style]) + shift

    others = tuple((style, dashed_in(style, leads)) for style, leads in made_of.others)
    solid = NO_SEGMENTS if made_of.solid is None else drawn(made_of.solid) + shift
    dashes = NO_SEGMENTS
    if made_of.dashed is not None:
        dashes = dashed_in(made_of.style, made_of.dashed)
    shaded = band = NO_SEGMENTS
    x, at_samples = _pixel_columns(page, cell.delay_s, (first, stop), fs_hz, dpr)
    if shading and made_of.solid is not None and made_of.dashed is not None:
        upper, lower = (
            lines.column_means(leads.window(first, stop)[row], first, 1, at_samples)
            for leads in (made_of.solid, made_of.dashed)
        )
        shaded = lines.difference_bars(upper, lower, x, px_per_mv)
        shaded = shaded + np.array([0.0, page.baselines[cell.row]] * 2)
    if share is not None and len(x):
        scale = Scale(np.array(px_per_mv), np.array(page.baselines[cell.row]))
        for pair in made_of.bands:
            line_mv, half_mv = (leads.window(first, stop)[row] for leads in pair)
            per_column = fs_hz / (page.px_per_s * dpr)
            found = _swept(line_mv, share[row] * half_mv, at_samples - first, per_column)
            band = bars_between(*found, x, scale)
    return Traces(solid, dashes, shaded, others, band)


def _swept(
    line_mv: NDArray[np.floating],
    half_mv: NDArray[np.floating],
    places: NDArray[np.float64],
    per_column: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper end of what an interval sweeps in pixel columns `per_column` samples wide.

    Where the line is steep, neighbours so meet.
    """
    samples = np.arange(len(line_mv))
    beside = np.append(places, places[-1] + per_column) - per_column / 2
    at_edges, middle = (np.interp(at, samples, line_mv) for at in (beside, places))
    half = np.interp(places, samples, half_mv)
    lowest = np.minimum(np.minimum(at_edges[:-1], at_edges[1:]), middle)
    highest = np.maximum(np.maximum(at_edges[:-1], at_edges[1:]), middle)
    return lowest - half, highest + half


def _pixel_columns(
    page: Page, delay_s: float, samples: tuple[int, int], fs_hz: float, dpr: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres of the device's pixel columns over some samples: in x and as sample numbers."""
    first, stop = samples
    left, right = (page.x_of(sample / fs_hz + delay_s) * dpr for sample in (first, stop - 1))
    x = np.arange(ceil(left - 0.5), ceil(right - 0.5), dtype=np.float64)
    x = (x + 0.5) / dpr
    return x, (page.start_s + (x - page.left) / page.px_per_s - delay_s) * fs_hz


def _visible_samples(
    page: Page, cell: Cell, fs_hz: float, n_samples: int, width: float
) -> tuple[int, int]:
    """First and last + 1 sample of a cell that the window shows."""
    # One sample and a line's width beyond the window, so that lines run out of it.
    from_s = max(cell.from_s, page.time_of(-BEYOND_PX) - 1 / fs_hz)
    to_s = min(cell.to_s, page.time_of(width + BEYOND_PX) + 1 / fs_hz)
    # A start that is a sample's time up to rounding belongs to that sample.
    first, stop = (ceil((time_s - cell.delay_s) * fs_hz - 1e-6) for time_s in (from_s, to_s))
    return max(first, 0), min(stop, n_samples)
