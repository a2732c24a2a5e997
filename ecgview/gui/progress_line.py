"""A thin line under the top bar while something takes longer than a moment."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ecgview.gui.theme import LIGHT, Theme

DELAY_MS = 150
_STEP_MS = 30
_SLIDER_PART = 0.18
_SLIDE_PER_STEP = 0.02


class ProgressLine(QWidget):
    """A hairline when idle; while busy, a part of it in the accent colour.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(2)
        self.setAccessibleName("Progress")
        self._theme = LIGHT
        self._fraction: float | None = None
        self._place = 0.0
        self._shown = False
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MS)
        self._delay.timeout.connect(self._begin)
        self._slide = QTimer(self)
        self._slide.setInterval(_STEP_MS)
        self._slide.timeout.connect(self._advance)

    @property
    def is_shown(self) -> bool:
        """Whether the line shows work in progress."""
        return self._shown

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def set_busy(self, busy: bool) -> None:
        """Show the line if this lasts longer than `DELAY_MS`, or put it away."""
        if busy:
            if not self._shown and not self._delay.isActive():
                self._delay.start()
            return
        self._delay.stop()
        self._slide.stop()
        self._shown, self._fraction, self._place = False, None, 0.0
        self.update()

    def set_fraction(self, done: int, total: int) -> None:
        """Show how much is done; a total of 0 means that it is not known."""
        self._fraction = done / total if total > 1 else None
        self.update()

    def _begin(self) -> None:
        self._shown = True
        self._slide.start()
        self.update()

    def _advance(self) -> None:
        self._place = (self._place + _SLIDE_PER_STEP) % (1 + _SLIDER_PART)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.panel))
        painter.fillRect(QRectF(0, 1, self.width(), 1), QColor(self._theme.hairline))
        if self._shown:
            painter.fillRect(self._bar(), QColor(self._theme.accent))
        painter.end()

    def _bar(self) -> QRectF:
        if self._fraction is not None:
            return QRectF(0, 0, self.width() * self._fraction, 2)
        left = (self._place - _SLIDER_PART) * self.width()
        return QRectF(left, 0, _SLIDER_PART * self.width(), 2)
