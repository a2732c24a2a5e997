"""The panels at the right of the traces; each is made when it is first looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ecgview.gui.agreement_panel import AgreementPanel
from ecgview.gui.session import Session
from ecgview.gui.side_panel import SidePanel
from ecgview.gui.theme import Theme

if TYPE_CHECKING:
    from ecgview.gui.beats.panel import BeatsPanel
    from ecgview.gui.commands import Commands
    from ecgview.gui.library.record_panel import RecordPanel
    from ecgview.gui.measuring.panel import MarksPanel


class ViewerPanels(SidePanel):
    """Agreement, beats, marks, and what is known of the record.

    Parameters
    ----------
    session : Session
        Shown and changed.
    commands : Commands
        What the panels can be told to do.
    """

    browse_asked = Signal(object)
    """The data set in this folder is to be browsed."""

    def __init__(self, session: Session, commands: Commands) -> None:
        super().__init__(session)
        self._commands = commands
        self._theme: Theme | None = None
        self.add("agreement", "Leads", self._make_agreement)
        self.add("beats", "Beats", self._make_beats)
        self.add("marks", "Marks", self._make_marks)
        self.add("record", "Record", self._make_record)

    @property
    def agreement(self) -> AgreementPanel:
        """How well each lead is reconstructed."""
        return cast("AgreementPanel", self.panel("agreement"))

    @property
    def beats(self) -> BeatsPanel:
        """Heart rate and RR intervals."""
        return cast("BeatsPanel", self.panel("beats"))

    @property
    def marks(self) -> MarksPanel:
        """Calipers, annotations and notes."""
        return cast("MarksPanel", self.panel("marks"))

    @property
    def record(self) -> RecordPanel:
        """Statements, report and facts."""
        return cast("RecordPanel", self.panel("record"))

    def _make_agreement(self) -> AgreementPanel:
        made = AgreementPanel(self._session)
        made.compare_asked.connect(self._commands.compare_with)
        return made

    def _make_beats(self) -> BeatsPanel:
        from ecgview.gui.beats.panel import BeatsPanel

        return BeatsPanel(self._session, self._commands.beats.toggle_average)

    def _make_marks(self) -> MarksPanel:
        from ecgview.gui.measuring.panel import MarksPanel

        return MarksPanel(self._session, self._commands.measuring)

    def _make_record(self) -> RecordPanel:
        from ecgview.gui.library.record_panel import RecordPanel

        made = RecordPanel(self._session)
        made.browse_asked.connect(self.browse_asked)
        return made

    def made(self, panel: QWidget) -> None:
        """Dress a panel that was just made."""
        if self._theme is not None:
            _dress(panel, self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        for panel in self.made_panels():
            _dress(panel, theme)

    def close_workers(self) -> None:
        """Stop what the panels have under way."""
        if "record" in self._panels:
            self.record.close_worker()


def _dress(panel: QWidget, theme: Theme) -> None:
    if hasattr(panel, "set_theme"):
        panel.set_theme(theme)
