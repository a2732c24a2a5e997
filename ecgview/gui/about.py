"""The dialog about the program: versions, device, the fixed wording, and whom it owes thanks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from ecgview import DISCLAIMER, __version__
from ecgview.gui.about_facts import (
    ACKNOWLEDGEMENTS,
    NO_NETWORK,
    how_installed,
    made_with,
    model_lines,
    report_text,
)
from ecgview.gui.model_panel import device_reason
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.widgets import button, hairline, label, resize_to_fit, scroll_area
from ecgview.paths import resources_dir

SIZE_PX = (620, 580)
_MARGIN_PX = 24


class AboutDialog(QDialog):
    """Name, versions, device, the fixed wording, thanks, and the way to the licences.

    Parameters
    ----------
    session : Session
        For the models and the device; what is learnt of them later is shown then.
    settings : Settings
        Whose place is told, or why they cannot be kept.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, session: Session, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About ecgview")
        resize_to_fit(self, *SIZE_PX)
        self._session, self._settings = session, settings
        self._models, self._device = _fact(), _fact()
        self._copied = label("", "secondary")
        area = scroll_area(self._contents())
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setProperty("ground", "window")
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Page Down reads on
        area.setAccessibleName("About ecgview")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(area, 1)
        column.addWidget(hairline())
        column.addLayout(self._buttons())
        session.model_changed.connect(self._refresh)
        session.result_changed.connect(self._refresh)
        self._refresh()

    def _contents(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, 16)
        column.setSpacing(14)
        column.addLayout(_head())
        disclaimer = label(DISCLAIMER, "strong", wrap=True)
        column.addWidget(disclaimer)
        column.addWidget(hairline())
        column.addLayout(self._facts())
        column.addWidget(hairline())
        for words in (*ACKNOWLEDGEMENTS, NO_NETWORK):
            column.addWidget(_selectable(label(words, "secondary", wrap=True)))
        column.addStretch()
        return inside

    def _facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows = {
            "Version": _fact(f"{__version__}, {how_installed()}"),
            "Models": self._models,
            "Device": self._device,
            "Made with": _fact(made_with()),
            "Settings": _fact(self._settings.trouble or self._settings.place or "not kept"),
        }
        for row, (name, value) in enumerate(rows.items()):
            grid.addWidget(label(name, "secondary"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignTop)
        return grid

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(_MARGIN_PX, 12, _MARGIN_PX, 14)
        row.setSpacing(8)
        row.addWidget(button("Licences…", self.show_licences))
        tip = "Versions, system and device, as text; nothing of recordings or people"
        row.addWidget(button("Copy for a report", self.copy_report, tip=tip))
        row.addWidget(self._copied, 1)
        close = button("Close", self.accept, primary="true")
        close.setDefault(True)
        row.addWidget(close)
        return row

    def _refresh(self) -> None:
        state = self._session.state
        self._models.setText("\n".join(model_lines(state)))
        self._device.setText(device_reason(state))

    def copy_report(self) -> None:
        """Put what a report of a fault needs on the clipboard."""
        QGuiApplication.clipboard().setText(report_text(self._session.state))
        self._copied.setText("Copied.")

    def show_licences(self) -> None:
        """Open the list of what ecgview is made of."""
        from ecgview.gui.about_licences import LicencesDialog

        dialog = LicencesDialog(self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _head() -> QHBoxLayout:
    icon = QLabel()
    icon.setPixmap(QIcon(str(resources_dir() / "icons" / "ecgview.svg")).pixmap(48, 48))
    words = QVBoxLayout()
    words.setSpacing(6)
    words.addWidget(label("ecgview", "display"))
    words.addWidget(
        label("Open twelve-lead ECGs, choose the leads, see the others rebuilt.", wrap=True)
    )
    head = QHBoxLayout()
    head.setSpacing(16)
    head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    head.addLayout(words, 1)
    return head


def _fact(text: str = "") -> QLabel:
    return _selectable(label(text, wrap=True))


def _selectable(made: QLabel) -> QLabel:
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
