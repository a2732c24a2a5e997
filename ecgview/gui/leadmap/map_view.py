"""The map as a widget: painted, scrolled to where it is too large, gone over by mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from ecgview.gui.leadmap.drawing import (
    COLUMNS,
    Cell,
    Layout,
    Rect,
    label_of,
    lay_out,
    row_cells,
)
from ecgview.gui.leadmap.state import ShownMap
from ecgview.gui.leadmap.words import cell_sentence
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import LIGHT, Theme

_CENTRE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_TEXT_PX, _LABEL_GAP_PX, _BAR_PX = 12, 12, 3
_WHEEL_STEPS = 3

Place = tuple[int, int]
_NOTHING = ShownMap("population", "pcc", True, ())


class MapView(QAbstractScrollArea):
    """Paints the map; a click or Enter chooses a row, arrows go from cell to cell."""

    row_chosen = Signal(tuple)
    """The available leads of a row."""
    place_changed = Signal(str)
    """What the cell under the pointer, or else the one chosen, shows."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._shown: ShownMap = _NOTHING
        self._layout: Layout = lay_out(_NOTHING, 800, 600)
        self._chosen: Place = (0, 0)
        self._hovered: Place | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Lead map")
        self.setObjectName("lead-map")
        self.viewport().setMouseTracking(True)
        self.setToolTip("")
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Ask for room for all rows."""
        return QSize(900, 720)

    # What is shown

    @property
    def chosen(self) -> Place:
        """Row and column that the keyboard is at."""
        return self._chosen

    @property
    def layout_of_cells(self) -> Layout:
        """Where everything is, before scrolling."""
        return self._layout

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme, in its size of words."""
        self._theme = theme
        self._lay_out()

    def show_map(self, shown: ShownMap) -> None:
        """Draw a map."""
        before = [one.row.available for one in self._shown.rows]
        self._shown = shown
        if [one.row.available for one in shown.rows] != before:
            current = (n for n, one in enumerate(shown.rows) if one.is_current)
            self._chosen = next(current, 0), self._chosen[1]
            self._hovered = None
        self._lay_out()
        self._tell()

    def _lay_out(self) -> None:
        room = self.viewport().size()
        self._layout = lay_out(self._shown, room.width(), room.height(), scaled(100) / 100)
        for bar, whole, seen in (
            (self.horizontalScrollBar(), self._layout.width, room.width()),
            (self.verticalScrollBar(), self._layout.height, room.height()),
        ):
            bar.setRange(0, max(0, round(whole - seen)))
            bar.setPageStep(seen)
            bar.setSingleStep(round(self._layout.row_px))
        self.viewport().update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the rows in sight, then the heads over them."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._theme.panel))
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        rows = self._rows_in_sight()
        painter.translate(0, -down)
        for place in rows:
            self._paint_label(painter, place)
        # Labels and heads stay where they are while the cells are scrolled.
        room, label_px = self.viewport().size(), self._layout.label_px
        painter.setClipRect(QRectF(label_px, down, room.width() - label_px, room.height()))
        painter.translate(-across, 0)
        for place in rows:
            self._paint_row(painter, place)
        self._paint_focus(painter)
        painter.translate(0, down)
        self._paint_heads(painter)
        painter.translate(across, 0)
        painter.setClipping(False)
        self._paint_corner(painter)
        painter.end()

    def _rows_in_sight(self) -> list[int]:
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        row_px = self._layout.row_px
        return [n for n, y in enumerate(self._layout.tops) if y < bottom and y + row_px > top]

    def _paint_heads(self, painter: QPainter) -> None:
        layout, theme = self._layout, self._theme
        width = max(layout.width, float(self.viewport().width()))
        painter.fillRect(QRectF(0, 0, width, layout.head_px - 1), QColor(theme.panel))
        painter.setFont(self._font(bold=True))
        column_at = self._hovered[1] if self._hovered else -1
        for column, name in enumerate(COLUMNS):
            place = QRectF(layout.left(column), 2, layout.cell_px, layout.head_px - 4)
            painter.setPen(QColor(theme.accent if column == column_at else theme.text))
            painter.drawText(place, _CENTRE, name)

    def _paint_corner(self, painter: QPainter) -> None:
        """Name the column of labels."""
        layout = self._layout
        painter.fillRect(
            QRectF(0, 0, layout.label_px, layout.head_px - 1), QColor(self._theme.panel)
        )
        painter.setFont(self._font())
        painter.setPen(QColor(self._theme.secondary))
        label = QRectF(0, 2, layout.label_px - _LABEL_GAP_PX, layout.head_px - 4)
        painter.drawText(label, _RIGHT, "Given")

    def _paint_ground(self, painter: QPainter, place: int) -> None:
        """Light up the row under the pointer, and that of the viewer's set."""
        ground = QRectF(*self._layout.row(place))
        if self._hovered and self._hovered[0] == place:
            painter.fillRect(ground, QColor(self._theme.background))
        if self._shown.rows[place].is_current:
            painter.fillRect(ground, QColor(self._theme.accent_soft))

    def _paint_label(self, painter: QPainter, place: int) -> None:
        one, layout, theme = self._shown.rows[place], self._layout, self._theme
        top, height = layout.tops[place], layout.row_px
        self._paint_ground(painter, place)
        if one.is_current:
            painter.fillRect(QRectF(0, top, scaled(_BAR_PX), height), QColor(theme.accent))
        painter.setFont(self._font(bold=one.is_current))
        painter.setPen(QColor(theme.disabled if one.row.reason else theme.text))
        label = QRectF(0, top, layout.label_px - _LABEL_GAP_PX, height)
        painter.drawText(label, _RIGHT, label_of(one))

    def _paint_row(self, painter: QPainter, place: int) -> None:
        one, layout, theme = self._shown.rows[place], self._layout, self._theme
        _, top, width, height = layout.row(place)
        self._paint_ground(painter, place)
        painter.setFont(self._font(italic=self._shown.source == "population"))
        if one.row.reason:
            painter.setPen(QColor(theme.disabled))
            wide = QRectF(layout.left(0) + 8, top, width - layout.left(0), height)
            painter.drawText(wide, _LEFT, one.row.reason)
        for cell in row_cells(self._shown, layout, place, theme):
            _paint_cell(painter, cell)

    def _paint_focus(self, painter: QPainter) -> None:
        """Frame the cell that the keyboard is at."""
        row, column = self._chosen
        if not self.hasFocus() or row >= len(self._shown.rows):
            return
        wide = bool(self._shown.rows[row].row.reason)
        rect = self._layout.row(row) if wide else self._layout.cell(row, column)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.panel), 4))
        painter.drawRect(_inside(rect, 2))
        painter.setPen(QPen(QColor(self._theme.text), 2))
        painter.drawRect(_inside(rect, 1))

    def _font(self, *, bold: bool = False, italic: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(scaled(_TEXT_PX))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        font.setItalic(italic)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    # The mouse

    def place_at(self, x: float, y: float) -> Place | None:
        """Tell row and column under a point of the viewport; column -1 for a label."""
        if y < self._layout.head_px:
            return None
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return self._layout.at(x + across if x >= self._layout.label_px else x, y + down)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Light up the row under the pointer and say what the cell shows."""
        place = self.place_at(event.position().x(), event.position().y())
        if place != self._hovered:
            self._hovered = place
            can = place is not None and not self._shown.rows[place[0]].row.reason
            shape = Qt.CursorShape.PointingHandCursor if can else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()
            self._tell()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose the row under the pointer."""
        place = self.place_at(event.position().x(), event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._chosen = place[0], max(place[1], 0)
            self.row_chosen.emit(self._shown.rows[place[0]].row.available)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Show what a cell shows as a tooltip; forget the pointer when it leaves."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.place_at(event.pos().x(), event.pos().y())
            text = cell_sentence(self._shown, *place) if place is not None else ""
            if place is not None and not self._shown.rows[place[0]].row.reason:
                text += "\nClick to see this set in the viewer"
            QToolTip.showText(event.globalPos(), text, self.viewport())
            return True
        if event.type() == QEvent.Type.Leave and self._hovered is not None:
            self._hovered = None
            self.viewport().update()
            self._tell()
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Fit the map into the new room."""
        super().resizeEvent(event)
        self._lay_out()

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Go from cell to cell by arrows, Home, End and Page keys; choose by Enter or Space."""
        key = Qt.Key(event.key())
        n_rows, (row, column) = len(self._shown.rows), self._chosen
        page = max(1, int(self.viewport().height() / self._layout.row_px) - 2)
        steps = {
            Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_PageUp: (-page, 0), Qt.Key.Key_PageDown: (page, 0),
            Qt.Key.Key_Home: (-n_rows, 0), Qt.Key.Key_End: (n_rows, 0),
        }  # fmt: skip
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier,
        )  # fmt: skip
        if not plain or not n_rows:
            super().keyPressEvent(event)
        elif key in steps:
            down, right = steps[key]
            self._go_to(row + down, column + right)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.row_chosen.emit(self._shown.rows[row].row.available)
        else:
            super().keyPressEvent(event)

    def _go_to(self, row: int, column: int) -> None:
        row = min(max(row, 0), len(self._shown.rows) - 1)
        self._chosen = row, min(max(column, 0), len(COLUMNS) - 1)
        self._hovered = None
        self._scroll_to(self._layout.cell(*self._chosen))
        self.viewport().update()
        self._tell()

    def _scroll_to(self, rect: Rect) -> None:
        """Bring a cell into sight, clear of heads and labels."""
        left, top, width, height = rect
        room = self.viewport().size()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        if top - down.value() < self._layout.head_px:
            down.setValue(round(top - self._layout.head_px))
        elif top + height - down.value() > room.height():
            down.setValue(round(top + height - room.height()) + 1)
        if left - across.value() < self._layout.label_px:
            across.setValue(round(left - self._layout.label_px))
        elif left + width - across.value() > room.width():
            across.setValue(round(left + width - room.width()) + 1)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Show the frame."""
        super().focusInEvent(event)
        self.viewport().update()
        self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Hide the frame."""
        super().focusOutEvent(event)
        self.viewport().update()
        self._tell()

    def _tell(self) -> None:
        """Say what the cell under the pointer, or the one the keyboard is at, shows."""
        place = self._hovered or (self._chosen if self.hasFocus() else None)
        there = place is not None and place[0] < len(self._shown.rows)
        words = cell_sentence(self._shown, *place) if place is not None and there else ""
        self.setAccessibleDescription(words)
        self.place_changed.emit(words)


def _paint_cell(painter: QPainter, cell: Cell) -> None:
    rect = _inside(cell.rect, 0.5)
    if cell.ground:
        painter.fillRect(rect, QColor(cell.ground))
    painter.setPen(QColor(cell.ink))
    painter.drawText(rect, _CENTRE, cell.text)


def _inside(rect: Rect, by: float) -> QRectF:
    return QRectF(*rect).adjusted(by, by, -by, -by)
