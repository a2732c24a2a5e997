"""The mouse and the keys over the paper of a window."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from stand_ins import show
from waiting import wait_until

from ecgview.gui.main_window import MainWindow
from ecgview.gui.measuring.calipers import Reading
from ecgview.gui.measuring.state import Caliper, MeasuringState
from ecgview.gui.viewer.layout import Cell, Page
from ecgview.recording import Recording

LEFT = Qt.MouseButton.LeftButton
NO = Qt.KeyboardModifier.NoModifier


@dataclass
class Paper:
    """What a test does over the traces of a window."""

    window: MainWindow

    def open(self, *recordings: Recording, layout: str = "12x1") -> None:
        """Show recordings, the first of them read and rebuilt."""
        show(self.window, *recordings)
        self.window.session.change_view(layout=layout)
        wait_until(lambda: not (self.measuring.reads_notes or self.measuring.reads_marks))
        self.window.trace_area.setFocus()

    @property
    def measuring(self) -> MeasuringState:
        return self.window.session.state.measuring

    @property
    def calipers(self) -> tuple[Caliper, ...]:
        return self.window.session.state.calipers

    @property
    def page(self) -> Page:
        return self.window.trace_area.page()

    def cell(self, lead: str, number: int = 0) -> Cell:
        return [cell for cell in self.page.cells if cell.lead == lead][number]

    def at(self, lead: str, time_s: float, value_mv: float, number: int = 0) -> QPoint:
        """Where a voltage of a lead is drawn."""
        cell = self.cell(lead, number)
        return QPoint(round(self.page.x_in(cell, time_s)), round(self.page.y_in(cell, value_mv)))

    def drag(self, start: QPoint, stop: QPoint, keys: Qt.KeyboardModifier = NO) -> None:
        area = self.window.trace_area
        QTest.mousePress(area, LEFT, keys, start)
        for part in (1, 2, 3):
            # QTest.mouseMove takes no modifiers.
            self.move(start + (stop - start) * part / 3, keys)
        QTest.mouseRelease(area, LEFT, keys, stop)

    def move(self, to: QPoint, keys: Qt.KeyboardModifier = NO, buttons: object = LEFT) -> None:
        from PySide6.QtCore import QCoreApplication, QEvent, QPointF
        from PySide6.QtGui import QMouseEvent

        area = self.window.trace_area
        place = QPointF(to)
        QCoreApplication.sendEvent(
            area,
            QMouseEvent(
                QEvent.Type.MouseMove, place, QPointF(area.mapToGlobal(to)),
                Qt.MouseButton.NoButton, buttons, keys,
            ),
        )  # fmt: skip

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO) -> None:
        QTest.keyClick(self.window.trace_area, key, keys)

    def act(self, name: str) -> None:
        """Do an action of the table, if it can be done now."""
        action = self.window.actions_table[name]
        assert action.isEnabled(), name
        action.trigger()

    @property
    def readings(self) -> tuple[Reading, ...]:
        return self.window.commands.measuring.layers.readings()

    def drawn(self, name: str) -> object:
        """What a layer shows now."""
        area = self.window.trace_area
        return area._layers[name](self.page, area.width(), area.height())
