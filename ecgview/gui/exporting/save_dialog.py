"""Asks where to save, in which format, and whether the patient may go along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from ecgview.engine.events import Event
from ecgview.formats.writers import WRITERS
from ecgview.gui.target_field import TargetField
from ecgview.gui.text_size import scaled
from ecgview.gui.widgets import button, label

WIDTH_PX = 560


@dataclass(frozen=True)
class Saving:
    """Something to be saved.

    Attributes
    ----------
    title : str
        What the dialog says above.
    made : str
        What was saved, for the message afterwards.
    stem : str
        Name proposed for the file, without its ending.
    note : str
        What is written and what is not.
    job : callable
        Of path, format, whether the patient may go along, and the choice made: the events of
        writing it.
    patient : str
        What is left out unless the user wants it; empty where there is no choice.
    choices : mapping of str to str
        What can be chosen of it; empty where there is no choice.
    chosen : str
        The choice to begin with.
    """

    title: str
    made: str
    stem: str
    note: str
    job: Callable[[Path, str, bool, str], Iterable[Event]]
    patient: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    chosen: str = ""


class SaveDialog(QDialog):
    """The dialog.

    Parameters
    ----------
    saving : Saving
        What is to be saved.
    folder : str
        To begin with.
    file_format : str
        One of `WRITERS`, to begin with.
    parent : QWidget, optional
        Owner.
    """

    def __init__(
        self, saving: Saving, folder: str, file_format: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.saving = saving
        self.setWindowTitle(saving.title)
        self.setMinimumWidth(scaled(WIDTH_PX))
        endings = {writer.ending for writer in WRITERS.values()}
        self._format, self._path = QComboBox(), TargetField(endings)
        for key, writer in WRITERS.items():
            self._format.addItem(f"{writer.name} ({writer.ending})", key)
        self._format.setCurrentIndex(max(self._format.findData(file_format), 0))
        self._format.setAccessibleName("Format")
        self._choice = QComboBox()
        self._choice.setAccessibleName("What")
        for key, text in saving.choices.items():
            self._choice.addItem(text, key)
        self._choice.setCurrentIndex(max(self._choice.findData(saving.chosen), 0))
        self._path.propose(folder, saving.stem, self._ending)
        self._patient = QCheckBox(f"Write {saving.patient} too")
        self._patient.setVisible(bool(saving.patient))
        self._note = label(saving.note, "secondary", wrap=True)
        self._save = button("Save", self.accept, primary="true")
        self._save.setDefault(True)
        self._lay_out()
        self._format.currentIndexChanged.connect(self._on_format)
        self._path.textChanged.connect(self._check)
        self._check()

    @property
    def file_format(self) -> str:
        """The format chosen, one of `WRITERS`."""
        return str(self._format.currentData())

    @property
    def target(self) -> Path:
        """The file chosen, with the ending of its format."""
        return self._path.target

    @property
    def keeps_patient(self) -> bool:
        """Whether the patient may go along."""
        return bool(self.saving.patient) and self._patient.isChecked()

    @property
    def choice(self) -> str:
        """What of it is chosen; empty where there is no choice."""
        return str(self._choice.currentData() or "")

    @property
    def _ending(self) -> str:
        return WRITERS[self.file_format].ending

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        for row, (title, entry) in enumerate((("Format", self._format), ("File", self._path))):
            grid.addWidget(label(title), row, 0)
            grid.addWidget(entry, row, 1)
        grid.addWidget(button("Choose…", self._choose), 1, 2)
        self._choice.setVisible(bool(self.saving.choices))
        if self.saving.choices:
            grid.addWidget(label("What"), 2, 0)
            grid.addWidget(self._choice, 2, 1)
        grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(button("Cancel", self.reject))
        buttons.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(12)
        column.addWidget(label(self.saving.title, "heading"))
        column.addLayout(grid)
        column.addWidget(self._patient)
        column.addWidget(self._note)
        column.addLayout(buttons)

    def _choose(self) -> None:
        self._path.ask(self.saving.title)

    def _on_format(self) -> None:
        self._path.choose_ending(self._ending)
        self._check()

    def _check(self) -> None:
        """Say that a file will be replaced, before it is."""
        target = self.target
        replaces = bool(target.name) and target.is_file()
        self._save.setText("Replace" if replaces else "Save")
        self._save.setEnabled(bool(target.name) and not target.is_dir())
        self._note.setText(
            f"{target.name} is there already and will be replaced."
            if replaces
            else self.saving.note
        )
