"""Lines that follow the pointer, and what both signals are there."""

from __future__ import annotations

import numpy as np

from ecgview.gui.measuring.calipers import Values, millivolts
from ecgview.gui.measuring.drawing import card_at, card_size
from ecgview.gui.viewer.drawing import Drawing, Strokes
from ecgview.gui.viewer.layout import Page, Place

_OFF_PX = 14.0
_TICK_PX = 7.0


def crosshair_lines(place: Place, values: Values) -> tuple[str, ...]:
    """Word what lies under the pointer: lead and time, then both signals and their difference."""
    lines = [f"{place.cell.lead} · {place.time_s:.3f} s"]
    if values.original_mv is not None:
        lines.append(f"original {millivolts(values.original_mv)} mV")
    if values.rebuilt_mv is not None:
        lines.append(f"\N{ALMOST EQUAL TO} reconstruction {millivolts(values.rebuilt_mv)} mV")
    if values.difference_mv is not None:
        lines.append(f"difference {millivolts(values.difference_mv)} mV")
    return tuple(lines)


def crosshair_drawing(
    page: Page,
    width: float,
    height: float,
    point: tuple[float, float],
    place: Place,
    values: Values,
    text_scale: float = 1.0,
) -> Drawing:
    """Draw the crosshair.

    Parameters
    ----------
    page : Page
        The page.
    width, height : float
        Size of the window.
    point : tuple of float
        The pointer.
    place : Place
        What lies there; its time is that of a sample.
    values : Values
        Both signals of its lead at that time.
    text_scale : float
        How much larger than usual words are.

    Returns
    -------
    Drawing
        Thin lines, a tick on each trace, and a card beside the pointer.
    """
    x, y = page.x_in(place.cell, place.time_s), point[1]
    lines = crosshair_lines(place, values)
    wide, high = card_size(lines, text_scale)
    left = x + _OFF_PX if x + _OFF_PX + wide <= width else x - _OFF_PX - wide
    top = min(max(y - _OFF_PX - high, 1.0), height - high - 1)
    card = card_at(left, top, lines, text_scale)
    cross = np.array([[x, 0.0, x, height], [0.0, y, width, y]])
    ticks = [
        Strokes(_tick(x, page.y_in(place.cell, value)), colour, 2.0)
        for value, colour in (
            (values.original_mv, "original"),
            (values.rebuilt_mv, "reconstruction"),
        )
        if value is not None
    ]
    strokes = (Strokes(cross, "secondary", alpha=0.6), *ticks)
    return Drawing(card.bars, strokes, card.words)


def _tick(x: float, y: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[x - _TICK_PX, y, x + _TICK_PX, y]])
