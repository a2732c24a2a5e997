"""Where things lie on the page: millimetres of paper, and their place on the screen.

The page is laid out in millimetres first; a magnification and a scroll offset then bring it
onto the screen. The traces of all columns share one time axis, so a time has one place on the
page whichever lead is drawn there; a page of two halves shows each time once in either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, floor

from ecgview.gui.viewer.layouts import Slot, rows_of
from ecgview.gui.viewer.page import Cell, Page, Place
from ecgview.gui.viewer.state import PAGE_MM, Layout, Shown, ViewState
from ecgview.gui.viewer.time_grid import is_slow

__all__ = [
    "Cell",
    "Page",
    "Place",
    "Window",
    "lay_out",
    "pulse_width_mm",
    "restarted",
    "scroll_limits_mm",
    "within_bounds",
]

PULSE_S = 0.2
PULSE_MV = 1.0
RIGHT_MARGIN_MM = 5.0
# Narrowest and widest pulse that is drawn as one.
_PULSE_MM = (1.0, 20.0)
ZOOM_RANGE = {"fit": (1.0, 16.0), "true": (0.5, 16.0)}

# Rows closer than this cannot be told apart; a very wide and low window fits its height instead.
_LEAST_PITCH_MM: dict[Layout, float] = {
    "3x4": 18.0, "3x4+1": 18.0, "3x4+3": 14.0, "4x3": 16.0, "6x2": 13.0, "12x1": 9.0,
}  # fmt: skip
_TRUE_PITCH_MM: dict[Layout, float] = {
    "3x4": 40.0, "3x4+1": 40.0, "3x4+3": 35.0, "4x3": 40.0, "6x2": 30.0, "12x1": 20.0,
}  # fmt: skip
HEAD_MM = 10.0
"""Room above the rows for the headings of the two halves."""
TIMES_MM = 5.0
"""Room above the rows for the times of slow paper."""
BASELINE_IN_ROW = 0.6


@dataclass(frozen=True)
class Window:
    """The window on the page.

    Attributes
    ----------
    width, height : float
        Size in logical pixels.
    dpr : float
        Device pixels per logical pixel.
    """

    width: float
    height: float
    dpr: float = 1.0


@lru_cache(maxsize=16)
def lay_out(view: ViewState, window: Window) -> Page:
    """Lay out the page.

    Parameters
    ----------
    view : ViewState
        What to show.
    window : Window
        Its size; lines of the grid fall on whole pixels of its device.

    Returns
    -------
    Page
        In logical pixels.
    """
    rows = rows_of(view)
    width_mm = _left_margin_mm(view) + PAGE_MM + RIGHT_MARGIN_MM
    unzoomed = _px_per_mm_unzoomed(view, window, width_mm, len(rows))
    height_mm, pitch_mm = _vertical_mm(view, window.height / unzoomed, len(rows))
    px_per_mm = unzoomed * view.zoom
    if view.scale == "fit":
        px_per_mm = _whole_squares(px_per_mm, window.dpr)
    spare = max(0.0, window.width - width_mm * px_per_mm)
    scroll_x, scroll_y = (offset * px_per_mm for offset in view.scroll_mm)
    head_mm = _head_mm(view)
    rows_mm = head_mm + pitch_mm * len(rows)
    first_mm = (height_mm - rows_mm) / 2 + head_mm + round(BASELINE_IN_ROW * pitch_mm)
    first = _snapped(first_mm * px_per_mm - scroll_y, window.dpr)
    pitch = pitch_mm * px_per_mm
    # A time of the recording always lies on the same part of a pixel, so that painted traces can be
    # moved as they are.
    per_s = view.speed_mm_s * px_per_mm * window.dpr
    view = replace(view, start_s=round(view.start_s * per_s) / per_s)
    return Page(
        px_per_mm=px_per_mm,
        left=_snapped(spare / 2 + _left_margin_mm(view) * px_per_mm - scroll_x, window.dpr),
        baselines=tuple(first + row * pitch for row in range(len(rows))),
        pitch=pitch,
        px_per_s=view.speed_mm_s * px_per_mm,
        px_per_mv=view.gain_mm_mv * px_per_mm,
        start_s=view.start_s,
        cells=_cells(rows, view),
        width_mm=width_mm,
        height_mm=height_mm,
        middle_s=view.start_s + view.page_s if view.show == "side" else None,
    )


def restarted(page: Page, duration_s: float) -> Page:
    """Let every column begin at the start of a recording that is no longer than one.

    A median beat would else lie in the first column, and half the leads would be empty.
    """
    if not any(cell.column for cell in page.cells):
        return page
    if duration_s > min(cell.to_s - cell.from_s for cell in page.cells):
        return page
    cells = (replace(cell, delay_s=cell.from_s - page.start_s) for cell in page.cells)
    return replace(page, cells=tuple(cells))


def within_bounds(view: ViewState, duration_s: float, window: Window) -> ViewState:
    """Move zoom, start and scroll offset to where there is something to see.

    Parameters
    ----------
    view : ViewState
        What is wished for.
    duration_s : float
        Length of the recording; 0 if there is none.
    window : Window
        Size of the window on it.

    Returns
    -------
    ViewState
        The nearest possible view.
    """
    least, most = ZOOM_RANGE[view.scale]
    start_s = min(max(view.start_s, 0.0), max(0.0, duration_s - view.page_s))
    view = replace(view, zoom=min(max(view.zoom, least), most), start_s=start_s)
    right_mm, down_mm = scroll_limits_mm(view, window)
    scroll_mm = (
        min(max(view.scroll_mm[0], 0.0), right_mm),
        min(max(view.scroll_mm[1], 0.0), down_mm),
    )
    return replace(view, scroll_mm=scroll_mm)


def scroll_limits_mm(view: ViewState, window: Window) -> tuple[float, float]:
    """Tell how far the page can be scrolled, right and down, in mm; 0 where all of it shows."""
    page = lay_out(view, window)
    return (
        _beyond(page.width_mm, window.width / page.px_per_mm),
        _beyond(page.height_mm, window.height / page.px_per_mm),
    )


def _beyond(page_mm: float, window_mm: float) -> float:
    # Rounding to whole pixels may leave a sliver that is not worth a scroll bar.
    return page_mm - window_mm if page_mm - window_mm > 0.5 else 0.0


def pulse_width_mm(speed_mm_s: float) -> float:
    """Tell how wide the calibration pulse is; 0 where it would be no pulse any more.

    Of a page of a minute or of a second it would be a hair or a wall: an upright bar then
    calibrates the voltage alone.
    """
    width_mm = PULSE_S * speed_mm_s
    return width_mm if _PULSE_MM[0] <= width_mm <= _PULSE_MM[1] else 0.0


def _left_margin_mm(view: ViewState) -> float:
    # Whole large squares, so that the traces start on a heavy line of the grid.
    return 5.0 * ceil((5.0 + pulse_width_mm(view.speed_mm_s)) / 5.0)


def _head_mm(view: ViewState) -> float:
    """Room above the rows for the headings of two halves, and for the times of slow paper."""
    halves = HEAD_MM if view.show == "side" else 0.0
    return halves + (TIMES_MM if is_slow(view.speed_mm_s) else 0.0)


def _px_per_mm_unzoomed(view: ViewState, window: Window, width_mm: float, n_rows: int) -> float:
    if view.scale == "true":
        return view.px_per_mm
    least_height_mm = _head_mm(view) + _LEAST_PITCH_MM[view.layout] * n_rows
    fitting = min(window.width / width_mm, window.height / least_height_mm)
    return _whole_squares(fitting, window.dpr)


def _whole_squares(px_per_mm: float, dpr: float) -> float:
    """Round down so that a large square of 5 mm is a whole number of device pixels."""
    return max(1, floor(5 * px_per_mm * dpr + 1e-6)) / (5 * dpr)


def _vertical_mm(view: ViewState, window_mm: float, n_rows: int) -> tuple[float, float]:
    """Height of the page and distance between its rows, in mm."""
    head_mm = _head_mm(view)
    share_mm = (window_mm - head_mm) / n_rows
    step = 5.0 if share_mm >= 20 else 1.0
    least = (_TRUE_PITCH_MM if view.scale == "true" else _LEAST_PITCH_MM)[view.layout]
    pitch_mm = max(step * floor(share_mm / step), least)
    return max(window_mm, head_mm + pitch_mm * n_rows), pitch_mm


def _cells(rows: tuple[tuple[Slot, ...], ...], view: ViewState) -> tuple[Cell, ...]:
    if view.show != "side":
        return _half(rows, view, 0.0, view.show)
    left = _half(rows, view, 0.0, "original")
    right = _half(rows, view, view.page_s, "reconstruction")
    return tuple(sorted((*left, *right), key=lambda cell: cell.row))


def _half(
    rows: tuple[tuple[Slot, ...], ...], view: ViewState, delay_s: float, shows: Shown
) -> tuple[Cell, ...]:
    """Cells of the page, or of a half of it that begins so much later."""
    start_s = view.start_s + delay_s
    return tuple(
        Cell(
            slot.lead,
            row,
            column,
            start_s + view.page_s * column / len(slots),
            start_s + view.page_s * (column + 1) / len(slots),
            delay_s,
            slot.title,
            slot.scale,
            shows,
        )
        for row, slots in enumerate(rows)
        for column, slot in enumerate(slots)
    )


def _snapped(px: float, dpr: float) -> float:
    """Move to the centre of a device pixel, where a thin line is sharp."""
    return (floor(px * dpr) + 0.5) / dpr
