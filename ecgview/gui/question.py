"""A question in words of ours, with an answer that loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ecgview.gui.text_size import scaled
from ecgview.gui.widgets import button, label

_DESTRUCTIVE = ("discard", "delete", "leave")


class Question(QDialog):
    """A sentence and some answers; closing it gives the last one.

    Parameters
    ----------
    title, heading, text : str
        Of the window, and what is asked.
    answers : sequence of (str, str)
        Name and words of each answer, the harmless one last.
    parent : QWidget
        Owner.
    """

    answered = Signal(str)

    def __init__(
        self,
        title: str,
        heading: str,
        text: str,
        answers: Sequence[tuple[str, str]],
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(scaled(440))
        self._answer = answers[-1][0]
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(10)
        column.addWidget(label(heading, "heading", wrap=True))
        column.addWidget(label(text, wrap=True))
        column.addSpacing(6)
        # Enter never destroys anything.
        proposed = len(answers) - 1 if answers[0][0] in _DESTRUCTIVE else 0
        row = QHBoxLayout()
        row.addStretch()
        for number, (name, words) in enumerate(answers):
            made = button(words, partial(self._give, name))
            made.setObjectName(f"answer-{name}")
            if number == proposed:
                made.setProperty("primary", "true")
                made.setDefault(True)
            row.addWidget(made)
        column.addLayout(row)
        self.finished.connect(lambda _: self.answered.emit(self._answer))

    def _give(self, name: str) -> None:
        self._answer = name
        self.accept()
