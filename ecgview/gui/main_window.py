"""The main window: puts the panels together and passes the state to them."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ecgview.engine.events import Event, Progress
from ecgview.gui.agreement_study.place import StudyPlace
from ecgview.gui.banner import Banner, Remark
from ecgview.gui.centre import Centre
from ecgview.gui.commands import Commands
from ecgview.gui.comparisons_list import LegendStrip
from ecgview.gui.comparisons_table import legend_entries, overlays_of, shown_state
from ecgview.gui.lead_panel import LeadPanel
from ecgview.gui.leadmap.place import LeadMapPlace
from ecgview.gui.library.place import LibraryPlace
from ecgview.gui.memory import remember, remember_file
from ecgview.gui.menus import fill_main_menu
from ecgview.gui.misfit_banner import MisfitBanner
from ecgview.gui.overview_place import OverviewPlace
from ecgview.gui.place import Place, Themed
from ecgview.gui.problems import Problems, UnexpectedProblems
from ecgview.gui.progress_line import ProgressLine
from ecgview.gui.qt_actions import Actions
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.spoken import SpokenPage
from ecgview.gui.start_page import StartPage
from ecgview.gui.status_bar import StatusBar
from ecgview.gui.teaching.bar import TeachingBar
from ecgview.gui.teaching.tour_bar import TourBar
from ecgview.gui.theme import Theme
from ecgview.gui.top_bar import TopBar
from ecgview.gui.top_bar_words import window_title_of
from ecgview.gui.training.place import TrainingPlace
from ecgview.gui.viewer.trace_area import TraceArea
from ecgview.gui.viewer_panels import ViewerPanels
from ecgview.gui.warnings_banner import WarningsBanner
from ecgview.gui.window_shape import WindowShape

SMALLEST_PX = (1180, 640)
FIRST_SIZE_PX = (1440, 900)


class MainWindow(QMainWindow):
    """The window.

    Parameters
    ----------
    session : Session
        Shown and changed; closed with the window.
    settings : Settings
        Remembered between runs.
    problems : Problems
        Shown in the banner.
    """

    painted = Signal()
    """The window was painted for the first time."""

    def __init__(self, session: Session, settings: Settings, problems: Problems) -> None:
        super().__init__()
        self.session, self.settings, self._problems = session, settings, problems
        self._has_painted = False
        self._theme: Theme | None = None
        self._unexpected = UnexpectedProblems(problems, self)
        self.commands = Commands(session, settings)
        self.commands.attach(self)
        self.actions_table = Actions(self, self.commands)
        self.top_bar = TopBar(session, self.actions_table)
        self.progress = ProgressLine()
        self.problem_banner, self.warnings_banner = Banner("problem"), WarningsBanner()
        self.misfit_banner = MisfitBanner(session)
        self.start_page = StartPage(self.commands)
        self.lead_panel = LeadPanel(session)
        self.trace_area, self.legend = TraceArea(), LegendStrip()
        self.centre = Centre(session, self.trace_area)
        self.overview = OverviewPlace(session, self.trace_area, self.centre)
        self.spoken = SpokenPage(session, self.trace_area)
        self.commands.beats.lay_over(self.trace_area)
        self.commands.measuring.lay_over(self.trace_area)
        self.side_panel = ViewerPanels(session, self.commands)
        note = self.top_bar.pages.note
        self.library: LibraryPlace = LibraryPlace(session, settings, note)
        self.leadmap: LeadMapPlace = LeadMapPlace(session, self.commands)
        self.study: StudyPlace = StudyPlace(session, settings, note)
        self.training: TrainingPlace = TrainingPlace(session, settings, note)
        self._places: dict[str, Place] = {
            "library": self.library,
            "leadmap": self.leadmap,
            "agreement": self.study,
            "training": self.training,
        }
        self.status_bar = StatusBar()
        self._body = QStackedWidget()
        self._lay_out()
        self._add_menus()
        self._connect()
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST_PX)
        if not self.restoreGeometry(settings["window/geometry"]):
            self.resize(*FIRST_SIZE_PX)
        self.shape = WindowShape(self)
        self._on_recording()
        self.start_page.open_button.setFocus()

    # Composition

    def _lay_out(self) -> None:
        viewer = QWidget()
        page = QVBoxLayout(viewer)
        page.addWidget(self.warnings_banner)
        page.addWidget(self.misfit_banner)
        page.addWidget(TeachingBar(self.session, self.actions_table))
        row = QHBoxLayout()
        page.addLayout(row, 1)
        for box in (page, row):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(0)
        row.addWidget(self.lead_panel)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.legend)
        middle.addWidget(self.centre, 1)
        middle.addWidget(self.overview.strip)
        row.addLayout(middle, 1)
        row.addWidget(self.side_panel)
        self._body.addWidget(self.start_page)
        self._body.addWidget(viewer)
        for place in self._places.values():
            self._body.addWidget(place)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        tour = TourBar(self.session, self.actions_table, self.commands)
        for widget in (self.top_bar, self.progress, self.problem_banner, tour):
            column.addWidget(widget)
        column.addWidget(self._body, 1)
        column.addWidget(self.status_bar)
        self.setCentralWidget(inside)

    def _add_menus(self) -> None:
        """Put the menus where the system has them: in its bar, or behind the menu button."""
        native = sys.platform == "darwin"
        target = self.menuBar() if native else self.top_bar.menu
        fill_main_menu(target, self.actions_table, self.commands)
        self.top_bar.menu_button.setVisible(not native)

    def _connect(self) -> None:
        session = self.session
        session.files.asked.connect(lambda: self.problem_banner.show_remarks(()))
        session.files.asked.connect(lambda: session.update(page="viewer"))
        session.page_changed.connect(self._on_page)
        for place in self._places.values():
            place.said.connect(self.say)
        self.side_panel.browse_asked.connect(self.library.choose)
        session.recording_changed.connect(self._on_recording)
        session.opening_changed.connect(self._on_opening)
        session.result_changed.connect(self._on_result)
        session.teaching_changed.connect(self._on_result)
        session.view_changed.connect(self._on_view)
        session.beats_changed.connect(self._on_view)
        session.busy_changed.connect(self._on_busy)
        session.progressed.connect(self._on_progress)
        session.problem.connect(self._problems.report)
        session.options_needed.connect(self.commands.importing.ask)
        session.comparisons.options_needed.connect(self.commands.importing.ask_estimate)
        session.comparisons.remarked.connect(self.problem_banner.show_remarks)
        self.top_bar.part_asked.connect(self.commands.importing.open_part)
        self.warnings_banner.details_asked.connect(self.commands.show_report)
        self.warnings_banner.suggestion_accepted.connect(self.commands.importing.accept)
        self.warnings_banner.undo_asked.connect(self.commands.importing.undo)
        self.trace_area.viewChanged.connect(session.set_view)
        self._problems.remark.connect(self.complain)
        for signal in (
            session.files_changed,
            session.recording_changed,
            session.available_changed,
            session.view_changed,
            session.beats_changed,
            session.measuring_changed,
            session.marks_changed,
            session.result_changed,
            session.theme_changed,
            session.page_changed,
            session.history_changed,
            session.shape_changed,
            session.teaching_changed,
        ):
            signal.connect(self._refresh_actions)

    @property
    def theme(self) -> Theme | None:
        """What it is drawn in."""
        return self._theme

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        parts: tuple[Themed, ...] = (
            self.lead_panel, self.centre, self.side_panel, *self._places.values(),
            self.progress, self.legend, self.overview,
        )  # fmt: skip
        for part in parts:
            part.set_theme(theme)

    # From the state to the parts

    def _show_page(self) -> None:
        state = self.session.state
        place = self._places.get(state.page)
        if place is None:
            self._body.setCurrentIndex(0 if state.recording is None else 1)
        else:
            place.open()
            self._body.setCurrentWidget(place)

    def _on_page(self) -> None:
        self._show_page()
        self._on_view()

    def _on_recording(self) -> None:
        state = self.session.state
        if state.recording is not None and self._body.currentIndex() == 0:
            self.trace_area.setFocus()
        self._show_page()
        self.trace_area.set_recording(state.recording)
        self.warnings_banner.show_recording(state.recording)
        self.start_page.show_recent(self.settings.recent_files())
        remember_file(self.settings, self.session)
        self.setWindowTitle(window_title_of(state))
        self._on_result()
        self._on_view()
        self._refresh_actions()

    def _on_opening(self) -> None:
        opening = self.session.state.opening
        self.start_page.show_opening(opening.name if opening else "")
        self._on_busy()

    def _on_result(self) -> None:
        state = self.session.state
        shown = shown_state(state)
        # The figures would give away what is to be guessed.
        agreement = None if state.teaching.is_guessing else shown.agreement
        self.trace_area.set_reconstruction(shown.reconstruction, agreement, overlays_of(state))
        self.legend.show_entries(legend_entries(state))
        self._show_scale()

    def _on_view(self) -> None:
        self.trace_area.set_view(self.session.state.view)
        self.legend.show_entries(legend_entries(self.session.state))
        self._show_scale()

    def _show_scale(self) -> None:
        state = self.session.state
        shown = state.recording is not None and state.page == "viewer"
        self.status_bar.set_scale(self.centre.footer_text() if shown else "")

    def _on_busy(self) -> None:
        state = self.session.state
        self.progress.set_busy(bool(state.busy or state.opening or state.comparing))
        self.progress.setToolTip(state.busy or state.comparing)

    def _on_progress(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.progress.set_fraction(event.done, event.total)
            self.progress.setToolTip(event.message)

    def _refresh_actions(self) -> None:
        self.actions_table.refresh(self.session.state)

    # Messages

    def say(self, message: str) -> None:
        """Show a message at the bottom for a few seconds."""
        self.status_bar.say(message)

    def complain(self, remark: Remark) -> None:
        """Show a problem in the banner until it is dismissed or another file opens."""
        self.problem_banner.show_remarks((remark,))

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell of the first paint."""
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            self.painted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Open what was dropped."""
        urls = event.mimeData().urls()
        event.acceptProposedAction()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        place = self._places.get(self.session.state.page)
        if place is None or not place.take(paths):
            self.commands.open_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Remember the window and stop the workers; asks first where work would be lost."""
        if any(place.asks_to_stay(self.close) for place in self._places.values()):
            event.ignore()
            return
        if self.session.state.teaching.is_on:
            self.commands.teaching.leave()
        remember(self.settings, self.session, bytes(self.saveGeometry().data()))
        while shown := [one for one in self.findChildren(QDialog) if one.isVisible()]:
            shown[0].reject()  # the next question may follow
        self.hide()
        for place in self._places.values():
            place.close_session()
        self.side_panel.close_workers()
        self.session.close()
        super().closeEvent(event)
