"""The dialogs about the program: what it is, and its shortcuts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ecgview import DISCLAIMER, __version__
from ecgview.gui.actions import ACTIONS, MENUS
from ecgview.gui.model_panel import device_reason
from ecgview.gui.state import SessionState
from ecgview.gui.widgets import button, hairline, label
from ecgview.paths import resources_dir

_SHORTCUTS_HEIGHT_PX = 520


def about_text(state: SessionState) -> str:
    """Say which version this is and what the model runs on."""
    model = f"{state.card.title} ({state.card.name})" if state.card else "none installed"
    return f"Version {__version__}\nModel: {model}\nDevice: {device_reason(state)}"


class AboutDialog(QDialog):
    """Name, version, device, and the fixed wording.

    Parameters
    ----------
    state : SessionState
        For the model and the device.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, state: SessionState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About ecgview")
        self.setMinimumWidth(460)
        icon = QLabel()
        icon.setPixmap(QIcon(str(resources_dir() / "icons" / "ecgview.svg")).pixmap(48, 48))
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(label("ecgview", "display"))
        words.addWidget(
            label("Open twelve-lead ECGs, choose the leads, see the others rebuilt.", wrap=True)
        )
        facts = label(about_text(state), "secondary")
        facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.addWidget(facts)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(14)
        column.addLayout(top)
        column.addWidget(hairline())
        column.addWidget(label(DISCLAIMER, wrap=True))
        column.addWidget(_close_button(self), 0, Qt.AlignmentFlag.AlignRight)


class ShortcutsDialog(QDialog):
    """Every shortcut, menu by menu, from the table of actions.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(6)
        for row, (keys, text) in enumerate(shortcut_lines()):
            if keys:
                grid.addWidget(label(text), row, 0)
                grid.addWidget(label(keys, "secondary"), row, 1)
            else:
                grid.addWidget(label(text, "heading"), row, 0, 1, 2)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setMinimumSize(440, _SHORTCUTS_HEIGHT_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.addWidget(area)
        footer = QHBoxLayout()
        footer.setContentsMargins(0, 0, 20, 0)
        footer.addStretch()
        footer.addWidget(_close_button(self))
        column.addLayout(footer)


def shortcut_lines() -> list[tuple[str, str]]:
    """Give ``(keys, text)`` of each action with a shortcut; headings have no keys."""
    lines: list[tuple[str, str]] = []
    for menu in MENUS:
        specs = [s for s in ACTIONS if s.menu.split("/")[0] == menu and s.shortcuts]
        if specs:
            lines.append(("", menu))
        for spec in specs:
            keys = [QKeySequence(key).toString(_NATIVE) for key in spec.shortcuts]
            lines.append((" or ".join(keys), spec.text))
    paper = [
        ("Arrow keys, wheel", "Move over the paper"),
        ("Ctrl + wheel", "Zoom at the pointer"),
        ("Shift + drag", "Mark a stretch to compare"),
        ("Home, End", "Go to the start, the end"),
    ]
    return [*lines, ("", "On the paper"), *paper]


_NATIVE = QKeySequence.SequenceFormat.NativeText


def _close_button(dialog: QDialog) -> QWidget:
    made = button("Close", dialog.accept, primary="true")
    made.setDefault(True)
    return made
