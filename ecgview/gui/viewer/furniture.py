"""What stands on the page beside the traces: names of leads, calibration pulses, column breaks."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np

from ecgview.gui.viewer.layout import PULSE_MV, PULSE_S, Cell, Page
from ecgview.gui.viewer.lines import Segments
from ecgview.gui.viewer.signals import Signals
from ecgview.leads import Origin

_LABEL_INDENT = 4.0
_LABEL_CLEARANCE = 6.0
_LABEL_HEIGHT = 9.0
_LEAST_LABEL_RISE_MM = 12.0
_MOST_LABEL_RISE_IN_ROW = 0.5
_LEAST_LABEL_ROOM = 24.0


@dataclass(frozen=True)
class Label:
    """A lead's name and the words on its origin.

    Attributes
    ----------
    lead : str
        Written bold at the left.
    texts : tuple of str
        The words that follow it, from the fullest to the shortest; the first that fits.
    origin : Origin or None
        Decides their colour; None for a lead that is not there.
    x, y : float
        Left end of the text's base line.
    room : float
        Width that name and words may take.
    """

    lead: str
    texts: tuple[str, ...]
    origin: Origin | None
    x: float
    y: float
    room: float


def label_rise(page: Page, signals: Signals) -> float:
    """How far above the zero line the lead names stand: clear of most R waves, one for all."""
    peak = float(signals.recorded.peaks_mv().max())
    wanted = max(peak * page.px_per_mv + _LABEL_CLEARANCE, _LEAST_LABEL_RISE_MM * page.px_per_mm)
    return min(wanted, _MOST_LABEL_RISE_IN_ROW * page.pitch)


def place_label(
    page: Page,
    cell: Cell,
    texts: tuple[str, ...],
    origin: Origin | None,
    rise: float,
    right: float,
) -> Label | None:
    """Put a lead's name above its trace; None where too little of the trace is in sight."""
    # Scrolled out to the left, the name stays in sight as long as its trace does.
    x = max(page.x_of(cell.from_s), 0.0) + _LABEL_INDENT
    room = right - x - _LABEL_INDENT
    y = _between_heavy_lines(page, page.baselines[cell.row] - rise)
    return Label(cell.lead, texts, origin, x, y, room) if room >= _LEAST_LABEL_ROOM else None


def _between_heavy_lines(page: Page, y: float) -> float:
    """Move a line of text into a large square, so that no heavy line strikes it through."""
    square = 5 * page.px_per_mm
    inset = (square - _LABEL_HEIGHT) / 2
    # Up where rows stand far apart, so as to stay clear of the trace; else to the nearest.
    to_whole = floor if page.pitch > 6 * square else round
    return page.baselines[0] + square * to_whole((y + inset - page.baselines[0]) / square) - inset


def pulses(page: Page) -> Segments:
    """Calibration pulse left of each row: 1 mV high, 0.2 s wide, with short feet."""
    width, height = PULSE_S * page.px_per_s, PULSE_MV * page.px_per_mv
    foot = page.px_per_mm
    # Half a large square before the trace, so on lines of the grid or halfway between them.
    x = page.left - 2.5 * foot - width
    across = np.array([x - foot, x, x, x + width, x + width, x + width + foot])
    up = np.array([0, 0, -height, -height, 0, 0])
    one = np.stack([across[:-1], up[:-1], across[1:], up[1:]], axis=1)
    # Pulses taller than a row would run into each other: then one stands for all.
    rows = page.baselines if height < page.pitch else page.baselines[-1:]
    return np.vstack([one + np.array([0, baseline, 0, baseline]) for baseline in rows])


def breaks(page: Page) -> Segments:
    """Short upright lines where a row goes on with another lead."""
    half = 3 * page.px_per_mm
    found = [
        (page.x_of(cell.from_s), page.baselines[cell.row] - half)
        for cell in page.cells
        if cell.column
    ]
    return np.array([[x, y, x, y + 2 * half] for x, y in found]).reshape(-1, 4)
