"""The menu on the paper: actions of the table that concern the place under the pointer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from ecgview.gui.actions import ACTIONS
from ecgview.recording import Mark

if TYPE_CHECKING:
    from ecgview.gui.main_window import MainWindow
    from ecgview.gui.measuring.measuring import Measuring

_GROUPS = (
    ("caliper.here", "caliper.march", "caliper.remove"),
    ("note.here",),
    ("marks.previous", "marks.next", "goto"),
    ("crosshair", "beats.average", "page.copy"),
)
"""Actions by their names, a line between groups; those the table lacks are left out."""


def make_menu(window: MainWindow, note: Mark | None, measuring: Measuring) -> QMenu:
    """Make the menu.

    Parameters
    ----------
    window : MainWindow
        Whose actions it holds.
    note : Mark or None
        The note under the pointer.
    measuring : Measuring
        To edit it with.

    Returns
    -------
    QMenu
        To be shown.
    """
    menu = QMenu(window)
    menu.setObjectName("paper-menu")
    menu.setAccessibleName("Paper")
    known = {spec.id for spec in ACTIONS}
    if note is not None:
        # Qt takes a single ampersand for a mark of its own.
        text = note.text[:24].replace("&", "&&")
        menu.addAction(
            f"Edit note \N{LEFT DOUBLE QUOTATION MARK}{text}"
            "\N{RIGHT DOUBLE QUOTATION MARK}\N{HORIZONTAL ELLIPSIS}",
            partial(measuring.write, note),
        )
        menu.addAction("Delete note", partial(measuring.remove_note, note))
        menu.addSeparator()
    for group in _GROUPS:
        for name in group:
            if name in known:
                menu.addAction(window.actions_table[name])
        menu.addSeparator()
    return menu
