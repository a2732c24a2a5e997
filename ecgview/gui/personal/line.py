"""The line in the left panel that says what the reconstruction is calibrated from."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ecgview.gui.personal.state import line_text
from ecgview.gui.session import Session
from ecgview.gui.widgets import button, label


class PersonalLine(QWidget):
    """What is in force, with a way to remove it; hidden where nothing is.

    Parameters
    ----------
    session : Session
        Shown and changed.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._text = label("", "secondary", wrap=True)
        self._text.setObjectName("personal-line")
        self._remove = button(
            "Remove the calibration", lambda: session.set_personal(None), role="link",
            tip="Show what the model gives without it (Ctrl+Alt+Shift+G)",
        )  # fmt: skip
        self._remove.setObjectName("personal-remove")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._remove)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._text)
        column.addLayout(row)
        session.personal_changed.connect(self.refresh)
        session.busy_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say what the state says."""
        state = self._session.state
        text = line_text(state.personal, state.calibrated, is_busy=bool(state.busy))
        self._text.setText(text)
        said = " ".join(state.calibrated.signs) if state.calibrated else ""
        self._text.setToolTip(said)
        self._text.setAccessibleName(f"{text} {said}".strip())
        self.setVisible(bool(text))
