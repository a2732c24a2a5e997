"""The table of recordings: sorted by its heads, opened by a double click or Enter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView

from ecgview.catalogue.search import Rows
from ecgview.gui.library.cells import COLUMNS, LibraryModel
from ecgview.gui.library.delegate import ROW_PX, LibraryDelegate
from ecgview.gui.library.session import LibrarySession
from ecgview.gui.library.state import NO_ROWS
from ecgview.gui.library.thumbnails import Thumbnails
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import Theme

_WIDTHS_PX = {
    "picture": 144, "name": 92, "age": 66, "sex": 60, "statements": 150, "fold": 42,
    "quality": 84, "worst": 88, "mean": 60, "rmse": 70,
}  # fmt: skip
_HEAD_PX = 30
_PICTURE_DELAY_MS = 40
_NAMES_MEASURED = 200
_NAME_ROOM_PX = 24
_LONGEST_NAME_PX = 190


class LibraryTable(QTableView):
    """The table.

    Parameters
    ----------
    session : LibrarySession
        Shown and changed; its worker for pictures ends with it.
    """

    opened = Signal(int)
    """The recording in this row of the catalogue is to be opened."""

    def __init__(self, session: LibrarySession) -> None:
        super().__init__()
        self._session = session
        self.pictures = Thumbnails(session.backend, session)
        self.pictures.drawn.connect(self.viewport().update)
        session.closing.connect(self.pictures.close)
        self._model = LibraryModel(session)
        self.setModel(self._model)
        self._delegate = LibraryDelegate(session, self.pictures, self)
        self.setItemDelegate(self._delegate)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_PICTURE_DELAY_MS)
        self._wait.timeout.connect(self._want_pictures)
        self._dress()
        session.visible_rows = self.visible_rows
        self.verticalScrollBar().valueChanged.connect(lambda _: self._wait.start())
        self._model.modelReset.connect(self._on_reset)
        session.picture_changed.connect(self._on_picture_lead)
        session.selected_changed.connect(self._show_selected)
        self.doubleClicked.connect(self._open)
        self.horizontalHeader().sectionClicked.connect(self._on_head)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self._on_reset()

    def _dress(self) -> None:
        self.setObjectName("library-table")
        self.setAccessibleName("Recordings")
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setFixedHeight(_HEAD_PX)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(40)
        for column, name in enumerate(COLUMNS):
            self.setColumnWidth(column, _WIDTHS_PX[name])
        self._fit_words()

    def _fit_words(self) -> None:
        """Give rows and columns the room that words of this size take."""
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_PX))
        self.horizontalHeader().setFixedHeight(scaled(_HEAD_PX))
        for column, name in enumerate(COLUMNS):
            if name not in ("statements", "picture", "name"):
                self.setColumnWidth(column, scaled(_WIDTHS_PX[name]))

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme, in its size of words."""
        self._delegate.theme = theme
        self._fit_words()
        self._fit_columns()
        self.viewport().update()

    # What is seen

    def visible_rows(self) -> Rows:
        """Give the rows of the catalogue that are in sight, shape (seen,)."""
        first = self.rowAt(0)
        if first < 0:
            return NO_ROWS
        last = self.rowAt(self.viewport().height() - 1)
        last = len(self._model.rows) - 1 if last < 0 else last
        return np.asarray(self._model.rows[first : last + 1], dtype=np.int32)

    def _want_pictures(self) -> None:
        state = self._session.state
        if state.catalogue is not None and self.isVisible():
            entries = state.catalogue.entries
            paths = [entries[row].path for row in self.visible_rows()]
            self.pictures.want(paths, state.picture_lead)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw what has come into sight."""
        super().resizeEvent(event)
        self._fit_statements()
        self._wait.start()

    def _fit_statements(self) -> None:
        """Give what is left over to the statements, and never less than some words' room."""
        statements = COLUMNS.index("statements")
        others = sum(
            self.columnWidth(column) for column in range(len(COLUMNS)) if column != statements
        )
        room = self.viewport().width() - others
        self.setColumnWidth(statements, max(room, scaled(_WIDTHS_PX["statements"])))

    def _on_picture_lead(self) -> None:
        self.viewport().update()
        self._wait.start()

    def _on_reset(self) -> None:
        self._fit_columns()
        state, header = self._session.state, self.horizontalHeader()
        header.setSortIndicatorShown(bool(state.sort))
        if state.sort in COLUMNS:
            order = (
                Qt.SortOrder.DescendingOrder if state.descending else Qt.SortOrder.AscendingOrder
            )
            header.setSortIndicator(COLUMNS.index(state.sort), order)
        self._show_selected()
        self._wait.start()

    def _fit_columns(self) -> None:
        """Leave out what nothing is told of in this folder, and make room for its names."""
        shelf = self._session.state.shelf
        if shelf is None:
            return
        there = {
            "age": bool(np.isfinite(shelf.ages).any()),
            "sex": bool(shelf.sexes),
            "fold": bool(shelf.all_folds),
            "quality": bool(shelf.qualities),
        }
        for name, is_there in there.items():
            self.setColumnHidden(COLUMNS.index(name), not is_there)
        # The names of one data set are about equally long.
        metrics = QFontMetrics(self._delegate.font_of(12, bold=True))
        names = (entry.short_name for entry in shelf.catalogue.entries[:_NAMES_MEASURED])
        longest = max(map(metrics.horizontalAdvance, names), default=0) + _NAME_ROOM_PX
        self.setColumnWidth(COLUMNS.index("name"), min(max(longest, 80), scaled(_LONGEST_NAME_PX)))
        self._fit_statements()

    # Selecting and opening

    def _show_selected(self) -> None:
        """Select the same recording again where it is still shown."""
        places = np.flatnonzero(self._model.rows == self._session.state.selected)
        if len(places) and int(places[0]) != self.currentIndex().row():
            self.selectRow(int(places[0]))

    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            self._session.select(int(self._model.rows[current.row()]))

    def _on_head(self, section: int) -> None:
        column = COLUMNS[section]
        if column != "picture":
            self._session.sort_by(column)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(int(self._model.rows[index.row()]))

    def chosen_paths(self) -> list[Path]:
        """Give the files of the selected rows, in the order shown."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._model.entry(place).path for place in places]

    def copy_paths(self) -> None:
        """Copy the files of the selected rows, one a line."""
        paths = self.chosen_paths()
        if paths:
            QGuiApplication.clipboard().setText("\n".join(map(str, paths)))
            many = f"{len(paths):,} paths" if len(paths) > 1 else str(paths[0])
            self._session.said.emit(f"Copied {many}")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Enter opens, copying copies the path."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_paths()
        else:
            super().keyPressEvent(event)

    def _show_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        if not index.isValid():
            return
        menu = self.make_menu(index)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.viewport().mapToGlobal(at))

    def make_menu(self, index: QModelIndex) -> QMenu:
        """Make the menu of a row."""
        menu = QMenu(self)
        menu.addAction("Open in the viewer").triggered.connect(lambda *_: self._open(index))
        several = len(self.chosen_paths()) > 1
        copy = menu.addAction("Copy paths" if several else "Copy path")
        copy.triggered.connect(lambda *_: self.copy_paths())
        return menu
