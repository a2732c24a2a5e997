"""Looks for signs once a reconstruction is there, in the side lane, so that none waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from ecgview.engine.events import Event
from ecgview.errors import EcgviewError
from ecgview.gui.jobs import Broken, Job, Lane, Outcome, Returned
from ecgview.gui.signs.state import SignsState

if TYPE_CHECKING:
    from ecgview.engine.signs.sign import Sign
    from ecgview.gui.session import Session
    from ecgview.recording import Recording

_TOLD_ON_OPENING = "opening"


class SignFinder(QObject):
    """Keeps the signs of the recording and leads shown in the session's state.

    Parameters
    ----------
    session : Session
        Its state says what is looked at, and takes the signs.
    lane : Lane
        The worker.
    """

    def __init__(self, session: Session, lane: Lane) -> None:
        super().__init__(session)
        self._session, self._lane = session, lane
        self._generation = 0
        self._job: Job | None = None
        self._asked: tuple[Any, ...] = ()
        self._recording: Recording | None = None
        for signal in (session.recording_changed, session.available_changed, session.model_changed):
            signal.connect(self._forget)
        session.settled.connect(self.look)

    @property
    def is_busy(self) -> bool:
        """Whether signs are being looked for."""
        return self._job is not None

    def dismiss(self, sign: Sign) -> None:
        """Put a sign away, for this recording."""
        self._session.update(signs=self._session.state.signs.without(sign))

    def go_to(self, sign: Sign) -> None:
        """Show where a sign is, in the middle of the page."""
        state = self._session.state
        if sign.at_s is None or state.recording is None:
            return
        last_s = max(state.recording.duration_s - state.view.page_s, 0.0)
        start_s = sign.at_s - state.view.page_s / 2
        self._session.change_view(start_s=min(max(start_s, 0.0), last_s))

    def drop(self) -> None:
        """Take no answer to what was asked so far."""
        if self._job is not None:
            self._job.cancel()
        self._job = None
        self._generation += 1

    def _forget(self) -> None:
        """Forget signs of other leads, another model or another recording."""
        state = self._session.state
        if self._asked == self._question() and state.recording is self._recording:
            return
        self.drop()
        self._asked = ()
        is_other = state.recording is not self._recording
        self._recording = state.recording
        dismissed = frozenset[str]() if is_other else state.signs.dismissed
        if state.signs != (emptied := SignsState(dismissed=dismissed)):
            self._session.restore(signs=emptied)

    def _question(self) -> tuple[Any, ...]:
        state = self._session.state
        return (state.available, state.model)

    def look(self) -> None:
        """Look for signs of what is shown, unless that was done."""
        state, question = self._session.state, self._question()
        can_look = state.recording is not None and state.available and state.reconstruction
        is_same = state.recording is self._recording
        if not can_look or (is_same and self._asked == question):
            return
        backend = self._session.backend.signs
        if not backend.can_find(state.card):
            return
        self.drop()
        self._asked, self._recording = question, state.recording
        self._job = self._lane.submit(
            partial(_events, backend.find, state.recording, state.available, state.model or None),
            partial(self._on_ended, self._generation),
        )

    def _on_ended(self, generation: int, outcome: Outcome) -> None:
        if generation != self._generation:
            return
        self._job = None
        if isinstance(outcome, Returned):
            # What was found on opening stands in the banner above.
            found = tuple(sign for sign in outcome.result if sign.code != _TOLD_ON_OPENING)
            self._session.restore(signs=replace(self._session.state.signs, found=found))
        elif isinstance(outcome, Broken) and not isinstance(outcome.exception, EcgviewError):
            self._session.problem.emit(outcome.exception, outcome.details)


def _events(find: Any, *question: Any) -> Iterator[Event]:
    return iter(find(*question))
