"""The library page: puts filter panel, table and details together."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ecgview.catalogue.query import Query
from ecgview.catalogue.rows import as_csv
from ecgview.errors import EcgviewError
from ecgview.gui.key_words import with_keys
from ecgview.gui.library.filter_panel import FilterPanel
from ecgview.gui.library.invitation import Invitation
from ecgview.gui.library.record_card import RecordCard
from ecgview.gui.library.record_words import entry_sections
from ecgview.gui.library.session import LibrarySession
from ecgview.gui.library.state import found_line
from ecgview.gui.library.table import LibraryTable
from ecgview.gui.library.triage_bar import TriageBar
from ecgview.gui.save_question import asked_target
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.side_panel import PANEL_SHARE
from ecgview.gui.text_size import hold, scaled
from ecgview.gui.theme import Theme
from ecgview.gui.widgets import button, label, panel
from ecgview.storing import store

_DETAILS_PX = 276
_WIDE_PX = 1380
"""From this width on there is room for the details beside the table."""
_TYPING_MS = 120


class LibraryPage(QWidget):
    """The page.

    Parameters
    ----------
    session : LibrarySession
        Shown and changed.
    window : Session
        The window's.
    settings : Settings
        Recent folders.
    """

    def __init__(self, session: LibrarySession, window: Session, settings: Settings) -> None:
        super().__init__()
        self._session, self._window, self._settings = session, window, settings
        self.filters = FilterPanel(session, settings)
        self.search = self._make_search()
        self._found = label("", "strong")
        self._found.setObjectName("library-found")
        self._clear = button("Clear filters", self.clear, role="link", tip="Take all filters away")
        self._clear.setObjectName("library-clear")
        self._save = button(
            "Save as CSV…", self._ask_to_save, role="link", tip="Save the table as shown"
        )
        self._save.setObjectName("library-save")
        self.triage = TriageBar(session, window)
        self.table = LibraryTable(session)
        self.table.opened.connect(session.open)
        self.invitation = Invitation(self.filters.folder.ask, session.choose)
        self.nothing = self._make_nothing()
        self.details = self._make_details()
        self._lay_out()
        for signal in (session.folder_changed, session.shelf_changed, session.rows_changed):
            signal.connect(self.refresh)
        session.selected_changed.connect(self._show_details)
        session.query_changed.connect(self._on_query)
        self.refresh()

    def _make_search(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("library-search")
        field.setPlaceholderText("Search: anterior infarct, atrial fib…")
        field.setAccessibleName("Search statements and reports")
        tip = (
            "Beginnings of words in one statement or in the report; several things apart by "
            "commas (Ctrl+Shift+F)"
        )
        field.setToolTip(with_keys(tip))
        field.setClearButtonEnabled(True)
        field.installEventFilter(self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.take_search)
        field.textChanged.connect(lambda _: self._typing.start())
        return field

    def _make_nothing(self) -> QWidget:
        page = panel()
        column = QVBoxLayout(page)
        column.setSpacing(8)
        column.addStretch(2)
        heading = label("Nothing here is all of that", "display")
        lines = (
            "Words are looked for in one statement, or in the report.",
            "Put a comma between two findings, or take a filter away.",
        )
        column.addWidget(heading, 0, Qt.AlignmentFlag.AlignHCenter)
        for line in lines:
            column.addWidget(label(line, "lead"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        again = button("Show all recordings", self.clear, big="true")
        again.setObjectName("library-show-all")
        column.addWidget(again, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page

    def _make_details(self) -> QFrame:
        frame = panel("left")
        hold(frame, width=_DETAILS_PX, share=PANEL_SHARE)
        column = QVBoxLayout(frame)
        column.setContentsMargins(1, 0, 0, 0)
        self._card = RecordCard(_DETAILS_PX - 1)
        column.addWidget(self._card)
        return frame

    def _lay_out(self) -> None:
        top = panel("bottom")
        bars = QVBoxLayout(top)
        bars.setContentsMargins(14, 10, 14, 9)
        bars.setSpacing(8)
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self.search, 1)
        for widget in (self._found, self._clear, self._save):
            first.addWidget(widget)
        bars.addLayout(first)
        bars.addWidget(self.triage)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.table)
        self._middle.addWidget(self.nothing)
        self._browser = QWidget()
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(top)
        beside.addWidget(self._middle, 1)
        inside = QHBoxLayout(self._browser)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.filters)
        inside.addLayout(beside, 1)
        inside.addWidget(self.details)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.invitation)
        self._pages.addWidget(self._browser)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme, in its size of words."""
        self.table.set_theme(theme)
        self.filters.set_theme(theme)
        self._show_room()

    # From the state

    def refresh(self) -> None:
        """Show what the state says."""
        state = self._session.state
        self.invitation.show_state(state, self._settings.recent_libraries())
        self._pages.setCurrentWidget(self.invitation if state.shelf is None else self._browser)
        none = state.shelf is not None and not len(state.rows)
        self._middle.setCurrentWidget(self.nothing if none else self.table)
        headers = f" · {state.looking}" if state.looking and state.shelf is not None else ""
        self._found.setText(found_line(state) + headers)
        self._clear.setVisible(state.query != Query())
        self._save.setEnabled(bool(len(state.rows)))
        self._show_details()

    def _on_query(self) -> None:
        """Show the words asked for where they were changed elsewhere."""
        if self._session.state.query.text != self.search.text() and not self._typing.isActive():
            self.search.setText(self._session.state.query.text)
            self._typing.stop()

    def _show_details(self) -> None:
        state = self._session.state
        if self.width() < scaled(_WIDE_PX):
            return
        entry, catalogue = state.entry, state.catalogue
        if entry is None or catalogue is None:
            self._card.show_sections(
                "", (), "Select a recording to read what is said of it. A double click opens it."
            )
        else:
            self._card.show_sections(entry.short_name, entry_sections(catalogue, entry))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Show the details where there is room."""
        super().resizeEvent(event)
        self._show_room()

    def _show_room(self) -> None:
        self.details.setVisible(self.width() >= scaled(_WIDE_PX))
        self._show_details()

    # What is asked for

    def take_search(self) -> None:
        """Look for what is typed."""
        self._typing.stop()
        self._session.change_query(text=self.search.text())

    def clear(self) -> None:
        """Show all recordings again."""
        self._typing.stop()
        self.search.clear()
        self._typing.stop()
        self._session.ask(Query())

    def go_to_search(self) -> None:
        """Go to the search field."""
        if self._session.state.shelf is not None:
            self.search.setFocus()
            self.search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Go from the search field to the table by Enter or the arrow, and empty it by Esc."""
        is_press = watched is self.search and event.type() == QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent) and self._on_key(Qt.Key(event.key())):
            return True
        return super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take_search()
            self.table.setFocus()
            if not self.table.currentIndex().isValid():
                self.table.selectRow(0)
        elif key == Qt.Key.Key_Escape:
            self.search.clear()
            self.take_search()
        else:
            return False
        return True

    # The table as a file

    def _ask_to_save(self) -> None:
        folder = self._session.state.folder
        stem = folder.name if folder is not None else "library"
        proposed = Path(self._settings["files/folder"]) / f"{stem}.csv"
        target = asked_target(self, "Save the table", proposed)
        if target is not None:
            self.save(target)

    def save(self, target: Path) -> None:
        """Write the table as shown, and say so."""
        state = self._session.state
        catalogue = state.catalogue
        if catalogue is None:
            return
        figures = state.scores.figures if state.scores is not None else {}
        rows = [(catalogue.entries[row], figures.get(int(row))) for row in state.rows]
        try:
            store(target, as_csv(catalogue, rows, scored=bool(figures)).encode())
        except EcgviewError as error:
            self._window.problem.emit(error, "")
        else:
            self._session.said.emit(f"Saved {target}")
