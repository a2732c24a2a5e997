"""The library's one state, the ways to change it, and signals of what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Signal

from ecgview.catalogue.ordering import FIGURES, ordered
from ecgview.catalogue.query import Query
from ecgview.catalogue.reading import Listed
from ecgview.catalogue.search import Rows
from ecgview.catalogue.shelf import Shelf
from ecgview.catalogue.triage import TriageTask
from ecgview.engine.events import Event, Progress
from ecgview.errors import EcgviewError
from ecgview.gui.jobs import Broken, Job, Lane, Outcome, Returned
from ecgview.gui.library.scoring import Scoring
from ecgview.gui.library.state import NO_ROWS, LibraryState
from ecgview.gui.page_session import StatefulSession
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.state import USUAL_LEADS
from ecgview.leads import in_order

_SIGNAL_OF_FIELD = {
    "folder": "folder_changed",
    "looking": "folder_changed",
    "problem": "folder_changed",
    "shelf": "shelf_changed",
    "query": "query_changed",
    "sort": "rows_changed",
    "descending": "rows_changed",
    "rows": "rows_changed",
    "selected": "selected_changed",
    "scores": "scores_changed",
    "scoring": "scores_changed",
    "picture_lead": "picture_changed",
}
_SORT_AGAIN_EVERY = 8
_FALLING = ("rmse",)


class LibrarySession(StatefulSession):
    """The page's state and everything that changes it.

    Parameters
    ----------
    session : Session
        The window's: its files, its choice of leads and model, its problems.
    settings : Settings
        Remembers folders.
    """

    _signal_of_field = _SIGNAL_OF_FIELD
    folder_changed = Signal()
    shelf_changed = Signal()
    query_changed = Signal()
    rows_changed = Signal()
    selected_changed = Signal()
    scores_changed = Signal()
    picture_changed = Signal()
    task_changed = Signal()
    """Leads or model are others."""
    closing = Signal()
    """The workers are being stopped."""
    said = Signal(str)
    """Something worth a line."""

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__(session)
        self._window, self._settings = session, settings
        self.backend = session.backend.library
        self._state = LibraryState(picture_lead=settings["library/lead"])
        self._lane = Lane(self)
        self._look: Job | None = None
        self._steps = 0
        self.visible_rows: Callable[[], Rows] = lambda: NO_ROWS
        self.scoring = Scoring(self.backend, self._wanted, self)
        self.scoring.scored.connect(self._on_scored)
        self.scoring.ended.connect(self._on_scoring_ended)
        self.scoring.failed.connect(session.problem)
        for signal in (
            session.available_changed, session.model_changed, session.result_changed,
        ):  # fmt: skip
            signal.connect(self._on_task)
        self._task = self.task

    @property
    def state(self) -> LibraryState:
        """The state now."""
        return self._state

    def close(self) -> None:
        """Stop the workers."""
        self.scoring.close()
        self._lane.stop()
        self.closing.emit()

    # The folder

    def choose(self, folder: Path) -> None:
        """Read what a folder holds."""
        folder = folder.absolute()
        if self._look is not None:
            self._look.cancel()
        self.scoring.set_shelf(None, same=False)
        self.update(
            folder=folder, looking=f"Looking through {folder.name}…", problem="", shelf=None,
            query=Query(), rows=NO_ROWS, selected=-1, scores=None,
        )  # fmt: skip
        self._look = self._lane.submit(
            partial(self.backend.catalogue_events, folder),
            partial(self._on_read, folder),
            partial(self._on_reading, folder),
        )

    def _on_reading(self, folder: Path, event: Event) -> None:
        if folder != self._state.folder:
            return
        if isinstance(event, Listed):
            self._take(event.shelf)
        elif isinstance(event, Progress):
            count = f": {event.done:,} of {event.total:,}" if event.total else "…"
            self.update(looking=event.message + count)

    def _on_read(self, folder: Path, outcome: Outcome) -> None:
        if folder != self._state.folder:
            return
        if isinstance(outcome, Returned):
            self._settings.remember_library(folder)
            self._take(outcome.result)
            self.update(looking="")
            self.follow()
        elif isinstance(outcome, Broken):
            if isinstance(outcome.exception, EcgviewError):
                self.update(looking="", problem=str(outcome.exception))
            else:
                self.update(looking="", problem=f"{folder.name} cannot be read.")
                self._window.problem.emit(outcome.exception, outcome.details)

    def _take(self, shelf: Shelf) -> None:
        before = self._state.shelf
        same = before is not None and before.n == shelf.n
        self.scoring.set_shelf(shelf, same=same)
        self.update(shelf=shelf, scores=self.scoring.scores(self.task))
        self.update(rows=self._found())

    # What is shown

    def ask(self, query: Query) -> None:
        """Show what a query asks for."""
        if query != self._state.query:
            self.update(query=query)
            self.update(rows=self._found())

    def change_query(self, **changes: Any) -> None:
        """Change some fields of the query."""
        self.ask(replace(self._state.query, **changes))

    def toggle(self, facet: str, value: object) -> None:
        """Put a value into a field of the query, or take it out."""
        values: frozenset[object] = getattr(self._state.query, facet)
        self.change_query(**{facet: values ^ {value}})

    def sort_by(self, column: str) -> None:
        """Sort by a column; the other way round where it is sorted by already."""
        state = self._state
        descending = not state.descending if column == state.sort else column in _FALLING
        self.update(sort=column, descending=descending)
        self.update(rows=self._found())

    def select(self, row: int) -> None:
        """Select a row of the catalogue."""
        self.update(selected=row)

    def follow(self) -> None:
        """Select the recording that the viewer shows, where it is in the catalogue."""
        catalogue, recording = self._state.catalogue, self._window.state.recording
        if catalogue is None or recording is None or recording.path is None:
            return
        row = catalogue.row_of_path.get(recording.path.absolute(), -1)
        if row >= 0:
            self.select(row)

    def set_picture_lead(self, lead: str) -> None:
        """Draw the small pictures of another lead."""
        self._settings["library/lead"] = lead
        self.update(picture_lead=lead)

    def _found(self) -> Rows:
        state = self._state
        if state.shelf is None:
            return NO_ROWS
        rows = state.shelf.rows(state.query)
        return ordered(state.shelf, rows, state.sort, state.scores, descending=state.descending)

    def open(self, row: int) -> None:
        """Show a recording in the viewer, with what is listed here to step through."""
        catalogue = self._state.catalogue
        if catalogue is None:
            return
        rows = [int(one) for one in self._state.rows]
        paths = [catalogue.entries[one].path for one in rows]
        self._window.files.show_list(paths, rows.index(row))

    # Figures

    @property
    def task(self) -> TriageTask:
        """The window's choice of leads and model."""
        state = self._window.state
        card = state.card
        leads = in_order(state.wanted or USUAL_LEADS)
        if card is not None and card.leads:
            leads = tuple(card.leads)
        return TriageTask(leads, state.model or None, state.clean, state.device)

    def set_leads(self, leads: Sequence[str]) -> None:
        """Rebuild from other leads, here and in the viewer."""
        if self._window.state.recording is not None:
            self._window.set_available(leads)
        self._window.update(wanted=in_order(leads))
        self._on_task()

    def score(self) -> None:
        """Rebuild what is shown, as far as that was not done yet."""
        if self._state.shelf is not None and self._state.scores is not None:
            self._steps = 0
            self.update(scoring=True)
            self.scoring.start(self.task)

    def _wanted(self) -> Rows:
        return np.concatenate([self.visible_rows(), self._state.rows]).astype(np.int32)

    def _on_task(self) -> None:
        task = self.task
        if task == self._task:
            return
        self._task = task
        was_running = self.scoring.is_running
        self.scoring.stop()
        self.update(scores=self.scoring.scores(task))
        self.task_changed.emit()
        self._sort_figures()
        if was_running:
            self.score()

    def _on_scored(self) -> None:
        self._steps += 1
        self.scores_changed.emit()
        if self._steps % _SORT_AGAIN_EVERY == 0:
            self._sort_figures()

    def _on_scoring_ended(self) -> None:
        self.update(scoring=False)
        self._sort_figures()

    def _sort_figures(self) -> None:
        """Put the rows in order again where that depends on the figures."""
        if self._state.sort in FIGURES:
            self.update(rows=self._found())
