"""The traces of one lead on the page: which lines it has, and their segments."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer import lines
from ecgview.gui.viewer.labels import is_hidden
from ecgview.gui.viewer.layout import Cell, Page
from ecgview.gui.viewer.lines import NO_SEGMENTS, Segments
from ecgview.gui.viewer.overlays import DASHES_PX
from ecgview.gui.viewer.signals import Signals
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEAD_INDEX, Origin

StyledSegments = tuple[tuple[int, Segments], ...]
"""Lines of other estimates, each with its style."""


def lead_traces(
    view: ViewState, page: Page, signals: Signals, cell: Cell, width: float, dpr: float
) -> tuple[Segments, Segments, Segments, StyledSegments]:
    """Give solid line, dashed line, shading and other estimates of one lead in the window.

    Parameters
    ----------
    view : ViewState
        What to show.
    page : Page
        Where.
    signals : Signals
        The samples.
    cell : Cell
        Lead, row and time.
    width, dpr : float
        Width of the window in logical pixels, and device pixels per logical pixel.

    Returns
    -------
    tuple of ndarray
        Segments in logical pixels, each of shape (n, 4); of other estimates with their styles.
    """
    fs_hz = signals.recording.fs_hz
    first, stop = _visible_samples(page, cell, fs_hz, signals.recorded.n_samples, width)
    if stop <= first:
        return NO_SEGMENTS, NO_SEGMENTS, NO_SEGMENTS, ()
    if signals.reconstruction is None and page.is_second_half(cell):
        return NO_SEGMENTS, NO_SEGMENTS, NO_SEGMENTS, ()
    solid_mv, dashed_mv = _lines_of(cell, signals, first, stop)
    per_bin = lines.samples_per_bin(fs_hz / (page.px_per_s * dpr))
    shift = np.array([page.x_of(cell.delay_s), page.baselines[cell.row]] * 2)

    def drawn(signal_mv: NDArray[np.float32]) -> Segments:
        thinned = lines.thin(signal_mv, first, per_bin)
        return lines.segments(thinned, fs_hz, page.px_per_s, page.px_per_mv_in(cell))

    def dashed_in(style: int, signal_mv: NDArray[np.float32]) -> Segments:
        # They overlap before they are cut, so that the dashes keep their length.
        return lines.dashed(lines.overlapping(drawn(signal_mv), dpr), *DASHES_PX[style]) + shift

    others = tuple(
        (style, dashed_in(style, signal_mv))
        for style, signal_mv in _others_of(cell, signals, first, stop)
    )
    solid = NO_SEGMENTS if solid_mv is None else drawn(solid_mv) + shift
    style = signals.overlays.style
    dashes = NO_SEGMENTS if dashed_mv is None else dashed_in(style, dashed_mv)
    shading = NO_SEGMENTS
    if view.shading and solid_mv is not None and dashed_mv is not None:
        x, at_samples = _pixel_columns(page, cell.delay_s, (first, stop), fs_hz, dpr)
        solid_mean, dashed_mean = (
            lines.column_means(lead_mv, first, per_bin, at_samples)
            for lead_mv in (solid_mv, dashed_mv)
        )
        bars = lines.difference_bars(solid_mean, dashed_mean, x, page.px_per_mv_in(cell))
        shading = bars + np.array([0.0, page.baselines[cell.row]] * 2)
    return solid, dashes, shading, others


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
    # One sample beyond the window, so that lines run out of it.
    from_s = max(cell.from_s, page.time_of(0.0) - 1 / fs_hz)
    to_s = min(cell.to_s, page.time_of(width) + 1 / fs_hz)
    # A start that is a sample's time up to rounding belongs to that sample.
    first, stop = (ceil((time_s - cell.delay_s) * fs_hz - 1e-6) for time_s in (from_s, to_s))
    return max(first, 0), min(stop, n_samples)


def _lines_of(
    cell: Cell, signals: Signals, first: int, stop: int
) -> tuple[NDArray[np.float32] | None, NDArray[np.float32] | None]:
    """Which signals to draw solid and dashed, in mV; None for no line."""
    lead, overlaid = cell.lead, cell.shows == "overlay"
    row = LEAD_INDEX[lead]
    if cell.shows == "available" and is_hidden(lead, signals.reconstruction):
        return None, None
    recorded = None
    if lead in signals.recording.leads:
        recorded = signals.recorded.window(first, stop)[row]
    if cell.shows == "original" or signals.reconstruction is None or signals.rebuilt is None:
        return recorded, None
    if lead in signals.reconstruction.absent:
        return (recorded if overlaid else None), None
    rebuilt = signals.rebuilt.window(first, stop)[row]
    if signals.reconstruction.origins[lead] is Origin.RECONSTRUCTED:
        return (recorded if overlaid else None), rebuilt
    return (rebuilt if recorded is None or cell.shows == "reconstruction" else recorded), None


def _others_of(
    cell: Cell, signals: Signals, first: int, stop: int
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Style and samples in mV of the other estimates that hold an estimate of the lead."""
    if cell.shows in ("original", "available"):
        return
    for one, leads in zip(signals.overlays.others, signals.overlaid, strict=True):
        if cell.lead in one.reconstruction.reconstructed_leads:
            yield one.style, leads.window(first, stop)[LEAD_INDEX[cell.lead]]
