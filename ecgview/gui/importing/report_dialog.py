"""The import report: what the file is, and what each check found."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ecgview.formats.report import CheckLine, ImportReport, State, import_report
from ecgview.gui.action_spec import has_correction, has_file
from ecgview.gui.importing.importing import Importing
from ecgview.gui.importing.words import fact_lines, suggestion_words
from ecgview.gui.session import Session
from ecgview.gui.text_size import scaled
from ecgview.gui.widgets import button, hairline, label, resize_to_fit, typeset
from ecgview.recording import Recording

SIZE_PX = (680, 700)
MARKS = {State.PASSED: "✓", State.NOTE: "i", State.WARNING: "!"}
_MARK_WIDTH_PX = 20
_TITLE_WIDTH_PX = 176
_LEVEL_PX = 3
"""What brings words to the middle of the mark beside them."""


class ReportDialog(QDialog):
    """Shows the report of the recording shown, and follows it.

    Parameters
    ----------
    session : Session
        Whose recording is reported on.
    importing : Importing
        Corrects it.
    parent : QWidget, optional
        Owner.
    """

    def __init__(
        self, session: Session, importing: Importing, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._importing = importing
        self.setWindowTitle("Import report")
        resize_to_fit(self, *SIZE_PX)
        self._area = QScrollArea()
        self._area.setAccessibleName("What was checked; arrow keys scroll")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._correct = button("Correct import…", importing.correct)
        self._undo = button("Undo correction", importing.undo)
        close = button("Close", self.accept, primary="true")
        close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(20, 12, 20, 14)
        buttons.setSpacing(8)
        for widget in (self._correct, self._undo):
            buttons.addWidget(widget)
        buttons.addStretch()
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._area, 1)
        column.addWidget(hairline())
        column.addLayout(buttons)
        session.recording_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Report on the recording shown; closes where there is none any more."""
        state = self._session.state
        if state.recording is None:
            self.reject()
            return
        self._correct.setEnabled(has_file(state))
        self._undo.setEnabled(has_correction(state))
        self._area.setWidget(self._content(state.recording, import_report(state.recording)))

    def _content(self, recording: Recording, report: ImportReport) -> QWidget:
        inside = QWidget()
        inside.setProperty("panel", "true")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(12)
        column.addWidget(label(f"{report.name}: {summary(report)}", "heading", wrap=True))
        column.addLayout(_facts(report))
        if report.checks:
            column.addWidget(hairline())
        for check in sorted(report.checks, key=lambda line: _GRAVEST_FIRST.index(line.state)):
            column.addLayout(self._check(recording, check))
        if report.comments:
            column.addWidget(hairline())
            column.addWidget(label("Comments of the file", "heading"))
            comments = label("\n".join(report.comments), "secondary", wrap=True)
            comments.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(comments)
        column.addStretch()
        return inside

    def _check(self, recording: Recording, check: CheckLine) -> QHBoxLayout:
        """Lay out one check: its mark, its title, what was found, and a way out."""
        mark = label(MARKS[check.state], "")
        mark.setProperty("mark", check.state.value)
        mark.setFixedSize(scaled(_MARK_WIDTH_PX), scaled(_MARK_WIDTH_PX))
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        mark.setAccessibleName(check.state.value)
        mark.setToolTip(check.state.value.capitalize())
        title = label(check.title, "strong")
        title.setFixedWidth(scaled(_TITLE_WIDTH_PX - _MARK_WIDTH_PX))
        title.setContentsMargins(0, _LEVEL_PX, 0, 0)
        words = QVBoxLayout()
        words.setContentsMargins(0, _LEVEL_PX, 0, 0)
        words.setSpacing(3)
        words.addWidget(_selectable(check.message))
        if check.hint:
            words.addWidget(_selectable(check.hint, "secondary"))
        if check.suggestion is not None:
            words.addLayout(self._suggestion(recording, check))
        row = QHBoxLayout()
        row.setSpacing(10)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(mark, 0, top)
        row.addWidget(title, 0, top)
        row.addLayout(words, 1)
        return row

    def _suggestion(self, recording: Recording, check: CheckLine) -> QHBoxLayout:
        assert check.suggestion is not None
        words = suggestion_words(recording, check.suggestion)
        apply = button("Apply", partial(self._importing.accept, check.suggestion), tip=words)
        apply.setObjectName(f"apply-{check.code}")
        apply.setAccessibleName(f"Apply: {words}")
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(apply, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(words, "secondary", wrap=True), 1)
        return row


_GRAVEST_FIRST = (State.WARNING, State.NOTE, State.PASSED)


def summary(report: ImportReport) -> str:
    """Say in a few words what came of the checks."""
    warnings = sum(check.state is State.WARNING for check in report.checks)
    if not report.checks:
        return "not opened from a file, nothing to check"
    if not warnings:
        passed = all(check.state is State.PASSED for check in report.checks)
        return "all checks passed" if passed else "no warnings"
    return "1 warning" if warnings == 1 else f"{warnings} warnings"


def _facts(report: ImportReport) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(4)
    grid.setColumnMinimumWidth(0, scaled(_TITLE_WIDTH_PX) + 10)
    grid.setColumnStretch(1, 1)
    for row, (title, text) in enumerate(fact_lines(report)):
        grid.addWidget(label(title, "secondary"), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(_selectable(text), row, 1)
    return grid


def _selectable(text: str, role: str = "") -> QLabel:
    made = label(typeset(text), role, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
