"""The training page's one state, the ways to change it, and signals of what changed."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal

from ecgview import paths
from ecgview.engine.demonstration import DEMONSTRATION, DEMONSTRATION_RECIPE
from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.runs import EpochRecord, discard_run, new_folder
from ecgview.engine.training_events import BatchDone
from ecgview.errors import EcgviewError
from ecgview.gui.jobs import Broken, Cancelled, Job, Lane, Outcome, Returned
from ecgview.gui.page_session import StatefulSession
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.training.draft import (
    Draft,
    enter,
    free_name,
    parameters,
    problems,
    proposed_name,
    text_of,
    usual_folds,
)
from ecgview.gui.training.state import Course, TrainingState, advance
from ecgview.gui.training.work import TrainingRequest, demonstration_request

_SIGNAL_OF_FIELD = {
    "folders": "data_changed",
    "summary": "data_changed",
    "looking": "data_changed",
    "data_problem": "data_changed",
    "draft": "draft_changed",
    "runs": "runs_changed",
    "selected": "selected_changed",
    "scoring": "scoring_changed",
}


class TrainingSession(StatefulSession):
    """The page's state and everything that changes it.

    Parameters
    ----------
    session : Session
        The window's: its engine, its models and its problems.
    settings : Settings
        Remembers data folders.
    runs_dir : Path, optional
        Where runs are kept; the user's own by default.
    """

    _signal_of_field = _SIGNAL_OF_FIELD
    _differs = operator.ne
    data_changed = Signal()
    draft_changed = Signal()
    runs_changed = Signal()
    selected_changed = Signal()
    scoring_changed = Signal()
    course_changed = Signal()
    """The run began, finished an epoch or ended."""
    progressed = Signal()
    """The run did some batches, or a step of its preparation."""
    ended = Signal()
    """No run is under way any more."""
    closing = Signal()
    """The workers are being stopped."""
    said = Signal(str)
    """Something worth a line."""

    def __init__(self, session: Session, settings: Settings, runs_dir: Path | None = None) -> None:
        super().__init__(session)
        self._session, self._settings = session, settings
        self._runs_dir = runs_dir or paths.user_runs_dir()
        self._backend = session.backend.training
        self._state = TrainingState()
        self._training, self._looking = Lane(self), Lane(self)
        self._job: Job | None = None
        self._look: Job | None = None
        self._request: TrainingRequest | None = None
        self.refresh_runs()

    @property
    def state(self) -> TrainingState:
        """The state now."""
        return self._state

    def close(self) -> None:
        """Stop the workers; a run under way stays on disk as far as it came."""
        if self._request is not None:
            self._request.stop.set()
        self._training.stop()
        self._looking.stop()
        self.closing.emit()

    # Data -----------------------------------------------------------------------------------

    def choose_data(self, folders: Sequence[Path]) -> None:
        """Look through data folders."""
        if self._look is not None:
            self._look.cancel()
        folders = tuple(folders)
        self.update(folders=folders, summary=None, data_problem="", looking=bool(folders))
        if folders:
            self._look = self._looking.submit(
                partial(self._backend.summarise, folders), partial(self._on_looked, folders)
            )

    def _on_looked(self, folders: tuple[Path, ...], outcome: Outcome) -> None:
        if folders != self._state.folders:
            return
        if isinstance(outcome, Broken):
            self.update(looking=False, data_problem=_sentence(outcome))
            if not isinstance(outcome.exception, EcgviewError):
                self._session.problem.emit(outcome.exception, outcome.details)
            return
        summary = outcome.result if isinstance(outcome, Returned) else None
        self.update(looking=False, summary=summary)
        if summary is not None:
            for folder in reversed(folders):
                self._settings.remember_data(folder)
            training, validation = usual_folds(summary.folds)
            self.change_draft(folds=training, validation_folds=validation)

    # The form -------------------------------------------------------------------------------

    @property
    def taken_names(self) -> frozenset[str]:
        """Names that models and runs have already."""
        models = (card.name for card in self._session.state.models)
        return frozenset((*models, *(course.name for course in self._state.courses)))

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with each field of the form."""
        return problems(self._state.draft, self.taken_names)

    @property
    def name(self) -> str:
        """The name typed, or the one proposed."""
        return self._state.draft.name or proposed_name(self._state.draft, self.taken_names)

    @property
    def can_start(self) -> bool:
        """Whether data and form are ready and no run is under way."""
        state = self._state
        return state.summary is not None and not state.is_training and not self.problems

    def set_draft(self, draft: Draft) -> None:
        """Take over the form as typed."""
        self.update(draft=draft)

    def change_draft(self, **changes: Any) -> None:
        """Change some fields of the form."""
        self.set_draft(replace(self._state.draft, **changes))

    # A run ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Train as the form says."""
        if not self.can_start:
            return
        draft = self._state.draft
        self.begin(
            TrainingRequest(
                self.name, draft.recipe, parameters(draft), self._state.folders, draft.folds,
                draft.validation_folds, new_folder(self._runs_dir, self.name), draft.device,
            )
        )  # fmt: skip
        self.change_draft(name="")

    def start_demonstration(self) -> None:
        """Train a small network for a minute or two, on simulated recordings if need be."""
        state = self._state
        if not state.is_training:
            self._fill_in_demonstration()
            name = free_name("demonstration", self.taken_names)
            folders = state.folders if state.summary is not None else ()
            self.begin(demonstration_request(name, folders, new_folder(self._runs_dir, name)))

    def _fill_in_demonstration(self) -> None:
        """Show in an untouched form what the demonstration does, to go on from there."""
        draft = self._state.draft
        if any(draft.entered.values()):
            return
        draft = replace(draft, recipe=DEMONSTRATION_RECIPE)
        for name, value in DEMONSTRATION.items():
            draft = enter(draft, name, text_of(value))
        self.set_draft(draft)

    def begin(self, request: TrainingRequest, history: tuple[EpochRecord, ...] = ()) -> None:
        """Train what is asked for; a run that goes on has epochs behind it."""
        self._request = request
        file = request.output / f"{request.name}.run.json"
        self._set_course(Course(request.name, request.recipe, file, history=history))
        self.update(selected=(file,))
        self._job = self._training.submit(
            partial(self._backend.train, request), self._on_ended, self._on_event
        )

    def stop_and_keep(self) -> None:
        """End the run after the batches under way; its best weights stay."""
        course = self._state.course
        if self._request is not None and course is not None and course.is_running:
            self._request.stop.set()
            self._set_course(replace(course, phase="stopping"))

    def cancel_and_discard(self) -> None:
        """Cancel the run and delete what it wrote."""
        course = self._state.course
        if self._job is not None and course is not None and course.is_running:
            self._job.cancel()
            self._set_course(replace(course, phase="discarding"))

    def _set_course(self, course: Course | None) -> None:
        self._state = replace(self._state, course=course)
        self.course_changed.emit()

    def _on_event(self, event: Event) -> None:
        if self._state.course is None:
            return
        course = advance(self._state.course, event)
        if isinstance(event, Progress | BatchDone):
            self._state = replace(self._state, course=course)
            self.progressed.emit()
        else:
            self._set_course(course)

    def _on_ended(self, outcome: Outcome) -> None:
        course, self._job, self._request = self._state.course, None, None
        assert course is not None
        if course.phase == "discarding" or isinstance(outcome, Cancelled):
            self._forget(course)
        elif isinstance(outcome, Broken):
            self._note_failure(course, outcome)
        else:
            self._set_course(advance(course, Finished(outcome.result)))
            self._session.load_models(self._session.state.model)
        self.refresh_runs()
        self.ended.emit()

    def _note_failure(self, course: Course, outcome: Broken) -> None:
        failed = replace(course, phase="failed", failure=_sentence(outcome))
        # What could not even go on stays as it is on disk.
        self._set_course(None if course.is_waiting_to_go_on else failed)
        self._session.load_models(self._session.state.model)
        self._session.problem.emit(outcome.exception, outcome.details)

    def _forget(self, course: Course) -> None:
        if course.run is not None:
            for part in course.run.folder.glob("*.part"):
                part.unlink(missing_ok=True)
            discard_run(course.run)
        if course.is_waiting_to_go_on:
            self._set_course(None)
            return
        self.update(selected=tuple(file for file in self._state.selected if file != course.file))
        self._set_course(None)
        self.said.emit(f"{course.name} was discarded.")

    # Runs -----------------------------------------------------------------------------------

    def refresh_runs(self) -> None:
        """Read the runs on disk again."""
        self.update(runs=tuple(self._backend.list_runs(self._runs_dir)))

    def select(self, files: Sequence[Path]) -> None:
        """Show a run, or two beside each other."""
        self.update(selected=tuple(files))

    def forget_own(self, course: Course) -> None:
        """Let go of the run of this window that is not on disk any more."""
        own = self._state.course
        if own is not None and own.file == course.file and not own.is_running:
            self._set_course(None)


def _sentence(outcome: Broken) -> str:
    error = outcome.exception
    return str(error) if isinstance(error, EcgviewError) else "Something unexpected failed."
