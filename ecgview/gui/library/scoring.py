"""Figures for the rows shown, made a few recordings at a time so that what is seen comes first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from ecgview.catalogue.ordering import Scores
from ecgview.catalogue.search import Rows
from ecgview.catalogue.shelf import Shelf
from ecgview.catalogue.triage import Scored, TriageTask
from ecgview.engine.events import Event
from ecgview.gui.jobs import Broken, Job, Lane, Outcome
from ecgview.gui.library.work import LibraryBackend

AT_ONCE = 32
TASKS_KEPT = 8


class Scoring(QObject):
    """Keeps the figures of each choice of leads and model, and makes more of them.

    Parameters
    ----------
    backend : LibraryBackend
        What rebuilds recordings.
    wanted : callable
        Gives the rows that should have figures, the urgent ones first.
    parent : QObject
        Owner; call `close` before it goes.
    """

    scored = Signal()
    """Some more recordings have figures."""
    ended = Signal()
    """Nothing is being made any more."""
    failed = Signal(object, str)

    def __init__(
        self, backend: LibraryBackend, wanted: Callable[[], Rows], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._backend, self._wanted = backend, wanted
        self._lane = Lane(self)
        self._kept: dict[TriageTask, Scores] = {}
        self._shelf: Shelf | None = None
        self._task: TriageTask | None = None
        self._job: Job | None = None
        self._generation = 0

    @property
    def is_running(self) -> bool:
        """Whether figures are being made."""
        return self._job is not None

    def set_shelf(self, shelf: Shelf | None, *, same: bool) -> None:
        """Take another catalogue; figures stay where only its headers were read on."""
        self._shelf = shelf
        if not same:
            self.stop()
            self._kept.clear()

    def scores(self, task: TriageTask) -> Scores | None:
        """Give what is known for a choice of leads and model; an empty one to begin with."""
        if self._shelf is None:
            return None
        if task not in self._kept:
            while len(self._kept) >= TASKS_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[task] = Scores(self._shelf.n)
        return self._kept[task]

    def start(self, task: TriageTask) -> None:
        """Make figures of the rows wanted that have none."""
        self._drop()
        self._task = task
        self._next()

    def stop(self) -> None:
        """Leave off; what is known stays."""
        if self._job is not None:
            self._drop()
            self.ended.emit()

    def _drop(self) -> None:
        """Let what is under way come to nothing."""
        self._generation += 1
        if self._job is not None:
            self._job.cancel()
        self._job = None

    def close(self) -> None:
        """Stop the worker."""
        self._drop()
        self._lane.stop()

    def _next(self) -> None:
        """Go on with the next few, which may be others than they were a moment ago."""
        task, shelf = self._task, self._shelf
        scores = self.scores(task) if task is not None else None
        if task is None or shelf is None or scores is None:
            return
        rows = self._wanted()
        rows = rows[~scores.known[rows]]
        _, first = np.unique(rows, return_index=True)
        rows = rows[np.sort(first)][:AT_ONCE]
        if not len(rows):
            self._job = None
            self.ended.emit()
            return
        entries = shelf.catalogue.entries
        self._job = self._lane.submit(
            partial(self._backend.triage_events, [entries[row].path for row in rows], task),
            partial(self._on_ended, self._generation, scores, rows),
            partial(self._on_event, scores, shelf),
        )

    def _on_event(self, scores: Scores, shelf: Shelf, event: Event) -> None:
        if isinstance(event, Scored):
            row = shelf.catalogue.row_of_path.get(event.path, -1)
            if row >= 0 and len(scores.known) > row:
                scores.put(row, event.figures)

    def _on_ended(self, generation: int, scores: Scores, rows: Rows, outcome: Outcome) -> None:
        if generation != self._generation:
            return
        self.scored.emit()
        if isinstance(outcome, Broken):
            self._job = None
            self.ended.emit()
            self.failed.emit(outcome.exception, outcome.details)
        elif not scores.known[rows].any():
            self.stop()  # nothing was told of them, and would not be told next time
        else:
            self._next()
