"""The dialog in which a note is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ecgview.formats.notes import LONGEST_TEXT_BYTES
from ecgview.gui.text_size import scaled
from ecgview.gui.widgets import button, label
from ecgview.recording import Mark

_ALL = "All leads"
_WIDTH_PX = 420


class NoteDialog(QDialog):
    """Asks for the text of a note.

    Parameters
    ----------
    note : Mark
        As it is; without text for a new one.
    leads : sequence of str
        What it can be about.
    parent : QWidget
        Above which it opens.
    """

    saved = Signal(object)
    """A `Mark` was written."""
    removed = Signal()
    """The note is to go."""

    def __init__(self, note: Mark, leads: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._note = note
        self.setWindowTitle("Edit note" if note.text else "New note")
        self.setMinimumWidth(scaled(_WIDTH_PX))
        self.text = QLineEdit(note.text)
        self.text.setObjectName("note-text")
        self.text.setAccessibleName("Text of the note")
        self.text.setMaxLength(LONGEST_TEXT_BYTES)
        self.text.setPlaceholderText("What is to be seen here")
        self.lead = QComboBox()
        self.lead.setObjectName("note-lead")
        self.lead.setAccessibleName("Lead that the note is about")
        self.lead.addItems([_ALL, *leads])
        self.lead.setCurrentText(note.channel or _ALL)
        self._save = button("Save note", self._on_save, primary="true", tip="Save the note (Enter)")
        self._save.setObjectName("note-save")
        self._save.setDefault(True)
        self.text.textChanged.connect(self._refresh)
        self._lay_out()
        self._refresh()
        self.text.setFocus()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow("Note", self.text)
        form.addRow("About", self.lead)
        form.addRow("At", label(_place_text(self._note), "secondary"))
        row = QHBoxLayout()
        if self._note.text:
            delete = button("Delete note", self._on_delete, tip="Remove this note")
            delete.setObjectName("note-delete")
            row.addWidget(delete)
        row.addStretch()
        row.addWidget(button("Cancel", self.reject, tip="Leave everything as it was (Esc)"))
        row.addWidget(self._save)
        column.addLayout(form)
        column.addLayout(row)

    def _refresh(self) -> None:
        self._save.setEnabled(bool(self.text.text().strip()))

    def _on_save(self) -> None:
        lead = self.lead.currentText()
        channel = "" if lead == _ALL else lead
        self.saved.emit(replace(self._note, text=self.text.text(), channel=channel))
        self.accept()

    def _on_delete(self) -> None:
        self.removed.emit()
        self.accept()


def _place_text(note: Mark) -> str:
    if not note.duration_s:
        return f"{note.start_s:.3f} s"
    return f"{note.start_s:.3f} s to {note.start_s + note.duration_s:.3f} s"
