"""The strip over the pages during the guided tour: what is said, and the way on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from ecgview.gui.qt_actions import Actions
from ecgview.gui.session import Session
from ecgview.gui.widgets import button, label

if TYPE_CHECKING:
    from ecgview.gui.commands import Commands


class TourBar(QFrame):
    """The strip; hidden outside the tour.

    Parameters
    ----------
    session : Session
        Shown.
    actions : Actions
        What the buttons do.
    commands : Commands
        Have the tour, once it was begun.
    """

    def __init__(self, session: Session, actions: Actions, commands: Commands) -> None:
        super().__init__()
        self._session, self._commands = session, commands
        self.setObjectName("tour-bar")
        self.setProperty("panel", "true")
        self.setProperty("edge", "bottom")
        self.setAccessibleName("Guided tour")
        self._place = label("", "secondary")
        self._place.setObjectName("tour-place")
        self._sentence = label("", "title", wrap=True)
        self._sentence.setObjectName("tour-sentence")
        self._live = label("", "secondary", wrap=True)
        self._live.setObjectName("tour-live")
        self.back = button("Back", actions["teach.leads.back"].trigger, tip="Back (Ctrl+Left)")
        self.on = button(
            "Next", actions["teach.reveal"].trigger, primary="true", tip="Next step (R, Ctrl+Right)"
        )
        self.on.setObjectName("tour-next")
        self.back.setObjectName("tour-back")
        leave = button(
            "Leave", actions["teach.tour"].trigger, role="link",
            tip=f"Leave the tour and put everything back ({actions['teach.tour'].toolTip()})",
        )  # fmt: skip
        leave.setObjectName("tour-leave")
        self._lay_out(leave)
        for signal in (
            session.teaching_changed,
            session.available_changed,
            session.recording_changed,
            session.result_changed,
            session.model_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def _lay_out(self, leave: QPushButton) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        for one in (self._place, self._sentence, self._live):
            words.addWidget(one)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 10, 14, 10)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for widget in (self.back, self.on, leave):
            row.addWidget(widget)

    def refresh(self) -> None:
        """Say what the step says; the button on takes the focus, so that Space goes on."""
        state, was_hidden = self._session.state, self.isHidden()
        at = state.teaching.tour
        self.setVisible(at is not None)
        if at is None:
            return
        from ecgview.gui.teaching.tour_steps import TITLE, live_words

        steps = self._commands.teaching.tour.steps
        step = steps[at]
        self._place.setText(f"{TITLE} \N{MIDDLE DOT} {at + 1} of {len(steps)}")
        self._sentence.setText(step.sentence)
        live = live_words(state, step)
        self._live.setText(live)
        self._live.setVisible(bool(live))
        self.back.setEnabled(at > 0)
        self.on.setText("Next" if at + 1 < len(steps) else "Finish")
        if was_hidden:
            self.on.setFocus()
