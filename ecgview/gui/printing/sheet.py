"""A sheet of paper with ECG on it: where everything lies, in exact millimetres.

Nothing here paints. Lengths of a sheet are millimetres; those of its scene are units of
1/96 inch, in which the page on the screen is laid out too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor

from ecgview import DISCLAIMER, __version__
from ecgview.errors import RecordingError
from ecgview.gui.printing.paper import LEAST_MARGIN_MM, PAPERS, PX_PER_MM
from ecgview.gui.printing.subject import Subject, facts, model_lines, patient_line, title
from ecgview.gui.viewer.filtered_signals import Unfiltered
from ecgview.gui.viewer.labels import clock, gain_words, speed_words
from ecgview.gui.viewer.layout import HEAD_MM, Page, Window, lay_out
from ecgview.gui.viewer.scene import Scene, build_scene
from ecgview.gui.viewer.signals import Signals
from ecgview.gui.viewer.state import ViewState
from ecgview.signals.filtering import check_rate

MOST_PAGES = 60
HEADER_MM = 14.0
FOOTER_MM = 11.0
_MARGIN_MM = 7.0
_SQUARE_MM = 5.0
_LEAST_ROW_MM = 6.0
_BASELINE_IN_ROW = 0.6
SCENE_DPR = 20 / PX_PER_MM
"""Traces are worked out for 20 dots a millimetre: finer than what is printed."""


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


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet.

    Attributes
    ----------
    width_mm, height_mm : float
        The paper.
    left_mm, top_mm : float
        Where the scene lies on it.
    scene : Scene
        The ECG paper with its traces, in units of 1/96 inch.
    reduced : float
        1 where everything is to scale, else how much smaller it is.
    head, right : tuple of str
        Lines above the ECG at the left, the first of them bold, and at the right.
    foot : tuple of tuple of str
        Lines below it: at the left and at the right.
    subject : Subject
        What is on it.
    """

    width_mm: float
    height_mm: float
    left_mm: float
    top_mm: float
    scene: Scene
    reduced: float
    head: tuple[str, ...]
    right: tuple[str, ...]
    foot: tuple[tuple[str, str], ...]
    subject: Subject


def sheets_of(subject: Subject, view: ViewState, layout: Layout) -> list[Sheet]:
    """Put a recording on sheets.

    Parameters
    ----------
    subject : Subject
        What to print.
    view : ViewState
        Layout, order, speed, gain, filters, what is shown and from when; the window's scale,
        zoom and position on the screen do not matter.
    layout : Layout
        The paper, and how much of the recording.

    Returns
    -------
    list of Sheet
        One or more.

    Raises
    ------
    RecordingError
        If that takes too many pages, or if the page is too wide for the paper.
    """
    starts_s = page_starts(subject, view, layout)
    signals = signals_of(subject, view)
    return [
        _sheet(subject, replace(view, start_s=start_s), layout, signals, (number, len(starts_s)))
        for number, start_s in enumerate(starts_s, start=1)
    ]


def signals_of(subject: Subject, view: ViewState) -> Signals:
    """Read a recording and its estimates, filtered as the view says."""
    recording = subject.recording
    check_rate(view.filters, recording.fs_hz)
    unfiltered = Unfiltered(recording, subject.reconstruction, subject.overlays)
    return unfiltered.signals(view.filters)


def page_starts(subject: Subject, view: ViewState, layout: Layout) -> list[float]:
    """Tell when each page begins, in seconds of the recording.

    Raises
    ------
    RecordingError
        If there are more pages than are made at once.
    """
    if layout.what == "all":
        start_s, stop_s = 0.0, subject.recording.duration_s
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


def _sheet(
    subject: Subject,
    view: ViewState,
    layout: Layout,
    signals: Signals,
    counted: tuple[int, int],
) -> Sheet:
    paper = PAPERS[layout.paper]
    width_mm, height_mm = paper.long_mm, paper.short_mm
    view = _true_to_scale(view)
    room_mm = _SQUARE_MM * floor((height_mm - HEADER_MM - FOOTER_MM - 2 * _MARGIN_MM) / _SQUARE_MM)
    wanted_mm = lay_out(view, Window(1.0, 1.0)).width_mm
    reduced = check_width(view, layout)
    view = replace(view, px_per_mm=PX_PER_MM * reduced)
    window = Window(wanted_mm * view.px_per_mm, room_mm * PX_PER_MM, SCENE_DPR)
    scene = scene_on(subject, view, window, signals)
    taken_mm = wanted_mm * reduced
    spare_mm = height_mm - HEADER_MM - FOOTER_MM - room_mm
    return Sheet(
        width_mm,
        height_mm,
        (width_mm - taken_mm) / 2,
        HEADER_MM + spare_mm / 2,
        replace(scene, stretch="", filters=""),
        reduced,
        (title(subject), facts(subject), *filter(None, [patient_line(subject)])),
        tuple(filter(None, model_lines(subject))),
        _foot(view, subject, reduced, counted),
        subject,
    )


def check_width(view: ViewState, layout: Layout) -> float:
    """Tell how much smaller a page must be to fit its paper; 1 where it fits.

    Raises
    ------
    RecordingError
        If it does not fit and is to be exactly to scale.
    """
    wanted_mm, paper = (
        lay_out(_true_to_scale(view), Window(1.0, 1.0)).width_mm,
        PAPERS[layout.paper],
    )
    room_mm = paper.long_mm - 2 * LEAST_MARGIN_MM
    if wanted_mm <= room_mm:
        return 1.0
    if layout.fitted:
        return room_mm / wanted_mm
    raise RecordingError(
        f"The page is {wanted_mm:g} mm wide, more than {paper.title} holds ({room_mm:g} mm).",
        "Choose larger paper or a slower speed, or let the page be fitted.",
    )


def _true_to_scale(view: ViewState) -> ViewState:
    return replace(view, scale="true", zoom=1.0, scroll_mm=(0.0, 0.0), px_per_mm=PX_PER_MM)


def scene_on(subject: Subject, view: ViewState, window: Window, signals: Signals) -> Scene:
    """Lay out the scene so that its rows fit the paper, whatever they would take on a screen.

    Parameters
    ----------
    subject : Subject
        What to draw.
    view : ViewState
        In true scale.
    window : Window
        The room for it.
    signals : Signals
        The subject's samples.
    """
    page = _rows_fitted(lay_out(view, window), window.height)
    return build_scene(
        view,
        subject.recording,
        subject.reconstruction,
        subject.agreement,
        window.width,
        window.height,
        window.dpr,
        signals=signals,
        page=page,
    )


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


def scale_line(view: ViewState, fs_hz: float, reduced: float = 1.0) -> str:
    """Word speed, gain, filters and rate of a page on paper, and whether it is to scale."""
    scale = "to scale" if reduced == 1 else f"reduced to {reduced * 100:.0f} %, not to scale"
    words = (speed_words(view), gain_words(view), view.filters.words, f"{fs_hz:g} Hz", scale)
    return " · ".join(words)


def _foot(
    view: ViewState, subject: Subject, reduced: float, counted: tuple[int, int]
) -> tuple[tuple[str, str], ...]:
    """Word what stands below the ECG: scale, time and page; the fixed wording and the version."""
    stop_s = min(view.start_s + view.page_s, subject.recording.duration_s)
    number, count = counted
    page = f" · page {number} of {count}" if count > 1 else ""
    return (
        (
            scale_line(view, subject.recording.fs_hz, reduced),
            f"{clock(view.start_s)} to {clock(stop_s)}{page}",
        ),
        (DISCLAIMER, f"ecgview {__version__}"),
    )
