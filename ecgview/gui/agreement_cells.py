"""The cells of the agreement table: the rows for Qt, and how they are drawn."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ecgview.gui.agreement_table import BEFORE, COLUMNS, NOT_DEFINED, AgreementRow
from ecgview.gui.interval_words import NOT_A_GUARANTEE
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.viewer.paint import colour_of

_BAR_MARGIN_PX = 6.0
_TIGHT_PX, _GAP_PX = 10, 4.0
_BEFORE_COLUMN, _LAST_OF_ORIGIN = 4, 4
_REBUILT = "≈"
_NAMES = ("Lead", "Origin", "PCC", "RMSE µV", "max µV", "interval µV", "inside %")
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class AgreementModel(QAbstractTableModel):
    """The twelve rows for Qt's table."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(parent)
        self.rows: tuple[AgreementRow, ...] = ()
        self._columns: tuple[str, ...] = COLUMNS

    def set_columns(self, columns: tuple[str, ...]) -> None:
        """Head the columns otherwise."""
        if columns != self._columns:
            self._columns = columns
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(columns) - 1)

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
            return self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            # The unit stands below: columns are narrow.
            return "\n".join(self._columns[section].rsplit(" ", 1)) if section != 1 else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return _HEAD_TIPS.get(section)
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


_SPOKEN = (
    "PCC {}", "RMSE {} microvolts", "largest difference {} microvolts",
    "interval {} microvolts wide", "{} per cent inside",
)  # fmt: skip
_HEAD_TIPS = {
    2: "Correlation with the recorded lead",
    3: "Root mean square of the difference, in µV",
    4: "Largest difference in µV; calibrated, what PCC and RMSE were before",
    5: f"Mean width of the interval from end to end, in µV.\n{NOT_A_GUARANTEE}",
    6: "Share of the recorded samples inside the interval, in per cent",
}


def _spoken(row: AgreementRow, column: int) -> str:
    """Say a row by its first cell, and any other cell with what it is of."""
    if column:
        name = BEFORE if row.before and column == _BEFORE_COLUMN else _NAMES[column]
        return f"{name} of {row.lead}: {row.cells[column] or 'none'}"
    figures = [
        words.format(value) for words, value in zip(_SPOKEN, _figures(row), strict=True) if value
    ]
    expected = ["expected of the model"] if row.expected else []
    expected += [f"before the calibration {row.before} microvolts"] if row.before else []
    return ", ".join([row.lead, row.origin, *figures, *expected])


def _figures(row: AgreementRow) -> tuple[str, ...]:
    width_uv = "" if row.width_uv == NOT_DEFINED else row.width_uv
    return row.pcc, row.rmse_uv, row.max_uv, width_uv, row.inside


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
        # Beside figures before a calibration a bar would be too short to be compared.
        if index.column() == 1 and row.bar is not None and not row.before:
            self._paint_bar(painter, area, row)
        elif row.bar is None and index.column() in (span := _origin_columns(row)):
            self._paint_origin(painter, area, row, index.column(), span)
        else:
            self._paint_text(painter, area, row, index.column())
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(self.theme.accent))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        painter.restore()

    def _paint_origin(
        self, painter: QPainter, area: QRectF, row: AgreementRow, column: int, span: range
    ) -> None:
        """Draw the origin into the room of others too: each of the cells draws its part."""
        table = self.parent()
        assert isinstance(table, QTableView)
        painter.setClipRect(area)
        widths = {one: table.columnWidth(one) for one in span}
        left = area.left() - sum(width for one, width in widths.items() if one < column)
        both = QRectF(left, area.top(), sum(widths.values()), area.height())
        self._paint_text(painter, both, row, 1)
        if row.pcc:
            self._paint_text(painter, both, row, 2)

    def _paint_text(self, painter: QPainter, area: QRectF, row: AgreementRow, column: int) -> None:
        theme = self.theme
        colours = {"reconstructed": colour_of(self.style, theme), "absent": theme.secondary}
        of_origin = colours.get(row.origin, theme.accent)
        painter.setPen(QColor(of_origin if column == 1 else theme.text))
        room, text = area.adjusted(2, 0, -2, 0), row.cells[column]
        font = _cell_font(row, column)
        if column > 1 and QFontMetricsF(font).horizontalAdvance(text) > room.width():
            font.setPixelSize(scaled(_TIGHT_PX))  # five digits, of a wrong unit
        elif column == 1 and row.pcc:
            taken = QFontMetricsF(_cell_font(row, 2)).horizontalAdvance(row.pcc)
            text = _fitting_origin(row, QFontMetricsF(font), room.width() - taken - _GAP_PX)
        painter.setFont(font)
        painter.drawText(room, _LEFT if column < 2 else _RIGHT, text)

    def _paint_bar(self, painter: QPainter, area: QRectF, row: AgreementRow) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole_px = max(area.width() - _BAR_MARGIN_PX, 4.0)
        bar = QRectF(area.left() + 2, area.center().y() - 3, whole_px, 5)
        painter.setBrush(QColor(self.theme.control))
        painter.drawRoundedRect(bar, 2.5, 2.5)
        colour = QColor(colour_of(self.style, self.theme))
        colour.setAlphaF(0.45 if row.expected else 1.0)
        painter.setBrush(colour)
        bar.setWidth(whole_px * (row.bar or 0.0))
        painter.drawRoundedRect(bar, 2.5, 2.5)


def _origin_columns(row: AgreementRow) -> range:
    """Tell which cells the word of the origin may reach into: those behind it that are empty."""
    last = 2
    while not row.pcc and last < _LAST_OF_ORIGIN and not row.cells[last + 1]:
        last += 1
    return range(1, last + 1)


def _fitting_origin(row: AgreementRow, metrics: QFontMetricsF, room: float) -> str:
    """Choose the fullest word for the origin that the room holds."""
    words = ("reconstructed", "rebuilt") if row.origin == "reconstructed" else (row.origin,)
    return next((word for word in words if metrics.horizontalAdvance(word) <= room), _REBUILT)


def _cell_font(row: AgreementRow, column: int) -> QFont:
    font = QFont()
    # A word beside n/a has less room than one that stands alone.
    of_origin = 10 if row.pcc and row.bar is None else 11
    font.setPixelSize(scaled(of_origin if column == 1 else 12))
    font.setBold(column == 0)
    # The width is of this recording, whatever the others are.
    font.setItalic(row.expected and column < 5)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
