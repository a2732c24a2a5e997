"""The facts about one run, or about two side by side, as a table that can be copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ecgview.gui.training.facts import Fact, facts
from ecgview.gui.training.state import Course

_ROW_PX = 26


class FactTable(QTableWidget):
    """A row a fact, a column a run; the better figure is bold."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run-facts")
        self.setAccessibleName("Facts about the run")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.setTabKeyNavigation(False)
        self.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._shown: list[Fact] = []
        self._names: list[str] = []

    def show_courses(self, courses: Sequence[Course]) -> None:
        """Show runs."""
        rows, names = facts(courses), [course.name for course in courses]
        if rows == self._shown and names == self._names:
            return
        self._shown, self._names = rows, names
        sections = list(dict.fromkeys(fact.section for fact in rows))
        self.clear()
        self.setColumnCount(1 + len(courses))
        self.setRowCount(len(rows) + len(sections))
        self.setHorizontalHeaderLabels(["", *names])
        self.horizontalHeader().setVisible(len(courses) > 1)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        line = 0
        for section in sections:
            self._put_section(line, section)
            line += 1
            for fact in rows:
                if fact.section == section:
                    self._put(line, fact)
                    line += 1
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for column in range(1, 1 + len(courses)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def _put_section(self, line: int, section: str) -> None:
        item = QTableWidgetItem(section)
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.setItem(line, 0, item)
        self.setSpan(line, 0, 1, self.columnCount())
        self.setRowHeight(line, _ROW_PX + 6)

    def _put(self, line: int, fact: Fact) -> None:
        self.setItem(line, 0, QTableWidgetItem(fact.name))
        self.setRowHeight(line, _ROW_PX)
        for column, text in enumerate(fact.values):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if fact.best == column:
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            self.setItem(line, column + 1, item)

    def as_text(self) -> str:
        """Give the table as tab-separated text."""
        head = "\t".join(["", *self._names])
        return "\n".join([head, *("\t".join([f.name, *f.values]) for f in self._shown)])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Copy the table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_text())
        else:
            super().keyPressEvent(event)
