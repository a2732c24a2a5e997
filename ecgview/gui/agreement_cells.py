"""The cells of the agreement table: the rows for Qt, and how they are drawn."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ecgview.gui.agreement_table import COLUMNS, AgreementRow
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.viewer.paint import colour_of

_BAR_WIDTH_PX = 48.0
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class AgreementModel(QAbstractTableModel):
    """The twelve rows for Qt's table."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(parent)
        self.rows: tuple[AgreementRow, ...] = ()

    def set_rows(self, rows: tuple[AgreementRow, ...]) -> None:
        """Show other rows."""
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows != self.rows:
            self.rows = rows
            last = self.index(len(rows) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008, D102
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008, D102
        return len(COLUMNS)

    def headerData(  # noqa: N802, D102
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section] if section != 1 else ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section < 2 else _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(row, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.lead}: {row.tip}" if row.tip else None
        return None


_SPOKEN = ("", "", "PCC {}", "RMSE {} microvolts", "largest difference {} microvolts")


def _spoken(row: AgreementRow, column: int) -> str:
    """Say a row by its first cell, and any other cell with what it is of."""
    if column:
        return f"{COLUMNS[column]} of {row.lead}: {row.cells[column] or 'none'}"
    figures = [
        words.format(value)
        for words, value in zip(_SPOKEN[2:], row.cells[2:], strict=False)
        if value
    ]
    expected = ["expected of the model"] if row.expected else []
    return ", ".join([row.lead, row.origin, *figures, *expected])


class RowDelegate(QStyledItemDelegate):
    """Draws the cells: the origin as a word, or the PCC as a bar, and figures at the right."""

    theme: Theme = LIGHT
    style: int = 0
    """Of the estimate that the figures belong to."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        model = index.model()
        assert isinstance(model, AgreementModel)
        row = model.rows[index.row()]
        area = QRectF(option.rect)
        painter.save()
        painter.fillRect(
            QRectF(area.left(), area.bottom() - 1, area.width(), 1), QColor(self.theme.hairline)
        )
        if index.column() == 1 and row.bar is not None:
            self._paint_bar(painter, area, row)
        elif index.column() in (1, 2) and row.bar is None:
            self._paint_origin(painter, area, row, index.column())
        else:
            self._paint_text(painter, area, row, index.column())
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(self.theme.accent))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        painter.restore()

    def _paint_origin(
        self, painter: QPainter, area: QRectF, row: AgreementRow, column: int
    ) -> None:
        """Draw the origin into the room of the PCC too: each of the two cells draws its part."""
        table = self.parent()
        assert isinstance(table, QTableView)
        painter.setClipRect(area)
        left = area.left() if column == 1 else area.left() - table.columnWidth(1)
        both = QRectF(left, area.top(), table.columnWidth(1) + table.columnWidth(2), area.height())
        self._paint_text(painter, both, row, 1)
        self._paint_text(painter, both, row, 2)

    def _paint_text(self, painter: QPainter, area: QRectF, row: AgreementRow, column: int) -> None:
        theme = self.theme
        colours = {"reconstructed": colour_of(self.style, theme), "absent": theme.secondary}
        of_origin = colours.get(row.origin, theme.accent)
        painter.setPen(QColor(of_origin if column == 1 else theme.text))
        painter.setFont(_cell_font(row, column))
        room = area.adjusted(2, 0, -2, 0)
        painter.drawText(room, _LEFT if column < 2 else _RIGHT, row.cells[column])

    def _paint_bar(self, painter: QPainter, area: QRectF, row: AgreementRow) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(area.left() + 2, area.center().y() - 3, _BAR_WIDTH_PX, 5)
        painter.setBrush(QColor(self.theme.control))
        painter.drawRoundedRect(bar, 2.5, 2.5)
        colour = QColor(colour_of(self.style, self.theme))
        colour.setAlphaF(0.45 if row.expected else 1.0)
        painter.setBrush(colour)
        bar.setWidth(_BAR_WIDTH_PX * (row.bar or 0.0))
        painter.drawRoundedRect(bar, 2.5, 2.5)


def _cell_font(row: AgreementRow, column: int) -> QFont:
    font = QFont()
    # A word beside n/a has less room than one that stands alone.
    of_origin = 10 if row.pcc and row.bar is None else 11
    font.setPixelSize(scaled(of_origin if column == 1 else 12))
    font.setBold(column == 0)
    font.setItalic(row.expected)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
