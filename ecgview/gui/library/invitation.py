"""What the library shows while no folder is chosen, is read, or could not be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ecgview.gui.library.state import LibraryState
from ecgview.gui.widgets import button, clear, label, lay_out_welcome

_RECENT_SHOWN = 5
_HINTS = (
    "PTB-XL with its statements and reports, the Challenge 2011 with its grades, PTB with its "
    "diagnoses, or any folder of ECG files.",
    "Search in plain words: anterior infarct. Filter by diagnosis, sex, age, fold, quality.",
    "Rebuild leads of every recording and sort by the worst; a double click opens one.",
)


class Invitation(QWidget):
    """The page of a beginner.

    Parameters
    ----------
    ask : callable
        Asks for a folder.
    choose : callable
        Takes a folder.
    """

    def __init__(self, ask: Callable[[], object], choose: Callable[[Path], object]) -> None:
        super().__init__()
        self._choose_folder = choose
        self._heading = label("", "display", wrap=True)
        self._heading.setObjectName("library-heading")
        self._lead = label("", "lead", wrap=True)
        self._lead.setObjectName("library-lead")
        for text in (self._heading, self._lead):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._button = button("Choose a folder…", ask, primary="true", big="true")
        self._button.setObjectName("library-choose")
        self._card = QFrame()
        self._card.setProperty("card", "true")
        self._card.setMaximumWidth(560)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        for hint in _HINTS:
            column.addWidget(label(hint, "", wrap=True))
        self._recent = QWidget()
        self._recent_column = QVBoxLayout(self._recent)
        self._recent_column.setContentsMargins(0, 6, 0, 0)
        self._recent_column.setSpacing(2)
        column.addWidget(self._recent)
        self._shown: tuple[Path, ...] | None = None
        lay_out_welcome(self, self._heading, self._lead, (self._button,), self._card)

    def show_state(self, state: LibraryState, recent: Sequence[Path]) -> None:
        """Invite, or say what is going on.

        Parameters
        ----------
        state : LibraryState
            Without a catalogue.
        recent : sequence of Path
            Folders looked at before.
        """
        if state.looking:
            self._heading.setText(state.looking)
            self._lead.setText("")
        elif state.problem:
            self._heading.setText("This folder cannot be browsed")
            self._lead.setText(state.problem)
        else:
            self._heading.setText("Browse a data set")
            self._lead.setText("Choose a folder of recordings, or drop one here.")
        self._button.setVisible(not state.looking)
        self._card.setVisible(not state.looking)
        self._show_recent(tuple(recent[:_RECENT_SHOWN]))

    def _show_recent(self, folders: tuple[Path, ...]) -> None:
        if folders == self._shown:
            return
        self._shown = folders
        clear(self._recent_column)
        self._recent.setVisible(bool(folders))
        for folder in folders:
            row = button(folder.name, partial(self._choose_folder, folder), role="row")
            row.setToolTip(str(folder))
            row.setAccessibleName(f"Browse {folder}")
            self._recent_column.addWidget(row)
