"""What the cells of the table say; the model for Qt."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ecgview.catalogue.entries import CLEAN, Entry
from ecgview.catalogue.rows import NOT_DEFINED, quality_words
from ecgview.catalogue.triage import TriageFigures
from ecgview.gui.library.session import LibrarySession
from ecgview.gui.library.state import LibraryState

Index = QModelIndex | QPersistentModelIndex

COLUMNS = (
    "picture", "name", "age", "sex", "statements", "fold", "quality", "worst", "mean", "rmse",
)  # fmt: skip
HEADS = {
    "picture": "",
    "name": "Recording",
    "age": "Age",
    "sex": "Sex",
    "statements": "Statements",
    "fold": "Fold",
    "quality": "Quality",
    "worst": "Worst PCC",
    "mean": "Mean",
    "rmse": "RMSE µV",
}
HEAD_TIPS = {
    "worst": "The lowest correlation among the reconstructed leads, and its lead",
    "mean": "Mean correlation of the reconstructed chest leads",
    "rmse": "Mean root-mean-square error of the reconstructed chest leads in microvolts",
}
RIGHT_COLUMNS = ("age", "fold", "mean", "rmse")
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MINUS = "\N{MINUS SIGN}"


def pcc_text(value: float | None) -> str:
    """Write a correlation with two digits."""
    undefined = value is None or math.isnan(value)
    return NOT_DEFINED if undefined else f"{value:.2f}".replace("-", _MINUS)


def figure_text(column: str, figures: TriageFigures | None) -> str:
    """Write a figure; nothing while it is not known."""
    if figures is None:
        return ""
    if column == "worst":
        return f"{pcc_text(figures.worst_pcc)} {figures.worst_lead}".strip()
    if column == "mean":
        return pcc_text(figures.mean_pcc)
    return NOT_DEFINED if figures.rmse_uv is None else f"{figures.rmse_uv:.0f}"


def figure_tip(figures: TriageFigures | None) -> str:
    """Say what stands behind the figures of a recording."""
    if figures is None:
        return "Not rebuilt yet: press Rebuild"
    if figures.problem:
        return figures.problem
    if figures.undefined:
        return f"No correlation for {', '.join(figures.undefined)}: flat or not in the file"
    return ""


def cell_text(state: LibraryState, entry: Entry, row: int, column: str) -> str:
    """Say what a cell says.

    Parameters
    ----------
    state : LibraryState
        With a catalogue.
    entry : Entry
        The recording of the row.
    row : int
        Row of the catalogue.
    column : str
        One of `COLUMNS`.
    """
    if column in ("worst", "mean", "rmse"):
        return figure_text(column, state.scores.figures.get(row) if state.scores else None)
    if column == "statements":
        assert state.catalogue is not None
        return state.catalogue.words(entry)
    if column == "fold":
        return str(entry.fold or "")
    if column == "quality":
        return ", ".join(one for one in entry.qualities if one != CLEAN)
    return {"name": entry.short_name, "age": entry.age_text, "sex": entry.sex}.get(column, "")


class LibraryModel(QAbstractTableModel):
    """The rows shown, for Qt's table; nothing is kept a row.

    Parameters
    ----------
    session : LibrarySession
        Shown.
    """

    def __init__(self, session: LibrarySession) -> None:
        super().__init__(session)
        self._session = session
        self._rows = session.state.rows
        self._asked: frozenset[str] = frozenset()
        session.rows_changed.connect(self._on_rows)
        session.shelf_changed.connect(self._on_rows)
        session.scores_changed.connect(self._on_cells)

    @property
    def rows(self) -> Any:
        """Rows of the catalogue in the order shown, shape (shown,)."""
        return self._rows

    def entry(self, place: int) -> Entry:
        """Give the recording at a place of the table."""
        catalogue = self._session.state.catalogue
        assert catalogue is not None
        return catalogue.entries[self._rows[place]]

    def words(self, place: int) -> str:
        """Say what is said of the recording at a place of the table, what is asked for first."""
        catalogue = self._session.state.catalogue
        return "" if catalogue is None else catalogue.words(self.entry(place), self._asked)

    def figures(self, place: int) -> TriageFigures | None:
        """Give the figures of the recording at a place of the table."""
        scores = self._session.state.scores
        return scores.figures.get(int(self._rows[place])) if scores is not None else None

    def _on_rows(self) -> None:
        state = self._session.state
        self.beginResetModel()
        self._rows = state.rows if state.shelf is not None else state.rows[:0]
        self._asked = state.asked_codes
        self.endResetModel()

    def _on_cells(self) -> None:
        if len(self._rows):
            last = self.index(len(self._rows) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, COLUMNS.index("worst")), last)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008, D102
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008, D102
        return len(COLUMNS)

    def headerData(  # noqa: N802, D102
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            shelf = self._session.state.shelf
            if column == "statements" and shelf is not None and not shelf.rows_of_code:
                return "Comments"
            return HEADS[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return HEAD_TIPS.get(column) or (
                f"Sort by {HEADS[column].lower()}" if section else None
            )
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in RIGHT_COLUMNS else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102
        state, column = self._session.state, COLUMNS[index.column()]
        if not 0 <= index.row() < len(self._rows) or state.catalogue is None:
            return None
        entry = self.entry(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(state, entry, int(self._rows[index.row()]), column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in RIGHT_COLUMNS else _LEFT
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = cell_text(state, entry, int(self._rows[index.row()]), column)
            head = HEADS[column].lower()
            return f"{head} {text}" if text and head else text or "small picture"
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(entry, index.row(), column) or None
        return None

    def _tip(self, entry: Entry, place: int, column: str) -> str:
        catalogue = self._session.state.catalogue
        if column in ("worst", "mean", "rmse"):
            return figure_tip(self.figures(place))
        if column in ("picture", "name"):
            return str(entry.path)
        if column == "statements" and catalogue is not None:
            said = catalogue.words(entry).replace(", ", "\n")
            return "\n\n".join(text for text in (said, entry.report) if text)
        if column == "quality":
            notes = (f"{what}: {which}" for what, which in entry.notes)
            return "\n".join((quality_words(entry), *notes))
        return ""
