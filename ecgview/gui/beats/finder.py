"""Asks for beats what the state calls for, in workers of its own, and puts the answers into it.

A day of beats takes its time: it must not hold up a reconstruction. An answer to a question that
is no longer open is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from ecgview.engine.events import Event, Progress
from ecgview.errors import EcgviewError
from ecgview.gui.beats.jobs import Question, average_job, rhythm_job, waves_job
from ecgview.gui.beats.state import (
    averaged_stretch,
    chosen_lead,
    figures_stretch,
    measured_leads,
    searched_stretch,
    waves_stretch,
)
from ecgview.gui.comparisons_table import shown_state
from ecgview.gui.jobs import Broken, Job, Lane, Outcome, Returned

if TYPE_CHECKING:
    from ecgview.gui.session import Session
    from ecgview.gui.state import SessionState

UNEXPECTED = "Something unexpected failed."


@dataclass(frozen=True)
class _Kind:
    """One kind of question: how it is asked, and which field of the state takes the answer."""

    name: str
    job: Callable[[Question], Iterator[Event]]
    question: Callable[[SessionState], Question | None]
    problem: str


class BeatFinder(QObject):
    """Finds beats as soon as something shows them, and not before.

    Parameters
    ----------
    session : Session
        Its state says what is wanted and takes the results.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._started = False
        self._lanes = {kind.name: Lane(self) for kind in _KINDS}
        self._asked: dict[str, Question] = {}
        self._jobs: dict[str, Job] = {}
        for signal in (
            session.recording_changed,
            session.available_changed,
            session.result_changed,
            session.view_changed,
            session.side_changed,
            session.shape_changed,
            session.page_changed,
            session.beats_changed,
            session.settled,
        ):
            signal.connect(self.refresh)

    @property
    def is_busy(self) -> bool:
        """Whether a question is open."""
        return bool(self._jobs)

    def start(self) -> None:
        """Allow questions, which load large libraries; called after the window's first paint."""
        self._started = True
        self.refresh()

    def close(self) -> None:
        """Stop the workers."""
        self._started = False
        self._jobs.clear()
        for lane in self._lanes.values():
            lane.stop()

    def change(self, **changes: Any) -> None:
        """Change some fields of the beats' state."""
        self._session.update(beats=replace(self._session.state.beats, **changes))

    def stop(self) -> None:
        """Give up searching all of a long recording; what is on the page is searched again."""
        self._drop("rhythm")
        self.change(whole=False, searching="", progress=None)

    def refresh(self) -> None:
        """Ask what the state calls for and was not asked; give up what is not called for."""
        if not self._started:
            return
        state = self._session.state
        if state.recording is None:
            self._asked.clear()
        for kind in _KINDS:
            question = kind.question(state)
            if question is None:
                if kind.name in self._jobs:
                    self._drop(kind.name)
            elif not question.same(self._asked.get(kind.name)):
                self._drop(kind.name)
                self._ask(kind, question)
        searching = "Finding beats…" if self._jobs else ""
        if searching != self._session.state.beats.searching:
            progress = self._session.state.beats.progress if searching else None
            self.change(searching=searching, progress=progress)

    def _drop(self, name: str) -> None:
        self._asked.pop(name, None)
        job = self._jobs.pop(name, None)
        if job is not None:
            job.cancel()

    def _ask(self, kind: _Kind, question: Question) -> None:
        self._asked[kind.name] = question
        self._jobs[kind.name] = self._lanes[kind.name].submit(
            partial(kind.job, question),
            partial(self._on_ended, kind, question),
            partial(self._on_event, kind, question),
        )

    def _on_event(self, kind: _Kind, question: Question, event: Event) -> None:
        open_still = self._asked.get(kind.name) is question
        if open_still and kind.name == "rhythm" and isinstance(event, Progress):
            self.change(progress=(event.done, event.total))

    def _on_ended(self, kind: _Kind, question: Question, outcome: Outcome) -> None:
        if self._asked.get(kind.name) is not question:
            return
        self._jobs.pop(kind.name, None)
        changes: dict[str, Any] = {kind.name: None, kind.problem: ""}
        if isinstance(outcome, Returned):
            changes[kind.name] = outcome.result
        elif isinstance(outcome, Broken):
            error = outcome.exception
            foreseen = isinstance(error, EcgviewError)
            changes[kind.problem] = str(error) if foreseen else UNEXPECTED
            if not foreseen:
                self._session.problem.emit(error, outcome.details)
        if kind.name == "rhythm":
            changes["progress"] = None
        self.change(**changes)
        self.refresh()


def _shows_rhythm(state: SessionState) -> bool:
    beats = state.beats
    panel = state.side == "beats" and state.side_panel
    return state.page == "viewer" and (panel or beats.peaks or beats.waves != "off")


def _rhythm_question(state: SessionState) -> Question | None:
    stretch, wanted = searched_stretch(state), figures_stretch(state)
    if state.recording is None or not stretch or not wanted or not _shows_rhythm(state):
        return None
    known, leads, chosen = state.beats.rhythm, measured_leads(state), chosen_lead(state)
    fits = known is not None and known.lead in ((chosen,) if chosen else leads)
    if known is not None and fits and known.covers(wanted.start, wanted.stop):
        stretch = replace(stretch, start=known.start, stop=known.stop)
    return Question(state.recording, leads, stretch, chosen)


def _waves_question(state: SessionState) -> Question | None:
    stretch, rhythm = waves_stretch(state), state.beats.rhythm
    if state.recording is None or stretch is None or rhythm is None:
        return None
    if state.beats.waves == "off" or not _shows_rhythm(state):
        return None
    return Question(state.recording, (), stretch, rhythm.lead, rhythm=rhythm)


def _average_question(state: SessionState) -> Question | None:
    stretch = averaged_stretch(state)
    if state.recording is None or stretch is None or not state.beats.shown:
        return None
    if state.page != "viewer":
        return None
    shown = shown_state(state).reconstruction
    hidden = state.view.show in ("original", "available")
    reconstruction = None if hidden else shown
    rebuilt = reconstruction is None or any(
        start <= stretch.start and stretch.stop <= stop for start, stop in reconstruction.done
    )
    return Question(
        state.recording,
        measured_leads(state),
        stretch,
        chosen_lead(state),
        reconstruction=reconstruction,
        rebuilt=rebuilt,
        filters=state.model_filters,
    )


_KINDS = (
    _Kind("rhythm", rhythm_job, _rhythm_question, "rhythm_problem"),
    _Kind("found_waves", waves_job, _waves_question, "waves_problem"),
    _Kind("average", average_job, _average_question, "average_problem"),
)
