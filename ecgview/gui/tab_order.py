"""Tab goes through a part of the window as it is laid out, whenever its widgets were made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def order_tabs(part: QWidget, after: QWidget | None = None) -> None:
    """Let Tab follow the layout of a part of the window.

    Parameters
    ----------
    part : QWidget
        With layouts, which are followed from their first item to the last.
    after : QWidget, optional
        What the part comes after; where its first widget is now by default.
    """
    before = [] if after is None else [after]
    for first, second in pairwise([*before, *stops_of(part)]):
        QWidget.setTabOrder(first, second)


def stops_of(part: QWidget) -> Iterator[QWidget]:
    """Give the widgets in a part, itself among them, that Tab stops at, as they are laid out."""
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield part
    inside = part.widget() if isinstance(part, QScrollArea) else None
    if inside is not None:
        yield from stops_of(inside)
    layout = part.layout()
    if layout is not None:
        yield from _stops_in(layout)


def _stops_in(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield from stops_of(widget)
        elif inner is not None:
            yield from _stops_in(inner)
