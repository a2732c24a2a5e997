"""Paints the lead map: labels and heads stay where they are while the cells are scrolled."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from ecgview.gui.leadmap.drawing import COLUMNS, Cell, Layout, Rect, label_of, row_cells
from ecgview.gui.leadmap.state import ShownMap
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import Theme

_CENTRE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_TEXT_PX, _LABEL_GAP_PX, _BAR_PX = 12, 12, 3

Place = tuple[int, int]
"""Row and column; column -1 for a label."""


@dataclass(frozen=True, eq=False)
class MapPicture:
    """What is painted.

    Attributes
    ----------
    shown : ShownMap
        The map.
    layout : Layout
        Where everything is.
    theme : Theme
        In which colours.
    font : QFont
        The widget's.
    hovered, framed : tuple of int, or None
        The cell under the pointer, and the one that the keyboard is at.
    """

    shown: ShownMap
    layout: Layout
    theme: Theme
    font: QFont
    hovered: Place | None = None
    framed: Place | None = None

    def paint(self, painter: QPainter, room: QSize, scrolled: QPoint) -> None:
        """Paint what is in sight.

        Parameters
        ----------
        painter : QPainter
            On the viewport.
        room : QSize
            Of the viewport.
        scrolled : QPoint
            How far it is scrolled.
        """
        across, down = scrolled.x(), scrolled.y()
        rows = self._rows_in_sight(down, down + room.height())
        painter.translate(0, -down)
        for place in rows:
            self._label(painter, place)
        label_px = self.layout.label_px
        painter.setClipRect(QRectF(label_px, down, room.width() - label_px, room.height()))
        painter.translate(-across, 0)
        for place in rows:
            self._row(painter, place)
        self._frame(painter)
        painter.translate(0, down)
        self._heads(painter, max(self.layout.width, float(room.width())))
        painter.translate(across, 0)
        painter.setClipping(False)
        self._corner(painter)

    def _rows_in_sight(self, top: float, bottom: float) -> list[int]:
        row_px = self.layout.row_px
        return [n for n, y in enumerate(self.layout.tops) if y < bottom and y + row_px > top]

    def _heads(self, painter: QPainter, width: float) -> None:
        layout, theme = self.layout, self.theme
        painter.fillRect(QRectF(0, 0, width, layout.head_px - 1), QColor(theme.panel))
        painter.setFont(self._font(bold=True))
        column_at = self.hovered[1] if self.hovered else -1
        for column, name in enumerate(COLUMNS):
            place = QRectF(layout.left(column), 2, layout.cell_px, layout.head_px - 4)
            painter.setPen(QColor(theme.accent if column == column_at else theme.text))
            painter.drawText(place, _CENTRE, name)

    def _corner(self, painter: QPainter) -> None:
        """Name the column of labels."""
        layout = self.layout
        corner = QRectF(0, 0, layout.label_px, layout.head_px - 1)
        painter.fillRect(corner, QColor(self.theme.panel))
        painter.setFont(self._font())
        painter.setPen(QColor(self.theme.secondary))
        painter.drawText(corner.adjusted(0, 2, -_LABEL_GAP_PX, -3), _RIGHT, "Available")

    def _ground(self, painter: QPainter, place: int) -> None:
        """Light up the row under the pointer, and that of the viewer's set."""
        ground = QRectF(*self.layout.row(place))
        if self.hovered and self.hovered[0] == place:
            painter.fillRect(ground, QColor(self.theme.background))
        if self.shown.rows[place].is_current:
            painter.fillRect(ground, QColor(self.theme.accent_soft))

    def _label(self, painter: QPainter, place: int) -> None:
        one, layout, theme = self.shown.rows[place], self.layout, self.theme
        top, height = layout.tops[place], layout.row_px
        self._ground(painter, place)
        if one.is_current:
            painter.fillRect(QRectF(0, top, scaled(_BAR_PX), height), QColor(theme.accent))
        painter.setFont(self._font(bold=one.is_current))
        painter.setPen(QColor(theme.disabled if one.row.reason else theme.text))
        label = QRectF(0, top, layout.label_px - _LABEL_GAP_PX, height)
        painter.drawText(label, _RIGHT, label_of(one))

    def _row(self, painter: QPainter, place: int) -> None:
        one, layout = self.shown.rows[place], self.layout
        _, top, width, height = layout.row(place)
        self._ground(painter, place)
        painter.setFont(self._font(italic=self.shown.source == "population"))
        if one.row.reason:
            painter.setPen(QColor(self.theme.disabled))
            wide = QRectF(layout.left(0) + 8, top, width - layout.left(0), height)
            painter.drawText(wide, _LEFT, one.row.reason)
        for cell in row_cells(self.shown, layout, place, self.theme):
            _paint_cell(painter, cell)

    def _frame(self, painter: QPainter) -> None:
        """Frame the cell that the keyboard is at, or the row where it has no cells."""
        if self.framed is None or self.framed[0] >= len(self.shown.rows):
            return
        row, column = self.framed
        wide = bool(self.shown.rows[row].row.reason)
        rect = self.layout.row(row) if wide else self.layout.cell(row, column)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.theme.panel), 4))
        painter.drawRect(_inside(rect, 2))
        painter.setPen(QPen(QColor(self.theme.text), 2))
        painter.drawRect(_inside(rect, 1))

    def _font(self, *, bold: bool = False, italic: bool = False) -> QFont:
        font = QFont(self.font)
        font.setPixelSize(scaled(_TEXT_PX))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        font.setItalic(italic)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font


def _paint_cell(painter: QPainter, cell: Cell) -> None:
    rect = _inside(cell.rect, 0.5)
    if cell.ground:
        painter.fillRect(rect, QColor(cell.ground))
    painter.setPen(QColor(cell.ink))
    painter.drawText(rect, _CENTRE, cell.text)


def _inside(rect: Rect, by: float) -> QRectF:
    return QRectF(*rect).adjusted(by, by, -by, -by)
