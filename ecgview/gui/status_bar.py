"""The line at the bottom: the scale, and the fixed wording, always."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ecgview import DISCLAIMER
from ecgview.gui.elided_label import ElidedLabel
from ecgview.gui.widgets import label

HEIGHT_PX = 30
_MESSAGE_MS = 6000


class StatusBar(QFrame):
    """Scale note at the left, the fixed wording at the right; only the note may be cut."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status-bar")
        self.setProperty("panel", "true")
        self.setProperty("edge", "top")
        self.setFixedHeight(HEIGHT_PX)
        self._note = ElidedLabel("", "secondary")
        self._note.setObjectName("scale-note")
        self._scale = ""
        self._message_over = QTimer(self)
        self._message_over.setSingleShot(True)
        self._message_over.setInterval(_MESSAGE_MS)
        self._message_over.timeout.connect(lambda: self._note.setText(self._scale))
        wording = label(DISCLAIMER, "secondary")
        wording.setObjectName("disclaimer")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(24)
        row.addWidget(self._note, 1)
        row.addWidget(wording)

    def set_scale(self, text: str) -> None:
        """Show the scale."""
        self._scale = text
        if not self._message_over.isActive():
            self._note.setText(text)

    def say(self, message: str) -> None:
        """Show a message in the scale's place for a few seconds."""
        self._note.setText(message)
        self._message_over.start()
