"""The average beat on a sheet of paper, to scale where there is room."""

from __future__ import annotations

from dataclasses import replace
from math import floor

from ecgview import DISCLAIMER, __version__
from ecgview.gui.beats.page import average_page
from ecgview.gui.beats.page_layout import GAIN_MM_MV, SPEED_MM_S
from ecgview.gui.beats.table import average_words
from ecgview.gui.printing.paper import PAPERS, PX_PER_MM
from ecgview.gui.printing.sheet import Sheet
from ecgview.gui.printing.subject import Subject, facts, model_lines, title
from ecgview.gui.state import SessionState
from ecgview.gui.teaching.state import hidden_leads
from ecgview.gui.viewer.labels import SIMULATED
from ecgview.gui.viewer.page import Page

_PAPER = "a4"
_SIDE_MM = 13.0
_HEAD_MM, _FOOT_MM = 22.0, 16.0
_DOTS_PER_PX = 4.0


def average_sheet(subject: Subject, state: SessionState) -> Sheet:
    """Put the average beat of a state on paper.

    Parameters
    ----------
    subject : Subject
        The recording, and what to name of its patient.
    state : SessionState
        With an average beat.

    Returns
    -------
    Sheet
        A4 on its long side.
    """
    average = state.beats.average
    assert average is not None
    paper = PAPERS[_PAPER]
    width_mm = 5.0 * floor((paper.long_mm - 2 * _SIDE_MM) / 5)
    height_mm = 5.0 * floor((paper.short_mm - _HEAD_MM - _FOOT_MM) / 5)
    drawn = average_page(
        average,
        width_mm * PX_PER_MM,
        height_mm * PX_PER_MM,
        _DOTS_PER_PX,
        style=subject.overlays.style,
        notice=SIMULATED if subject.recording.simulated else "",
        hidden=hidden_leads(state),
        largest=PX_PER_MM,
    )
    words = average_words(average, subject.recording.duration_s)
    lines = model_lines(subject)
    return Sheet(
        paper.long_mm,
        paper.short_mm,
        (paper.long_mm - width_mm) / 2,
        _HEAD_MM,
        drawn.scene,
        1.0,
        (title(subject), facts(subject), f"Average beat: {words}"),
        tuple(line for line in lines if line),
        ((_scale(drawn.scene.page), ""), (DISCLAIMER, f"ecgview {__version__}")),
        replace(subject, layers=(lambda page, width, height: drawn.markers,)),
    )


def _scale(page: Page) -> str:
    """Word speed and gain, and whether the sheet is to scale."""
    share = page.px_per_mm / PX_PER_MM
    true = "to scale" if share > 1 - 1e-9 else f"reduced to {share * 100:.0f} %, not to scale"
    return f"{SPEED_MM_S:g} mm/s · {GAIN_MM_MV:g} mm/mV · filters off · {true}"
