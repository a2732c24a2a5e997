"""Where the agreement page stands in the window: made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.gui.place import WorkingPlace
from ecgview.gui.question import Question
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings

if TYPE_CHECKING:
    from ecgview.gui.agreement_study.page import StudyPage
    from ecgview.gui.agreement_study.session import StudySession


class StudyPlace(WorkingPlace):
    """Holds the agreement page."""

    name = "agreement"

    def __init__(
        self, session: Session, settings: Settings, note: Callable[[str, str, str], None]
    ) -> None:
        super().__init__(session, settings, note)
        self.study: StudySession | None = None
        self.page: StudyPage | None = None
        self._question: Question | None = None
        self._given_up = False

    def open(self) -> None:
        """Make the page if it is not there yet."""
        if self.study is not None:
            return
        from ecgview.gui.agreement_study.page import StudyPage
        from ecgview.gui.agreement_study.session import StudySession

        self.study = StudySession(self._session, self._settings)
        self.page = StudyPage(self.study, self._session, self._settings)
        self.hold_page(self.study, self.page, self.page)
        for signal in (self.study.running_changed, self.study.progressed):
            signal.connect(self._tell)

    def take_folders(self, folders: Sequence[Path]) -> None:
        """Take them as data."""
        if self.study is not None:
            self.study.choose_data(folders)

    def ask(self) -> None:
        """Show the page and ask for a folder."""
        self._session.update(page=self.name)
        if self.page is not None:
            self.page.setup.folder.ask()

    def start(self) -> None:
        """Start a study of what is asked for."""
        if self.study is not None:
            self.study.start()

    def cancel(self) -> None:
        """Stop the study under way."""
        if self.study is not None:
            self.study.cancel()

    def save_report(self) -> None:
        """Ask where the report goes, and write it."""
        if self.page is not None:
            self.page.ask_for_report(".html")

    def _tell(self) -> None:
        """Keep the switcher up to date, for who looks at another page."""
        from ecgview.gui.agreement_study.state import fraction_of, progress_line

        state = self.study.state if self.study is not None else None
        if state is None or not state.running:
            self._given_up = False
            self.note_rest()
            return
        self.note_work(fraction_of(state), progress_line(state))

    # Leaving

    def asks_to_stay(self, leave: Callable[[], object]) -> bool:
        """Ask whether a study under way is given up."""
        if self.study is None or not self.study.state.running or self._given_up:
            return False
        if self._question is None:
            from ecgview.gui.agreement_study.state import progress_line

            self._question = Question(
                "The study goes on", "A study of agreement is under way.",
                f"{progress_line(self.study.state)}. Closing the window gives it up.",
                [("leave", "Close and give up"), ("stay", "Go on")], self.window(),
            )  # fmt: skip
            self._question.answered.connect(lambda answer: self._on_answer(answer, leave))
            self._question.open()
        return True

    def _on_answer(self, answer: str, leave: Callable[[], object]) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.deleteLater()
        if answer == "leave":
            self.cancel()
            self._given_up = True
            leave()
