"""Where a page stands in the window: made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ecgview.gui.theme import LIGHT, Theme

if TYPE_CHECKING:
    from ecgview.gui.session import Session
    from ecgview.gui.settings import Settings


class Themed(Protocol):
    """What is drawn in the colours of a theme."""

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""


class PageSession(Protocol):
    """The state of a page, with its workers."""

    @property
    def said(self) -> SignalInstance:
        """Something worth a line at the bottom."""

    def close(self) -> None:
        """Stop the workers."""


class Place(QWidget):
    """Holds a page and its session; stands between them and the window."""

    said = Signal(str)
    """Something worth a line at the bottom."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._held: PageSession | None = None
        self._themed: tuple[Themed, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)

    def open(self) -> None:
        """Make the page if it is not there yet, and bring it up to date."""
        raise NotImplementedError

    def hold_page(self, session: PageSession, page: QWidget, *themed: Themed) -> None:
        """Put a page here.

        Parameters
        ----------
        session : PageSession
            Its state; closed with the window.
        page : QWidget
            The page.
        *themed : Themed
            Its parts that are drawn in the colours of the window.
        """
        self._held, self._themed = session, themed
        self.set_theme(self._theme)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(page)
        session.said.connect(self.said)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        for part in self._themed:
            part.set_theme(theme)

    def take(self, paths: Sequence[Path]) -> bool:
        """Take what was dropped, where the page has a use for it; tell whether it had."""
        return False

    def asks_to_stay(self, leave: Callable[[], object]) -> bool:
        """Ask what becomes of work under way before the window closes.

        Parameters
        ----------
        leave : callable
            Called once nothing is in the way any more.

        Returns
        -------
        bool
            Whether the window has to stay for now.
        """
        return False

    def close_session(self) -> None:
        """Stop the workers."""
        if self._held is not None:
            self._held.close()


class WorkingPlace(Place):
    """Holds a page that works on folders of recordings, and notes on the switcher how far it is.

    Parameters
    ----------
    session : Session
        The window's.
    settings : Settings
        Remembers folders.
    note : callable
        ``(page, words, tip)`` puts a word on the page switcher.
    """

    name: ClassVar[str]
    """Key of `ecgview.gui.pages.PAGES`."""

    def __init__(
        self, session: Session, settings: Settings, note: Callable[[str, str, str], None]
    ) -> None:
        super().__init__()
        self._session, self._settings, self._note = session, settings, note

    def take(self, paths: Sequence[Path]) -> bool:
        """Take dropped folders; tell whether there were any."""
        folders = [path for path in paths if path.is_dir()]
        if self._held is None or not folders:
            return False
        self.take_folders(folders)
        return True

    def take_folders(self, folders: Sequence[Path]) -> None:
        """Work on folders; the page is there."""
        raise NotImplementedError

    def note_work(self, fraction: float | None, tip: str) -> None:
        """Note how far the work is; a fraction of None is not known."""
        self._note(self.name, "…" if fraction is None else f"{100 * fraction:.0f} %", tip)

    def note_rest(self) -> None:
        """Note that nothing is under way."""
        self._note(self.name, "", "")
