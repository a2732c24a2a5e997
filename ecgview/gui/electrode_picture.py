"""The clickable drawing of the electrodes on a torso."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from ecgview.gui.electrodes import (
    ELECTRODES,
    RADIUS_PX,
    ElectrodeMark,
    electrode_marks,
    electrode_place,
    explain,
    load_torso,
    paint_electrodes,
    picture_place,
)
from ecgview.gui.theme import LIGHT, Theme

_torso = cache(load_torso)


class ElectrodePicture(QWidget):
    """A torso with ten electrodes; chest electrodes switch their lead.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    clicked = Signal(str)
    """The electrode's name."""
    hovered = Signal(str)
    """The electrode under the pointer or the keyboard's choice, or an empty text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._marks = electrode_marks((), ())
        self._hovered = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Electrodes")
        self.setAccessibleDescription("Arrow keys choose an electrode, Space switches its lead.")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Give the natural size of the drawing."""
        return _torso(self._theme).defaultSize()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Give the least size: the drawing shrinks in low windows."""
        return self.sizeHint() * 0.8

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def set_leads(self, leads: Collection[str], available: Collection[str]) -> None:
        """Show which electrodes the available leads need."""
        self.set_marks(electrode_marks(leads, available))

    def set_marks(self, marks: dict[str, ElectrodeMark]) -> None:
        """Show the electrodes as they are marked."""
        self._marks = marks
        self.update()

    def position(self, electrode: str) -> QPointF:
        """Centre of an electrode in the widget."""
        return electrode_place(_torso(self._theme), self._picture(), electrode)

    def _picture(self) -> QRectF:
        """Where the drawing lies: as large as fits, centred."""
        return picture_place(_torso(self._theme), QRectF(self.rect()))

    def electrode_at(self, point: QPointF) -> str:
        """Find the electrode at a point of the widget; an empty text for none."""
        for electrode in ELECTRODES:
            offset = point - self.position(electrode)
            if offset.x() ** 2 + offset.y() ** 2 <= (RADIUS_PX + 1) ** 2:
                return electrode
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the torso and the electrodes on it."""
        painter = QPainter(self)
        paint_electrodes(
            painter, QRectF(self.rect()), self._marks, self._theme,
            torso=_torso(self._theme), hovered=self._hovered,
        )  # fmt: skip
        painter.end()

    def _hover(self, electrode: str) -> None:
        if electrode == self._hovered:
            return
        self._hovered = electrode
        shape = Qt.CursorShape.PointingHandCursor if electrode else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.hovered.emit(electrode)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Light up the electrode under the pointer."""
        self._hover(self.electrode_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Nothing is under the pointer any more."""
        self._hover("")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell which electrode was clicked."""
        electrode = self.electrode_at(event.position())
        if electrode and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(electrode)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Arrow keys walk over the electrodes, Space or Return clicks."""
        step = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
        }.get(Qt.Key(event.key()))
        if step is not None:
            here = ELECTRODES.index(self._hovered) if self._hovered else -1 if step > 0 else 0
            self._hover(ELECTRODES[(here + step) % len(ELECTRODES)])
        elif self._hovered and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return):
            self.clicked.emit(self._hovered)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Drop the keyboard's choice with the focus."""
        self._hover("")
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show what the electrode under the pointer is for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            electrode = self.electrode_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), explain(electrode) if electrode else "", self)
            return True
        return super().event(event)
