"""Where the agreement page stands in the window: made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.gui.place import Place
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings

if TYPE_CHECKING:
    from ecgview.gui.agreement_study.page import StudyPage
    from ecgview.gui.agreement_study.session import StudySession

NAME = "agreement"


class StudyPlace(Place):
    """Holds the agreement page.

    Parameters
    ----------
    session : Session
        The window's.
    settings : Settings
        Remembers data folders.
    note : callable
        ``(page, words, tip)`` puts a word on the page switcher.
    """

    def __init__(
        self, session: Session, settings: Settings, note: Callable[[str, str, str], None]
    ) -> None:
        super().__init__()
        self._session, self._settings, self._note = session, settings, note
        self.study: StudySession | None = None
        self.page: StudyPage | None = None

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

    def take(self, paths: Sequence[Path]) -> bool:
        """Take dropped folders as data; tell whether there were any."""
        folders = [path for path in paths if path.is_dir()]
        if self.study is None or not folders:
            return False
        self.study.choose_data(folders)
        return True

    def ask(self) -> None:
        """Show the page and ask for a folder."""
        self._session.update(page=NAME)
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
            self._note(NAME, "", "")
            return
        fraction = fraction_of(state)
        words = "…" if fraction is None else f"{100 * fraction:.0f} %"
        self._note(NAME, words, progress_line(state))
