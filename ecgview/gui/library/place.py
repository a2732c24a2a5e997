"""Where the library stands in the window: made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.gui.place import Place
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings

if TYPE_CHECKING:
    from ecgview.gui.library.page import LibraryPage
    from ecgview.gui.library.session import LibrarySession

NAME = "library"


class LibraryPlace(Place):
    """Holds the library page.

    Parameters
    ----------
    session : Session
        The window's.
    settings : Settings
        Remembers folders.
    note : callable
        ``(page, words, tip)`` puts a word on the page switcher.
    """

    def __init__(
        self, session: Session, settings: Settings, note: Callable[[str, str, str], None]
    ) -> None:
        super().__init__()
        self._session, self._settings, self._note = session, settings, note
        self.library: LibrarySession | None = None
        self.page: LibraryPage | None = None

    def open(self) -> None:
        """Make the page if it is not there yet, with the folder of last time."""
        if self.library is not None:
            self.library.follow()
            return
        from ecgview.gui.library.page import LibraryPage
        from ecgview.gui.library.session import LibrarySession

        self.library = LibrarySession(self._session, self._settings)
        self.page = LibraryPage(self.library, self._session, self._settings)
        self.hold_page(self.library, self.page, self.page)
        self.library.scores_changed.connect(self._tell)
        recent = self._settings.recent_libraries()
        if recent:
            self.library.choose(recent[0])

    def take(self, paths: Sequence[Path]) -> bool:
        """Browse a dropped folder; tell whether there was one."""
        folders = [path for path in paths if path.is_dir()]
        if self.library is None or not folders:
            return False
        self.library.choose(folders[0])
        return True

    def choose(self, folder: Path) -> None:
        """Show the page on a folder; what is asked for there stays if it is shown already."""
        self._session.update(page=NAME)
        if self.library is not None and self.library.state.folder != folder:
            self.library.choose(folder)

    def ask(self) -> None:
        """Show the page and ask for a folder."""
        self._session.update(page=NAME)
        if self.page is not None:
            self.page.filters.folder.ask()

    def go_to_search(self) -> None:
        """Go to the search field."""
        if self.page is not None:
            self.page.go_to_search()

    def score(self) -> None:
        """Rebuild what is shown."""
        if self.library is not None:
            self.library.score()

    def _tell(self) -> None:
        """Keep the switcher up to date, for who looks at another page."""
        state = self.library.state if self.library is not None else None
        if state is None or not state.scoring or not len(state.rows):
            self._note(NAME, "", "")
            return
        done = 1 - len(state.unknown_rows) / len(state.rows)
        self._note(NAME, f"{done * 100:.0f} %", f"{len(state.unknown_rows):,} left to rebuild")
