"""Choosing a folder of recordings: a menu of those used recently, and the dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget


def fill_folder_menu(
    menu: QMenu,
    text: str,
    recent: Sequence[Path],
    ask: Callable[[], object],
    choose: Callable[[Path], object],
) -> None:
    """Put the question for a folder, and the recent ones, into a menu.

    Parameters
    ----------
    menu : QMenu
        Emptied first.
    text : str
        What asks.
    recent : sequence of Path
        Latest first.
    ask : callable
        Asks for a folder.
    choose : callable
        Takes one of the recent ones.
    """

    def taker(folder: Path, *_: object) -> None:
        choose(folder)

    menu.clear()
    menu.addAction(text).triggered.connect(lambda *_: ask())
    if recent:
        menu.addSeparator()
    for folder in recent:
        action = menu.addAction(folder.name)
        action.setToolTip(str(folder))
        action.triggered.connect(partial(taker, folder))


def asked_folder(parent: QWidget, recent: Sequence[Path], otherwise: str) -> Path | None:
    """Ask for a folder of recordings, beginning at the latest one or at `otherwise`."""
    start = str(recent[0]) if recent else otherwise
    name = QFileDialog.getExistingDirectory(parent, "Choose a folder of recordings", start)
    return Path(name) if name else None
