"""What the agreement page shows before there is a result: what it is for, or how far one is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from ecgview.gui.agreement_study.state import StudyState, progress_line
from ecgview.gui.text_size import hold
from ecgview.gui.widgets import button, label, lay_out_welcome

_STEPS = (
    ("calibrated", "v = r²", "It lets people differ by as much as it knows of them."),
    ("over-shrunk", "v < r²", "It draws people more alike than it need: a recalibration helps."),
    ("invented variance", "v > r²", "Some of the differences it draws are made up."),
)
_FOR = (
    "P, R, S, ST and T of everybody in a data set, reconstructed against recorded: does a lead "
    "tell of this person, or of the average one?"
)


class Invitation(QWidget):
    """The page of a beginner.

    Parameters
    ----------
    ask : callable
        Asks for a data folder.
    start : callable
        Starts the study.
    """

    def __init__(self, ask: Callable[[], object], start: Callable[[], object]) -> None:
        super().__init__()
        self._heading = label("", "display", wrap=True)
        self._heading.setObjectName("study-heading")
        self._lead = label("", "lead", wrap=True)
        self._lead.setObjectName("study-lead")
        for text in (self._heading, self._lead):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._ask = button("Choose a folder…", ask, primary="true", big="true")
        self._ask.setObjectName("study-choose")
        self._start = button("Start", start, primary="true", big="true")
        self._start.setObjectName("study-begin")
        self._start.setAccessibleName("Start the study of agreement")
        lay_out_welcome(
            self, self._heading, self._lead, (self._ask, self._start), self._card()
        )  # fmt: skip

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("card", "true")
        hold(card, most_width=640)
        grid = QGridLayout(card)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(2, 1)
        for line, (word, sign, text) in enumerate(_STEPS):
            grid.addWidget(label(word, "heading"), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(sign, "step"), line, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(text, "", wrap=True), line, 2)
        explained = label(
            "v: variance between people, reconstructed over real. r²: squared correlation of the "
            "two.", "secondary", wrap=True,
        )  # fmt: skip
        grid.addWidget(explained, len(_STEPS), 0, 1, 3)
        return card

    def show_state(self, state: StudyState) -> None:
        """Invite, or say what is going on."""
        ready = state.can_start
        if state.running:
            self._heading.setText(progress_line(state))
            self._lead.setText("The viewer and the other pages can be used meanwhile.")
        elif state.failure:
            self._heading.setText("The study could not be made")
            self._lead.setText(state.failure)
        elif ready:
            self._heading.setText("Ready to compare")
            self._lead.setText(_FOR)
        else:
            self._heading.setText("How far to trust each lead")
            self._lead.setText(_FOR)
        self._ask.setVisible(state.summary is None and not state.running)
        self._start.setVisible(ready)
