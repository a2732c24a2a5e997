"""Where the library stands in the window: made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.gui.place import WorkingPlace
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings

if TYPE_CHECKING:
    from ecgview.gui.library.page import LibraryPage
    from ecgview.gui.library.session import LibrarySession


class LibraryPlace(WorkingPlace):
    """Holds the library page."""

    name = "library"

    def __init__(
        self, session: Session, settings: Settings, note: Callable[[str, str, str], None]
    ) -> None:
        super().__init__(session, settings, note)
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

    def take_folders(self, folders: Sequence[Path]) -> None:
        """Browse the first of them."""
        if self.library is not None:
            self.library.choose(folders[0])

    def choose(self, folder: Path) -> None:
        """Show the page on a folder; what is asked for there stays if it is shown already."""
        self._session.update(page=self.name)
        if self.library is not None and self.library.state.folder != folder:
            self.library.choose(folder)

    def ask(self) -> None:
        """Show the page and ask for a folder."""
        self._session.update(page=self.name)
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
            self.note_rest()
            return
        left = len(state.unknown_rows)
        self.note_work(1 - left / len(state.rows), f"{left:,} left to rebuild")
