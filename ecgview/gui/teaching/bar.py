"""The strip above the paper in a lesson: what is asked, and the way on."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout

from ecgview.gui.qt_actions import Actions
from ecgview.gui.session import Session
from ecgview.gui.teaching.state import Stage, question
from ecgview.gui.widgets import button, label

REVEAL_TITLES: dict[Stage, str] = {
    "guess": "Show the reconstruction",
    "estimate": "Show the recording",
    "truth": "Next leads",
}


class TeachingBar(QFrame):
    """The strip; hidden outside lessons.

    Parameters
    ----------
    session : Session
        Shown.
    actions : Actions
        What the buttons do.
    """

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("teaching-bar")
        self.setProperty("panel", "true")
        self.setProperty("edge", "bottom")
        self.setAccessibleName("Lesson")
        self._question = label("", "title", wrap=True)
        self._question.setObjectName("teaching-question")
        self.reveal = button(
            REVEAL_TITLES[session.state.teaching.stage], actions["teach.reveal"].trigger,
            tip=actions["teach.reveal"].text(), primary="true",
        )  # fmt: skip
        self.reveal.setObjectName("teaching-reveal")
        others = [
            button(text, actions[name].trigger, tip=actions[name].toolTip())
            for text, name in (("Other leads", "teach.leads"), ("Next case", "teach.case"))
        ]
        leave = button("Leave", actions["teach"].trigger, role="link", tip="Leave the lesson")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 10, 14, 10)
        row.setSpacing(8)
        row.addWidget(self._question, 1)
        for widget in (self.reveal, *others, leave):
            row.addWidget(widget)
        for signal in (
            session.teaching_changed,
            session.available_changed,
            session.recording_changed,
            session.result_changed,
            session.model_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Ask what the state asks; the button on takes the focus, so that Space goes on."""
        state = self._session.state
        was_hidden = self.isHidden()
        is_lesson = state.teaching.is_on and state.teaching.tour is None
        self.setVisible(is_lesson and state.page == "viewer")
        if self.isHidden():
            return
        self._question.setText(question(state))
        self.reveal.setText(REVEAL_TITLES[state.teaching.stage])
        if was_hidden:
            self.reveal.setFocus()
