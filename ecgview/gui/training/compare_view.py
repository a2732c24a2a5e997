"""Two runs beside each other: their curves overlaid, what they reached, where they differ."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ecgview.gui.theme import Theme
from ecgview.gui.training.curves import CurvePlot, Legend, curves_of
from ecgview.gui.training.fact_table import FactTable
from ecgview.gui.training.state import Course
from ecgview.gui.widgets import label

COLOURS = ("accent", "original")


class CompareView(QWidget):
    """The view of two runs."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("panel", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = label("", "title")
        self._title.setObjectName("compare-title")
        self._legend, self._curves = Legend(), CurvePlot()
        self.facts = FactTable()
        note = label("Solid: validation loss. Dashed: training loss.", "secondary")
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.addWidget(self._title)
        head.addStretch()
        head.addWidget(self._legend)
        plot = QHBoxLayout()
        plot.setContentsMargins(20, 0, 12, 0)
        plot.addWidget(self._curves)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 0, 20, 0)
        foot.addWidget(note)
        table = QHBoxLayout()
        table.setContentsMargins(14, 0, 12, 12)
        table.addWidget(self.facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(foot)
        column.addLayout(plot, 2)
        column.addLayout(table, 3)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._legend.set_theme(theme)
        self._curves.set_theme(theme)

    def show_courses(self, courses: Sequence[Course]) -> None:
        """Show two runs."""
        self._title.setText("Two runs compared")
        pairs = list(zip(courses, COLOURS, strict=True))
        curves = [
            curve for course, colour in pairs
            for curve in curves_of(course.history, colour, f"{course.name}, ")
        ]  # fmt: skip
        epochs = max((len(course.history) for course in courses), default=1)
        self._curves.show_curves(curves, epochs)
        self._legend.show_entries([(course.name, colour, False) for course, colour in pairs])
        self.facts.show_courses(courses)
