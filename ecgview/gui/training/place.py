"""Where the training page stands in the window: made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.gui.place import WorkingPlace
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.training.questions import LeaveQuestion
from ecgview.gui.training.words import status_line

if TYPE_CHECKING:
    from ecgview.gui.training.session import TrainingSession


class TrainingPlace(WorkingPlace):
    """Holds the training page."""

    name = "training"

    def __init__(
        self, session: Session, settings: Settings, note: Callable[[str, str, str], None]
    ) -> None:
        super().__init__(session, settings, note)
        self.training: TrainingSession | None = None
        self._question: LeaveQuestion | None = None
        self._then: Callable[[], object] | None = None

    def open(self) -> None:
        """Make the page if it is not there yet."""
        if self.training is not None:
            return
        from ecgview.gui.training.page import TrainingPage
        from ecgview.gui.training.session import TrainingSession

        self.training = TrainingSession(self._session, self._settings)
        self.page = TrainingPage(self.training, self._session, self._settings)
        self.hold_page(self.training, self.page, self.page)
        for signal in (self.training.course_changed, self.training.progressed):
            signal.connect(self._tell)
        self.training.ended.connect(self._on_ended)

    def take_folders(self, folders: Sequence[Path]) -> None:
        """Take them as data."""
        if self.training is not None:
            self.training.choose_data(folders)

    def _tell(self) -> None:
        """Keep the switcher up to date, for who looks at another page."""
        course = self.training.state.course if self.training else None
        if course is None or not course.is_running:
            self.note_rest()
            return
        self.note_work(course.fraction, f"{course.name}: {status_line(course)}")

    # Leaving

    def asks_to_stay(self, leave: Callable[[], object]) -> bool:
        """Ask whether a run under way is kept, discarded or gone on with."""
        training = self.training
        if training is None or not training.state.is_training:
            return False
        if self._then is None and self._question is None:
            course = training.state.course
            assert course is not None
            self._question = LeaveQuestion(course, self.window())
            self._question.answered.connect(lambda answer: self._on_answer(answer, leave))
            self._question.open()
        return True

    def _on_answer(self, answer: str, leave: Callable[[], object]) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.deleteLater()
        training = self.training
        if training is None or answer == "stay":
            return
        if not training.state.is_training:
            leave()
            return
        self._then = leave
        if answer == "keep":
            training.stop_and_keep()
        else:
            training.cancel_and_discard()

    def _on_ended(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
