"""The line at the bottom: the scale, and the fixed wording, always."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ecgview import DISCLAIMER
from ecgview.gui.elided_label import ElidedLabel
from ecgview.gui.text_size import scaled
from ecgview.gui.widgets import label

HEIGHT_PX = 30
_MESSAGE_MS = 6000
_AROUND_PX = 40 + 24 + 4
"""Margins and gap."""
_LEAST_SCALE_PX = 120


class StatusBar(QFrame):
    """Scale note at the left, the fixed wording at the right; only the note may be cut."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status-bar")
        self.setProperty("panel", "true")
        self.setProperty("edge", "top")
        self._note = ElidedLabel("", "secondary")
        self._note.setObjectName("scale-note")
        self._scale = ""
        self._message_over = QTimer(self)
        self._message_over.setSingleShot(True)
        self._message_over.setInterval(_MESSAGE_MS)
        self._message_over.timeout.connect(self._show_scale)
        self._short = label("", "secondary")
        self._short.setObjectName("short-scale")
        self._short.hide()
        wording = self._wording = label(DISCLAIMER, "secondary")
        wording.setObjectName("disclaimer")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(24)
        row.addWidget(self._short)
        row.addWidget(self._note, 1)
        row.addWidget(wording)
        self.setFixedHeight(HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Give the wording a second line where one is too narrow for it."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Fit the wording anew in type of another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        whole_px = self._wording.fontMetrics().horizontalAdvance(DISCLAIMER)
        scale_px = self._note.fontMetrics().horizontalAdvance(self._scale)
        is_tight = self.width() < whole_px + max(scale_px, _LEAST_SCALE_PX) + _AROUND_PX
        self._wording.setWordWrap(is_tight)
        self._wording.setMinimumWidth(whole_px * 2 // 3 if is_tight else 0)
        height_px = scaled(HEIGHT_PX, 1.6) if is_tight else scaled(HEIGHT_PX)
        if self.height() != height_px:
            self.setFixedHeight(height_px)

    def set_scale(self, text: str) -> None:
        """Show the scale."""
        self._scale = text
        self._fit()
        self._short.setText(short_scale(text))
        if self._message_over.isActive():
            self._short.setVisible(bool(text))
        else:
            self._note.setText(text)

    def say(self, message: str) -> None:
        """Show a message for a few seconds; a short scale stays beside it."""
        self._short.setVisible(bool(self._scale))
        self._note.setText(message)
        self._message_over.start()

    def _show_scale(self) -> None:
        self._short.hide()
        self._note.setText(self._scale)


def short_scale(text: str) -> str:
    """Keep speed, gain and whether they are true of a scale in words."""
    parts = text.split(" · ")
    return " · ".join((*parts[:2], parts[-1].partition(",")[0])) if len(parts) > 3 else text
