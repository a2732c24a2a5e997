"""The banner of a recording's import warnings."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ecgview.gui.banner import Banner, Remark
from ecgview.gui.theme import restyle
from ecgview.gui.widgets import button
from ecgview.recording import ImportWarning, Recording


class WarningsBanner(Banner):
    """Says what the checks on opening found; dismissed for the recording, not for ever.

    The gravest warning stands in a line, with what would put it right; the rest is in the import
    report. Where the user has said something of the file, that is told too and can be undone.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    details_asked = Signal()
    undo_asked = Signal()
    suggestion_accepted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warning", parent)
        self._first: ImportWarning | None = None
        self._more.toggled.disconnect()
        self._more.setCheckable(False)
        self._more.setText("Details…")
        self._more.setToolTip("Import report")
        self._more.clicked.connect(self.details_asked)
        self._apply = button("Correct it", self._on_apply, role="bannerlink")
        self._apply.setObjectName("warning-apply")
        self._undo = button("Undo", self.undo_asked.emit, role="bannerlink")
        self._undo.setObjectName("warning-undo")
        self._undo.setToolTip("Show the recording as its file says, and forget what was remembered")
        for place, widget in enumerate((self._apply, self._undo), start=1):
            self._row.insertWidget(place, widget, 0, Qt.AlignmentFlag.AlignTop)

    def show_recording(self, recording: Recording | None) -> None:
        """Show the warnings of a recording, if it has any; mere notes in a quiet dress."""
        warnings = warnings_of(recording) if recording else ()
        self._first = first = warnings[0] if warnings else None
        self.setProperty("banner", "note" if first is None or first.is_note else "warning")
        for widget in (self, *self.findChildren(QWidget)):
            restyle(widget)
        self.show_remarks([Remark(warning.message, warning.hint) for warning in warnings])
        suggestion = first.suggestion if first else None
        self._apply.setVisible(suggestion is not None)
        corrected = {"corrected", "correction-unfit"}
        self._undo.setVisible(any(warning.code in corrected for warning in warnings))
        if recording is not None and suggestion is not None:
            # Only a file with a warning needs the words; they need the report's code.
            from ecgview.gui.importing.words import suggestion_words

            words = suggestion_words(recording, suggestion)
            self._apply.setToolTip(words)
            self._apply.setAccessibleName(f"Correct it: {words}")

    def _on_apply(self) -> None:
        if self._first is not None and self._first.suggestion is not None:
            self.suggestion_accepted.emit(self._first.suggestion)


def warnings_of(recording: Recording) -> tuple[ImportWarning, ...]:
    """Give what must be known of a recording.

    Parameters
    ----------
    recording : Recording
        Just opened.

    Returns
    -------
    tuple of ImportWarning
        Its warnings in the reader's order; then what the user has said of the file, and mere
        notes last.
    """
    found = list(recording.warnings)
    said = replace(recording.options, part=None)
    if said and not any(warning.code == "corrected" for warning in found):
        from ecgview.gui.importing.words import correction_words

        found.insert(0, ImportWarning("corrected", f"As you said: {correction_words(recording)}."))
    return tuple(sorted(found, key=lambda warning: warning.is_note))
