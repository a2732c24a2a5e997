"""The commands of importing: ask, correct, undo, accept a suggestion, open another part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from ecgview.errors import EcgviewError
from ecgview.formats.applying import combined
from ecgview.formats.options import ImportOptions, ImportPreview
from ecgview.gui.importing.questions import Questions, kept
from ecgview.gui.importing.tracing import previewing_job
from ecgview.gui.jobs import Broken, Outcome, Returned
from ecgview.gui.session import Session
from ecgview.gui.theme import LIGHT
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.formats import NeedsOptions
    from ecgview.gui.importing.dialog import ImportDialog
    from ecgview.gui.main_window import MainWindow


class Importing(QObject):
    """What is done with files that say too little, or something wrong.

    Parameters
    ----------
    session : Session
        Changed.
    window : MainWindow
        The dialogs belong to it.
    """

    def __init__(self, session: Session, window: MainWindow) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._questions = Questions(
            self, session.files.corrections, self._ask, lambda error: self._complain(error)
        )

    def _complain(self, error: BaseException, details: str = "") -> None:
        self._session.problem.emit(error, details)

    # Files that say too little

    def ask(self, question: NeedsOptions) -> None:
        """Ask about a file that was to be opened."""
        self._questions.ask(question.preview, self._open)

    def ask_estimate(self, question: NeedsOptions) -> None:
        """Ask about a file that the recording was to be compared with."""
        self._questions.ask(question.preview, self._session.comparisons.add)

    def _open(self, paths: Sequence[Path], options: ImportOptions | None) -> None:
        self._session.files.open(paths, options)

    def _ask(
        self,
        preview: ImportPreview,
        in_force: ImportOptions | None = None,
        *,
        correcting: bool = False,
    ) -> ImportDialog:
        # Only a file that says too little needs it: the window starts without it.
        from ecgview.gui.importing.dialog import ImportDialog

        dialog = ImportDialog(
            preview,
            self._window,
            in_force=in_force,
            theme=self._window.theme or LIGHT,
            correcting=correcting,
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    # The recording shown

    def correct(self) -> None:
        """Show what the file of the recording says, and what the user has said otherwise."""
        recording = self._session.state.recording
        if recording is None or recording.path is None:
            return
        part = ImportOptions(part=recording.options.part)
        job = partial(previewing_job, recording.path, part)
        self._session.files.run(job, partial(self._on_preview, recording))

    def _on_preview(self, recording: Recording, outcome: Outcome) -> None:
        if recording is not self._session.state.recording:
            return
        if isinstance(outcome, Broken):
            self._complain(outcome.exception, outcome.details)
        elif isinstance(outcome, Returned):
            dialog = self._ask(outcome.result, recording.options, correcting=True)
            remembered = self._session.files.corrections.recall(outcome.result.kind)
            dialog.set_remembered(bool(remembered))
            dialog.finished.connect(partial(self._on_corrected, recording, dialog))

    def _on_corrected(self, recording: Recording, dialog: ImportDialog, result: int) -> None:
        if result != QDialog.DialogCode.Accepted or recording is not self._session.state.recording:
            return
        options, kind = dialog.options(), dialog.preview.kind
        if not replace(options, part=None):
            self.undo()
            return
        corrections = self._session.files.corrections
        if dialog.is_to_be_remembered:
            kept(dialog, kind, options, corrections, self._complain)
        elif corrections.recall(kind):
            self._forget(kind)
        self._session.files.reopen(options)

    def accept(self, suggestion: ImportOptions) -> None:
        """Open the recording shown with what a check suggests."""
        recording = self._session.state.recording
        if recording is not None:
            self._session.files.reopen(combined(recording.options, suggestion))

    def undo(self) -> None:
        """Show the recording as its file says, and forget what is remembered for its kind."""
        recording = self._session.state.recording
        if recording is None:
            return
        self._forget(recording.kind)
        part = recording.options.part
        self._session.files.reopen(ImportOptions(part=part))

    def _forget(self, kind: str) -> None:
        try:
            self._session.files.corrections.forget(kind)
        except EcgviewError as error:
            self._complain(error)

    def open_part(self, part: str) -> None:
        """Open another part of the file shown, corrected in the same way."""
        recording = self._session.state.recording
        if recording is not None and part != recording.part:
            self._session.files.reopen(replace(recording.options, part=part))
