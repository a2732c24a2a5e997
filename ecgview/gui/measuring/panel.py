"""The marks panel: what the calipers read, and the marks and notes of the recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.measuring.calipers import height_text, interval_text, millivolts
from ecgview.gui.measuring.models import CaliperModel, MarkModel
from ecgview.gui.measuring.state import Kind
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.widgets import button, dress_table, hairline, label, scroll_area
from ecgview.recording import Mark

if TYPE_CHECKING:
    from ecgview.gui.measuring.measuring import Measuring
    from ecgview.gui.session import Session

_ROW_PX = 24
_HEAD_PX = 30
_CALIPER_WIDTHS_PX = (52, 50, 46)
_LEAST_LIST_PX = 150
_TIME_PX, _LEAD_PX = 76, 48
_MOST_CALIPERS = 5
_HINT = "Press M and drag over the paper to measure; Shift+M measures time over all leads."
_KINDS: tuple[tuple[Kind, str, str], ...] = (
    ("all", "All", "List annotations of the file and own notes"),
    ("file", "File", "List annotations of the file"),
    ("notes", "Notes", "List own notes"),
)


class MarksPanel(QFrame):
    """The panel.

    Parameters
    ----------
    session : Session
        Shown and changed.
    measuring : Measuring
        What its rows and buttons do.
    """

    def __init__(self, session: Session, measuring: Measuring) -> None:
        super().__init__()
        self._session = session
        self._measuring = measuring
        self._theme = LIGHT
        self._is_built = False
        self.setObjectName("marks-panel")
        self.setProperty("panel", "true")
        for signal in (
            session.measuring_changed,
            session.marks_changed,
            session.recording_changed,
            session.result_changed,
            session.view_changed,
            session.side_changed,
            session.shape_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()  # made by the change of side that shows it, which it is not told of

    def _build(self) -> None:
        """Make what is in it; only who looks at it waits for that."""
        measuring = self._measuring
        self._is_built = True
        self._hint = label(_HINT, "secondary", wrap=True)
        self._detail = label("", "secondary", wrap=True)
        self._detail.setObjectName("caliper-detail")
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.calipers = _table("Calipers")
        self._caliper_model = CaliperModel(self.calipers)
        self.calipers.setModel(self._caliper_model)
        self.calipers.clicked.connect(self._on_caliper)
        self.calipers.activated.connect(self._on_caliper)
        self.marks = _table("Marks and notes")
        self._mark_model = MarkModel(self.marks)
        self.marks.setModel(self._mark_model)
        self.marks.clicked.connect(self._on_mark)
        self.marks.activated.connect(self._on_mark)
        self.marks.doubleClicked.connect(self._on_edit)
        self.search = QLineEdit()
        self.search.setObjectName("marks-search")
        self.search.setAccessibleName("Search the marks")
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda text: measuring.change(search=text))
        self._count = label("", "secondary", wrap=True)
        self._count.setObjectName("marks-count")
        self._kinds = {name: self._kind_button(name, text, tip) for name, text, tip in _KINDS}
        self._copy_calipers = button(
            "Copy", measuring.copy, role="link", tip="Copy the readings as a table"
        )
        self._copy_marks = button("Copy list", self._copy, role="link", tip="Copy as a table")
        self._add = button("Add note", measuring.note_here, role="link", tip="Write a note (N)")
        self._lay_out()
        self.set_theme(self._theme)

    def _kind_button(self, name: Kind, text: str, tip: str) -> QPushButton:
        return button(text, lambda: self._choose(name), tip=tip, checkable=True, segment="small")

    def _choose(self, kind: Kind) -> None:
        self._measuring.change(kind=kind)
        self.refresh()

    def _lay_out(self) -> None:
        # In large type there may be more than the window is high.
        inside, around = QWidget(), QVBoxLayout(self)
        inside.setProperty("panel", "true")
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll_area(inside))
        column = QVBoxLayout(inside)
        column.setContentsMargins(19, 12, 19, 12)
        column.setSpacing(6)
        column.addLayout(_row(label("Calipers", "heading"), None, self._copy_calipers))
        for part in (self._hint, self.calipers, self._detail):
            column.addWidget(part)
        column.addSpacing(4)
        column.addWidget(hairline())
        column.addSpacing(4)
        kinds = self._kinds.values()
        column.addLayout(_row(label("Marks", "heading"), None, *kinds))
        column.addWidget(self.search)
        column.addWidget(self._count)
        column.addWidget(self.marks, 1)
        column.addLayout(_row(self._add, None, self._copy_marks))

    def _size_columns(self) -> None:
        header = self.calipers.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, width_px in enumerate(_CALIPER_WIDTHS_PX):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.calipers.setColumnWidth(column, scaled(width_px))
        # Of many rows, Qt would measure each.
        header = self.marks.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.marks.setMinimumHeight(scaled(_LEAST_LIST_PX))
        self.marks.setColumnWidth(0, scaled(_TIME_PX))
        self.marks.setColumnWidth(2, scaled(_LEAD_PX))
        for table in (self.calipers, self.marks):
            table.horizontalHeader().setFixedHeight(scaled(_HEAD_PX))
            table.verticalHeader().setDefaultSectionSize(scaled(_ROW_PX))

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        if self._is_built:
            self._mark_model.theme = theme
            self._size_columns()
            self.marks.viewport().update()
            self.refresh()

    def has_focus(self) -> bool:
        """Tell whether the keys go to the list of marks."""
        return self._is_built and QApplication.focusWidget() is self.marks

    def chosen_note(self) -> Mark | None:
        """Give the note of the current row; None where it is no note."""
        if not self._is_built:
            return None
        row = self.marks.currentIndex().row()
        listing = self._mark_model.listing
        return listing.mark(row) if 0 <= row < len(listing) and listing.is_note(row) else None

    # Showing ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the state, where the panel is in sight."""
        state = self._session.state
        if state.recording is None or state.side != "marks":
            return
        if not self._is_built:
            self._build()
        self._show_calipers()
        self._show_marks()

    def _show_calipers(self) -> None:
        measuring = self._session.state.measuring
        readings = self._measuring.layers.readings()
        self._caliper_model.set_readings(readings)
        shown = min(len(readings), _MOST_CALIPERS)
        self.calipers.setFixedHeight(scaled(_HEAD_PX) + shown * scaled(_ROW_PX) + 2)
        self.calipers.setVisible(bool(readings))
        self._hint.setVisible(not readings)
        self._copy_calipers.setEnabled(bool(readings))
        chosen = measuring.selected if measuring.selected >= 0 else len(readings) - 1
        if measuring.selected >= 0 or measuring.draft is not None:
            self.calipers.selectRow(chosen)
            self._detail.setText(_detail_text(self._caliper_model, chosen))
        else:
            self.calipers.clearSelection()
            self._detail.setText("")
        self._detail.setVisible(bool(self._detail.text()))

    def _show_marks(self) -> None:
        measuring = self._session.state.measuring
        listing = self._measuring.listing()
        self._mark_model.set_listing(listing)
        self.marks.horizontalHeader().setVisible(len(listing) > 0)
        if self.search.text() != measuring.search:
            self.search.setText(measuring.search)
        for name, one in self._kinds.items():
            one.setChecked(name == measuring.kind)
        self._count.setText(self._count_text(len(listing)))
        self._add.setEnabled(not measuring.reads_notes)
        self._copy_marks.setEnabled(len(listing) > 0)
        row = listing.row_of(measuring.current_s)
        if row >= 0 and self.marks.currentIndex().row() != row:
            self.marks.selectRow(row)

    def _count_text(self, shown: int) -> str:
        state = self._session.state
        if state.measuring.reads_marks:
            return "Reading the annotations\N{HORIZONTAL ELLIPSIS}"
        total = len(state.marks) + len(state.notes)
        if not total:
            return "The file has no annotations, and there are no notes yet."
        parts = _counted(len(state.marks), "annotation"), _counted(len(state.notes), "own note")
        counted = ", ".join(part for part in parts if part)
        return f"{shown:,} of {counted}" if shown != total else counted

    # Rows ---------------------------------------------------------------------------------

    def _on_caliper(self, index: QModelIndex) -> None:
        self._measuring.change(selected=index.row())

    def _on_mark(self, index: QModelIndex) -> None:
        self._measuring.jump(self._mark_model.listing.mark(index.row()))

    def _on_edit(self, index: QModelIndex) -> None:
        listing = self._mark_model.listing
        if listing.is_note(index.row()):
            self._measuring.write(listing.mark(index.row()))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._mark_model.listing.tsv())


def _counted(count: int, what: str) -> str:
    if not count:
        return ""
    return f"{count:,} {what}" + ("s" if count > 1 else "")


def _detail_text(model: CaliperModel, row: int) -> str:
    """Word the chosen caliper in full."""
    reading = model.readings[row]
    lead = reading.lead
    if lead is None:
        return interval_text(reading)
    lines = [interval_text(reading), f"Height {height_text(reading)}"]
    for name, values in (("First end", lead.start), ("Second end", lead.stop)):
        both = f"{millivolts(values.original_mv)}, \N{ALMOST EQUAL TO} "
        lines.append(f"{name}: {both}{millivolts(values.rebuilt_mv)} mV")
    lines.append(f"Difference of amplitudes {millivolts(lead.change.difference_mv)} mV")
    return "\n".join(lines)


def _row(*parts: QPushButton | QFrame | None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(0)
    row.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        if part is None:
            row.addStretch()
        else:
            row.addWidget(part)
    return row


def _table(name: str) -> QTableView:
    table = QTableView()
    dress_table(table, name)
    table.setObjectName(name.lower().replace(" ", "-"))
    table.setProperty("tight", "true")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setWordWrap(False)
    return table
