"""What the training page asks before something is lost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from ecgview.gui.flow_layout import FlowLayout
from ecgview.gui.question import Question
from ecgview.gui.training.state import Course


class LeaveQuestion(Question):
    """Asked when the window is closed while a network is trained; answers keep, discard, stay."""

    def __init__(self, course: Course, parent: QWidget | None) -> None:
        best = course.best
        kept = (
            f"Keeping it saves the weights of epoch {best.epoch}, the best so far."
            if best
            else "No epoch is done yet: what is kept has hardly learned anything."
        )
        answers = [
            ("keep", "Stop and keep"), ("discard", "Discard"), ("stay", "Go on training"),
        ]  # fmt: skip
        if course.is_waiting_to_go_on:
            kept, answers = "What it had learned before stays.", [("discard", "Leave"), answers[2]]
        elif course.phase == "preparing":
            kept, answers = "Nothing is trained yet.", [answers[1], answers[2]]
        super().__init__(
            "Training goes on", f"“{course.name}” is being trained.",
            f"{kept} Discarding it deletes its files.", answers, parent,
        )  # fmt: skip


class DiscardQuestion(Question):
    """Asked before a run under way is thrown away; answers discard, stay."""

    def __init__(self, course: Course, parent: QWidget | None) -> None:
        epochs = len(course.history)
        done = f"{epochs} epoch{'s' if epochs != 1 else ''} of training will be lost."
        if course.is_waiting_to_go_on:
            done = "What it had learned before stays as it was."
        answers = [("discard", "Cancel and discard"), ("stay", "Go on training")]
        super().__init__("Discard the run", f"Discard “{course.name}”?", done, answers, parent)


class GoOnQuestion(Question):
    """Asked before going on with a run that may still be under way elsewhere; go-on, stay."""

    def __init__(self, course: Course, parent: QWidget | None) -> None:
        text = (
            f"It was interrupted after epoch {len(course.history)} of {course.epochs}. "
            "If it is still being trained in a terminal or another window, end it there first."
        )
        answers = [("go-on", "Go on"), ("stay", "Leave it")]
        super().__init__(
            "Go on with the run", f"Go on with “{course.name}”?", text, answers, parent
        )


class DeleteQuestion(Question):
    """Asked before a finished run is deleted with its model; answers delete, stay."""

    def __init__(self, course: Course, parent: QWidget | None) -> None:
        text = "Its model and its history are deleted and cannot be brought back."
        answers = [("delete", "Delete"), ("stay", "Keep it")]
        super().__init__("Delete the run", f"Delete “{course.name}”?", text, answers, parent)


class FoldQuestion(Question):
    """Asks which folds a model is evaluated on; answers evaluate, stay.

    Parameters
    ----------
    course : Course
        Its model is evaluated.
    present : sequence of int
        Folds of the data.
    validated : sequence of int
        Folds that chose the best epoch.
    parent : QWidget
        Owner.
    """

    def __init__(
        self,
        course: Course,
        present: Sequence[int],
        validated: Sequence[int],
        parent: QWidget | None,
    ) -> None:
        super().__init__(
            "Evaluate the model", f"Evaluate “{course.name}” on which folds?",
            "Folds that it neither learned from nor was chosen on give honest figures. "
            "Tables and heat maps are written, with the linear model beside.",
            [("evaluate", "Choose a folder…"), ("stay", "Cancel")], parent,
        )  # fmt: skip
        untouched = 9 if 9 in present else None
        chosen = (untouched,) if untouched else tuple(validated) or tuple(present[-1:])
        self._boxes = {fold: QCheckBox(str(fold)) for fold in sorted(present)}
        row = QWidget()
        flow = FlowLayout(10, row)
        for fold, box in self._boxes.items():
            box.setChecked(fold in chosen)
            box.setObjectName(f"evaluate-{fold}")
            box.toggled.connect(self._refresh)
            flow.addWidget(box)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(2, row)
        self._refresh()

    @property
    def folds(self) -> tuple[int, ...]:
        """The folds that are ticked."""
        return tuple(fold for fold, box in self._boxes.items() if box.isChecked())

    def _refresh(self) -> None:
        go = self.findChild(QPushButton, "answer-evaluate")
        if isinstance(go, QPushButton):
            go.setEnabled(bool(self.folds))
