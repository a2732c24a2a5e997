"""Which part of which caliper lies under the pointer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ecgview.gui.measuring.drawing import bar_y, cells_of, is_in, last_row, row_span
from ecgview.gui.measuring.state import Caliper, End
from ecgview.gui.viewer.layout import Cell, Page

REACH_PX = 6.0
_ENDS: tuple[End, ...] = ("stop", "start")


@dataclass(frozen=True)
class Grip:
    """A caliper's end, or the whole of it.

    Attributes
    ----------
    number : int
        Which caliper.
    end : {"start", "stop"} or None
        None for the whole.
    cell : Cell
        Where it was found.
    """

    number: int
    end: End | None
    cell: Cell


def grip_at(
    page: Page, calipers: Sequence[Caliper], x: float, y: float, height: float
) -> Grip | None:
    """Find the caliper at a spot, those made last first.

    Parameters
    ----------
    page : Page
        The page.
    calipers : sequence of Caliper
        All of them.
    x, y : float
        The pointer.
    height : float
        Of the window.

    Returns
    -------
    Grip or None
        An end before a whole; None where there is no caliper.
    """
    found = [
        grip
        for number in range(len(calipers) - 1, -1, -1)
        for grip in _grips(page, calipers[number], bar_y(page, number, height), number, x, y)
    ]
    ends = (grip for grip in found if grip.end is not None)
    return next(ends, found[0] if found else None)


def _grips(
    page: Page, caliper: Caliper, level: float, number: int, x: float, y: float
) -> Iterator[Grip]:
    for cell in cells_of(page, caliper):
        top, bottom, levels = _extent(page, cell, caliper, level)
        if not top - REACH_PX <= y <= bottom + REACH_PX:
            continue
        for end in _ENDS:
            time_s = caliper.end(end)[0]
            if is_in(cell, time_s) and abs(page.x_in(cell, time_s) - x) <= REACH_PX:
                yield Grip(number, end, cell)
        ends = sorted(page.x_in(cell, caliper.end(end)[0]) for end in _ENDS)
        if ends[0] < x < ends[1] and any(abs(level - y) <= REACH_PX for level in levels):
            yield Grip(number, None, cell)


def _extent(
    page: Page, cell: Cell, caliper: Caliper, level: float
) -> tuple[float, float, tuple[float, ...]]:
    """Top and bottom of a caliper in a stretch, and the heights of its level lines."""
    if caliper.lead:
        ends = tuple(sorted(page.y_in(cell, caliper.end(end)[1]) for end in _ENDS))
        return ends[0], ends[1], ends
    top, bottom = row_span(page, cell.row)
    return top, bottom, (level,) if cell.row == last_row(page) else ()
