"""The lesson: started, revealed step by step, led through presets and cases, and left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ecgview.gui.demos import demo_entry
from ecgview.gui.session import Session
from ecgview.gui.start_page import CASE_TITLES
from ecgview.gui.teaching.state import (
    SHOW_OF_STAGE,
    Stage,
    TeachingState,
    next_leads,
    next_stage,
)
from ecgview.gui.teaching.tour import Tour
from ecgview.gui.viewer.state import Show

if TYPE_CHECKING:
    from ecgview.gui.viewer.trace_area import TraceArea

LARGE_PERCENT = 150
"""Size of the type in a lesson, at least."""


@dataclass(frozen=True)
class _Before:
    """What a lesson changes, as it was."""

    show: Show
    text_size: int


class Teaching(QObject):
    """Leads a lesson.

    Parameters
    ----------
    session : Session
        Its state holds the lesson.
    area : TraceArea
        Where the guided tour points at leads.
    """

    def __init__(self, session: Session, area: TraceArea) -> None:
        super().__init__(session)
        self._session = session
        self._before: _Before | None = None
        self.tour = Tour(session, area)
        session.recording_changed.connect(self._begin_again)
        session.available_changed.connect(self._begin_again)

    def toggle(self) -> None:
        """Begin a lesson, or leave it."""
        if self._session.state.teaching.is_on:
            self.leave()
        else:
            self.start()

    def start(self) -> None:
        """Enlarge the type and hide all but the available leads."""
        state = self._session.state
        if state.teaching.is_on:
            return
        self._before = _Before(state.view.show, state.text_size)
        self._session.update(text_size=max(LARGE_PERCENT, state.text_size), page="viewer")
        self._show("guess")
        if state.recording is None:
            self.next_case()

    def toggle_tour(self) -> None:
        """Begin the guided tour, or leave it."""
        if self.tour.is_on:
            self.tour.leave()
        else:
            self.leave()
            self.tour.start()

    def leave(self) -> None:
        """Show everything as it was before."""
        self.tour.leave()
        if not self._session.state.teaching.is_on or self._before is None:
            return
        before, self._before = self._before, None
        view = replace(self._session.state.view, show=before.show)
        self._session.restore(teaching=TeachingState(), text_size=before.text_size, view=view)

    def reveal(self) -> None:
        """Show what comes next: the reconstruction, the recording, then another set of leads."""
        if self.tour.is_on:
            self.tour.step()
            return
        following = next_stage(self._session.state.teaching.stage)
        if following is None:
            self.step_leads()
        else:
            self._show(following)

    def step_leads(self, by: int = 1) -> None:
        """Give the next, or an earlier, set of leads; in the tour, another step."""
        if self.tour.is_on:
            self.tour.step(by)
            return
        state = self._session.state
        leads = next_leads(state.available, state.leads, by)
        if leads != state.available:
            self._session.set_available(leads)
        else:
            self._show("guess")

    def next_case(self) -> None:
        """Go to the next open file, or where there is only one to the next simulated case."""
        state = self._session.state
        real = [entry for entry in state.files if entry.path is not None]
        if len(real) > 1:
            self._session.files.go_to((state.index + 1) % len(state.files))
            return
        cases = list(CASE_TITLES)
        shown = state.files[state.index].name if 0 <= state.index < len(state.files) else ""
        case = cases[(cases.index(shown) + 1) % len(cases)] if shown in cases else cases[0]
        self._session.files.add([demo_entry(case)])

    def _begin_again(self) -> None:
        if self._session.state.teaching.is_on and not self.tour.is_on:
            self._show("guess")

    def _show(self, stage: Stage) -> None:
        view = replace(self._session.state.view, show=SHOW_OF_STAGE[stage])
        # At once, so that nothing flashes up, and with nothing to undo.
        self._session.restore(teaching=TeachingState(is_on=True, stage=stage), view=view)
