"""Facts of a recording laid out in a column that scrolls; every word of it can be selected."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from ecgview.gui.library.record_words import Section, as_text
from ecgview.gui.side_panel import PANEL_SHARE
from ecgview.gui.text_size import hold, scaled
from ecgview.gui.widgets import button, clear, label, scroll_area

_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)
_TOP = Qt.AlignmentFlag.AlignTop
_FACT_PX = 88


class RecordCard(QFrame):
    """Shows sections; a word stands in their place where there are none.

    Parameters
    ----------
    width_px : int
        How wide it is.
    """

    def __init__(self, width_px: int) -> None:
        super().__init__()
        self.setProperty("panel", "true")
        self.setObjectName("record-card")
        self._title = ""
        self._sections: tuple[Section, ...] = ()
        self._inside = QWidget()
        self._inside.setProperty("panel", "true")
        hold(self._inside, width=width_px, share=PANEL_SHARE)
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(19, 12, 19, 16)
        self._column.setSpacing(6)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll_area(self._inside))

    def show_sections(self, title: str, sections: tuple[Section, ...], empty: str = "") -> None:
        """Show facts.

        Parameters
        ----------
        title : str
            The recording.
        sections : tuple of Section
            What is said of it.
        empty : str
            What to say where there is nothing.
        """
        if (title, sections) == (self._title, self._sections) and self._column.count():
            return
        self._title, self._sections = title, sections
        clear(self._column)
        heading = label(title, "heading", wrap=True)
        heading.setObjectName("record-title")
        heading.setTextInteractionFlags(_SELECTABLE)
        if title:
            self._column.addWidget(heading)
        for section in sections:
            self._add(section)
        if not sections and empty:
            self._column.addWidget(label(empty, "secondary", wrap=True))
        if sections:
            self._column.addSpacing(6)
            copy = button("Copy all", self.copy, role="link", tip="Copy these facts as text")
            self._column.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch()

    def copy(self) -> None:
        """Copy everything as text."""
        QGuiApplication.clipboard().setText(as_text(self._title, self._sections))

    def _add(self, section: Section) -> None:
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(section.title, "strong"))
        if section.facts:
            column.addWidget(_facts(section))
        if section.text:
            text = _words(section.text)
            text.setObjectName(f"record-{section.title.split()[0].lower()}")
            text.setAccessibleName(section.title)
            column.addWidget(text)
        self._column.addWidget(block)


def _facts(section: Section) -> QWidget:
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(3)
    is_statement = section.title == "Statements"
    grid.setColumnStretch(0 if is_statement else 1, 1)
    if not is_statement:
        grid.setColumnMinimumWidth(0, scaled(_FACT_PX))
    for line, (what, which) in enumerate(section.facts):
        first = _words(what) if is_statement else label(what, "secondary", wrap=True)
        second = label(which, "secondary") if is_statement else _words(which)
        if is_statement:
            second.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(first, line, 0, _TOP)
        grid.addWidget(second, line, 1, _TOP)
    return table


def _words(text: str) -> QLabel:
    made = label(text, "", wrap=True)
    made.setTextInteractionFlags(_SELECTABLE)
    return made
