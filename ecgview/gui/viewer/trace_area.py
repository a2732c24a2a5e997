"""The widget that shows the traces and moves over them."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from ecgview.gui.viewer import navigate
from ecgview.gui.viewer.layout import Page, scroll_limits_mm
from ecgview.gui.viewer.page_bars import PageBars
from ecgview.gui.viewer.state import ViewState
from ecgview.gui.viewer.trace_paper import TracePaper


class Tool(Protocol):
    """What the mouse does over the paper instead of moving it."""

    def press(self, area: TraceArea, event: QMouseEvent) -> bool:
        """Take a press of the left button; False to leave it to the paper."""

    def move(self, area: TraceArea, event: QMouseEvent) -> bool:
        """Take a move, with or without a button; False to leave it to the paper."""

    def release(self, area: TraceArea, event: QMouseEvent) -> bool:
        """Take the release; False to leave it to the paper."""

    def wants(self, event: QKeyEvent) -> bool:
        """Tell whether a key comes to `key` even where it is a shortcut."""

    def key(self, area: TraceArea, event: QKeyEvent) -> bool:
        """Take a key, Tab among them; False to leave it to the paper."""


_NOTCH = 120.0
_NOTCH_PART = 0.1
_ZOOM_STEP = 1.25
_LEAST_MARK_PX = 4.0


class TraceArea(TracePaper):
    """Twelve leads on ECG paper, to move over.

    The wheel moves in time (or down a page higher than the window), with Ctrl it zooms about
    the cursor, with Alt (or Ctrl and Shift) in time alone; dragging moves the paper, dragging with
    Shift or Alt marks a stretch. Left, Right, Home, End, +, - and 0 do the same from the keyboard;
    Esc clears the mark.
    """

    viewChanged = Signal(ViewState)  # noqa: N815
    """The user has moved, zoomed or marked."""
    pointerMoved = Signal()  # noqa: N815
    """`pointer` gives another place."""
    doubleClicked = Signal(QPointF)  # noqa: N815
    """Somewhere on the paper."""
    menuAsked = Signal(QPointF, QPoint)  # noqa: N815
    """A menu is wanted for a place on the paper, at a place of the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drag_from: QPointF | None = None
        self._mark_from: float | None = None
        self._focus_ring = False
        self._tool: Tool | None = None
        self._pointer: QPointF | None = None
        self._bars = PageBars(self)
        self._bars.moved.connect(self._bar_moved)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def page(self) -> Page:
        """Give the layout on the screen now."""
        return self._page()

    def pointer(self) -> QPointF | None:
        """Tell where the mouse is; None where it is not over the paper."""
        return self._pointer

    def set_tool(self, tool: Tool | None) -> None:
        """Let a tool have the mouse first; None for moving and marking alone."""
        self._tool = tool

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the view within bounds and the scroll bars at the edges."""
        self._bars.place(self.width(), self.height())
        self._set(self._view)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Move, zoom with Ctrl, or zoom in time with Alt, or with Ctrl and Shift."""
        # With Alt some systems report the wheel as turned sideways.
        notches = (event.angleDelta().y() or event.angleDelta().x()) / _NOTCH
        with_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & Qt.KeyboardModifier.AltModifier or (with_ctrl and with_shift):
            self._zoom_time(_ZOOM_STEP**notches, event.position().x())
        elif with_ctrl:
            place = event.position()
            self._zoom(_ZOOM_STEP**notches, place.x(), place.y())
        else:
            self._pan(*self._wheel_way(event))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the paper, or start a mark with Shift or Alt."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        if self._tool is not None and self._tool.press(self, event):
            return
        marking = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
        if event.modifiers() & marking:
            self._mark_from = event.position().x()
            self.setCursor(Qt.CursorShape.IBeamCursor)
        else:
            self._drag_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag the paper or the end of the mark."""
        self._point_to(event.position())
        if self._tool is not None and self._tool.move(self, event):
            return
        place = event.position()
        if self._drag_from is not None:
            way = self._drag_from - place
            self._drag_from = place
            self._pan(way.x(), way.y())
        elif self._mark_from is not None:
            self._mark(place.x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go; only now a mark is reported, since much may be computed over it."""
        if self._tool is not None and self._tool.release(self, event):
            return
        if self._mark_from is not None:
            self._mark(event.position().x())
            self.viewChanged.emit(self._view)
        self._drag_from = self._mark_from = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Report it, where no tool takes it as two presses."""
        self.mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self._drag_from is not None:
            self.mouseReleaseEvent(event)
            self.doubleClicked.emit(event.position())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Forget the pointer."""
        self._point_to(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for a menu: at the pointer, or from the keyboard in the middle."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        place = QPointF(event.pos()) if by_mouse else QPointF(self.rect().center())
        self.menuAsked.emit(place, self.mapToGlobal(place.toPoint()))

    def _point_to(self, place: QPointF | None) -> None:
        self._pointer = place
        self.pointerMoved.emit()

    def event(self, event: QEvent) -> bool:
        """Give keys to the tool before they are shortcuts or move the focus."""
        if isinstance(event, QKeyEvent) and self._tool is not None:
            is_tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            if event.type() == QEvent.Type.ShortcutOverride and self._tool.wants(event):
                event.accept()
                return True
            if is_tab and event.type() == QEvent.Type.KeyPress and self._tool.key(self, event):
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move and zoom from the keyboard."""
        if self._tool is not None and self._tool.key(self, event):
            return
        step_x, step_y = self.width() * _NOTCH_PART, self.height() * _NOTCH_PART
        centre = self.width() / 2, self.height() / 2
        key = Qt.Key
        actions = {
            key.Key_Left: lambda: self._pan(-step_x, 0),
            key.Key_Right: lambda: self._pan(step_x, 0),
            key.Key_Up: lambda: self._pan(0, -step_y),
            key.Key_Down: lambda: self._pan(0, step_y),
            key.Key_Home: lambda: self._change(navigate.go_to(self._view, 0.0, *self._extent())),
            key.Key_End: lambda: self._change(navigate.go_to_end(self._view, *self._extent())),
            key.Key_Plus: lambda: self._zoom(_ZOOM_STEP, *centre),
            key.Key_Equal: lambda: self._zoom(_ZOOM_STEP, *centre),
            key.Key_Minus: lambda: self._zoom(1 / _ZOOM_STEP, *centre),
            key.Key_0: lambda: self._change(replace(self._view, zoom=1.0, scroll_mm=(0.0, 0.0))),
        }
        if event.key() == key.Key_Escape and self._view.mark_s is not None:
            self._change(replace(self._view, mark_s=None))
        elif event.key() in actions:
            actions[key(event.key())]()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard; paper has no frame otherwise."""
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._focus_ring = event.reason() in by_key
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Take the focus ring away."""
        self._focus_ring = False
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the focus ring over the paper."""
        super().paintEvent(event)
        if self._focus_ring:
            self._paint_focus()

    def _paint_focus(self) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self._theme.accent), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0, 0, -1, -1))
        painter.end()

    # Moving

    def _pan(self, right_px: float, down_px: float) -> None:
        px_per_mm = self._page().px_per_mm
        self._move(right_px / px_per_mm, down_px / px_per_mm)

    def _move(self, right_mm: float, down_mm: float) -> None:
        self._change(navigate.pan(self._view, right_mm, down_mm, *self._extent()))

    def _bar_moved(self, right_mm: float, down_mm: float) -> None:
        right, down = navigate.reach(self._view, *self._extent())
        self._move(right_mm - right.at_mm, down_mm - down.at_mm)

    def _zoom(self, factor: float, x: float, y: float) -> None:
        self._change(navigate.zoom_about(self._view, factor, x, y, *self._extent()))

    def _zoom_time(self, factor: float, x: float) -> None:
        self._change(navigate.zoom_time(self._view, factor, x, *self._extent()))

    def _mark(self, to_x: float) -> None:
        from_x = self._mark_from or 0.0
        if abs(to_x - from_x) < _LEAST_MARK_PX:
            self._set(replace(self._view, mark_s=None))
        else:
            self._set(navigate.mark(self._view, from_x, to_x, *self._extent()))

    def _wheel_way(self, event: QWheelEvent) -> tuple[float, float]:
        """How far the wheel moves the window over the paper, in logical pixels."""
        if not event.pixelDelta().isNull():
            right, down = -float(event.pixelDelta().x()), -float(event.pixelDelta().y())
        else:
            step = self.width() * _NOTCH_PART / _NOTCH
            right, down = -event.angleDelta().x() * step, -event.angleDelta().y() * step
        sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        higher = scroll_limits_mm(self._view, self._window())[1] > 0
        return (right, down) if higher and not sideways else (right + down, 0.0)

    def _change(self, view: ViewState) -> None:
        if self._set(view):
            self.viewChanged.emit(self._view)

    def _set(self, view: ViewState) -> bool:
        """Take over a view, and show on the scroll bars where it is."""
        changed = super()._set(view)
        self._bars.show_reach(*navigate.reach(self._view, *self._extent()))
        return changed
