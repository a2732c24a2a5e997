"""The commands of exporting: the recording, its reconstruction, an anonymised copy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ecgview.gui.comparisons_table import model_title
from ecgview.gui.exporting.jobs import anonymised_job, reconstruction_job, recording_job
from ecgview.gui.interval_words import interval_title
from ecgview.gui.jobs import Broken, Outcome, Returned
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.gui.exporting.save_dialog import SaveDialog, Saving
    from ecgview.gui.main_window import MainWindow

_ANONYMISED = (
    "Samples, sex, age (90+ above 89) and codes of beats are written; names, numbers, dates, the "
    "recorder and all free text stay behind. Choose a file name that tells nothing either."
)
_INCLUDES = {
    "reconstruction": "Twelve leads, reconstructed ones named V3_rec",
    "both": "The recording's leads, with V3_rec beside V3",
    "twelve": "Twelve leads under their usual names",
}


class Exporting(QObject):
    """What is written of recordings.

    Parameters
    ----------
    session : Session
        Whose recording is written.
    settings : Settings
        Last folder and format.
    window : MainWindow
        The dialogs belong to it.
    """

    def __init__(self, session: Session, settings: Settings, window: MainWindow) -> None:
        super().__init__(window)
        self._session = session
        self._settings = settings
        self._window = window

    def save_recording(self) -> None:
        """Ask where to, and write the whole recording there."""
        recording = self._session.state.recording
        if recording is None:
            return
        from ecgview.gui.exporting.save_dialog import Saving

        self._ask(
            Saving(
                "Save the recording",
                recording.name,
                f"{recording.name}-copy",
                _recording_note(recording),
                lambda path, form, keep, _: recording_job(recording, path, form, keep_patient=keep),
                "the patient's name and numbers, dates and the file's comments",
            )
        )

    def save_anonymised(self) -> None:
        """Ask where to, and write a copy there that does not tell whose it is."""
        recording = self._session.state.recording
        if recording is None:
            return
        from ecgview.gui.exporting.save_dialog import Saving

        self._ask(
            Saving(
                "Save an anonymised copy",
                "an anonymised copy",
                "anonymous",
                _ANONYMISED,
                lambda path, form, keep, _: anonymised_job(recording, path, form),
            )
        )

    def save_reconstruction(self) -> None:
        """Ask where to, and write there what the model made, whatever is compared with it."""
        state = self._session.state
        recording, reconstruction = state.recording, state.reconstruction
        if recording is None or reconstruction is None:
            return
        from ecgview.gui.exporting.save_dialog import Saving

        filters, level = state.model_filters, state.view.interval
        banded = _interval_note(reconstruction, level)
        filtered = f"Filtered: {filters.words}" if filters else "Nothing is filtered"
        self._ask(
            Saving(
                f"Save the reconstruction by {model_title(state)}",
                f"the reconstruction by {reconstruction.model_name}",
                f"{recording.name}-rebuilt",
                "A JSON file beside it says which model made it from which leads. "
                f"{banded}{filtered}; nothing of the patient is written.",
                lambda path, form, keep, include: reconstruction_job(
                    recording, reconstruction, path, form, include, state.card, filters, level
                ),
                choices=_INCLUDES,
                chosen=self._settings["export/include"],
            )
        )

    def _ask(self, saving: Saving) -> None:
        from ecgview.gui.exporting.save_dialog import SaveDialog

        folder, file_format = self._settings["files/folder"], self._settings["export/format"]
        dialog = SaveDialog(saving, folder, file_format, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.accepted.connect(partial(self._save, dialog))
        dialog.open()

    def _save(self, dialog: SaveDialog) -> None:
        self._settings["export/format"] = dialog.file_format
        if dialog.choice:
            self._settings["export/include"] = dialog.choice
        job = partial(
            dialog.saving.job,
            dialog.target,
            dialog.file_format,
            dialog.keeps_patient,
            dialog.choice,
        )
        self._session.files.write(job, partial(self._on_saved, dialog.saving.made))

    def _on_saved(self, made: str, outcome: Outcome) -> None:
        if isinstance(outcome, Returned):
            self._window.say(f"Saved {made} as {outcome.result}")
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)

    def convert_folder(self) -> None:
        """Show the dialog that converts all recordings of a folder."""
        from ecgview.gui.exporting.convert_dialog import ConvertDialog

        dialog = ConvertDialog(self._settings, self._session.files.corrections, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _interval_note(reconstruction: Reconstruction, level: float) -> str:
    if reconstruction.interval is None or not level:
        return ""
    ends = "V3_rec_lo and V3_rec_hi beside V3_rec"
    return f"Where leads are named so, {ends} are the ends of the {interval_title(level)}. "


def _recording_note(recording: Recording) -> str:
    derived = recording.derived_leads
    marked = f", {', '.join(derived)} said to be derived" if derived else ""
    corrected = " The comments say what was corrected." if recording.options else ""
    return (
        f"All {len(recording.channels)} signals, {recording.duration_s:.4g} s at "
        f"{recording.fs_hz:g} Hz{marked}; sex and age, nothing else of the patient.{corrected}"
    )
