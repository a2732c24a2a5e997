"""Where the lead map stands in the window: made when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ecgview.gui.session import Session
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.widgets import scroll_area

if TYPE_CHECKING:
    from ecgview.gui.commands import Commands
    from ecgview.gui.leadmap.next_panel import NextPanel
    from ecgview.gui.leadmap.page import LeadMapPage
    from ecgview.gui.leadmap.session import LeadMapSession

_DEMO = "normal"


class LeadMapPlace(QWidget):
    """Holds the page and its session; stands between them and the window.

    Parameters
    ----------
    session : Session
        The window's.
    commands : Commands
        Opens files and demos; remembers folders.
    """

    said = Signal(str)
    """Something worth a line at the bottom."""

    def __init__(self, session: Session, commands: Commands) -> None:
        super().__init__()
        self._session, self._commands = session, commands
        self._theme = LIGHT
        self.map: LeadMapSession | None = None
        self.page: LeadMapPage | None = None
        self.next: NextPanel | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)

    def open(self) -> None:
        """Make the page if it is not there yet, and bring it up to date."""
        if self.map is not None:
            return  # it follows the window by itself
        from ecgview.gui.leadmap.page import LeadMapPage
        from ecgview.gui.leadmap.session import LeadMapSession

        commands = self._commands
        self.map = LeadMapSession(self._session)
        self.page = LeadMapPage(
            self.map, commands.settings, commands.open_files, lambda: commands.open_demo(_DEMO)
        )
        self._fill_side(self.page)
        self.set_theme(self._theme)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.page)
        self.map.said.connect(self.said)
        self.map.follow()

    def _fill_side(self, page: LeadMapPage) -> None:
        """Put into the column at the right what stands there."""
        from ecgview.gui.leadmap.next_panel import NextPanel

        self.next = NextPanel(self._session)
        page.add_side(scroll_area(self.next))

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        if self.page is not None:
            self.page.set_theme(theme)
        if self.next is not None:
            self.next.set_theme(theme)

    def save_picture(self) -> None:
        """Ask where to, and write the map there as a figure."""
        if self.page is not None:
            self.page.save_picture()

    def save_csv(self) -> None:
        """Ask where to, and write the figures of the map there."""
        if self.page is not None:
            self.page.save_csv()

    def close_session(self) -> None:
        """Stop the worker."""
        if self.map is not None:
            self.map.close()
