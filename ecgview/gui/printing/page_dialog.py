"""Asks what of a recording is put on which paper, and where the file goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from ecgview.errors import EcgviewError
from ecgview.gui.printing.paper import PAPERS, SCHEME_TITLES
from ecgview.gui.settings import Settings
from ecgview.gui.target_field import TargetField
from ecgview.gui.text_size import scaled
from ecgview.gui.widgets import button, label

WIDTH_PX = 560
_PATIENT = "Print the patient's name, number, birth date and the date of the recording"
_SCALES = {"exact": "Exactly to scale", "fitted": "Smaller where it does not fit; the page says so"}


@dataclass(frozen=True)
class PageChoice:
    """What the user has chosen.

    Attributes
    ----------
    path : Path
        The file; ``Path()`` for the printer.
    what : str
        ``page``, ``mark`` or ``all``.
    paper, scheme : str
        Of `PAPERS` and `SCHEMES`.
    fitted, with_patient : bool
        As in `sheet.Layout` and `subject.Subject`.
    """

    path: Path
    what: str
    paper: str
    scheme: str
    fitted: bool
    with_patient: bool


@dataclass(frozen=True)
class Asking:
    """What is asked.

    Attributes
    ----------
    title, verb : str
        Heading of the dialog, and what its button says.
    stem : str
        Name proposed for the file.
    endings : mapping of str to str
        Kinds of files by their endings; empty where nothing is written.
    whats : mapping of str to str
        How much of the recording can be chosen; empty for no choice.
    papers : tuple of str
        Papers to choose from.
    describe : callable
        Says in a sentence what a choice gives, or raises an `EcgviewError`.
    """

    title: str
    verb: str
    stem: str
    endings: Mapping[str, str]
    whats: Mapping[str, str]
    papers: tuple[str, ...]
    describe: Callable[[PageChoice], str]


def chosen_paper(settings: Settings) -> str:
    """Give the paper chosen last, or at first that of the country."""
    imperial = QLocale().measurementSystem() == QLocale.MeasurementSystem.ImperialUSSystem
    return settings["print/paper"] or ("letter" if imperial else "a4")


class PageDialog(QDialog):
    """The dialog.

    Parameters
    ----------
    asking : Asking
        What is asked.
    settings : Settings
        The last choices, and where these are kept.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, asking: Asking, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asking, self._settings = asking, settings
        self.setWindowTitle(asking.title)
        self.setMinimumWidth(scaled(WIDTH_PX))
        self._what = _combo("What", asking.whats)
        self._kind = _combo("File type", asking.endings, settings["print/ending"])
        papers = {key: PAPERS[key].title for key in asking.papers}
        self._paper = _combo("Paper", papers, chosen_paper(settings))
        self._scheme = _combo("Colours", SCHEME_TITLES, settings["print/colours"])
        self._scale = _combo("Size", _SCALES)
        self._path = TargetField(asking.endings)
        self._patient = QCheckBox(_PATIENT)
        self._note = label("", "secondary", wrap=True)
        self._note.setObjectName("page-note")
        self._go = button(asking.verb, self.accept, primary="true")
        self._go.setDefault(True)
        self._path.propose(settings["files/folder"], asking.stem, self._ending)
        self._lay_out()
        self._kind.currentIndexChanged.connect(self._on_kind)
        for combo in (self._what, self._paper, self._scale):
            combo.currentIndexChanged.connect(self._check)
        self._path.textChanged.connect(self._check)
        self._path.textEdited.connect(self._on_typed)
        self._check()

    @property
    def choice(self) -> PageChoice:
        """What is chosen now."""
        return PageChoice(
            self._path.target if self._asking.endings else Path(),
            self._what.currentData() or "page",
            self._paper.currentData(),
            self._scheme.currentData(),
            self._scale.currentData() == "fitted",
            self._patient.isChecked(),
        )

    @property
    def _ending(self) -> str:
        return str(self._kind.currentData() or "")

    def _lay_out(self) -> None:
        asking = self._asking
        rows: list[tuple[str, QWidget, bool]] = [
            ("What", self._what, bool(asking.whats)),
            ("Paper", self._paper, True),
            ("Size", self._scale, bool(asking.whats)),
            ("Colours", self._scheme, True),
            ("File type", self._kind, len(asking.endings) > 1),
            ("File", self._path, bool(asking.endings)),
        ]
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (text, field, wanted) in enumerate(rows):
            field.setVisible(wanted)
            if wanted:
                name = label(text)
                name.setBuddy(field)
                grid.addWidget(name, row, 0)
                grid.addWidget(field, row, 1)
        if asking.endings:
            grid.addWidget(button("Choose…", self._choose), len(rows) - 1, 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(button("Cancel", self.reject))
        buttons.addWidget(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(12)
        column.addWidget(label(asking.title, "heading"))
        column.addLayout(grid)
        column.addWidget(self._patient)
        column.addWidget(self._note)
        column.addLayout(buttons)

    def accept(self) -> None:
        """Remember paper, colours and type for the next time."""
        self._settings["print/paper"] = self._paper.currentData()
        self._settings["print/colours"] = self._scheme.currentData()
        if len(self._asking.endings) > 1:
            self._settings["print/ending"] = self._ending
        super().accept()

    def _choose(self) -> None:
        self._path.ask(self._asking.title)

    def _on_kind(self) -> None:
        self._path.choose_ending(self._ending)
        self._check()

    def _on_typed(self, text: str) -> None:
        """Follow an ending that is typed."""
        kind = self._kind.findData(Path(text.strip()).suffix.lower())
        if kind >= 0:
            self._kind.setCurrentIndex(kind)

    def _check(self) -> None:
        """Say what will come out, or why nothing can."""
        choice = self.choice
        named = bool(choice.path.name) and not choice.path.is_dir()
        replaces = bool(self._asking.endings) and choice.path.is_file()
        self._go.setText("Replace" if replaces else self._asking.verb)
        try:
            said, possible = self._asking.describe(choice), True
        except EcgviewError as error:
            said, possible = str(error), False
        if possible and replaces:
            said = f"{choice.path.name} is there already and will be replaced."
        self._note.setText(said)
        self._go.setEnabled(possible and (named or not self._asking.endings))


def _combo(name: str, entries: Mapping[str, str], current: str = "") -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    for key, text in entries.items():
        combo.addItem(text, key)
    combo.setCurrentIndex(max(combo.findData(current), 0))
    return combo
