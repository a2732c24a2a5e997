"""The dialog in which a time is typed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ecgview.gui.measuring.going import seconds_of
from ecgview.gui.text_size import scaled
from ecgview.gui.viewer.labels import clock
from ecgview.gui.widgets import button, label

_WIDTH_PX = 300


class TimeDialog(QDialog):
    """Asks for a time of the recording.

    Parameters
    ----------
    duration_s : float
        How long the recording is.
    parent : QWidget
        Above which it opens.
    """

    chosen = Signal(float)
    """Seconds."""

    def __init__(self, duration_s: float, parent: QWidget) -> None:
        super().__init__(parent)
        self._duration_s = duration_s
        self.setWindowTitle("Go to a time")
        self.setMinimumWidth(scaled(_WIDTH_PX))
        self.time = QLineEdit()
        self.time.setObjectName("time")
        self.time.setAccessibleName("Time")
        self.time.setAccessibleDescription("Seconds, or as 1:23.5 or 0:01:23.5")
        self.time.setPlaceholderText("83.5, 1:23.5 or 0:01:23.5")
        self.go = button("Go", self._on_go, primary="true", tip="Show this time (Enter)")
        self.go.setObjectName("time-go")
        self.go.setDefault(True)
        self.time.textChanged.connect(self._refresh)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(label("Go to a time", "heading"))
        column.addWidget(self.time)
        self._note = label("", "secondary", wrap=True)
        column.addWidget(self._note)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button("Cancel", self.reject, tip="Stay here (Esc)"))
        row.addWidget(self.go)
        column.addLayout(row)
        self._refresh()
        self.time.setFocus()

    def _time_s(self) -> float | None:
        time_s = seconds_of(self.time.text())
        return time_s if time_s is not None and time_s <= self._duration_s else None

    def _refresh(self) -> None:
        is_time, lasts = self._time_s() is not None, clock(self._duration_s)
        self.go.setEnabled(is_time)
        is_wrong = not is_time and bool(self.time.text().strip())
        said = "No time of this recording, which lasts" if is_wrong else "The recording lasts"
        self._note.setText(f"{said} {lasts}.")

    def _on_go(self) -> None:
        time_s = self._time_s()
        if time_s is not None:
            self.chosen.emit(time_s)
            self.accept()
