"""A card over the dimmed window that has the keyboard until it is dismissed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QWidget
from shiboken6 import isValid

_DIM = QColor(0, 0, 0, 110)


class Overlay(QWidget):
    """Covers the window; Esc or a click beside the card dismisses it.

    Parameters
    ----------
    window : QMainWindow
        Covered, whatever its size becomes.
    """

    dismissed = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._before: QWidget | None = None
        self.card = QFrame(self)
        self.card.setProperty("card", "true")
        self.card.setObjectName("overlay-card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def place(self, room: QRect) -> QRect:
        """Say where the card goes.

        Parameters
        ----------
        room : QRect
            The window.
        """
        size = self.card.sizeHint().boundedTo(room.size())
        return QRect(room.center() - QRect(0, 0, size.width(), size.height()).center(), size)

    def appear(self) -> None:
        """Cover the window and take the keyboard."""
        self._before = QApplication.focusWidget()
        self.window().installEventFilter(self)
        self._cover()
        self.show()
        self.raise_()
        # Not asked for its focus proxy: PySide6 takes it for its own then, and deletes it.
        self.setFocus()

    def dismiss(self) -> None:
        """Uncover the window and give the keyboard back; the overlay is not used again."""
        if self.isHidden():
            return
        self.window().removeEventFilter(self)
        self.hide()
        # It may be gone meanwhile, as a file that was being read is shown.
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus()
        self.dismissed.emit()
        self.deleteLater()

    def _cover(self) -> None:
        self.setGeometry(self.window().rect())
        self.card.setGeometry(self.place(self.rect()))

    # Events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Follow the size of the window."""
        if event.type() == QEvent.Type.Resize:
            self._cover()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Keep the keys from the shortcuts of the window below."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 (Qt's name)
        """Keep the keyboard here."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Dismiss on Esc; nothing else gets through."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Dismiss on a click beside the card."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.dismiss()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Dim the window."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _DIM)
        painter.end()
