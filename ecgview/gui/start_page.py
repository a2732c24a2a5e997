"""What the window shows with no recording: open one, a recent one, or try the demo."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ecgview.gui.elided_label import ElidedLabel
from ecgview.gui.state import SESSION_SUFFIX
from ecgview.gui.text_size import hold
from ecgview.gui.widgets import button, clear, label, lay_out_welcome

if TYPE_CHECKING:
    from ecgview.gui.commands import Commands

CASE_TITLES = {
    "normal": "Normal rhythm",
    "anterior-infarction": "Anterior infarction",
    "inferior-infarction": "Inferior infarction",
    "lbbb": "Left bundle branch block",
    "rbbb": "Right bundle branch block",
    "lvh": "Left ventricular hypertrophy",
    "atrial-fibrillation": "Atrial fibrillation",
}
"""The simulator's cases; named here so that the page needs no simulator to be drawn."""

_RECENT_SHOWN = 6
_NAME_PX = 300
_GAP_PX = 12


class StartPage(QWidget):
    """The page.

    Parameters
    ----------
    commands : Commands
        Opens files and demos.
    """

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self.setObjectName("start-page")
        self._heading = label("Open an ECG, choose its leads, see the others rebuilt", "display")
        self._heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._lead = label(
            "Any ECG file: WFDB, DICOM, SCP-ECG, EDF, XML of carts, tables. "
            "Drop files or a folder anywhere in this window.",
            "lead",
        )
        self._lead.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.open_button = button("Open…", commands.open_files, primary="true", big="true")
        self._folder = button("Open folder…", commands.open_folder, big="true")
        self._recent_card, self._recent = self._card("Recent")
        self._cards = self._lay_out()

    def _card(self, title: str) -> tuple[QFrame, QVBoxLayout]:
        card = QFrame()
        card.setProperty("card", "true")
        column = QVBoxLayout(card)
        column.setContentsMargins(10, 16, 10, 14)
        column.setSpacing(4)
        column.addWidget(_indented(label(title, "heading")))
        inside = QVBoxLayout()
        inside.setSpacing(0)
        column.addLayout(inside)
        column.addStretch()
        return card, inside

    def _lay_out(self) -> QWidget:
        demo_card, demo = self._card("Try the demo")
        note = label("Simulated by ecgview; no patient behind them.", "secondary", wrap=True)
        demo.addWidget(_indented(note))
        demo.addSpacing(6)
        for case, title in CASE_TITLES.items():
            demo.addWidget(
                button(title, partial(self._commands.open_demo, case), role="row"),
            )
        cards = QWidget()
        hold(cards, most_width=760)
        grid = QGridLayout(cards)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(16)
        grid.addWidget(self._recent_card, 0, 0)
        grid.addWidget(demo_card, 0, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        buttons = (self.open_button, self._folder)
        lay_out_welcome(self, self._heading, self._lead, buttons, cards)
        return cards

    def show_recent(self, paths: Sequence[Path]) -> None:
        """List recent files.

        Parameters
        ----------
        paths : sequence of Path
            Latest first.
        """
        clear(self._recent)
        if not paths:
            text = "Nothing yet. Files you open are listed here."
            self._recent.addWidget(_indented(label(text, "secondary", wrap=True)))
        for path in paths[:_RECENT_SHOWN]:
            self._recent.addWidget(self._recent_row(path))

    def _recent_row(self, path: Path) -> QWidget:
        metrics = self.fontMetrics()
        name = metrics.elidedText(_short(path), Qt.TextElideMode.ElideMiddle, _NAME_PX)
        row = button(name, partial(self._commands.open_paths, [path]), role="row")
        row.setToolTip(str(path))
        row.setAccessibleName(f"Open {path}")
        folder = ElidedLabel(str(path.parent), "secondary")
        folder.setAlignment(Qt.AlignmentFlag.AlignRight)
        folder.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = QHBoxLayout(row)
        beside = metrics.horizontalAdvance(name) + 2 * _GAP_PX
        inside.setContentsMargins(max(beside, 110), 0, 8, 0)
        inside.addWidget(folder)
        return row

    def show_opening(self, name: str) -> None:
        """Say what is being opened; an empty name brings the invitation back."""
        invitation = "Open an ECG, choose its leads, see the others rebuilt"
        self._heading.setText(f"Opening {name}…" if name else invitation)
        for widget in (self._lead, self.open_button, self._folder, self._cards):
            widget.setVisible(not name)


def _short(path: Path) -> str:
    """Give the name of a recording, or of a session with its ending."""
    return path.name if path.suffix == SESSION_SUFFIX else path.stem


def _indented(text: QLabel) -> QLabel:
    """Line a text up with the words of the rows below it."""
    text.setContentsMargins(10, 0, 10, 0)
    return text
