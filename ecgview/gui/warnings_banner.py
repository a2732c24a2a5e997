"""The banner of a recording's import warnings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ecgview.gui.banner import Banner, Remark
from ecgview.gui.theme import restyle
from ecgview.gui.widgets import button
from ecgview.recording import ImportWarning, Recording


class WarningsBanner(Banner):
    """Says what the checks on opening found; dismissed for the recording, not for ever.

    The gravest warning stands in a line, with what would put it right; the rest is in the import
    report.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    details_asked = Signal()
    suggestion_accepted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warning", parent)
        self._recording: Recording | None = None
        self._more.toggled.disconnect()
        self._more.setCheckable(False)
        self._more.setText("Details…")
        self._more.setToolTip("Import report")
        self._more.clicked.connect(self.details_asked)
        self._apply = button("Correct it", self._on_apply, role="bannerlink")
        self._apply.setObjectName("warning-apply")
        self._row.insertWidget(1, self._apply)

    def show_recording(self, recording: Recording | None) -> None:
        """Show the warnings of a recording, if it has any; mere notes in a quiet dress."""
        self._recording = recording
        warnings = recording.warnings if recording else ()
        quiet = all(warning.is_note for warning in warnings)
        self.setProperty("banner", "note" if quiet else "warning")
        for widget in (self, *self.findChildren(QWidget)):
            restyle(widget)
        self.show_remarks(warnings_of(recording) if recording else ())
        first = first_warning(recording)
        suggestion = first.suggestion if first else None
        self._apply.setVisible(suggestion is not None)
        if recording is not None and suggestion is not None:
            # Only a file with a warning needs the words; they need the report's code.
            from ecgview.gui.importing.words import suggestion_words

            words = suggestion_words(recording, suggestion)
            self._apply.setToolTip(words)
            self._apply.setAccessibleName(f"Correct it: {words}")

    def _on_apply(self) -> None:
        first = first_warning(self._recording)
        if first is not None and first.suggestion is not None:
            self.suggestion_accepted.emit(first.suggestion)


def _ordered(recording: Recording) -> list[ImportWarning]:
    return sorted(recording.warnings, key=lambda warning: warning.is_note)


def first_warning(recording: Recording | None) -> ImportWarning | None:
    """Give the warning that the banner shows."""
    return next(iter(_ordered(recording)), None) if recording else None


def warnings_of(recording: Recording) -> tuple[Remark, ...]:
    """Give the recording's warnings as remarks.

    Parameters
    ----------
    recording : Recording
        Just opened.

    Returns
    -------
    tuple of Remark
        In the reader's order, mere notes last.
    """
    return tuple(Remark(warning.message, warning.hint) for warning in _ordered(recording))
