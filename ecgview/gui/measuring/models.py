"""The rows of the marks panel for Qt's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QTableView

from ecgview.gui.measuring.calipers import MINUS, Reading, sentence
from ecgview.gui.measuring.listing import Listing, MarkIndex, make_listing
from ecgview.gui.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _short(value_mv: float | None) -> str:
    """Write a voltage in hundredths, for a narrow column."""
    # 0 is added so that nothing is -0.
    return (
        "\N{EN DASH}" if value_mv is None else f"{round(value_mv, 2) + 0:.2f}".replace("-", MINUS)
    )


class _Table(QAbstractTableModel):
    """Columns and their alignment; the rows are a subclass's."""

    titles: tuple[str, ...] = ()
    left: tuple[int, ...] = ()

    def __init__(self, parent: QTableView) -> None:
        super().__init__(parent)
        self.theme: Theme = LIGHT

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return len(self.titles)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == _Role.DisplayRole:
                return self.titles[section]
            if role == _Role.TextAlignmentRole:
                return _LEFT if section in self.left else _RIGHT
        return None


class CaliperModel(_Table):
    """A row for each caliper: lead, interval, rate, and the amplitude in both signals."""

    titles = ("Lead", "ms", "bpm", "mV", "\N{ALMOST EQUAL TO} mV")
    left = (0,)

    def __init__(self, parent: QTableView) -> None:
        super().__init__(parent)
        self.readings: tuple[Reading, ...] = ()

    def set_readings(self, readings: Sequence[Reading]) -> None:
        """Show other calipers, or other figures of the same."""
        now = tuple(readings)
        if len(now) != len(self.readings):
            self.beginResetModel()
            self.readings = now
            self.endResetModel()
        elif now != self.readings:
            self.readings = now
            last = self.index(len(now) - 1, len(self.titles) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008, D102
        return 0 if parent.isValid() else len(self.readings)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:  # noqa: D102
        reading = self.readings[index.row()]
        if role == _Role.DisplayRole:
            return self._cells(reading)[index.column()]
        if role == _Role.TextAlignmentRole:
            return _LEFT if index.column() in self.left else _RIGHT
        if role in (_Role.ToolTipRole, _Role.AccessibleDescriptionRole):
            return sentence(index.row() + 1, reading)
        return None

    def _cells(self, reading: Reading) -> tuple[str, ...]:
        rate = "\N{EN DASH}" if reading.rate_bpm is None else f"{reading.rate_bpm:.0f}"
        lead = reading.lead
        changes = ("", "")
        if lead is not None:
            changes = _short(lead.change.original_mv), _short(lead.change.rebuilt_mv)
        where = reading.caliper.lead or "all"
        return (where, f"{reading.interval_ms:.0f}", rate, *changes)


class MarkModel(_Table):
    """A row for each mark; however many there are, only those in sight are put into words."""

    titles = ("Time", "Text", "Lead")
    left = (0, 1, 2)

    def __init__(self, parent: QTableView) -> None:
        super().__init__(parent)
        self.listing: Listing = make_listing(MarkIndex.of(()), MarkIndex.of(()))

    def set_listing(self, listing: Listing) -> None:
        """Show another list."""
        if listing is not self.listing:
            self.beginResetModel()
            self.listing = listing
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008, D102
        return 0 if parent.isValid() else len(self.listing)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:  # noqa: D102
        row = index.row()
        if role == _Role.DisplayRole:
            return self.listing.cells(row)[index.column()]
        if role == _Role.TextAlignmentRole:
            return _LEFT if index.column() in self.left else _RIGHT
        if role in (_Role.ToolTipRole, _Role.AccessibleDescriptionRole):
            return self.listing.sentence(row)
        if self.listing.is_note(row):
            return self._dress_of_note(role)
        return None

    def _dress_of_note(self, role: int) -> Any:
        if role == _Role.ForegroundRole:
            return QColor(self.theme.accent)
        if role == _Role.FontRole:
            view = self.parent()
            font = QFont(view.font()) if isinstance(view, QTableView) else QFont()
            font.setItalic(True)
            return font
        return None
