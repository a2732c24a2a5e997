"""A sheet of paper with ECG on it: where everything lies, in exact millimetres.

Nothing here paints. Lengths of a sheet are millimetres; those of its scene are units of
1/96 inch, in which the page on the screen is laid out too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ecgview import DISCLAIMER, __version__
from ecgview.gui.printing.geometry import Layout, page_on, page_starts, place
from ecgview.gui.printing.subject import Subject, facts, model_lines, patient_line, title
from ecgview.gui.viewer.filtered_signals import Unfiltered
from ecgview.gui.viewer.labels import band_words, clock, gain_words, speed_words
from ecgview.gui.viewer.layout import Window
from ecgview.gui.viewer.scene import Scene, build_scene
from ecgview.gui.viewer.signals import Signals
from ecgview.gui.viewer.state import ViewState
from ecgview.signals.filtering import check_rate


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
    starts_s = page_starts(view, subject.recording.duration_s, layout)
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


def _sheet(
    subject: Subject,
    view: ViewState,
    layout: Layout,
    signals: Signals,
    counted: tuple[int, int],
) -> Sheet:
    placing = place(view, layout)
    scene = scene_on(subject, placing.view, placing.window, signals)
    return Sheet(
        placing.width_mm,
        placing.height_mm,
        placing.left_mm,
        placing.top_mm,
        replace(scene, stretch="", filters=""),
        placing.reduced,
        (title(subject), facts(subject), *filter(None, [patient_line(subject)])),
        tuple(filter(None, model_lines(subject))),
        _foot(placing.view, subject, placing.reduced, counted),
        subject,
    )


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
    return build_scene(
        view,
        subject.recording,
        subject.reconstruction,
        subject.agreement,
        window.width,
        window.height,
        window.dpr,
        signals=signals,
        page=page_on(view, window),
    )


def scale_line(view: ViewState, subject: Subject, reduced: float = 1.0) -> str:
    """Word speed, gain, filters, rate and interval of a page, and whether it is to scale."""
    scale = "to scale" if reduced == 1 else f"reduced to {reduced * 100:.0f} %, not to scale"
    rate = f"{subject.recording.fs_hz:g} Hz"
    band = band_words(view, subject.reconstruction)
    words = (speed_words(view), gain_words(view), view.filters.words, rate, band, scale)
    return " · ".join(filter(None, words))


def _foot(
    view: ViewState, subject: Subject, reduced: float, counted: tuple[int, int]
) -> tuple[tuple[str, str], ...]:
    """Word what stands below the ECG: scale, time and page; the fixed wording and the version."""
    stop_s = min(view.start_s + view.page_s, subject.recording.duration_s)
    number, count = counted
    page = f" · page {number} of {count}" if count > 1 else ""
    return (
        (
            scale_line(view, subject, reduced),
            f"{clock(view.start_s)} to {clock(stop_s)}{page}",
        ),
        (DISCLAIMER, f"ecgview {__version__}"),
    )
