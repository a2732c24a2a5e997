"""Where the lead map stands in the window: made when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecgview.gui.place import Place
from ecgview.gui.session import Session
from ecgview.gui.widgets import scroll_area

if TYPE_CHECKING:
    from ecgview.gui.commands import Commands
    from ecgview.gui.leadmap.next_panel import NextPanel
    from ecgview.gui.leadmap.page import LeadMapPage
    from ecgview.gui.leadmap.session import LeadMapSession

_DEMO = "normal"


class LeadMapPlace(Place):
    """Holds the page of the lead map.

    Parameters
    ----------
    session : Session
        The window's.
    commands : Commands
        Opens files and demos; remembers folders.
    """

    def __init__(self, session: Session, commands: Commands) -> None:
        super().__init__()
        self._session, self._commands = session, commands
        self.map: LeadMapSession | None = None
        self.page: LeadMapPage | None = None
        self.next: NextPanel | None = None

    def open(self) -> None:
        """Make the page if it is not there yet, and bring it up to date."""
        if self.map is not None:
            return  # it follows the window by itself
        from ecgview.gui.leadmap.next_panel import NextPanel
        from ecgview.gui.leadmap.page import LeadMapPage
        from ecgview.gui.leadmap.session import LeadMapSession

        commands = self._commands
        self.map = LeadMapSession(self._session)
        self.page = LeadMapPage(
            self.map, commands.settings, commands.open_files, lambda: commands.open_demo(_DEMO)
        )
        self.next = NextPanel(self._session)
        self.page.add_side(scroll_area(self.next))
        self.hold_page(self.map, self.page, self.page, self.next)
        self.map.follow()

    def save_picture(self) -> None:
        """Ask where to, and write the map there as a figure."""
        if self.page is not None:
            self.page.save_picture()

    def save_csv(self) -> None:
        """Ask where to, and write the figures of the map there."""
        if self.page is not None:
            self.page.save_csv()
