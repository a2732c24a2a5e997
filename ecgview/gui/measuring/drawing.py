"""Calipers over the page: lines at their ends, what they read, and their interval marched out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor

import numpy as np

from ecgview.gui.measuring.calipers import Reading, card_lines
from ecgview.gui.measuring.state import Caliper, MeasuringState
from ecgview.gui.viewer.drawing import Bar, Drawing, Strokes, Words
from ecgview.gui.viewer.layout import Cell, Page
from ecgview.gui.viewer.lines import Segments

ABOVE_IN_ROW, BELOW_IN_ROW = 0.6, 0.4
"""How much of a row lies above and below its zero line."""
LINE_PX = 13
"""Height of a line of a card."""
_SIZE_PX = 11
_CHARACTER_PX, _BOLD_PX = 6.2, 7.3
"""Mean width of a character of that size: a card must know its size without asking for a font."""
_HANDLE_PX, _CHOSEN_PX = 5.0, 8.0
_OVERHANG_PX = 7.0
_LEAST_STEP_PX = 4.0
_CARD_ALPHA = 0.86
_FULL_CARD_PITCH_PX = 150.0
"""Between rows closer than this a card says the most important."""


def row_span(page: Page, row: int) -> tuple[float, float]:
    """Top and bottom of a row."""
    baseline = page.baselines[row]
    return baseline - ABOVE_IN_ROW * page.pitch, baseline + BELOW_IN_ROW * page.pitch


def cells_of(page: Page, caliper: Caliper) -> Iterator[Cell]:
    """Give the stretches that a caliper is drawn in: those of its lead, or all."""
    for cell in page.cells:
        if caliper.lead in ("", cell.lead):
            yield cell


def is_in(cell: Cell, time_s: float) -> bool:
    """Tell whether a time of the recording is in a lead's stretch."""
    return cell.from_s <= time_s + cell.delay_s <= cell.to_s


def last_row(page: Page) -> int:
    """Give the lowest row, under which the line of a caliper over all leads lies."""
    return len(page.baselines) - 1


def bar_y(page: Page, number: int, height: float) -> float:
    """Height of the line between the ends of a caliper over all leads; each has its own."""
    lowest = min(row_span(page, last_row(page))[1], height)
    return lowest - 12 - (number % 4) * (LINE_PX + 4)


def calipers_drawing(
    page: Page,
    width: float,
    height: float,
    readings: Sequence[Reading],
    measuring: MeasuringState,
    text_scale: float = 1.0,
) -> Drawing:
    """Draw calipers.

    Parameters
    ----------
    page : Page
        The page.
    width, height : float
        Size of the window in logical pixels.
    readings : sequence of Reading
        The calipers, in order; the chosen one is drawn stronger, with all that it reads.
    measuring : MeasuringState
        Which is chosen.
    text_scale : float
        How much larger than usual words are.

    Returns
    -------
    Drawing
        Only what lies in sight.
    """
    bars: list[Bar] = []
    strokes: list[Strokes] = []
    words: list[Words] = []
    chosen = measuring.selected
    if measuring.draft is not None and chosen < 0:
        chosen = len(readings) - 1
    for number, reading in enumerate(readings):
        is_chosen = number == chosen
        caliper = reading.caliper
        level = bar_y(page, number, height)
        lines = _lines(page, caliper, level)
        if len(lines):
            width_px, alpha = (2.0, 1.0) if is_chosen else (1.0, 0.75)
            strokes.append(Strokes(lines, "accent", width_px, alpha))
        if caliper.marches:
            steps = _steps(page, caliper)
            strokes.append(Strokes(steps, "accent", alpha=0.55, dashes=(5.0, 4.0)))
        bars += _handles(page, caliper, measuring.end if is_chosen else "", level)
        words_of_it = _said(page, reading, is_chosen, text_scale)
        scale = min(text_scale, max(1.0, (width - 12) / card_size(words_of_it)[0]))
        card = _card(page, (width, height), reading.caliper, level, words_of_it, scale)
        bars += card.bars
        words += card.words
    return Drawing(tuple(bars), tuple(strokes), tuple(words))


def _lines(page: Page, caliper: Caliper, level: float) -> Segments:
    found: list[tuple[float, float, float, float]] = []
    for cell in cells_of(page, caliper):
        span = _box(page, cell, caliper) if caliper.lead else row_span(page, cell.row)
        for time_s in (caliper.start_s, caliper.stop_s):
            if is_in(cell, time_s):
                x = page.x_in(cell, time_s)
                found.append((x, span[0], x, span[1]))
        if caliper.lead:
            heights = {page.y_in(cell, mv) for mv in (caliper.start_mv, caliper.stop_mv)}
        else:
            heights = {level} if cell.row == last_row(page) else set()
        for ends in _between(page, cell, caliper):
            found += [(ends[0], y, ends[1], y) for y in heights]
    return _segments(found)


def _box(page: Page, cell: Cell, caliper: Caliper) -> tuple[float, float]:
    """Top and bottom of the lines at the ends of a lead's caliper."""
    ends = sorted(page.y_in(cell, mv) for mv in (caliper.start_mv, caliper.stop_mv))
    return ends[0] - _OVERHANG_PX, ends[1] + _OVERHANG_PX


