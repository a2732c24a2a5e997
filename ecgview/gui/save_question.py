"""Asking where something is to be saved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def asked_target(parent: QWidget, title: str, proposed: Path, kinds: str = "") -> Path | None:
    """Ask for a file to write in the dialog of the system, which asks whether it may be replaced.

    Parameters
    ----------
    parent : QWidget
        Whose question it is.
    title : str
        What it says.
    proposed : Path
        Name to begin with; a name that is typed without an ending gets the one of this.
    kinds : str
        Endings as Qt writes them; the one proposed by default.

    Returns
    -------
    Path or None
        None where nothing was chosen.
    """
    ending = proposed.suffix
    while True:
        name, _ = QFileDialog.getSaveFileName(parent, title, str(proposed), kinds or f"*{ending}")
        if not name or Path(name).suffix:
            return Path(name) if name else None
        proposed = Path(f"{name}{ending}")
        if not proposed.exists():
            return proposed
        # The dialog has not asked about this one.
