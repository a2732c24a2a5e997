"""Points at leads on the page: a frame around each."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from ecgview.gui.measuring.drawing import row_span
from ecgview.gui.text_size import text_scale
from ecgview.gui.viewer.drawing import Bar, Drawing, Layer, Strokes
from ecgview.gui.viewer.layout import Cell, Page

_INSET_PX = 3.0
_NAME_PX = 14.0
"""How far the names of leads rise above their rows."""
_TINT = 0.07


def pointed_layer(points: Callable[[], Collection[str]]) -> Layer:
    """Make the layer that frames some leads.

    Parameters
    ----------
    points : callable
        Gives the leads to look at now.
    """

    def layer(page: Page, width: float, height: float) -> Drawing:
        return pointed(page, points())

    return layer


def pointed(page: Page, leads: Collection[str]) -> Drawing:
    """Frame the cells of some leads; rhythm strips, which repeat a lead, are left alone."""
    boxes = [_box(page, cell) for cell in _first_cells(page, leads)]
    if not boxes:
        return Drawing()
    sides = [side for box in boxes for side in _sides(*box)]
    bars = tuple(Bar(x0, y0, x1 - x0, y1 - y0, "accent", _TINT) for x0, y0, x1, y1 in boxes)
    return Drawing(bars=bars, strokes=(Strokes(np.array(sides), "accent", 2.0, 0.9),))


def _first_cells(page: Page, leads: Collection[str]) -> list[Cell]:
    first: dict[tuple[str, bool], Cell] = {}
    for cell in page.cells:
        if cell.lead in leads:
            first.setdefault((cell.lead, page.is_second_half(cell)), cell)
    return list(first.values())


def _box(page: Page, cell: Cell) -> tuple[float, float, float, float]:
    top, bottom = row_span(page, cell.row)
    left, right = (page.x_in(cell, time_s) for time_s in (cell.from_s, cell.to_s))
    rise = _NAME_PX * text_scale()
    highest = max(top - rise, _INSET_PX / 2)  # the first row may have no room above it
    return left + _INSET_PX, highest, right - _INSET_PX, bottom - rise - _INSET_PX


def _sides(
    x0: float, y0: float, x1: float, y1: float
) -> tuple[tuple[float, float, float, float], ...]:
    return (x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)