def _between(page: Page, cell: Cell, caliper: Caliper) -> Iterator[tuple[float, float]]:
    """Give the part of a caliper's width that lies in a stretch."""
    first, last = sorted((caliper.start_s, caliper.stop_s))
    first = max(first, cell.from_s - cell.delay_s)
    last = min(last, cell.to_s - cell.delay_s)
    if last > first:
        yield page.x_in(cell, first), page.x_in(cell, last)


def _steps(page: Page, caliper: Caliper) -> Segments:
    """Repeat the interval to both ends of every stretch of the caliper's lead."""
    step_s = caliper.interval_s
    if step_s * page.px_per_s < _LEAST_STEP_PX:
        return _segments([])
    first_s = min(caliper.start_s, caliper.stop_s)
    found = []
    for cell in cells_of(page, caliper):
        top, bottom = row_span(page, cell.row)
        lowest = ceil((cell.from_s - cell.delay_s - first_s) / step_s)
        highest = floor((cell.to_s - cell.delay_s - first_s) / step_s)
        for count in range(lowest, highest + 1):
            if count not in (0, 1):
                x = page.x_in(cell, first_s + count * step_s)
                found.append((x, top, x, bottom))
    return _segments(found)


def _handles(page: Page, caliper: Caliper, chosen: str, level: float) -> Iterator[Bar]:
    """Give a small square at each end, a larger one at the chosen end."""
    for name, time_s, value_mv in (
        ("start", caliper.start_s, caliper.start_mv),
        ("stop", caliper.stop_s, caliper.stop_mv),
    ):
        size = _CHOSEN_PX if name == chosen else _HANDLE_PX
        for cell in cells_of(page, caliper):
            if is_in(cell, time_s) and (caliper.lead or cell.row == last_row(page)):
                y = page.y_in(cell, value_mv) if caliper.lead else level
                x = page.x_in(cell, time_s)
                yield Bar(x - size / 2, y - size / 2, size, size, "accent")


def _said(page: Page, reading: Reading, is_chosen: bool, text_scale: float) -> tuple[str, ...]:
    """Give what a card says: everything of the chosen caliper, else the interval alone."""
    is_brief = page.pitch < _FULL_CARD_PITCH_PX * text_scale
    lines = card_lines(reading, brief=is_brief)
    if is_chosen:
        return lines
    return (lines[0].rsplit(" · ", 1)[0],) if reading.caliper.lead else lines[:1]


def _card(
    page: Page,
    window: tuple[float, float],
    caliper: Caliper,
    level: float,
    lines: Sequence[str],
    text_scale: float,
) -> Drawing:
    place = _card_place(page, window, caliper, level, card_size(lines, text_scale))
    return Drawing() if place is None else card_at(*place, lines, text_scale)


def card_at(x: float, y: float, lines: Sequence[str], text_scale: float = 1.0) -> Drawing:
    """Lines of text on a quiet ground; x and y are its upper left corner."""
    wide, high = card_size(lines, text_scale)
    size_px, line_px = round(_SIZE_PX * text_scale), LINE_PX * text_scale
    return Drawing(
        bars=(Bar(x, y, wide, high, "paper", _CARD_ALPHA),),
        words=tuple(
            Words(x + 4, y + 1 + size_px + index * line_px, line, "text", size_px, bold=index == 0)
            for index, line in enumerate(lines)
        ),
    )


def card_size(lines: Sequence[str], text_scale: float = 1.0) -> tuple[float, float]:
    """Give width and height of a card, about."""
    others = max((len(line) for line in lines[1:]), default=0) * _CHARACTER_PX
    longest = max(len(lines[0]) * _BOLD_PX, others) * text_scale
    return longest + 8, len(lines) * LINE_PX * text_scale + 6


def _card_place(
    page: Page,
    window: tuple[float, float],
    caliper: Caliper,
    level: float,
    size: tuple[float, float],
) -> tuple[float, float] | None:
    """Put a card where it covers little: under a lead's caliper, at the bottom for all leads.

    Where rows stand close, the next trace is under it; then it goes over the caliper.
    """
    wide, high = size
    cells = list(cells_of(page, caliper))
    if not caliper.lead:
        cells = [cell for cell in reversed(cells) if cell.row == last_row(page)]
    for cell in cells:
        for left, right in _between(page, cell, caliper):
            if right < 0 or left > window[0]:
                continue
            if caliper.lead:
                top, bottom = _box(page, cell, caliper)
                fits_under = bottom + 2 + high <= row_span(page, cell.row)[1] + LINE_PX
                is_under = fits_under or top - high - 2 < 0
                y = bottom + 2 if is_under else top - high - 2
                x = (left + right - wide) / 2
            else:
                y = level - high / 2
                x = right + 4
            x = min(max(x, 2.0), max(window[0] - wide - 2, 2.0))
            return x, min(max(y, 1.0), max(window[1] - high - 1, 1.0))
    return None


def _segments(found: Sequence[tuple[float, float, float, float]]) -> Segments:
    return np.array(found, dtype=np.float64).reshape(-1, 4)
