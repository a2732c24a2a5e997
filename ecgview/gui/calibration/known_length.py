"""A bank card or a ruler drawn on the screen, to be made as large as the one in the hand."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ecgview.gui.calibration.screens import RANGE_PX_PER_MM
from ecgview.gui.theme import Theme

CARD_MM = (85.60, 53.98)
"""Width and height of a bank card: size ID-1 of ISO/IEC 7810."""
_CORNER_MM = 3.18
_LEFT_PX = 16.0
_TOP_PX = 14.0
_STEP_PX = 0.25
_LARGE_STEP = 10
_GRIP_PX = 12.0
_MOST_HEIGHT_PX = 420.0


class KnownLength(QWidget):
    """The drawing; its right end is dragged, or moved with the arrow keys (Shift for more).

    Parameters
    ----------
    theme : Theme
        Its colours.
    px_per_mm : float
        Logical pixels per millimetre, to begin with.
    """

    changed = Signal(float)
    """Pixels per millimetre, as the user made them."""

    def __init__(self, theme: Theme, px_per_mm: float) -> None:
        super().__init__()
        self._theme = theme
        self._px_per_mm = px_per_mm
        self._ruler_mm: float | None = None
        self._grip: float | None = None
        self.setObjectName("known-length")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(round(min(self._bottom() + _TOP_PX, _MOST_HEIGHT_PX)))
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setToolTip("Drag the right edge, or press Left and Right (with Shift for more)")
        self._name()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Give a card on a usual screen room to grow."""
        return QSize(620, 330)

    @property
    def px_per_mm(self) -> float:
        """Logical pixels per millimetre."""
        return self._px_per_mm

    @property
    def length_mm(self) -> float:
        """Length that the right end is at."""
        return CARD_MM[0] if self._ruler_mm is None else self._ruler_mm

    @property
    def end_x(self) -> float:
        """Where the right end is."""
        return _LEFT_PX + self.length_mm * self._px_per_mm

    def show_card(self) -> None:
        """Draw a card."""
        self._ruler_mm = None
        self._name()

    def show_ruler(self, length_mm: float) -> None:
        """Draw a ruler of a length."""
        self._ruler_mm = length_mm
        self._name()

    def set_px_per_mm(self, px_per_mm: float) -> None:
        """Draw in another size."""
        self._px_per_mm = px_per_mm
        self.update()

    def _name(self) -> None:
        what = "bank card" if self._ruler_mm is None else f"ruler of {self._ruler_mm:g} mm"
        self.setAccessibleName(f"Outline of a {what}, to be made as large as a real one")
        self.update()

    def _move_end(self, x: float) -> None:
        least, most = RANGE_PX_PER_MM
        self._px_per_mm = min(max((x - _LEFT_PX) / self.length_mm, least), most)
        self.update()
        self.changed.emit(self._px_per_mm)

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the right end, wherever the press is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.position().x() - self.end_x

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the right end along."""
        if self._grip is not None:
            self._move_end(event.position().x() - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        self._grip = None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move the right end by a little."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = _STEP_PX * (_LARGE_STEP if shift else 1)
        ways = {Qt.Key.Key_Left: -step, Qt.Key.Key_Right: step}
        way = ways.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
        else:
            self._move_end(self.end_x + way)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the card or the ruler, and the grip at its right end."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.fillRect(self.rect(), QColor(self._theme.background))
        if self._ruler_mm is None:
            self._paint_card(painter)
        else:
            self._paint_ruler(painter, self._ruler_mm)
        colour = self._theme.accent if self.hasFocus() else self._theme.secondary
        painter.setPen(QPen(QColor(colour), 2))
        top = QPointF(self.end_x, _TOP_PX - 8)
        painter.drawLine(top, QPointF(self.end_x, self._bottom() + 8))
        middle = (_TOP_PX + self._bottom()) / 2
        painter.setBrush(QColor(colour))
        painter.drawEllipse(QPointF(self.end_x, middle), _GRIP_PX / 2, _GRIP_PX / 2)
        painter.end()

    def _bottom(self) -> float:
        height_mm = CARD_MM[1] if self._ruler_mm is None else 20.0
        return _TOP_PX + height_mm * self._px_per_mm

    def _paint_card(self, painter: QPainter) -> None:
        width, height = (length * self._px_per_mm for length in CARD_MM)
        corner = _CORNER_MM * self._px_per_mm
        painter.setPen(QPen(QColor(self._theme.text), 1))
        painter.setBrush(QColor(self._theme.panel))
        painter.drawRoundedRect(QRectF(_LEFT_PX, _TOP_PX, width, height), corner, corner)
        # The stripe of a card, so that nobody takes it for a field of the form.
        stripe = QRectF(_LEFT_PX, _TOP_PX + 0.14 * height, width, 0.2 * height)
        painter.fillRect(stripe, QColor(self._theme.control_pressed))
        painter.setPen(QColor(self._theme.secondary))
        place = QPointF(_LEFT_PX + 0.06 * width, _TOP_PX + 0.85 * height)
        painter.drawText(place, "85.60 mm \N{MULTIPLICATION SIGN} 53.98 mm")

    def _paint_ruler(self, painter: QPainter, length_mm: float) -> None:
        painter.setPen(QPen(QColor(self._theme.text), 1))
        for mark_mm in range(int(length_mm) + 1):
            x = _LEFT_PX + mark_mm * self._px_per_mm
            long = 9.0 if mark_mm % 10 == 0 else 6.0 if mark_mm % 5 == 0 else 3.5
            bottom = _TOP_PX + long * self._px_per_mm
            painter.drawLine(QPointF(x, _TOP_PX), QPointF(x, bottom))
            if mark_mm % 10 == 0:
                painter.drawText(QPointF(x + 3, bottom), f"{mark_mm}")
