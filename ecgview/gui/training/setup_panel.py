"""What goes into a run: recordings, recipe, parameters, name and device, in the left panel."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ecgview.engine.recipes import RECIPES
from ecgview.gui.model_panel import DEVICE_TITLES
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.text_size import hold
from ecgview.gui.training.data_choice import DataChoice
from ecgview.gui.training.draft import estimated_s
from ecgview.gui.training.form import ParameterForm, show_problem
from ecgview.gui.training.session import TrainingSession
from ecgview.gui.training.words import duration_text
from ecgview.gui.widgets import button, hairline, label, panel, scroll_area

PANEL_WIDTH_PX = 304
_FIELD_PX = 168


class SetupPanel(QFrame):
    """The left panel of the training page.

    Parameters
    ----------
    session : TrainingSession
        Shown and changed.
    window_session : Session
        Knows the devices of this computer.
    settings : Settings
        Recent folders.
    """

    def __init__(
        self, session: TrainingSession, window_session: Session, settings: Settings
    ) -> None:
        super().__init__()
        self._session, self._window = session, window_session
        self.setObjectName("setup-panel")
        self.setProperty("panel", "true")
        self.setProperty("edge", "right")
        hold(self, width=PANEL_WIDTH_PX, share=0.4)
        self.data = DataChoice(session, settings)
        self._recipe = QComboBox()
        self._recipe.setObjectName("recipe")
        self._recipe.setAccessibleName("Recipe")
        for recipe in RECIPES.values():
            self._recipe.addItem(recipe.title.split(" (")[0], recipe.name)
        self._recipe.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._recipe.activated.connect(self._on_recipe)
        self._description = label("", "secondary", wrap=True)
        self._name, self._name_message = QLineEdit(), label("", "problem", wrap=True)
        self._name.setObjectName("run-name")
        self._name.setAccessibleName("Name of the model")
        self._name.textEdited.connect(lambda text: session.change_draft(name=text.strip()))
        self._device = QComboBox()
        self._device.setObjectName("training-device")
        self._device.setAccessibleName("Device")
        self._device.activated.connect(self._on_device)
        self.start = button("Start training", session.start, primary="true")
        self.start.setObjectName("start-training")
        self.demonstration = button("Demonstration run", session.start_demonstration)
        self.demonstration.setObjectName("demonstration")
        self._estimate = label("", "secondary", wrap=True)
        self._estimate.setObjectName("estimate")
        self._lay_out()
        for signal in (
            session.data_changed, session.draft_changed, session.course_changed,
            session.runs_changed, window_session.model_changed,
        ):  # fmt: skip
            signal.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        inside = panel()
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 16, 18, 12)
        column.setSpacing(6)
        column.addWidget(self.data)
        column.addSpacing(10)
        column.addWidget(label("Recipe", "heading"))
        column.addWidget(self._recipe)
        column.addWidget(self._description)
        column.addSpacing(10)
        column.addWidget(ParameterForm(self._session))
        column.addSpacing(6)
        column.addWidget(label("Run", "heading"))
        column.addLayout(_pair("Name", self._name))
        column.addWidget(self._name_message)
        column.addLayout(_pair("Device", self._device))
        column.addStretch()
        scroll = scroll_area(inside)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 10, 18, 14)
        foot.setSpacing(8)
        foot.addWidget(self._estimate)
        foot.addWidget(self.start)
        foot.addWidget(self.demonstration)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 1, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(hairline())
        outer.addLayout(foot)

    def refresh(self) -> None:
        """Show what the state says."""
        session, state = self._session, self._session.state
        recipe = RECIPES[state.draft.recipe]
        self._recipe.setCurrentIndex(self._recipe.findData(recipe.name))
        self._recipe.setToolTip(recipe.title)
        self._description.setText(recipe.description)
        if self._name.text().strip() != state.draft.name:
            self._name.setText(state.draft.name)
        self._name.setPlaceholderText(session.name)
        show_problem(self._name, self._name_message, session.problems.get("name", ""))
        self._fill_devices()
        self.start.setEnabled(session.can_start)
        self.start.setToolTip(self._why_not())
        self.demonstration.setEnabled(not state.is_training)
        of = "a few hundred of these" if state.summary is not None else "simulated"
        self.demonstration.setToolTip(
            f"Trains a small network on {of} recordings: a minute or two on two cores"
        )
        self._estimate.setText(self._why_not() or self._estimate_text())

    def _why_not(self) -> str:
        """Say why the training cannot start; empty if it can."""
        state = self._session.state
        if state.is_training:
            return "A network is being trained."
        if state.summary is None:
            return "" if state.looking else "Choose recordings, or try the demonstration."
        count = len(self._session.problems)
        if not count:
            return ""
        return f"{count} field{'s need' if count > 1 else ' needs'} another value."

    def _estimate_text(self) -> str:
        state = self._session.state
        if state.summary is None:
            return ""
        recordings = sum(state.summary.folds.get(fold, 0) for fold in state.draft.folds)
        seconds = estimated_s(state.draft, recordings, state.runs)
        if seconds is None:
            return "The time left is known after the first batches."
        return f"About {duration_text(seconds)}, going by your earlier runs."

    def _fill_devices(self) -> None:
        names = ["auto", *self._window.state.devices]
        if [self._device.itemData(row) for row in range(self._device.count())] != names:
            self._device.clear()
            for name in names:
                self._device.addItem(DEVICE_TITLES.get(name, name), name)
        self._device.setCurrentIndex(
            max(0, self._device.findData(self._session.state.draft.device))
        )

    def _on_recipe(self, row: int) -> None:
        self._session.change_draft(recipe=self._recipe.itemData(row))

    def _on_device(self, row: int) -> None:
        self._session.change_draft(device=self._device.itemData(row))


def _pair(title: str, field: QWidget) -> QHBoxLayout:
    """Put a title beside its field."""
    row = QHBoxLayout()
    row.setSpacing(4)
    row.addWidget(label(title), 1)
    hold(field, width=_FIELD_PX, share=0.4)
    row.addWidget(field)
    return row
