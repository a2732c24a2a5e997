"""The map as a widget: painted, scrolled to where it is too large, gone over by mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from ecgview.gui.leadmap.drawing import COLUMNS, Layout, Rect, lay_out
from ecgview.gui.leadmap.map_paint import MapPicture, Place
from ecgview.gui.leadmap.state import ShownMap
from ecgview.gui.leadmap.words import cell_sentence
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import LIGHT, Theme

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

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw what is in sight."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._theme.panel))
        picture = MapPicture(
            self._shown, self._layout, self._theme, self.font(), self._hovered,
            self._chosen if self.hasFocus() else None,
        )  # fmt: skip
        scrolled = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        picture.paint(painter, self.viewport().size(), scrolled)
        painter.end()

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
