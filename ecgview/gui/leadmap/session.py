"""The lead map's one state, what changes it, and the worker that computes the rows."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from ecgview.engine.events import Event
from ecgview.errors import EcgviewError
from ecgview.gui.jobs import Broken, Job, Lane, Outcome, Returned
from ecgview.gui.leadmap.state import (
    LeadMapState,
    ShownMap,
    live_sets,
    population_sets,
    question_of,
    shown_map,
)
from ecgview.gui.leadmap.work import MapQuestion
from ecgview.gui.session import Session
from ecgview.studies.leadmap.table import LeadMap, MapRow, RowDone

NAME = "leadmap"
_MAPS_KEPT = 8

Rows = dict[tuple[str, ...], MapRow]


class LeadMapSession(QObject):
    """The page's state and everything that changes it.

    Nothing is computed before the page is looked at. What is computed of a recording is kept by
    model, filters and stretch until another recording is shown.

    Parameters
    ----------
    session : Session
        The window's: its recording, model and choice of leads.
    """

    changed = Signal()
    """There is something else to show."""
    said = Signal(str)
    """Something worth a line at the bottom."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.window, self.backend = session, session.backend.leadmap
        self._state = LeadMapState()
        self._lane = Lane(self)
        self._job: Job | None = None
        self._generation = 0
        self._asked: tuple[MapQuestion, frozenset[tuple[str, ...]]] | None = None
        self._maps: dict[MapQuestion, Rows] = {}
        self._card: object = None
        self._recording = session.state.recording
        session.recording_changed.connect(self._on_recording)
        for signal in (
            session.page_changed, session.model_changed, session.available_changed,
            session.view_changed, session.teaching_changed, session.result_changed,
        ):  # fmt: skip
            signal.connect(self.follow)

    @property
    def state(self) -> LeadMapState:
        """The state now."""
        return self._state

    @property
    def shown(self) -> ShownMap:
        """What is to be drawn."""
        return shown_map(self._state, self.window.state)

    def update(self, **changes: Any) -> None:
        """Change what is chosen on the page."""
        self._state = replace(self._state, **changes)
        self.follow()

    def close(self) -> None:
        """Stop the worker."""
        self._drop()
        self._lane.stop()

    # What the window shows

    def _on_recording(self) -> None:
        """Forget what belongs to the recording before."""
        if self.window.state.recording is self._recording:
            return
        self._recording = self.window.state.recording
        self._drop()
        self._maps.clear()
        self._state = replace(self._state, rows={}, done=0, total=0, took_s=None, failure="")
        self.follow()

    def follow(self) -> None:
        """Bring the map up to date where it is looked at."""
        if self.window.state.page != NAME:
            return
        self._read_card()
        self._show_kept()
        self._ask()
        self.changed.emit()

    def _read_card(self) -> None:
        window = self.window.state
        sets = population_sets(window, self._state.every_set)
        asked = (window.card, sets)
        if asked == self._card:
            return
        self._card = asked
        population: LeadMap | None = None
        if window.card is not None and sets:
            try:
                population = self.backend.map_of_card(window.card, sets)
            except EcgviewError:
                population = None  # a model of one's own was never evaluated: the page says so
        self._state = replace(self._state, population=population)

    # The rows of the recording

    def _drop(self) -> None:
        """Take no answer to what was asked so far."""
        self._generation += 1
        self._asked = None
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _show_kept(self) -> None:
        question = question_of(self.window.state)
        rows = self._maps.get(question, {}) if question is not None else {}
        self._state = replace(self._state, rows=dict(rows))

    def _ask(self) -> None:
        """Compute the rows that are not there yet, unless they are on their way."""
        question, window = question_of(self.window.state), self.window.state
        if question is None or window.recording is None:
            self._drop()
            self._state = replace(self._state, done=0, total=0, failure="")
            return
        missing = [leads for leads in live_sets(window) if leads not in self._state.rows]
        if self._asked is not None:
            asked, sets = self._asked
            if asked == question and sets.issuperset(missing):
                return
        self._drop()
        if not missing:
            self._state = replace(self._state, done=0, total=0, failure="")
            return
        self._asked = question, frozenset(missing)
        self._state = replace(self._state, done=0, total=len(missing), failure="", took_s=None)
        events = partial(
            self.backend.map_events, window.recording, missing, question, window.device
        )
        self._job = self._lane.submit(
            events,
            partial(self._on_ended, self._generation, time.perf_counter()),
            partial(self._on_event, self._generation, question),
        )

    def _on_event(self, generation: int, question: MapQuestion, event: Event) -> None:
        if generation != self._generation or not isinstance(event, RowDone):
            return
        self._keep(question)[event.row.available] = event.row
        self._show_kept()
        self._state = replace(self._state, done=event.done, total=event.total)
        self.changed.emit()

    def _keep(self, question: MapQuestion) -> Rows:
        """Give the rows of a question; the oldest maps are forgotten."""
        rows = self._maps.setdefault(question, {})
        while len(self._maps) > _MAPS_KEPT:
            self._maps.pop(next(iter(self._maps)))
        return rows

    def _on_ended(self, generation: int, started_s: float, outcome: Outcome) -> None:
        if generation != self._generation:
            return
        self._job = None
        took_s = time.perf_counter() - started_s
        failure = ""
        if isinstance(outcome, Broken):
            failure = self._failure_of(outcome)
        elif isinstance(outcome, Returned):
            self._asked = None
        self._state = replace(self._state, done=0, total=0, took_s=took_s, failure=failure)
        self.changed.emit()

    def _failure_of(self, outcome: Broken) -> str:
        """Word what went wrong; what was not foreseen is told as everywhere. It is not retried."""
        if isinstance(outcome.exception, EcgviewError):
            return str(outcome.exception)
        self.window.problem.emit(outcome.exception, outcome.details)
        return "The map could not be computed."

    # What is asked for

    def choose(self, available: tuple[str, ...]) -> None:
        """Show a set in the viewer; one of a lead that is not in the file is refused."""
        window = self.window
        if window.state.recording is None:
            self.said.emit("Open a recording first.")
            return
        missing = [lead for lead in available if lead not in window.state.leads]
        if missing:
            self.said.emit(f"This recording has no {' and no '.join(missing)}.")
            return
        window.update(page="viewer")
        window.set_available(available)
