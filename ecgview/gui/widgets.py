"""Small makers of dressed widgets; the style sheet knows their properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.key_words import with_keys
from ecgview.gui.text_size import scaled

_FRAME_PX = 48
"""What a window's title bar and frame take, at most."""


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Make a label.

    Parameters
    ----------
    text : str
        What it says.
    role : str
        The style sheet's word for its kind of type, such as ``heading``.
    wrap : bool
        Whether it breaks into lines.
    """
    made = QLabel(text)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def typeset(text: str) -> str:
    """Write microvolts as they are printed; the terminal, which has the same sentences, cannot."""
    return re.sub(r"\buV\b", "µV", text)


def button(
    text: str,
    on_click: Callable[[], object] | None = None,
    *,
    name: str = "",
    tip: str = "",
    checkable: bool = False,
    **properties: str,
) -> QPushButton:
    """Make a button.

    Parameters
    ----------
    text : str
        What it says.
    on_click : callable, optional
        Called without arguments.
    name : str
        Accessible name where the text is a sign only.
    tip : str
        Tooltip; keys in it as ``Ctrl+K``, whatever the system calls them.
    checkable : bool
        Whether it stays down.
    **properties : str
        Dynamic properties for the style sheet, such as ``role="link"``.
    """
    made = QPushButton(text)
    made.setCheckable(checkable)
    made.setToolTip(with_keys(tip))
    made.setAutoDefault(False)
    if name:
        made.setAccessibleName(name)
    for key, value in properties.items():
        made.setProperty(key, value)
    if on_click is not None:
        made.clicked.connect(lambda: on_click())
    return made


def menu_button(text: str, name: str, tip: str = "") -> tuple[QPushButton, QMenu]:
    """Make a button that opens a menu, with the menu."""
    made = button(text, name=name, tip=tip, menu="true")
    menu = QMenu(made)
    made.setMenu(menu)
    return made, menu


def dress_table(table: QTableView, name: str) -> None:
    """Leave a table its cells and its heads: no grid, no frame, no numbers of rows.

    Arrow keys go from cell to cell, Tab goes on.

    Parameters
    ----------
    table : QTableView
        The table.
    name : str
        For who hears the window.
    """
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setHighlightSections(False)


def hairline() -> QFrame:
    """Make a thin horizontal line."""
    made = QFrame()
    made.setProperty("role", "hairline")
    return made


def panel(edge: str = "") -> QFrame:
    """Make a surface in the panel colour with a hairline at one edge."""
    made = QFrame()
    made.setProperty("panel", "true")
    if edge:
        made.setProperty("edge", edge)
    return made


def stretch() -> QWidget:
    """Make an empty widget that takes the room left over."""
    made = QWidget()
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return made


def resize_to_fit(window: QWidget, width: int, height: int) -> None:
    """Give a window its size, or as much of it as the screen has room for with a frame."""
    width, height = scaled(width, 0.7), scaled(height, 0.7)
    room = window.screen().availableGeometry()
    window.resize(min(width, room.width() - _FRAME_PX), min(height, room.height() - _FRAME_PX))


def lay_out_welcome(
    page: QWidget, heading: QLabel, lead: QLabel, buttons: Sequence[QPushButton], card: QWidget
) -> None:
    """Lay out the page of a beginner: two lines, what to press, and a card, in the middle.

    Parameters
    ----------
    page : QWidget
        It has no layout yet.
    heading, lead : QLabel
        The two lines.
    buttons : sequence of QPushButton
        Side by side.
    card : QWidget
        As wide as its own limit lets it be.
    """
    column = QVBoxLayout(_scrolled(page))
    column.setContentsMargins(40, 24, 40, 24)
    column.setSpacing(10)
    column.addStretch(2)
    for words in (heading, lead):
        words.setWordWrap(True)
        column.addWidget(words)
    column.addSpacing(10)
    column.addWidget(_ButtonRow(buttons))
    column.addSpacing(22)
    column.addLayout(_centred([card], stretch=1))
    column.addStretch(3)


def clear(layout: QLayout) -> None:
    """Take all widgets out of a layout, and delete them once Qt is at rest."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def scroll_area(inside: QWidget) -> QScrollArea:
    """Make the frame in which what is too high is scrolled to; as wide as there is room."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area


def _scrolled(page: QWidget) -> QWidget:
    """Let what is too high for a page be scrolled to, and give what it is laid out on."""
    inside, around = QWidget(), QVBoxLayout(page)
    area = scroll_area(inside)
    area.setProperty("ground", "window")
    around.setContentsMargins(0, 0, 0, 0)
    around.addWidget(area)
    return inside


class _ButtonRow(QWidget):
    """Buttons side by side in the middle, or below each other where there is no room."""

    def __init__(self, buttons: Sequence[QPushButton]) -> None:
        super().__init__()
        self._buttons = buttons
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self._box.addStretch()
        for one in buttons:
            self._box.addWidget(one)
        self._box.addStretch()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Ask for the width of the widest alone."""
        hints = [one.sizeHint() for one in self._buttons]
        return QSize(max(hint.width() for hint in hints), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose the direction."""
        super().resizeEvent(event)
        wanted = sum(one.sizeHint().width() + 8 for one in self._buttons)
        directions = QBoxLayout.Direction
        is_narrow = self.width() < wanted
        self._box.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)


def _centred(widgets: Sequence[QWidget], stretch: int = 0) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addStretch()
    for widget in widgets:
        row.addWidget(widget, stretch)
    row.addStretch()
    return row
