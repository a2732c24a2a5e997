"""The dialog about the program: version, device, and the fixed wording."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ecgview import DISCLAIMER, __version__
from ecgview.gui.model_panel import device_reason
from ecgview.gui.state import SessionState
from ecgview.gui.text_size import scaled
from ecgview.gui.widgets import button, hairline, label
from ecgview.paths import resources_dir


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
        self.setMinimumWidth(scaled(460, 1.3))
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


def _close_button(dialog: QDialog) -> QWidget:
    made = button("Close", dialog.accept, primary="true")
    made.setDefault(True)
    return made
