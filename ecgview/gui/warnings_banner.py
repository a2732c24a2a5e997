"""The banner of a recording's import warnings."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ecgview.gui.banner import Banner, Remark
from ecgview.gui.theme import restyle
from ecgview.recording import Recording


class WarningsBanner(Banner):
    """Says what the checks on opening found; dismissed for the recording, not for ever.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warning", parent)

    def show_recording(self, recording: Recording | None) -> None:
        """Show the warnings of a recording, if it has any; mere notes in a quiet dress."""
        warnings = recording.warnings if recording else ()
        quiet = all(warning.is_note for warning in warnings)
        self.setProperty("banner", "note" if quiet else "warning")
        for widget in (self, *self.findChildren(QWidget)):
            restyle(widget)
        self.show_remarks(warnings_of(recording) if recording else ())


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
    warnings = sorted(recording.warnings, key=lambda warning: warning.is_note)
    return tuple(Remark(warning.message, warning.hint) for warning in warnings)
