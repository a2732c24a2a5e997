"""The list of what ecgview is made of, with the licence of each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.text_size import hold
from ecgview.gui.widgets import button, label, resize_to_fit
from ecgview.licences import Component, components

SIZE_PX = (860, 640)
_LIST_PX = 250
_MARGIN_PX = 20


class LicencesDialog(QDialog):
    """Components at the left, the licence of the chosen one at the right.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Licences")
        resize_to_fit(self, *SIZE_PX)
        self._list = QListWidget()
        self._list.setAccessibleName("Components of ecgview")
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._title, self._licence = (
            label("", "title", wrap=True),
            label("", "secondary", wrap=True),
        )
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName("Text of the licence")
        self._lay_out()
        self._list.currentItemChanged.connect(self._on_chosen)
        for component in components():
            item = QListWidgetItem(f"{component.name} {component.version}".strip(), self._list)
            item.setData(Qt.ItemDataRole.UserRole, component)
            item.setToolTip(component.licence)
        self._list.setCurrentRow(0)
        self._list.setFocus()

    def _lay_out(self) -> None:
        side = QWidget()
        side.setProperty("panel", "true")
        hold(side, width=_LIST_PX, share=0.7)
        beside = QVBoxLayout(side)
        beside.setContentsMargins(14, 14, 8, 14)
        beside.addWidget(self._list)
        close = button("Close", self.accept, primary="true")
        close.setDefault(True)
        page = QVBoxLayout()
        page.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, 14)
        page.setSpacing(8)
        for widget in (self._title, self._licence):
            page.addWidget(widget)
        page.addWidget(self._text, 1)
        page.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addLayout(page, 1)

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        component: Component = item.data(Qt.ItemDataRole.UserRole)
        self._title.setText(f"{component.name} {component.version}".strip())
        self._licence.setText(component.licence)
        self._licence.setVisible(bool(component.licence))
        self._text.setPlainText(component.text())
