"""The training page: puts the panels together and passes the state to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QWidget

from ecgview.errors import EcgviewError
from ecgview.gui.save_question import asked_target
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.theme import Theme
from ecgview.gui.training.compare_view import CompareView
from ecgview.gui.training.course_view import CourseView
from ecgview.gui.training.facts import write_history
from ecgview.gui.training.invitation import Invitation
from ecgview.gui.training.questions import (
    DeleteQuestion,
    DiscardQuestion,
    FoldQuestion,
    GoOnQuestion,
    Question,
)
from ecgview.gui.training.resuming import can_go_on, data_folders, obstacle
from ecgview.gui.training.run_list import MOST_COMPARED, RunList
from ecgview.gui.training.session import TrainingSession
from ecgview.gui.training.setup_panel import SetupPanel
from ecgview.gui.training.shelf import RunShelf
from ecgview.gui.training.state import Course


class TrainingPage(QWidget):
    """The page.

    Parameters
    ----------
    session : TrainingSession
        Shown and changed.
    window_session : Session
        The window's.
    settings : Settings
        Recent folders.
    """

    def __init__(
        self, session: TrainingSession, window_session: Session, settings: Settings
    ) -> None:
        super().__init__()
        self._session, self._window, self._settings = session, window_session, settings
        self.shelf = RunShelf(session, window_session)
        self.setup = SetupPanel(session, window_session, settings)
        self.invitation = Invitation(self.setup.data.folder.ask, session.start_demonstration)
        self.course, self.comparison = CourseView(), CompareView()
        self.runs = RunList(session)
        self._middle = QStackedWidget()
        for view in (self.invitation, self.course, self.comparison):
            self._middle.addWidget(view)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.setup)
        row.addWidget(self._middle, 1)
        row.addWidget(self.runs)
        self._connect()
        self._show()

    def _connect(self) -> None:
        session, course = self._session, self.course
        for signal in (
            session.course_changed, session.runs_changed, session.selected_changed,
            session.data_changed, session.scoring_changed, self._window.model_changed,
        ):  # fmt: skip
            signal.connect(self._show)
        session.progressed.connect(self._on_progress)
        course.stop_wanted.connect(session.stop_and_keep)
        course.discard_wanted.connect(self._ask_to_discard)
        course.go_on_wanted.connect(self._ask_to_go_on)
        course.use_wanted.connect(self._use)
        course.history_wanted.connect(self._save_history)
        course.tables_wanted.connect(self._ask_for_folds)
        course.delete_wanted.connect(self._ask_to_delete)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        for part in (self.course, self.comparison, self.runs, self.invitation):
            part.set_theme(theme)

    def _show(self) -> None:
        shown = self._session.state.shown
        if len(shown) == MOST_COMPARED:
            self.comparison.show_courses(shown)
            self._middle.setCurrentWidget(self.comparison)
        elif shown:
            self._show_course(shown[0])
            self._middle.setCurrentWidget(self.course)
        else:
            self.invitation.show_state(self._session.state)
            self._middle.setCurrentWidget(self.invitation)

    def _show_course(self, course: Course) -> None:
        state = self._session.state
        card = self.shelf.card_of(course)
        unfinished = can_go_on(course)
        in_the_way = obstacle(course.run, card) if unfinished and course.run else ""
        self.course.show_course(
            course,
            has_model=card is not None,
            can_go_on=unfinished,
            obstacle=in_the_way or ("Another run is under way." if state.is_training else ""),
            can_score=state.summary is not None and state.scoring is None,
            scoring=state.scoring,
        )

    def _on_progress(self) -> None:
        shown = self._session.state.shown
        if len(shown) == 1 and shown[0].is_running:
            self.course.show_progress(shown[0])

    # What the buttons want

    def _only(self) -> Course | None:
        shown = self._session.state.shown
        return shown[0] if len(shown) == 1 else None

    def _ask(self, question: Question, answer: str, do: Callable[[], object]) -> None:
        question.setParent(self.window(), question.windowFlags())
        question.setWindowModality(Qt.WindowModality.WindowModal)
        question.answered.connect(lambda given: do() if given == answer else None)
        question.answered.connect(question.deleteLater)
        question.open()

    def _ask_to_discard(self) -> None:
        course = self._only()
        if course is not None:
            session = self._session
            question = DiscardQuestion(course, self)
            self._ask(question, "discard", partial(session.cancel_and_discard))

    def _ask_to_delete(self) -> None:
        course = self._only()
        if course is not None:
            question = DeleteQuestion(course, self)
            self._ask(question, "delete", partial(self.shelf.delete, course))

    def _ask_to_go_on(self) -> None:
        """Go on with a run; one that may still be under way elsewhere only after asking."""
        course = self._only()
        if course is None or course.run is None:
            return
        if course.run.state == "running" and course.phase != "failed":
            self._ask(GoOnQuestion(course, self), "go-on", partial(self._go_on, course))
        else:
            self._go_on(course)

    def _go_on(self, course: Course) -> None:
        card = self.shelf.card_of(course)
        if card is None:
            return
        folders = data_folders(card)
        if folders == ():
            name = QFileDialog.getExistingDirectory(
                self, f"Where are the recordings of {course.name}?", self._settings["files/folder"]
            )
            if not name:
                return
            folders = (Path(name),)
        self.shelf.go_on(course, folders or ())

    def _use(self) -> None:
        course = self._only()
        if course is not None:
            self.shelf.use_in_viewer(course)

    def _save_history(self) -> None:
        course = self._only()
        if course is None:
            return
        proposed = Path(self._settings["files/folder"]) / f"{course.name}-history.csv"
        target = asked_target(self, "Save the history of the run", proposed)
        if target is not None:
            self.save_history(course, target)

    def save_history(self, course: Course, target: Path) -> None:
        """Write the history of a run, and say so."""
        try:
            write_history(course, target)
        except OSError as error:
            sentence = f"{target} cannot be written ({error.strerror or error})."
            self._window.problem.emit(EcgviewError(sentence, "Choose another folder."), "")
        else:
            self._session.said.emit(f"Saved {target}")

    def _ask_for_folds(self) -> None:
        course, summary = self._only(), self._session.state.summary
        if course is None or summary is None:
            return
        folds = tuple(summary.folds)
        question = FoldQuestion(course, folds, self._session.state.draft.validation_folds, self)
        self._ask(question, "evaluate", partial(self._score, course, question))

    def _score(self, course: Course, question: FoldQuestion) -> None:
        name = QFileDialog.getExistingDirectory(
            self, "Choose a folder for the tables", self._settings["files/folder"]
        )
        if name:
            self.shelf.score(course, question.folds, Path(name) / f"{course.name}-tables")
