"""What the training page shows while no run is selected."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from ecgview.gui.theme import Theme
from ecgview.gui.training.state import TrainingState
from ecgview.gui.widgets import button, label, lay_out_welcome

_STEPS = (
    ("1", "Recordings", "Choose or drop a folder. Its folds keep patients apart."),
    ("2", "Recipe", "One network for every set of leads, or one for a set as in the paper."),
    ("3", "Watch", "Losses, PCC of each lead and an example are drawn after every epoch."),
    ("4", "Use", "The model joins the model menu of the viewer, with its card."),
)


class Invitation(QWidget):
    """The page of a beginner.

    Parameters
    ----------
    choose : callable
        Asks for a data folder.
    demonstrate : callable
        Starts the demonstration.
    """

    def __init__(self, choose: Callable[[], object], demonstrate: Callable[[], object]) -> None:
        super().__init__()
        self._heading = label("", "display", wrap=True)
        self._heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._lead = label("", "lead", wrap=True)
        self._lead.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._choose = button("Choose a folder…", choose, primary="true", big="true")
        self._demonstrate = button("Demonstration run", demonstrate, big="true")
        buttons = (self._choose, self._demonstrate)
        lay_out_welcome(self, self._heading, self._lead, buttons, self._card())

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("card", "true")
        card.setMaximumWidth(560)
        grid = QGridLayout(card)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(2, 1)
        for line, (number, title, text) in enumerate(_STEPS):
            grid.addWidget(label(number, "step"), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(title, "heading"), line, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(text, "", wrap=True), line, 2)
        return card

    def set_theme(self, theme: Theme) -> None:
        """Nothing is painted by hand here."""

    def show_state(self, state: TrainingState) -> None:
        """Invite to what comes next."""
        ready = state.summary is not None
        self._heading.setText("Ready to train" if ready else "Train a model of your own")
        self._lead.setText(
            "Start training at the lower left, or try a small demonstration on these recordings."
            if ready
            else "From your recordings; or watch a small network learn from simulated ones first."
        )
        self._choose.setVisible(not ready)
        self._demonstrate.setEnabled(not state.is_training)
