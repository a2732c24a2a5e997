"""The table of the page: a line a lead and marker, sorted by its heads."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ecgview.export.agreement_words import interval_text, number_text, p_text, reading_sentence
from ecgview.gui.agreement_study.session import StudySession
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import Theme
from ecgview.gui.widgets import dress_table
from ecgview.studies.agreement.results import COLUMNS as FIELDS
from ecgview.studies.agreement.results import MarkerAgreement

Index = QModelIndex | QPersistentModelIndex

COLUMNS = (
    "lead", "marker", "reading", "patients", "bias_uv", "variance_ratio", "r2", "best_r2", "slope",
    "error_r2",
)  # fmt: skip
HEADS = {
    "lead": "Lead",
    "marker": "Marker",
    "patients": "n",
    "bias_uv": "Bias µV",
    "variance_ratio": "v",
    "r2": "r²",
    "best_r2": "Best r²",
    "slope": "Slope",
    "error_r2": "R² error",
    "reading": "Reading",
}
TIPS = {
    "lead": "The reconstructed lead",
    "marker": "Amplitude from the PR baseline; ST 60 ms after J",
    "patients": "Patients with this marker in both; one recording of each",
    "bias_uv": "Mean of reconstructed minus real amplitude; * after Holm below 5 %",
    "variance_ratio": "Variance between people, reconstructed over real",
    "r2": "Squared correlation of real and reconstructed amplitude",
    "best_r2": "The best of any model here: the nearest thing to what these leads can tell",
    "slope": "Of real on reconstructed amplitude; 1 is calibrated",
    "error_r2": "Share of the error that the real amplitude explains",
    "reading": "v = r² is calibrated, less over-shrunk, more invented variance",
}
_SPOKEN = {"patients": "Patients", "variance_ratio": "Variance ratio"}
_WIDTHS_PX = {
    "lead": 50, "marker": 58, "reading": 130, "patients": 48, "bias_uv": 64, "variance_ratio": 46,
    "r2": 46, "best_r2": 60, "slope": 52, "error_r2": 66,
}  # fmt: skip
_WORDS = ("lead", "marker", "reading")
_ROW_PX = 26
_HEAD_PX = 30
_SCROLL_PX = 12
_LEVEL = 0.05
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def cell_text(row: MarkerAgreement, column: str) -> str:
    """Say what a cell says."""
    if column in ("lead", "marker"):
        return str(getattr(row, column))
    if column == "patients":
        return f"{row.patients:,}"
    if column == "reading":
        return row.reading or ("too few" if row.reason else "not defined")
    if column == "bias_uv":
        star = " *" if row.t_p_holm < _LEVEL else ""
        return number_text(row.bias_uv, 0, signed=True) + star
    return number_text(getattr(row, column))


def cell_tip(row: MarkerAgreement, column: str) -> str:
    """Say what stands behind a cell: its interval and tests."""
    if row.reason or column in ("lead", "marker", "reading"):
        return reading_sentence(row)
    if column == "patients":
        return f"{row.patients:,} patients, {row.recordings:,} recordings"
    digits = 0 if column == "bias_uv" else 2
    ends = (getattr(row, f"{_stem(column)}_{end}{_unit(column)}", None) for end in ("low", "high"))
    low, high = (float("nan") if end is None else float(end) for end in ends)
    lines = [f"95 %: {interval_text(low, high, digits)}" if low == low else ""]
    if column == "bias_uv":
        limits = interval_text(row.limits_low_uv, row.limits_high_uv, 0)
        lines += [f"Limits of agreement: {limits} µV", f"Paired t-test: p {p_text(row.t_p_holm)}"]
    if column == "variance_ratio":
        tests = f"F-test: p {p_text(row.f_p_holm)}", f"Pitman-Morgan: p {p_text(row.pitman_p_holm)}"
        lines += tests
    if column == "best_r2":
        lines = [f"Of {row.best_model}" if row.best_model else ""]
    return "\n".join(line for line in lines if line)


def _stem(column: str) -> str:
    return column.removesuffix("_uv")


def _unit(column: str) -> str:
    return "_uv" if column.endswith("_uv") else ""


class StudyModel(QAbstractTableModel):
    """The rows shown, for Qt's table."""

    def __init__(self, session: StudySession) -> None:
        super().__init__(session)
        self._session = session
        self.rows = session.state.rows

    def refresh(self) -> None:
        """Take over what is shown."""
        self.beginResetModel()
        self.rows = self._session.state.rows
        self.endResetModel()

    # Qt's names for what every model must offer.

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, D102, B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, D102, B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802, D102
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADS[column]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _SPOKEN.get(column, HEADS[column])
        if role == Qt.ItemDataRole.ToolTipRole:
            return TIPS[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column in _WORDS else _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if column == "lead":
                return reading_sentence(row)
            name = _SPOKEN.get(column, HEADS[column])
            return f"{name} of {row.marker} in {row.lead}: {cell_text(row, column)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell_tip(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column in _WORDS else _RIGHT
        if role == Qt.ItemDataRole.FontRole and column in ("lead", "marker"):
            font = QFont()
            font.setPixelSize(scaled(12))
            font.setBold(column == "lead")
            return font
        return None


class StudyTable(QTableView):
    """The table; the row that is selected is the one that is looked at.

    Parameters
    ----------
    session : StudySession
        Shown and changed.
    """

    def __init__(self, session: StudySession) -> None:
        super().__init__()
        self._session = session
        self._model = StudyModel(session)
        self.setModel(self._model)
        self.setObjectName("agreement-rows")
        dress_table(self, "Markers of reconstructed leads")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.sectionClicked.connect(lambda section: session.sort_by(COLUMNS[section]))
        self.selectionModel().currentRowChanged.connect(self._on_current)
        session.shown_changed.connect(self.refresh)
        session.chosen_changed.connect(self._select)
        self.refresh()
        self._fit_words()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Keep the row that is looked at in sight."""
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As wide as its columns, and what scrolls them."""
        return QSize(sum(map(self.columnWidth, range(len(COLUMNS)))) + _SCROLL_PX, 400)

    def set_theme(self, theme: Theme) -> None:
        """Give rows and columns the room that words of this size take."""
        self._fit_words()

    def _fit_words(self) -> None:
        self.verticalHeader().setDefaultSectionSize(scaled(_ROW_PX))
        self.horizontalHeader().setFixedHeight(scaled(_HEAD_PX))
        for at, column in enumerate(COLUMNS):
            self.setColumnWidth(at, scaled(_WIDTHS_PX[column]))

    def refresh(self) -> None:
        """Show the rows that the state says, in its order."""
        self._model.refresh()
        state, header = self._session.state, self.horizontalHeader()
        header.setSortIndicatorShown(bool(state.sort))
        if state.sort:
            falling, rising = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
            header.setSortIndicator(
                COLUMNS.index(state.sort), falling if state.descending else rising
            )
        self._select()

    def _select(self) -> None:
        row = self._session.state.row
        if row is None or row not in self._model.rows:
            return
        index = self._model.index(self._model.rows.index(row), 0)
        if index.row() != self.currentIndex().row() or not self.selectionModel().hasSelection():
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            row = self._model.rows[current.row()]
            self._session.choose((row.lead, row.marker))

    def as_text(self) -> str:
        """Give the table as tab-separated text, with all its figures."""
        lines = ["\t".join(FIELDS)]
        for row in self._model.rows:
            values = row.as_dict().values()
            lines.append("\t".join("" if value is None else _plain(value) for value in values))
        return "\n".join(lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Copy the table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_text())
            self._session.said.emit("Copied the table")
        else:
            super().keyPressEvent(event)


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
