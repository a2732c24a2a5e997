"""The field of a dialog that asks where a file is to be saved."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog, QLineEdit


class TargetField(QLineEdit):
    """A path that gets the ending of the kind of file chosen beside it.

    Parameters
    ----------
    endings : collection of str
        Those of all kinds that can be chosen; empty where nothing is written.
    """

    def __init__(self, endings: Collection[str]) -> None:
        super().__init__()
        self._endings = endings
        self._ending = ""
        self.setAccessibleName("File")

    @property
    def typed(self) -> Path:
        """The path as it stands there."""
        return Path(self.text().strip())

    @property
    def target(self) -> Path:
        """The path with the ending of the kind chosen."""
        path = self.typed.expanduser()
        if path.suffix.lower() == self._ending or not path.name:
            return path
        return path.with_name(path.name + self._ending)

    def propose(self, folder: str, stem: str, ending: str) -> None:
        """Begin with a name in a folder; the home folder where none is given."""
        self._ending = ending
        self.setText(str(Path(folder or QDir.homePath()) / f"{stem}{ending}"))

    def choose_ending(self, ending: str) -> None:
        """Take the ending of another kind in the place of one of them."""
        self._ending = ending
        if self.typed.suffix.lower() in self._endings:
            self.setText(str(self.typed.with_suffix(ending)))

    def ask(self, title: str) -> None:
        """Ask for the file in the dialog of the system."""
        name, _ = QFileDialog.getSaveFileName(
            self.window(),
            title,
            str(self.target),
            f"*{self._ending}",
            options=QFileDialog.Option.DontConfirmOverwrite,  # the button says Replace
        )
        if name:
            self.setText(name)
