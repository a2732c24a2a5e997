"""What lies over the page, such as calipers and marks, on paper."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ecgview.formats.export import names_patient
from ecgview.gui.printing.geometry import Layout, page_on, page_starts, place
from ecgview.gui.printing.subject import Subject
from ecgview.gui.viewer.drawing import Drawing, Layer
from ecgview.gui.viewer.layout import Page, restarted
from ecgview.gui.viewer.state import ViewState


def settled(subject: Subject, view: ViewState, layout: Layout) -> Subject:
    """Ask the layers now what they show on each page that will be made.

    They ask the window, and a worker that draws the pages must not.

    Parameters
    ----------
    subject : Subject
        With the window's layers.
    view, layout : ViewState, Layout
        The pages.

    Returns
    -------
    Subject
        With layers that only know these pages.

    Raises
    ------
    RecordingError
        See `geometry.page_starts` and `geometry.place`.
    """
    duration_s = subject.recording.duration_s
    shown: dict[float, tuple[Drawing, ...]] = {}
    for start_s in page_starts(view, duration_s, layout):
        placing = place(replace(view, start_s=start_s), layout)
        page = restarted(page_on(placing.view, placing.window), duration_s)
        size = placing.window.width, placing.window.height
        shown[page.start_s] = tuple(layer(page, *size) for layer in subject.layers)
    layers: list[Layer] = [partial(_known, shown, number) for number in range(len(subject.layers))]
    return replace(subject, layers=tuple(layers))


def _known(
    shown: dict[float, tuple[Drawing, ...]], number: int, page: Page, width: float, height: float
) -> Drawing:
    return shown[page.start_s][number]


def drawings(subject: Subject, page: Page, width: float, height: float) -> list[Drawing]:
    """Give what lies over a page, without words that name the patient unless that was asked for."""
    found = [layer(page, width, height) for layer in subject.layers]
    if subject.with_patient:
        return found
    patient = subject.recording.patient
    return [
        replace(one, words=tuple(w for w in one.words if not names_patient(w.text, patient)))
        for one in found
    ]
