"""What can be done with runs that are done: use, score and delete their models."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from ecgview.engine.cards import ModelCard
from ecgview.engine.events import Event, Progress
from ecgview.engine.runs import discard_run
from ecgview.gui.jobs import Broken, Lane, Outcome, Returned
from ecgview.gui.session import Session
from ecgview.gui.training.resuming import resuming_request
from ecgview.gui.training.session import TrainingSession
from ecgview.gui.training.state import Course


class RunShelf(QObject):
    """The finished runs and what becomes of them.

    Parameters
    ----------
    training : TrainingSession
        Knows the runs; closes the shelf.
    session : Session
        The window's, with the model menu.
    """

    def __init__(self, training: TrainingSession, session: Session) -> None:
        super().__init__(training)
        self._training, self._session = training, session
        self._lane = Lane(self)
        training.closing.connect(self._lane.stop)

    def card_of(self, course: Course) -> ModelCard | None:
        """Find the model of a run in the model menu."""
        if course.run is None:
            return None
        models = self._session.state.models
        return next((card for card in models if card.path == course.run.weights), None)

    def use_in_viewer(self, course: Course) -> None:
        """Choose the model of a run in the viewer, with the leads it takes, and go there."""
        card = self.card_of(course)
        if card is None:
            return
        session = self._session
        session.update(page="viewer")
        session.set_model(card.name)
        if card.leads:
            session.update(wanted=card.leads)
            session.set_available(card.leads)
        if session.state.recording is None:
            self._training.said.emit(
                f"{card.title} is chosen: open a recording to see what it rebuilds."
            )

    def delete(self, course: Course) -> None:
        """Delete a run that is not under way, with its model."""
        if course.is_running:
            return
        training = self._training
        if course.run is not None:
            discard_run(course.run)
        training.forget_own(course)
        training.select([file for file in training.state.selected if file != course.file])
        training.refresh_runs()
        self._session.load_models(self._session.state.model)
        training.said.emit(f"{course.name} was deleted.")

    def go_on(self, course: Course, folders: Sequence[Path]) -> None:
        """Train the epochs that are left of an interrupted run.

        Parameters
        ----------
        course : Course
            The run.
        folders : sequence of Path
            Its data folders, none for simulated recordings.
        """
        card, state = self.card_of(course), self._training.state
        if card is None or course.run is None or state.is_training:
            return
        request = resuming_request(course.run, card, folders, state.draft.device)
        self._training.begin(request, course.history)

    def score(self, course: Course, folds: Sequence[int], target: Path) -> None:
        """Evaluate the model of a run on folds of the chosen data; write tables and heat maps."""
        card, state = self.card_of(course), self._training.state
        if card is None or not state.folders:
            return
        self._training.update(scoring=Progress(0, 0, "Loading the model"))
        evaluate = self._session.backend.training.evaluate
        self._lane.submit(
            partial(evaluate, card, state.folders, folds, target, state.draft.device),
            self._on_scored,
            self._on_event,
        )

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._training.update(scoring=event)

    def _on_scored(self, outcome: Outcome) -> None:
        self._training.update(scoring=None)
        if isinstance(outcome, Returned):
            self._training.said.emit(f"Tables and heat maps are in {outcome.result}")
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)
