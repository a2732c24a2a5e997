"""Choice of the model and of the device it runs on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from ecgview.gui.elided_label import ElidedLabel
from ecgview.gui.session import Session
from ecgview.gui.state import SessionState
from ecgview.gui.widgets import label, menu_button
from ecgview.leads import CHEST_LEADS

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard

DEVICE_TITLES = {
    "auto": "Automatic",
    "cpu": "CPU",
    "cuda": "NVIDIA GPU (CUDA)",
    "mps": "Apple GPU (MPS)",
}


def device_reason(state: SessionState) -> str:
    """Say what the model runs on and why."""
    if not state.devices:
        return "The engine is not loaded yet."
    used = state.reconstruction.device if state.reconstruction else state.devices[0]
    title = DEVICE_TITLES.get(used, used)
    if state.device != "auto":
        return f"{title}, as you chose."
    if used.split(":")[0] != state.devices[0]:
        return f"{title}: this model runs on no other device."
    return state.device_reason


def speed_line(state: SessionState) -> str:
    """Give the time of the last reconstruction and what the model reached on fold 9."""
    parts = []
    if state.reconstruction is not None and state.reconstruction.elapsed_s:
        elapsed_s = state.reconstruction.elapsed_s
        parts.append(f"{elapsed_s * 1000:.0f} ms" if elapsed_s < 1 else f"{elapsed_s:.1f} s")
    figures = [state.expected[lead].pcc for lead in CHEST_LEADS if lead in state.expected]
    if figures:
        parts.append(f"fold 9: PCC {np.mean(figures):.2f}")
    elif state.card is not None and state.card.headline:
        parts.append(state.card.headline)
    return " · ".join(parts)


def menu_title(card: ModelCard, models: Sequence[ModelCard]) -> str:
    """Give a model's title; after its name where another model has the same title."""
    shared = sum(other.title == card.title for other in models) > 1
    return f"{card.name} · {card.title}" if shared else card.title


class ModelPanel(QWidget):
    """The model menu with the device line below it.

    Parameters
    ----------
    session : Session
        Shown and changed.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.models = QComboBox()
        self.models.setAccessibleName("Model")
        # The panel's width rules, however long the titles are.
        self.models.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.models.setMinimumContentsLength(12)
        self.models.activated.connect(self._on_chosen)
        self._device, self._menu = menu_button("", "Device")
        self._device.setProperty("role", "link")
        self._menu.aboutToShow.connect(self._fill_menu)
        self._line = ElidedLabel("", "secondary")
        self._line.setObjectName("model-line")
        self._lay_out()
        for signal in (session.model_changed, session.result_changed, session.available_changed):
            signal.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._device)
        row.addWidget(self._line, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label("Model", "heading"))
        column.addWidget(self.models)
        column.addLayout(row)

    def refresh(self) -> None:
        """Show what the state says."""
        state = self._session.state
        names = [card.name for card in state.models]
        if [self.models.itemData(row) for row in range(self.models.count())] != names:
            self._fill_models(state)
        if state.model in names:
            self.models.setCurrentIndex(names.index(state.model))
        self.models.setToolTip(state.card.description if state.card else "")
        used = state.reconstruction.device if state.reconstruction else state.device
        self._device.setText(DEVICE_TITLES.get(used, used).split(" (")[0])
        self._device.setToolTip(device_reason(state))
        self._line.setText(speed_line(state))

    def _fill_models(self, state: SessionState) -> None:
        self.models.clear()
        for card in state.models:
            self.models.addItem(menu_title(card, state.models), card.name)
        if not state.models:
            self.models.addItem("No model installed", "")
        self.models.setEnabled(bool(state.models))

    def _on_chosen(self, row: int) -> None:
        self._session.set_model(self.models.itemData(row))

    def _fill_menu(self) -> None:
        state = self._session.state
        self._menu.clear()
        for name in ("auto", *state.devices):
            action = self._menu.addAction(DEVICE_TITLES.get(name, name))
            action.setCheckable(True)
            action.setChecked(name == state.device)
            action.triggered.connect(lambda *_, name=name: self._session.set_device(name))
