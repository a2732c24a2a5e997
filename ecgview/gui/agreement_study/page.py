"""The agreement page: puts the panels together and asks where results are to be saved."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QWidget

from ecgview.gui.agreement_study.invitation import Invitation
from ecgview.gui.agreement_study.results_view import ResultsView
from ecgview.gui.agreement_study.session import StudySession
from ecgview.gui.agreement_study.setup_panel import SetupPanel
from ecgview.gui.agreement_study.work import save_figures, save_plot, save_report, save_tables
from ecgview.gui.save_question import asked_target
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.theme import Theme


class StudyPage(QWidget):
    """The page.

    Parameters
    ----------
    session : StudySession
        Shown and changed.
    window : Session
        The window's.
    settings : Settings
        Recent folders.
    """

    def __init__(self, session: StudySession, window: Session, settings: Settings) -> None:
        super().__init__()
        self._session, self._settings = session, settings
        self.setup = SetupPanel(session, window, settings)
        self.invitation = Invitation(self.setup.folder.ask, session.start)
        self.results = ResultsView(session)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.invitation)
        self._middle.addWidget(self.results)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.setup)
        row.addWidget(self._middle, 1)
        self._fill_save_menu()
        for signal in (
            session.asked_changed, session.running_changed, session.progressed,
            session.shown_changed,
        ):  # fmt: skip
            signal.connect(self._show)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.results.set_theme(theme)

    def _show(self) -> None:
        state = self._session.state
        shows_result = state.report is not None and not state.failure
        if not shows_result:
            self.invitation.show_state(state)
        self._middle.setCurrentWidget(self.results if shows_result else self.invitation)

    # Results as files

    def _fill_save_menu(self) -> None:
        menu = self.results.save_menu
        for text, do in (
            ("Report as HTML…", partial(self.ask_for_report, ".html")),
            ("Report as PDF…", partial(self.ask_for_report, ".pdf")),
            ("Tables, CSV and JSON…", self._ask_for_tables),
            ("Figures, PNG and SVG…", self._ask_for_figures),
            ("Plot of this row…", self._ask_for_plot),
        ):
            menu.addAction(text).triggered.connect(lambda *_, do=do: do())

    def ask_for_report(self, ending: str) -> None:
        """Ask where the report goes, and write it, once there is a result."""
        if self._session.state.report is None:
            self._session.said.emit("There is nothing to save yet.")
            return
        target = self._asked_file("Save the report", f"agreement-report{ending}")
        if target is not None:
            self.save_report(target)

    def save_report(self, target: Path) -> None:
        """Write the report, as its ending says."""
        report = self._session.state.report
        if report is not None:
            self._session.write(partial(save_report, report, target), "the report")

    def _ask_for_tables(self) -> None:
        folder = self._asked_folder("Choose a folder for the tables")
        if folder is not None:
            self.save_tables(folder)

    def save_tables(self, folder: Path) -> None:
        """Write the tables into a folder."""
        report = self._session.state.report
        if report is not None:
            self._session.write(partial(save_tables, report, folder), "the tables")

    def _ask_for_figures(self) -> None:
        folder = self._asked_folder("Choose a folder for the figures")
        if folder is not None:
            self.save_figures(folder)

    def save_figures(self, folder: Path) -> None:
        """Draw all figures into a folder."""
        report = self._session.state.report
        if report is not None:
            self._session.write(partial(save_figures, report, folder), "the figures")

    def _ask_for_plot(self) -> None:
        row = self._session.state.row
        if row is None:
            return
        name = f"bland-altman-{row.lead}-{row.marker}.png"
        target = self._asked_file("Save the plot", name, "*.png *.svg *.pdf")
        if target is not None:
            self.save_plot(target)

    def save_plot(self, target: Path) -> None:
        """Draw the Bland-Altman plots of the row that is looked at."""
        report, row = self._session.state.report, self._session.state.row
        if report is not None and row is not None:
            self._session.write(partial(save_plot, report, row, target), "the plot")

    def _asked_file(self, title: str, name: str, endings: str = "") -> Path | None:
        proposed = Path(self._settings["files/folder"]) / name
        return asked_target(self, title, proposed, endings)

    def _asked_folder(self, title: str) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(self, title, self._settings["files/folder"])
        return Path(chosen) if chosen else None
