"""Follows the session and measures, in a worker, what more leads bring to the recording shown."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ecgview.engine.events import Event
from ecgview.errors import EcgviewError
from ecgview.gui.jobs import Broken, Job, Lane, Outcome, Returned
from ecgview.gui.leadmap.next_state import NextState, begun
from ecgview.gui.leadmap.state import question_of
from ecgview.gui.session import Session
from ecgview.leads import INDEPENDENT_LEADS
from ecgview.studies.additions.electrodes import ELECTRODES
from ecgview.studies.additions.set_errors import SetErrors

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.recording import Recording

PAGE = "leadmap"
_ON_ITS_WAY = "Measuring on this recording\N{HORIZONTAL ELLIPSIS}"


class NextFinder(QObject):
    """Holds the state of *What to record next*, and changes it.

    Parameters
    ----------
    session : Session
        Whose leads, recording and model are asked about.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._lane = Lane(self)
        self._job: Job | None = None
        self._generation = 0
        self._asked: tuple[object, ...] = ()
        self._recording: Recording | None = None
        self._known: tuple[ModelCard | None, SetErrors | None] = (None, None)
        self.state = NextState()
        for signal in (
            session.available_changed,
            session.recording_changed,
            session.model_changed,
            session.page_changed,
            session.teaching_changed,
            session.view_changed,
        ):
            signal.connect(self.follow)
        session.closing.connect(self._lane.stop)
        self.follow()

    def update(self, **changes: Any) -> None:
        """Change what is asked."""
        self.state = replace(self.state, **changes)
        self._measure()
        self.changed.emit()

    def look_at(self, row: int) -> None:
        """Look at a choice; the choices stay as they are, and nothing is told."""
        self.state = replace(self.state, chosen=row)

    def toggle(self, electrode: str) -> None:
        """Place an electrode, or take it off; the budget stays above what is placed."""
        placed = set(self.state.placed) ^ {electrode}
        ordered = tuple(name for name in ELECTRODES if name in placed)
        least = min(len(ordered) + 1, len(ELECTRODES))
        self.update(placed=ordered, budget=max(self.state.budget, least), chosen=0)

    def follow(self) -> None:
        """Take over the session's leads, model and recording, while the page is shown."""
        state = self._session.state
        if state.page != PAGE:
            self._cancel()
            return
        changes: dict[str, Any] = {"expected": self._expected(state.card)}
        if state.available != self.state.available:
            placed, budget = begun(state.available)
            changes |= {"available": state.available, "placed": placed, "budget": budget}
            changes["chosen"] = 0
        self.update(**changes)

    def _expected(self, card: ModelCard | None) -> SetErrors | None:
        if card is None:
            return None
        if self._known[0] is not card:
            try:
                self._known = card, self._session.backend.additions.expected(card)
            except EcgviewError as error:
                self._session.problem.emit(error, "")
                self._known = card, None
        return self._known[1]

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job, self._asked = None, ()
        self._generation += 1

    def _measure(self) -> None:
        """Ask what is not asked yet; what an older question answers is dropped."""
        state = self._session.state
        by_leads = self.state.by == "leads"
        question = question_of(state)
        asked = (
            question, state.device, state.teaching.is_guessing,
            self.state.by, state.available if by_leads else (),
        )  # fmt: skip
        if asked == self._asked and state.recording is self._recording:
            return
        self._cancel()
        self._asked, self._recording = asked, state.recording
        remark = self._hindrance()
        self.state = replace(self.state, measured=None, remark=remark or _ON_ITS_WAY)
        if remark or question is None:
            return
        backend, common = self._session.backend.additions, (question, state.device)
        events = (
            partial(backend.lead_events, state.recording, state.available, *common)
            if by_leads
            else partial(backend.electrode_events, state.recording, *common)
        )
        self._job = self._lane.submit(
            events,
            partial(self._on_ended, self._generation),
            partial(self._on_event, self._generation),
        )

    def _hindrance(self) -> str:
        """Say why nothing can be measured; empty where it can."""
        state = self._session.state
        if state.recording is None:
            return "Open a recording with all twelve leads to see what would help it most."
        absent = [lead for lead in INDEPENDENT_LEADS if lead not in state.leads]
        if absent:
            return f"This recording lacks {', '.join(absent)}: what helps on average is shown."
        if state.teaching.is_guessing:
            return "The lesson keeps recorded leads back: what helps on average is shown."
        if question_of(state) is None or state.card is None or state.card.leads:
            return "This model takes one set of leads only."
        return "" if self.state.by == "electrodes" or state.available else "No lead is chosen."

    def _on_event(self, generation: int, event: Event) -> None:
        errors = getattr(event, "errors", None)
        if generation == self._generation and errors is not None:
            self.state = replace(self.state, measured=errors)
            self.changed.emit()

    def _on_ended(self, generation: int, outcome: Outcome) -> None:
        if generation != self._generation:
            return
        self._job = None
        if isinstance(outcome, Returned):
            self.state = replace(self.state, measured=outcome.result, remark="")
        elif isinstance(outcome, Broken):
            self.state = replace(self.state, remark=_why(outcome.exception))
            if not isinstance(outcome.exception, EcgviewError):
                self._session.problem.emit(outcome.exception, outcome.details)
        self.changed.emit()


def _why(error: BaseException) -> str:
    is_foreseen = isinstance(error, EcgviewError)
    return str(error) if is_foreseen else "This recording could not be measured."
