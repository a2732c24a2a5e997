"""The overlay of all shortcuts (?), made from the table of actions."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.actions import ACTIONS, MENUS
from ecgview.gui.key_words import with_keys
from ecgview.gui.overlay import Overlay
from ecgview.gui.widgets import label

ON_THE_PAPER = (
    ("Arrow keys, wheel", "Move over the paper"),
    ("Ctrl + wheel", "Zoom at the pointer"),
    ("Shift + drag", "Mark a stretch to compare"),
    ("Home, End", "Go to the start, the end"),
)
_HINT = "Any key closes; Ctrl+K finds every action"
_NATIVE = QKeySequence.SequenceFormat.NativeText
_MOST_COLUMNS = 4
_COLUMN_GAP_PX = 36
_MARGIN_PX = 28
_BAR_PX = 14
"""Kept free for the scroll bar."""
_TOP_PX = 18
_HEADING_GAP_PX = 10
_BESIDE_PX = 16
"""Least distance of the card from the window's edge."""
_SCROLLS = {
    Qt.Key.Key_Up: -1.0,
    Qt.Key.Key_Down: 1.0,
    Qt.Key.Key_PageUp: -8.0,
    Qt.Key.Key_PageDown: 8.0,
}
_MERE_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


@dataclass(frozen=True)
class Line:
    """A heading, which has no keys, or an action and its keys."""

    text: str
    keys: str = ""


def shortcut_lines() -> list[Line]:
    """Give each action with a shortcut, menu by menu, and what the mouse does on the paper."""
    lines: list[Line] = []
    for menu in MENUS:
        specs = [spec for spec in ACTIONS if spec.menu.split("/")[0] == menu and spec.shortcuts]
        lines += [Line(menu)] if specs else []
        for spec in specs:
            keys = [QKeySequence(key).toString(_NATIVE) for key in spec.shortcuts]
            lines.append(Line(spec.text.removesuffix("…"), " or ".join(keys)))
    return [
        *lines,
        Line("On the paper"),
        *(Line(text, with_keys(keys)) for keys, text in ON_THE_PAPER),
    ]


def in_columns(lines: list[Line], number: int) -> list[list[Line]]:
    """Break lines into columns of about one length; each begins with a heading, none ends with one.

    Parameters
    ----------
    lines : list of Line
        All of them.
    number : int
        At most so many columns.
    """
    height = -(-(len(lines) + number - 1) // number)
    columns: list[list[Line]] = [[]]
    heading = ""
    for line in lines:
        full = len(columns[-1]) >= height - (0 if line.keys else 1)
        if full and len(columns) < number:
            columns.append([Line(f"{heading}, continued")] if line.keys and heading else [])
        heading = heading if line.keys else line.text
        columns[-1].append(line)
    return columns


class ShortcutsOverlay(Overlay):
    """Every shortcut on a card; any key closes it, arrow keys scroll where it is too long.

    Parameters
    ----------
    window : QMainWindow
        Covered.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setAccessibleName("Keyboard shortcuts")
        self.setAccessibleDescription("; ".join(f"{line.text}: {line.keys}" for line in _said()))
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidgetResizable(True)
        heading = self._heading = QHBoxLayout()
        heading.addWidget(label("Keyboard shortcuts", "title"))
        heading.addStretch()
        heading.addWidget(label(with_keys(_HINT), "secondary"))
        heading.setContentsMargins(0, 0, _BAR_PX, 0)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(_MARGIN_PX, _TOP_PX, _MARGIN_PX - _BAR_PX, _TOP_PX)
        column.setSpacing(_HEADING_GAP_PX)
        column.addLayout(heading)
        column.addWidget(self._area)
        self._inside = QWidget()

    def place(self, room: QRect) -> QRect:
        """Take as many columns as fit side by side."""
        most = room.width() - 2 * (_BESIDE_PX + _MARGIN_PX)
        for number in range(_MOST_COLUMNS, 0, -1):
            inside = _grid_of(in_columns(shortcut_lines(), number))
            self._area.setWidget(inside)
            inside.ensurePolished()
            if inside.sizeHint().width() <= most:
                break
        self._inside = inside
        head_px = 2 * _TOP_PX + _HEADING_GAP_PX + self._heading.sizeHint().height()
        edges = QSize(2 * _MARGIN_PX + 2, head_px + 6)
        wanted = inside.sizeHint() + edges
        size = wanted.boundedTo(room.size() - QSize(2 * _BESIDE_PX, 2 * _BESIDE_PX))
        return QRect(
            (room.width() - size.width()) // 2,
            (room.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Close on any key but those that scroll what is too long."""
        event.accept()
        bar = self._area.verticalScrollBar()
        key = Qt.Key(event.key())
        if key in _MERE_MODIFIERS:
            return
        if key in _SCROLLS and bar.maximum() > 0:
            bar.setValue(bar.value() + round(_SCROLLS[key] * 3 * self.fontMetrics().height()))
        else:
            self.dismiss()


def _said() -> list[Line]:
    return [line for line in shortcut_lines() if line.keys]


def _grid_of(columns: list[list[Line]]) -> QWidget:
    inside = QWidget()
    inside.setProperty("panel", "true")
    row = QHBoxLayout(inside)
    row.setContentsMargins(0, 0, _BAR_PX, 0)
    row.setSpacing(_COLUMN_GAP_PX)
    for lines in columns:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        for at, line in enumerate(lines):
            _put(grid, at, line)
        grid.setRowStretch(len(lines), 1)
        row.addLayout(grid)
    return inside


def _put(grid: QGridLayout, at: int, line: Line) -> None:
    if not line.keys:
        heading = label(line.text, "heading")
        heading.setContentsMargins(0, 8 if at else 0, 0, 2)
        grid.addWidget(heading, at, 0, 1, 2)
        return
    grid.addWidget(label(line.text), at, 0)
    keys = label(line.keys, "secondary")
    keys.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    grid.addWidget(keys, at, 1)
