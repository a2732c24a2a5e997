"""Choice of the data folder, and of what its folds are for."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ecgview.gui.data_words import folds_text, found_line, sources_text, split_line
from ecgview.gui.flow_layout import FlowLayout
from ecgview.gui.folder_button import FolderButton
from ecgview.gui.settings import Settings
from ecgview.gui.theme import restyle
from ecgview.gui.training.draft import next_use
from ecgview.gui.training.session import TrainingSession
from ecgview.gui.widgets import button, clear, label

if TYPE_CHECKING:
    from ecgview.gui.training.state import TrainingState

_CHIP_PX = 24
_NAME_PX = 210


def use_line(state: TrainingState) -> str:
    """Say how many recordings are trained and validated on."""
    summary, draft = state.summary, state.draft
    if summary is None:
        return ""
    lines = []
    for words, folds in (("Train", draft.folds), ("validate", draft.validation_folds)):
        count = sum(summary.folds.get(fold, 0) for fold in folds)
        if folds:
            lines.append(f"{words} on {folds_text(folds)} ({count:,})")
    if not draft.validation_folds:
        lines.append("nothing to validate on: the last epoch is kept")
    return ", ".join(lines)


class DataChoice(QWidget):
    """The button that names the folder, what was found in it, and its folds.

    Parameters
    ----------
    session : TrainingSession
        Shown and changed.
    settings : Settings
        Recent folders.
    """

    def __init__(self, session: TrainingSession, settings: Settings) -> None:
        super().__init__()
        self._session, self._settings = session, settings
        self.folder = FolderButton(settings, settings.recent_data, self._choose, "Data folder")
        self.folder.setObjectName("data-folder")
        self._found = label("", "", wrap=True)
        self._found.setObjectName("data-found")
        self._split = label("", "secondary", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self._problem.setObjectName("data-problem")
        self._chips: dict[int, QPushButton] = {}
        self._folds = QWidget()
        self._flow = FlowLayout(3, self._folds)
        self._use = label("", "secondary", wrap=True)
        self._use.setObjectName("fold-use")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label("Recordings", "heading"))
        for widget in (
            self.folder, self._problem, self._found, self._split, self._folds, self._use,
        ):  # fmt: skip
            column.addWidget(widget)
        session.data_changed.connect(self.refresh)
        session.draft_changed.connect(self.refresh)
        self.refresh()

    def _choose(self, folder: Path) -> None:
        self._session.choose_data([folder])

    def refresh(self) -> None:
        """Say what the state says."""
        state = self._session.state
        self.folder.show_folders(state.folders, _NAME_PX)
        summary = state.summary
        if summary is not None:
            self._found.setText(found_line(summary))
            self._found.setToolTip(sources_text(summary))
            self._split.setText(split_line(summary))
        elif state.looking:
            self._found.setText("Looking through the folder…")
        else:
            self._found.setText("PTB-XL, PTB, or any folder of ECG files.")
        self._found.setProperty("role", "" if summary is not None else "secondary")
        restyle(self._found)
        self._problem.setText(state.data_problem)
        self._problem.setVisible(bool(state.data_problem))
        self._found.setVisible(not state.data_problem)
        for widget in (self._split, self._folds, self._use):
            widget.setVisible(summary is not None)
        self._refresh_folds()

    def _refresh_folds(self) -> None:
        state = self._session.state
        summary, draft = state.summary, state.draft
        folds = sorted(summary.folds) if summary else []
        if folds != list(self._chips):
            self._make_chips(folds)
        for fold, chip in self._chips.items():
            assert summary is not None
            kind, use = "reconstructed", "not used"
            if fold in draft.folds:
                kind, use = "measured", "to train on"
            elif fold in draft.validation_folds:
                kind, use = "derived", "to validate on"
            if chip.property("chip") != kind:
                chip.setProperty("chip", kind)
                restyle(chip)
            tip = f"Fold {fold}: {summary.folds[fold]:,} recordings, {use}. Click to change."
            chip.setToolTip(tip)
            chip.setAccessibleName(tip)
        self._use.setText(use_line(state) if draft.folds else "Choose at least one fold.")

    def _make_chips(self, folds: list[int]) -> None:
        clear(self._flow)
        self._chips = {}
        for fold in folds:
            chip = button(str(fold), partial(self._turn, fold), chip="absent")
            chip.setObjectName(f"fold-{fold}")
            chip.setFixedWidth(_CHIP_PX if fold < 100 else 2 * _CHIP_PX)
            self._flow.addWidget(chip)
            self._chips[fold] = chip

    def _turn(self, fold: int) -> None:
        self._session.set_draft(next_use(self._session.state.draft, fold))
