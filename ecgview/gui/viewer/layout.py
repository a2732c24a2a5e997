"""Where things lie on the page: millimetres of paper, and their place on the screen.

The page is laid out in millimetres first; a magnification and a scroll offset then bring it
onto the screen. The traces of all columns share one time axis, so a time has one place on the
page whichever lead is drawn there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor

from ecgview.gui.viewer.state import PAGE_MM, Layout, ViewState
from ecgview.leads import LEADS

PULSE_S = 0.2
PULSE_MV = 1.0
RIGHT_MARGIN_MM = 5.0
ZOOM_RANGE = {"fit": (1.0, 16.0), "true": (0.5, 16.0)}

_ROWS: dict[Layout, tuple[tuple[str, ...], ...]] = {
    "3x4+II": (
        ("I", "aVR", "V1", "V4"),
        ("II", "aVL", "V2", "V5"),
        ("III", "aVF", "V3", "V6"),
        ("II",),
    ),
    "12x1": tuple((lead,) for lead in LEADS),
}
# Rows closer than this cannot be told apart; a very wide and low window fits its height instead.
_LEAST_PITCH_MM: dict[Layout, float] = {"3x4+II": 18.0, "12x1": 9.0}
_TRUE_PITCH_MM: dict[Layout, float] = {"3x4+II": 40.0, "12x1": 20.0}
_BASELINE_IN_ROW = 0.6


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


@dataclass(frozen=True)
class Cell:
    """One lead's stretch of a row.

    Attributes
    ----------
    lead : str
        Standard name.
    row, column : int
        Place in the layout.
    from_s, to_s : float
        Time on the page, ``[from_s, to_s)``.
    delay_s : float
        Time of the recording is drawn so much later on the page.
    """

    lead: str
    row: int
    column: int
    from_s: float
    to_s: float
    delay_s: float = 0.0


@dataclass(frozen=True)
class Place:
    """A spot on the page: whose stretch it is, the time of the recording, and the voltage there."""

    cell: Cell
    time_s: float
    value_mv: float


@dataclass(frozen=True)
class Page:
    """The page as it lies on the screen; lengths in logical pixels unless named otherwise.

    Attributes
    ----------
    px_per_mm : float
        Scale of both axes.
    left : float
        Where the traces start; a page narrower than the window stands in its middle.
    baselines : tuple of float
        Zero line of each row.
    pitch : float
        Distance between rows.
    px_per_s, px_per_mv : float
        Scale of time and voltage.
    start_s : float
        Time at `left`.
    cells : tuple of Cell
        Row by row, from left to right.
    width_mm, height_mm : float
        The whole page.
    """

    px_per_mm: float
    left: float
    baselines: tuple[float, ...]
    pitch: float
    px_per_s: float
    px_per_mv: float
    start_s: float
    cells: tuple[Cell, ...]
    width_mm: float
    height_mm: float

    def x_of(self, time_s: float) -> float:
        """Place of a time of the recording."""
        return self.left + (time_s - self.start_s) * self.px_per_s

    def time_of(self, x: float) -> float:
        """Time of the recording at a place."""
        return self.start_s + (x - self.left) / self.px_per_s

    def x_in(self, cell: Cell, time_s: float) -> float:
        """Place of a time of the recording in a lead's stretch."""
        return self.x_of(time_s + cell.delay_s)

    def y_in(self, cell: Cell, value_mv: float) -> float:
        """Height of a voltage in a lead's stretch."""
        return self.baselines[cell.row] - value_mv * self.px_per_mv

    def place_at(self, x: float, y: float) -> Place | None:
        """Tell what lies at a spot of the window; None left and right of the traces."""
        page_s = self.time_of(x)
        row = min(range(len(self.baselines)), key=lambda row: abs(self.baselines[row] - y))
        for cell in self.cells:
            if cell.row == row and cell.from_s <= page_s < cell.to_s:
                value_mv = (self.baselines[row] - y) / self.px_per_mv
                return Place(cell, page_s - cell.delay_s, value_mv)
        return None


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
    rows = _ROWS[view.layout]
    width_mm = _left_margin_mm(view) + PAGE_MM + RIGHT_MARGIN_MM
    unzoomed = _px_per_mm_unzoomed(view, window, width_mm)
    height_mm, pitch_mm = _vertical_mm(view, window.height / unzoomed, len(rows))
    px_per_mm = unzoomed * view.zoom
    if view.scale == "fit":
        px_per_mm = _whole_squares(px_per_mm, window.dpr)
    spare = max(0.0, window.width - width_mm * px_per_mm)
    scroll_x, scroll_y = (offset * px_per_mm for offset in view.scroll_mm)
    first_mm = (height_mm - pitch_mm * len(rows)) / 2 + round(_BASELINE_IN_ROW * pitch_mm)
    first = _snapped(first_mm * px_per_mm - scroll_y, window.dpr)
    pitch = pitch_mm * px_per_mm
    return Page(
        px_per_mm=px_per_mm,
        left=_snapped(spare / 2 + _left_margin_mm(view) * px_per_mm - scroll_x, window.dpr),
        baselines=tuple(first + row * pitch for row in range(len(rows))),
        pitch=pitch,
        px_per_s=view.speed_mm_s * px_per_mm,
        px_per_mv=view.gain_mm_mv * px_per_mm,
        start_s=view.start_s,
        cells=_cells(rows, view.start_s, view.page_s),
        width_mm=width_mm,
        height_mm=height_mm,
    )


def restarted(page: Page, duration_s: float) -> Page:
    """Let every column begin at the start of a recording that is no longer than one.

    A median beat would else lie in the first column, and half the leads would be empty.
    """
    if not any(cell.column for cell in page.cells):
        return page
    first = page.cells[0]
    if duration_s > first.to_s - first.from_s:
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


def _left_margin_mm(view: ViewState) -> float:
    # Whole large squares, so that the traces start on a heavy line of the grid.
    return 5.0 * ceil((5.0 + PULSE_S * view.speed_mm_s) / 5.0)


def _px_per_mm_unzoomed(view: ViewState, window: Window, width_mm: float) -> float:
    if view.scale == "true":
        return view.px_per_mm
    least_height_mm = _LEAST_PITCH_MM[view.layout] * len(_ROWS[view.layout])
    fitting = min(window.width / width_mm, window.height / least_height_mm)
    return _whole_squares(fitting, window.dpr)


def _whole_squares(px_per_mm: float, dpr: float) -> float:
    """Round down so that a large square of 5 mm is a whole number of device pixels."""
    return max(1, floor(5 * px_per_mm * dpr + 1e-6)) / (5 * dpr)


def _vertical_mm(view: ViewState, window_mm: float, n_rows: int) -> tuple[float, float]:
    """Height of the page and distance between its rows, in mm."""
    share_mm = window_mm / n_rows
    step = 5.0 if share_mm >= 20 else 1.0
    least = (_TRUE_PITCH_MM if view.scale == "true" else _LEAST_PITCH_MM)[view.layout]
    pitch_mm = max(step * floor(share_mm / step), least)
    return max(window_mm, pitch_mm * n_rows), pitch_mm


def _cells(rows: tuple[tuple[str, ...], ...], start_s: float, page_s: float) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            lead,
            row,
            column,
            start_s + page_s * column / len(leads),
            start_s + page_s * (column + 1) / len(leads),
        )
        for row, leads in enumerate(rows)
        for column, lead in enumerate(leads)
    )


def _snapped(px: float, dpr: float) -> float:
    """Move to the centre of a device pixel, where a thin line is sharp."""
    return (floor(px * dpr) + 0.5) / dpr
