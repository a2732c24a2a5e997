"""What stands on the page beside the traces: names of leads, calibration pulses, column breaks."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from ecgview.gui.viewer.layout import BASELINE_IN_ROW, HEAD_MM, PULSE_MV, Cell, Page, pulse_width_mm
from ecgview.gui.viewer.lines import Segments
from ecgview.gui.viewer.signals import Signals
from ecgview.gui.viewer.time_grid import is_slow
from ecgview.leads import LEAD_INDEX, Origin

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
        Whose it is.
    texts : tuple of str
        The words that follow it, from the fullest to the shortest; the first that fits.
    origin : Origin or None
        Decides their colour; None for a lead that is not there.
    x, y : float
        Left end of the text's base line.
    room : float
        Width that name and words may take.
    title : str
        What is written bold at the left where that is not the lead's name, such as ``-aVR``.
    """

    lead: str
    texts: tuple[str, ...]
    origin: Origin | None
    x: float
    y: float
    room: float
    title: str = ""

    @property
    def name(self) -> str:
        """What is written bold at the left."""
        return self.title or self.lead


@dataclass(frozen=True)
class Heading:
    """Words over one half of the page; x and y are the left end of their base line."""

    text: str
    x: float
    y: float


def label_rise(page: Page, signals: Signals) -> float:
    """How far above the zero line the lead names stand: clear of most R waves, one for all."""
    peaks_mv = signals.recorded.peaks_mv()
    # Of a lead that is turned round the lowest value would count; it is no R wave.
    peak_px = max(
        (float(peaks_mv[LEAD_INDEX[cell.lead]]) * page.px_per_mv_in(cell) for cell in page.cells),
        default=0.0,
    )
    wanted = max(peak_px + _LABEL_CLEARANCE, _LEAST_LABEL_RISE_MM * page.px_per_mm)
    rise = min(wanted, _MOST_LABEL_RISE_IN_ROW * page.pitch)
    # The names of the first row must not run out of the page: then all stand a square lower.
    square = 5 * page.px_per_mm
    above = _top(page) + _LABEL_HEIGHT + 6 - _between_heavy_lines(page, page.baselines[0] - rise)
    return rise - square * ceil(above / square) if above > 0 else rise


def _top(page: Page) -> float:
    """Upper edge of the page, or what stands above its rows: headings of halves, or times."""
    rows_top = page.baselines[0] - BASELINE_IN_ROW * page.pitch
    if is_slow(page.px_per_s / page.px_per_mm):
        return rows_top
    if page.middle_s is not None:
        return headings(page)[0].y - _LABEL_HEIGHT / 2
    return rows_top - (page.height_mm * page.px_per_mm - len(page.baselines) * page.pitch) / 2


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
    if room < _LEAST_LABEL_ROOM:
        return None
    # Sums of times differ in their last digits from one page to the next; names stay in place.
    return Label(cell.lead, texts, origin, round(x, 3), round(y, 3), round(room, 3), cell.title)


def _between_heavy_lines(page: Page, y: float) -> float:
    """Move a line of text into a large square, so that no heavy line strikes it through."""
    square = 5 * page.px_per_mm
    inset = (square - _LABEL_HEIGHT) / 2
    # Up where rows stand far apart, so as to stay clear of the trace; else to the nearest.
    to_whole = floor if page.pitch > 6 * square else round
    return page.baselines[0] + square * to_whole((y + inset - page.baselines[0]) / square) - inset


def pulses(page: Page) -> Segments:
    """Calibration pulse left of each row: 1 mV high at the row's gain, 0.2 s wide, with feet.

    A row whose leads differ in gain has a pulse with a step: first the one, then the other. Where
    0.2 s would be a hair or a wall, an upright bar stands for the voltage alone.
    """
    pulse = [_pulse(page, _gains_of_row(page, row)) for row in range(len(page.baselines))]
    # Pulses taller than a row would run into each other: then one stands for all.
    tallest = max(float(-one[:, 1].min()) for one in pulse)
    rows = range(len(pulse)) if tallest < page.pitch else [len(pulse) - 1]
    return np.vstack([pulse[row] + np.array([0, page.baselines[row]] * 2) for row in rows])


def _gains_of_row(page: Page, row: int) -> list[float]:
    """Tell what the voltages of a row's leads are multiplied by, largest first."""
    found = {abs(cell.scale) for cell in page.cells if cell.row == row}
    return sorted(found, reverse=True) or [1.0]


def _pulse(page: Page, gains: list[float]) -> Segments:
    """Draw a pulse with its base line at 0."""
    foot, heights = page.px_per_mm, [PULSE_MV * page.px_per_mv * gain for gain in gains]
    width = pulse_width_mm(page.px_per_s / page.px_per_mm) * page.px_per_mm
    # Half a large square before the trace, so on lines of the grid or halfway between them.
    x = page.left - 2.5 * foot - width
    if width == 0:
        return _bar(x, foot, heights)
    points = [(x - foot, 0.0), (x, 0.0)]
    for step, height in enumerate(heights):
        points += [(x + width * part / len(heights), -height) for part in (step, step + 1)]
    points += [(x + width, 0.0), (x + width + foot, 0.0)]
    corners = np.array(points)
    return np.hstack([corners[:-1], corners[1:]])


def _bar(x: float, foot: float, heights: list[float]) -> Segments:
    """Draw an upright bar with a stroke across it at 0 and at each height."""
    across = [[x - foot, -height, x + foot, -height] for height in (0.0, *heights)]
    return np.array([[x, 0.0, x, -max(heights)], *across])


def breaks(page: Page) -> Segments:
    """Short upright lines where a row goes on with another lead; a long one between halves."""
    half = 3 * page.px_per_mm
    found = [
        (page.x_of(cell.from_s), page.baselines[cell.row] - half)
        for cell in page.cells
        if cell.column
    ]
    lines = [[x, y, x, y + 2 * half] for x, y in found]
    if page.middle_s is not None:
        x = page.x_of(page.middle_s)
        top = page.baselines[0] - page.pitch
        lines.append([x, top, x, page.baselines[-1] + page.pitch])
    return np.array(lines).reshape(-1, 4)


def headings(page: Page) -> tuple[Heading, ...]:
    """Words over the two halves of a page; nothing where there is only one."""
    if page.middle_s is None:
        return ()
    top = page.baselines[0] - 0.6 * page.pitch
    y = max(top - 0.5 * HEAD_MM * page.px_per_mm, _LABEL_HEIGHT + 4)
    starts = (page.start_s, page.middle_s)
    words = ("Original", "Reconstruction")
    return tuple(
        Heading(text, page.x_of(start_s) + _LABEL_INDENT, y)
        for text, start_s in zip(words, starts, strict=True)
    )
