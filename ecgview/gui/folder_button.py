"""Choosing a folder of recordings: a button that names it, a menu of recent ones, the dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton

from ecgview.gui.settings import Settings

_NOTHING = "Choose a folder"


class FolderButton(QPushButton):
    """Names the folder chosen; its menu asks for another, or offers those used recently.

    Parameters
    ----------
    settings : Settings
        Its folder of files is where the dialog begins, where none was used recently.
    recent : callable
        Gives the folders used recently, the latest first.
    choose : callable
        Takes the folder that is chosen.
    name : str
        What the folder is, for who hears the window.
    """

    def __init__(
        self,
        settings: Settings,
        recent: Callable[[], Sequence[Path]],
        choose: Callable[[Path], object],
        name: str,
    ) -> None:
        super().__init__(_NOTHING)
        self._settings, self._recent, self._choose = settings, recent, choose
        self.setAutoDefault(False)
        self.setAccessibleName(name)
        self.setProperty("menu", "true")
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)

    def show_folders(self, folders: Sequence[Path], room_px: int) -> None:
        """Name the folders chosen, in so much room; none invites to choose one."""
        names = " + ".join(folder.name for folder in folders)
        shown = self.fontMetrics().elidedText(names, Qt.TextElideMode.ElideMiddle, room_px)
        self.setText(shown or _NOTHING)
        self.setToolTip("\n".join(map(str, folders)) or "Or drop one here")

    def ask(self) -> None:
        """Ask for a folder, beginning at the latest one."""
        recent = self._recent()
        start = str(recent[0]) if recent else self._settings["files/folder"]
        name = QFileDialog.getExistingDirectory(self, "Choose a folder of recordings", start)
        if name:
            self._choose(Path(name))

    def _fill(self) -> None:
        recent = self._recent()
        self._menu.clear()
        self._menu.addAction(f"{_NOTHING}…").triggered.connect(lambda *_: self.ask())
        if recent:
            self._menu.addSeparator()
        for folder in recent:
            action = self._menu.addAction(folder.name)
            action.setToolTip(str(folder))
            action.triggered.connect(partial(self._take, folder))

    def _take(self, folder: Path, *_: object) -> None:
        self._choose(folder)
