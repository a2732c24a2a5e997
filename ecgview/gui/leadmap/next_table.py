"""The ranked choices as a table: a bar and a figure on average, and for this recording."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ecgview.gui.leadmap.next_state import NextRow
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.widgets import dress_table

Index = QModelIndex | QPersistentModelIndex
_ROW_PX = 26
_MOST_ROWS = 8
"""What the choice means and how to use it stays in sight below; more rows are scrolled to."""
_BAR_PX = 14
_PAD_PX = 8
_EDGE_PX = 3
_WIDEST = "188.8"
"""Room for a figure right of its bar."""
_Role = Qt.ItemDataRole
SHARE_ROLE = int(_Role.UserRole)
ALIKE_ROLE = SHARE_ROLE + 1


class ChoiceModel(QAbstractTableModel):
    """Rows of choices: what they add, what that brings on average, and here."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[NextRow, ...] = ()
        self.heads: tuple[str, ...] = ("Add", "Gain, µV", "This ECG, µV")

    def show_rows(self, rows: tuple[NextRow, ...]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """How many choices there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """Three."""
        return 0 if parent is not None and parent.isValid() else len(self.heads)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        """Give words, sentence, or length of the bar."""
        row, column = self.rows[index.row()], index.column()
        if role == _Role.DisplayRole:
            return (row.title, row.expected, row.measured)[column]
        if role in (_Role.ToolTipRole, _Role.AccessibleDescriptionRole):
            return row.tip
        if role == _Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == SHARE_ROLE:
            return (0.0, row.expected_share, row.measured_share)[column]
        if role == ALIKE_ROLE:
            return row.is_alike and column == 0
        return None

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> object:
        """Name the columns."""
        if orientation == Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return self.heads[section]
        if orientation == Qt.Orientation.Horizontal and role == _Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class BarDelegate(QStyledItemDelegate):
    """Paints a bar behind the figure, and an edge beside choices that are alike."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        theme, cell = self.theme, QRectF(option.rect)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        if is_chosen:
            painter.fillRect(cell, QColor(theme.accent_soft))
        if index.data(ALIKE_ROLE):
            edge = QRectF(cell.left(), cell.top() + 2, _EDGE_PX, cell.height() - 4)
            painter.fillRect(edge, QColor(theme.accent))
        share = float(index.data(SHARE_ROLE) or 0.0)
        room = cell.width() - 2 * _PAD_PX - painter.fontMetrics().horizontalAdvance(_WIDEST)
        if share > 0:
            colour = QColor(theme.accent if index.column() == 1 else theme.secondary)
            colour.setAlphaF(0.38)
            height = scaled(_BAR_PX)
            top = cell.center().y() - height / 2
            length = max(2.0, share * room)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(cell.left() + _PAD_PX, top, length, height), 2.0, 2.0)
        painter.setPen(QColor(theme.text))
        inner = cell.adjusted(_PAD_PX, 0, -_PAD_PX // 2, 0)
        painter.drawText(inner, index.data(_Role.TextAlignmentRole), str(index.data() or ""))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell.adjusted(0, 0, -1, -1))
        painter.restore()


class ChoiceTable(QTableView):
    """The table; its rows are chosen with the mouse or the arrow keys."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("next-table")
        dress_table(self, "Choices, the best first")
        self.rows_model = ChoiceModel()
        self._bars = BarDelegate()
        self.setModel(self.rows_model)
        self.setItemDelegate(self._bars)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionsClickable(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._bars.theme = theme
        self.viewport().update()

    def show_rows(self, rows: tuple[NextRow, ...], heads: tuple[str, ...], chosen: int) -> None:
        """Show choices, and which of them is looked at; as high as they are."""
        self.rows_model.heads = heads
        self.verticalHeader().setDefaultSectionSize(scaled(_ROW_PX))
        self.rows_model.show_rows(rows)
        self.setColumnHidden(2, not any(row.measured for row in rows))
        if rows:
            self.selectRow(min(chosen, len(rows) - 1))
        shown = min(len(rows), _MOST_ROWS)
        height = self.horizontalHeader().sizeHint().height() + shown * scaled(_ROW_PX) + 2
        self.setFixedHeight(height)
