"""The strip of the whole recording below the traces: what it shows, and where. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer.signals import LevelledLeads, Signals
from ecgview.gui.viewer.time_grid import clock_words
from ecgview.leads import LEAD_INDEX

MARGIN_PX = 12.0
LABEL_PX = 15.0
PREFERRED_LEAD = "II"
LEAST_FRAME_PX = 8.0
_LEAST_LABEL_PX = 76.0
_PADDING_PX = 3.0
_STEPS_S = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
    172800,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class OverviewTrace:
    """The trace of the strip, in logical pixels.

    Attributes
    ----------
    bars : ndarray, shape (bars, 4)
        One upright bar a device pixel wide for each column that is known.
    gaps : ndarray, shape (gaps, 2)
        Left and right end of what holds no samples.
    unknown : ndarray, shape (stretches, 2)
        Left and right end of what has not been read yet.
    """

    bars: NDArray[np.float64]
    gaps: NDArray[np.float64]
    unknown: NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """Where times lie on a strip.

    Attributes
    ----------
    duration_s : float
        Of the recording.
    width : float
        Of the strip.
    """

    duration_s: float
    width: float

    def x_of(self, time_s: float) -> float:
        """Place of a time."""
        return MARGIN_PX + time_s / self.duration_s * (self.width - 2 * MARGIN_PX)

    def time_of(self, x: float) -> float:
        """Time at a place."""
        return (x - MARGIN_PX) / (self.width - 2 * MARGIN_PX) * self.duration_s

    def frame(self, start_s: float, page_s: float) -> tuple[float, float]:
        """Left and right end of the visible window; wide enough to be seen and taken hold of."""
        left, right = self.x_of(start_s), self.x_of(min(start_s + page_s, self.duration_s))
        more = max(0.0, LEAST_FRAME_PX - (right - left)) / 2
        return left - more, right + more

    def labels(self) -> tuple[tuple[float, str], ...]:
        """Places and words of round times, as many as there is room for."""
        px_per_s = (self.width - 2 * MARGIN_PX) / self.duration_s
        fitting = [step for step in _STEPS_S if step * px_per_s >= _LEAST_LABEL_PX]
        step_s = fitting[0] if fitting else _STEPS_S[-1]
        times_s = range(0, int(self.duration_s) + 1, step_s)
        return tuple((self.x_of(time_s), clock_words(time_s)) for time_s in times_s)


def lead_shown(signals: Signals) -> str | None:
    """Choose the lead of the strip: II, or the first there is."""
    leads = signals.recording.leads
    return PREFERRED_LEAD if PREFERRED_LEAD in leads else next(iter(leads), None)


def overview_trace(signals: Signals, width: float, height: float, dpr: float) -> OverviewTrace:
    """Draw one lead of the whole recording.

    Parameters
    ----------
    signals : Signals
        The samples.
    width, height : float
        Size of the strip without its labels, in logical pixels.
    dpr : float
        Device pixels per logical pixel.

    Returns
    -------
    OverviewTrace
        Scaled so that nearly all of it is in sight.
    """
    lead, n_samples = lead_shown(signals), signals.recorded.n_samples
    n_columns = min(round((width - 2 * MARGIN_PX) * dpr), n_samples)
    nothing = np.empty((0, 2))
    if lead is None or n_columns < 1:
        return OverviewTrace(np.empty((0, 4)), nothing, nothing)
    edges = np.linspace(0, n_samples, n_columns + 1).astype(np.int64)
    found = signals.recorded.columns(LEAD_INDEX[lead], edges)
    column_px = (width - 2 * MARGIN_PX) / n_columns
    x = MARGIN_PX + (np.arange(n_columns) + 0.5) * column_px
    there = np.isfinite(found.lowest)
    low, high = _range(found.lowest[there], found.highest[there])
    per_mv = (height - 2 * _PADDING_PX) / (high - low)
    top = np.clip(_PADDING_PX + (high - found.highest) * per_mv, 0, height)
    bottom = np.clip(_PADDING_PX + (high - found.lowest) * per_mv, 0, height)
    bars = np.stack([x, top, x, np.maximum(bottom, top + 1 / dpr)], axis=1)[there]
    known = _known(signals.recorded, edges)
    return OverviewTrace(
        bars, _stretches(~there & known, x, column_px), _stretches(~known, x, column_px)
    )


def _range(lowest: NDArray[np.float32], highest: NDArray[np.float32]) -> tuple[float, float]:
    """Voltages between which nearly all lies; a few artefacts may run out of the strip."""
    if not lowest.size:
        return -1.0, 1.0
    low, high = float(np.percentile(lowest, 2)), float(np.percentile(highest, 98))
    more = max(0.1 * (high - low), 0.05)
    return low - more, high + more


def _known(leads: LevelledLeads, edges: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each column has been read."""
    pyramid = leads.pyramid
    middles = (edges[:-1] + edges[1:]) // 2
    if pyramid is None:
        return np.ones(middles.shape, dtype=np.bool_)
    return pyramid.built[middles // pyramid.block]


def _stretches(
    columns: NDArray[np.bool_], x: NDArray[np.floating], column_px: float
) -> NDArray[np.float64]:
    """Left and right ends of columns that lie beside each other."""
    steps = np.diff(np.concatenate([[False], columns, [False]]).astype(np.int8))
    firsts, lasts = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1
    return np.stack([x[firsts] - column_px / 2, x[lasts] + column_px / 2], axis=1)
