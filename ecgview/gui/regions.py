"""The parts of the window that F6 goes through: bar, leads, traces, side panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from ecgview.gui.main_window import MainWindow


def regions_of(window: MainWindow) -> list[QWidget]:
    """Give the parts in sight that take the keyboard, in the order of reading."""
    parts = (
        window.top_bar,
        window.start_page,
        window.lead_panel,
        window.centre,
        window.side_panel,
        window.library,
        window.leadmap,
        window.study,
        window.training,
    )
    return [part for part in parts if part.isVisible() and first_stop(part) is not None]


def first_stop(part: QWidget) -> QWidget | None:
    """Give the first widget of a part that Tab stops at; None where there is none."""
    widget = part
    while True:
        takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if takes and widget.isVisible() and widget.isEnabled():
            return widget
        following = widget.nextInFocusChain()
        if following is None or not part.isAncestorOf(following):
            return None
        widget = following


def go_to_region(window: MainWindow, step: int) -> None:
    """Give the keyboard to the next part of the window, or with -1 to the one before."""
    regions = regions_of(window)
    here = QApplication.focusWidget()
    inside = [part is here or (here is not None and part.isAncestorOf(here)) for part in regions]
    at = inside.index(True) if True in inside else (-1 if step > 0 else 0)
    stop = first_stop(regions[(at + step) % len(regions)])
    if stop is not None:
        stop.setFocus(Qt.FocusReason.TabFocusReason)
