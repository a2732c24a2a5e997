"""Where a caliper's end goes: to a sample, and to the trace or its peak where those are near."""

from __future__ import annotations

import numpy as np

from ecgview.gui.measuring.calipers import ALL_SEEN, Seen, Values, values_at
from ecgview.gui.viewer.layout import Cell, Page
from ecgview.gui.viewer.signals import LevelledLeads, Signals
from ecgview.leads import LEAD_INDEX

TRACE_PX = 7.0
"""A height this near to the trace is meant to be on it."""
PEAK_PX = 9.0
"""Peaks are looked for so far to either side of the pointer."""


def on_sample(time_s: float, signals: Signals) -> float:
    """Give the time of the sample nearest to a time."""
    recording = signals.recording
    at = min(max(round(time_s * recording.fs_hz), 0), recording.n_samples - 1)
    return at / recording.fs_hz


def snapped(
    x: float,
    y: float,
    cell: Cell,
    page: Page,
    signals: Signals,
    seen: Seen = ALL_SEEN,
    *,
    to_peak: bool,
) -> tuple[float, float]:
    """Give time and height that a spot of the page stands for.

    Parameters
    ----------
    x, y : float
        The pointer.
    cell : Cell
        Whose lead it is in, or was when the mouse was pressed.
    page : Page
        The page.
    signals : Signals
        As drawn.
    seen : Seen
        Which traces there are for the eye.
    to_peak : bool
        Whether to go to the highest or lowest sample near the pointer.

    Returns
    -------
    tuple of float
        Seconds, on a sample, and mV: of the trace where that is near, else of the pointer.
    """
    time_s = page.time_of(x) - cell.delay_s
    value_mv = (page.baselines[cell.row] - y) / page.px_per_mv_in(cell)
    if to_peak:
        peak = _peak(time_s, value_mv, cell, page, signals, seen)
        if peak is not None:
            return peak
    time_s = on_sample(time_s, signals)
    return time_s, _on_trace(value_mv, time_s, cell, page, signals, seen)


def _on_trace(
    value_mv: float, time_s: float, cell: Cell, page: Page, signals: Signals, seen: Seen
) -> float:
    there = values_at(signals, time_s, seen)[LEAD_INDEX[cell.lead]]
    near = min(_candidates(there, cell), key=lambda mv: abs(mv - value_mv), default=value_mv)
    far_px = abs(near - value_mv) * abs(page.px_per_mv_in(cell))
    return near if far_px <= TRACE_PX else value_mv


def _candidates(values: Values, cell: Cell) -> list[float]:
    """Give the voltages of the traces that are drawn."""
    drawn = []
    if cell.shows != "reconstruction":
        drawn.append(values.original_mv)
    if cell.shows != "original":
        drawn.append(values.rebuilt_mv)
    return [value for value in drawn if value is not None]


def _peak(
    time_s: float, value_mv: float, cell: Cell, page: Page, signals: Signals, seen: Seen
) -> tuple[float, float] | None:
    """Give the highest or lowest sample near by, the nearer one; None on a slope."""
    leads: LevelledLeads | None = signals.recorded
    if cell.shows == "reconstruction" or cell.lead not in seen.originals:
        leads = signals.rebuilt if seen.rebuilt else None
    if leads is None:
        return None
    reach_s = PEAK_PX / page.px_per_s
    first = max(round((time_s - reach_s) * leads.fs_hz), 0)
    last = min(round((time_s + reach_s) * leads.fs_hz) + 1, leads.n_samples)
    if last - first < 3:
        return None
    found = _extremes(leads, cell.lead, first, last)
    near = min(found, key=lambda one: abs(one[1] - value_mv), default=None)
    if near is None or abs(near[1] - value_mv) * abs(page.px_per_mv_in(cell)) > 4 * TRACE_PX:
        return None
    return near[0] / leads.fs_hz, near[1]


def _extremes(leads: LevelledLeads, lead: str, first: int, last: int) -> list[tuple[int, float]]:
    """Sample and voltage of the highest and the lowest, unless they lie at the edge."""
    signal_mv = leads.window(first, last)[LEAD_INDEX[lead]]
    if not np.isfinite(signal_mv).all():
        return []
    places = (int(signal_mv.argmax()), int(signal_mv.argmin()))
    return [(first + at, float(signal_mv[at])) for at in places if 0 < at < last - first - 1]
