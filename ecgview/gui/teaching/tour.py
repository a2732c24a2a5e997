"""The guided tour: gone through step by step, and left with everything as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ecgview.errors import EcgviewError, LeadError, ModelError
from ecgview.gui.demos import demo_entry
from ecgview.gui.teaching.state import SHOW_OF_STAGE, TeachingState
from ecgview.gui.teaching.tour_layer import pointed_layer
from ecgview.gui.teaching.tour_steps import TourStep, tour_steps
from ecgview.leads import INDEPENDENT_LEADS

if TYPE_CHECKING:
    from ecgview.gui.session import Session
    from ecgview.gui.viewer.state import Show
    from ecgview.gui.viewer.trace_area import TraceArea
    from ecgview.recording import Recording

LARGE_PERCENT = 125
_DEMO = "normal"


@dataclass(frozen=True)
class _Before:
    """What the tour changes, as it was."""

    recording: Recording | None
    available: tuple[str, ...]
    page: str
    show: Show
    text_size: int


class Tour(QObject):
    """Leads through the steps.

    Parameters
    ----------
    session : Session
        Its state holds the step.
    area : TraceArea
        Where leads are pointed at.
    """

    def __init__(self, session: Session, area: TraceArea) -> None:
        super().__init__(session)
        self._session = session
        self._before: _Before | None = None
        self.steps: tuple[TourStep, ...] = ()
        area.set_layer("tour", pointed_layer(lambda: self.points), on_screen_only=True)
        session.recording_changed.connect(self._on_recording)
        session.model_changed.connect(self._on_model)

    @property
    def is_on(self) -> bool:
        """Whether the tour is under way."""
        return self._session.state.teaching.tour is not None

    @property
    def points(self) -> tuple[str, ...]:
        """Leads to look at now."""
        at = self._session.state.teaching.tour
        return self.steps[at].points if at is not None and at < len(self.steps) else ()

    def start(self) -> None:
        """Begin with the first step; says why where that cannot be."""
        state = self._session.state
        if self.is_on:
            return
        try:
            self.steps = self._made(state.recording)
        except EcgviewError as error:
            self._session.problem.emit(error, "")
            return
        self._before = _Before(
            state.recording, state.available, state.page, state.view.show, state.text_size
        )
        self._session.restore(text_size=max(LARGE_PERCENT, state.text_size))
        self._show(0)
        if state.recording is None:
            self._session.files.add([demo_entry(_DEMO)])

    def _made(self, recording: Recording | None) -> tuple[TourStep, ...]:
        absent = [lead for lead in INDEPENDENT_LEADS if recording and lead not in recording.leads]
        if absent:
            raise LeadError(
                f"The tour compares with all twelve leads; this recording lacks {absent[0]}.",
                "Open another one, or a simulated one.",
            )
        card = self._session.state.card
        if card is None:
            raise ModelError("No model is installed.", "The tour shows what a model expects.")
        return tour_steps(card, self._session.backend.additions.expected(card))

    def step(self, by: int = 1) -> None:
        """Go on, or back; beyond the last step the tour is left."""
        at = self._session.state.teaching.tour
        if at is None:
            return
        if at + by >= len(self.steps):
            self.leave()
        else:
            self._show(max(0, at + by))

    def leave(self) -> None:
        """Put leads, page, view and size of words back as they were."""
        before, self._before = self._before, None
        if before is None:
            return
        state = self._session.state
        same = state.recording is before.recording
        leads = before.available if same and before.recording else state.available
        view = replace(state.view, show=before.show)
        page = before.page if same else state.page
        self._become(leads, teaching=TeachingState(), text_size=before.text_size,
                     view=view, page=page)  # fmt: skip

    def _show(self, at: int) -> None:
        step, state = self.steps[at], self._session.state
        view = replace(state.view, show=SHOW_OF_STAGE[step.stage])
        leads = step.leads if state.recording is not None else state.available
        teaching = TeachingState(is_on=True, stage=step.stage, tour=at)
        self._become(leads, teaching=teaching, view=view, page=step.page)

    def _become(self, leads: tuple[str, ...], **changes: object) -> None:
        """Change the state with nothing to undo, and rebuild where other leads are given."""
        are_others = leads != self._session.state.available
        self._session.restore(available=leads, notice="", **changes)
        if are_others:
            self._session.reconstructions.make()

    def _on_recording(self) -> None:
        """Go on with another recording, or end where that lacks leads."""
        state = self._session.state
        if not self.is_on or state.recording is None:
            return
        try:
            self.steps = self._made(state.recording)
        except EcgviewError as error:
            self.leave()
            self._session.problem.emit(error, "")
            return
        self._show(state.teaching.tour or 0)

    def _on_model(self) -> None:
        """Tell the figures of another model, or end where it has none."""
        if self.is_on and self._session.state.recording is not None:
            self._on_recording()
