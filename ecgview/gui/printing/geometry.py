"""Where an ECG lies on a sheet of paper, in exact millimetres, and on how many sheets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor

from ecgview.errors import RecordingError
from ecgview.gui.printing.paper import LEAST_MARGIN_MM, PAPERS, PX_PER_MM
from ecgview.gui.viewer.layout import HEAD_MM, Page, Window, lay_out
from ecgview.gui.viewer.state import ViewState

MOST_PAGES = 60
HEADER_MM = 14.0
FOOTER_MM = 11.0
SCENE_DPR = 20 / PX_PER_MM
"""Traces are worked out for 20 dots a millimetre: finer than what is printed."""
_MARGIN_MM = 7.0
_SQUARE_MM = 5.0
_LEAST_ROW_MM = 6.0
_BASELINE_IN_ROW = 0.6


@dataclass(frozen=True)
class Layout:
    """How an ECG is put on paper.

    Attributes
    ----------
    paper : str
        One of `PAPERS`, lying on its long side.
    fitted : bool
        Whether a page that is too wide is made smaller; a sentence says so on it.
    what : {"page", "mark", "all"}
        The page from the view's start, the marked stretch, or the whole recording.
    """

    paper: str = "a4"
    fitted: bool = False
    what: str = "page"


@dataclass(frozen=True)
class Placing:
    """Where the ECG lies on a sheet.

    Attributes
    ----------
    view : ViewState
        In true scale, or in the scale that fits.
    window : Window
        The room for the ECG, in units of 1/96 inch.
    reduced : float
        1 where everything is to scale, else how much smaller it is.
    width_mm, height_mm : float
        The paper.
    left_mm, top_mm : float
        Where the ECG begins on it.
    """

    view: ViewState
    window: Window
    reduced: float
    width_mm: float
    height_mm: float
    left_mm: float
    top_mm: float


def place(view: ViewState, layout: Layout) -> Placing:
    """Find the place of a page on its paper.

    Raises
    ------
    RecordingError
        If it is too wide and is to be exactly to scale.
    """
    paper = PAPERS[layout.paper]
    room_mm = paper.short_mm - HEADER_MM - FOOTER_MM - 2 * _MARGIN_MM
    high_mm = _SQUARE_MM * floor(room_mm / _SQUARE_MM)
    reduced = check_width(view, layout)
    view = replace(_true_to_scale(view), px_per_mm=PX_PER_MM * reduced)
    wide_mm = _width_mm(view) * reduced
    return Placing(
        view,
        Window(wide_mm * PX_PER_MM, high_mm * PX_PER_MM, SCENE_DPR),
        reduced,
        paper.long_mm,
        paper.short_mm,
        (paper.long_mm - wide_mm) / 2,
        (paper.short_mm + HEADER_MM - FOOTER_MM - high_mm) / 2,
    )


def page_on(view: ViewState, window: Window) -> Page:
    """Lay a page out so that its rows fit the paper, whatever they would take on a screen."""
    return _rows_fitted(lay_out(view, window), window.height)


def page_starts(view: ViewState, duration_s: float, layout: Layout) -> list[float]:
    """Tell when each page begins, in seconds of the recording.

    Raises
    ------
    RecordingError
        If there are more pages than are made at once.
    """
    if layout.what == "all":
        start_s, stop_s = 0.0, duration_s
    elif layout.what == "mark" and view.mark_s is not None:
        start_s, stop_s = view.mark_s
    else:
        start_s, stop_s = view.start_s, view.start_s + view.page_s
    # A last page of less than a sample's time would be empty.
    count = max(1, ceil((stop_s - start_s) / view.page_s - 1e-3))
    if count > MOST_PAGES:
        raise RecordingError(
            f"{stop_s - start_s:.0f} s at {view.speed_mm_s:g} mm/s take {count:,} pages; "
            f"{MOST_PAGES} are made at once.",
            "Mark a shorter stretch, or choose a slower paper speed.",
        )
    return [start_s + number * view.page_s for number in range(count)]


def check_width(view: ViewState, layout: Layout) -> float:
    """Tell how much smaller a page must be to fit its paper; 1 where it fits.

    Raises
    ------
    RecordingError
        If it does not fit and is to be exactly to scale.
    """
    wanted_mm, paper = _width_mm(_true_to_scale(view)), PAPERS[layout.paper]
    room_mm = paper.long_mm - 2 * LEAST_MARGIN_MM
    if wanted_mm <= room_mm:
        return 1.0
    if layout.fitted:
        return room_mm / wanted_mm
    raise RecordingError(
        f"The page is {wanted_mm:g} mm wide, more than {paper.title} holds ({room_mm:g} mm).",
        "Choose larger paper or a slower speed, or let the page be fitted.",
    )


def _width_mm(view: ViewState) -> float:
    return lay_out(view, Window(1.0, 1.0)).width_mm


def _true_to_scale(view: ViewState) -> ViewState:
    return replace(view, scale="true", zoom=1.0, scroll_mm=(0.0, 0.0), px_per_mm=PX_PER_MM)


def _rows_fitted(page: Page, height: float) -> Page:
    """Spread the rows over the height, the first zero line on a heavy line counted from above."""
    mm, n_rows = page.px_per_mm, len(page.baselines)
    head_mm = HEAD_MM if page.middle_s is not None else 0.0
    share_mm = max((height / mm - head_mm) / n_rows, _LEAST_ROW_MM)
    step_mm = _SQUARE_MM if share_mm >= 20 else 1.0
    pitch_mm = step_mm * floor(share_mm / step_mm + 1e-6)
    spare_mm = height / mm - head_mm - pitch_mm * n_rows
    first_mm = head_mm + max(spare_mm, 0.0) / 2 + _BASELINE_IN_ROW * pitch_mm
    first = _SQUARE_MM * ceil(first_mm / _SQUARE_MM - 1e-6) * mm
    baselines = tuple(first + row * pitch_mm * mm for row in range(n_rows))
    # Nothing is moved to whole pixels: paper has none.
    left = _SQUARE_MM * round(page.left / mm / _SQUARE_MM) * mm
    return replace(page, left=left, baselines=baselines, pitch=pitch_mm * mm, height_mm=height / mm)
