"""A strip above the paper that says something and can be put away; never a modal box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ecgview.gui.widgets import typeset


@dataclass(frozen=True)
class Remark:
    """A sentence and what lies behind it."""

    message: str
    hint: str = ""


class Banner(QFrame):
    """Shows the first of some remarks, and the others on demand.

    Parameters
    ----------
    kind : str
        ``warning`` or ``problem``; the style sheet's word for it.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("banner", kind)
        self.setObjectName(f"{kind}-banner")
        self.setAccessibleName("Problem" if kind == "problem" else "Warnings of this recording")
        self._message = _wrapped_label("banner")
        self._details = _wrapped_label("bannerdetails")
        self._more = QPushButton("Details", self)
        self._more.setProperty("role", "bannerlink")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._details.setVisible)
        close = QPushButton("✕", self)
        close.setProperty("role", "bannerlink")
        close.setAccessibleName("Dismiss")
        close.setToolTip("Dismiss")
        close.clicked.connect(self.hide)
        self._lay_out(close)
        self.hide()

    def _lay_out(self, close: QPushButton) -> None:
        self._row = first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._message, 1)
        for button in (self._more, close):
            first.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 4, 8, 4)
        column.setSpacing(2)
        column.addLayout(first)
        column.addWidget(self._details)

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """Show remarks; none hides the banner.

        Parameters
        ----------
        remarks : sequence of Remark
            The most important one first.
        """
        self._more.setChecked(False)
        self._details.hide()
        self.setVisible(bool(remarks))
        if not remarks:
            return
        first, others = remarks[0], remarks[1:]
        rest = f"  (and {len(others)} more)" if others else ""
        self._message.setText(typeset(first.message + rest))
        lines = [first.hint, *(f"{other.message} {other.hint}".strip() for other in others)]
        details = "\n".join(line for line in lines if line)
        self._details.setText(typeset(details))
        self._more.setVisible(bool(details) or not self._more.isCheckable())

    @property
    def text(self) -> str:
        """All that it says, hidden details included."""
        return f"{self._message.text()}\n{self._details.text()}".strip()


def _wrapped_label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
