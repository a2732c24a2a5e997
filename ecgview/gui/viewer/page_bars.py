"""The two scroll bars that lie over the edges of the paper."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QScrollBar, QWidget

from ecgview.gui.viewer.navigate import Reach

_STEPS_PER_MM = 10


class PageBars(QObject):
    """A bar for time and one for height, each only where there is more than the window shows.

    Parameters
    ----------
    area : QWidget
        The widget they lie on.
    """

    moved = Signal(float, float)
    """The user wants to be here: to the right and down, in mm of paper."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._time = self._make(Qt.Orientation.Horizontal, "Time", area)
        self._height = self._make(Qt.Orientation.Vertical, "Page", area)

    def place(self, width: int, height: int) -> None:
        """Lie along the edges of an area of this size."""
        thickness = self._height.sizeHint().width()
        self._time.setGeometry(0, height - thickness, width - thickness, thickness)
        self._height.setGeometry(width - thickness, 0, thickness, height - thickness)

    def show_reach(self, right: Reach, down: Reach) -> None:
        """Take the positions over, without reporting them as moves."""
        for bar, reach in ((self._time, right), (self._height, down)):
            bar.blockSignals(True)
            bar.setRange(0, round(reach.limit_mm * _STEPS_PER_MM))
            bar.setPageStep(max(1, round(reach.window_mm * _STEPS_PER_MM)))
            bar.setSingleStep(max(1, bar.pageStep() // 10))
            bar.setValue(round(reach.at_mm * _STEPS_PER_MM))
            bar.setVisible(reach.limit_mm > 0)
            bar.blockSignals(False)

    def _make(self, orientation: Qt.Orientation, name: str, area: QWidget) -> QScrollBar:
        bar = QScrollBar(orientation, area)
        bar.setAccessibleName(name)
        bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar.setCursor(Qt.CursorShape.ArrowCursor)
        bar.valueChanged.connect(self._report)
        bar.hide()
        return bar

    def _report(self) -> None:
        self.moved.emit(self._time.value() / _STEPS_PER_MM, self._height.value() / _STEPS_PER_MM)
