"""Marks and notes of the recording shown: read in a worker, notes written there on each change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ecgview.engine.events import Event, Finished
from ecgview.errors import EcgviewError
from ecgview.gui.jobs import Broken, Lane, Outcome, Returned
from ecgview.recording import Mark, Recording

if TYPE_CHECKING:
    from ecgview.formats.notes import KeptNotes
    from ecgview.gui.session import Session

Notes = tuple[Mark, ...]


@dataclass
class _File:
    """The notes of one recording on their way to its file; `known` and `saved` are the worker's."""

    recording: Recording
    wanted: Notes = ()
    known: Notes = ()
    saved: Notes = ()

    @property
    def is_behind(self) -> bool:
        return self.wanted is not self.saved

    def save(self) -> KeptNotes:
        from ecgview.formats.notes import save_notes

        notes = self.wanted
        kept = save_notes(self.recording, notes, self.known)
        self.known, self.saved = kept.notes, notes
        return kept


def _reading_notes(file: _File) -> Iterator[Event]:
    from ecgview.formats.notes import read_notes

    kept = read_notes(file.recording)
    file.known = kept.notes
    yield Finished(kept)


def _reading_marks(recording: Recording) -> Iterator[Event]:
    yield Finished(recording.marks)


def _saving(file: _File, notes: Notes) -> Iterator[Event]:
    # A later change has a job of its own in the queue.
    yield Finished(file.save() if file.wanted is notes else None)


class MarkKeeper(QObject):
    """Puts marks and notes into the state, and notes that the state has changed into their file.

    Parameters
    ----------
    session : Session
        Whose state holds them.
    """

    said = Signal(str)
    """Where notes are kept, if not beside the recording."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._lane = Lane(self)
        self._files: list[_File] = []
        self._file: _File | None = None
        self._has_started = False
        self._has_said = False
        session.recording_changed.connect(self._on_recording)
        session.marks_changed.connect(self._on_changed)

    def start(self) -> None:
        """Begin to read; called after the window's first paint."""
        self._has_started = True
        self._read()

    def close(self) -> None:
        """Stop the worker, and write what it has not."""
        self._lane.stop()
        for file in self._files:
            if file.is_behind:
                try:
                    file.save()
                except EcgviewError as error:
                    self._session.problem.emit(error, "")
        self._files.clear()

    def _on_recording(self) -> None:
        recording = self._session.state.recording
        self._files = [file for file in self._files if file.is_behind]
        self._file = None if recording is None else _File(recording)
        self._has_said = False
        if self._file is not None:
            self._files.append(self._file)
        self._read()

    def _read(self) -> None:
        file = self._file
        if file is None or not self._has_started:
            return
        recording = file.recording
        has_marks = recording.mark_reader is not None
        self._tell_reading(recording.path is not None, has_marks)
        if recording.path is not None:
            self._lane.submit(partial(_reading_notes, file), partial(self._on_notes_read, file))
        if has_marks:
            self._lane.submit(
                partial(_reading_marks, recording), partial(self._on_marks_read, file)
            )

    def _tell_reading(self, notes: bool, marks: bool) -> None:
        measuring = self._session.state.measuring
        if (notes, marks) != (measuring.reads_notes, measuring.reads_marks):
            changed = replace(measuring, reads_notes=notes, reads_marks=marks)
            self._session.restore(measuring=changed)

    def _on_notes_read(self, file: _File, outcome: Outcome) -> None:
        if file is not self._file:
            return
        self._tell_reading(False, self._session.state.measuring.reads_marks)
        if isinstance(outcome, Returned):
            self._take(file, outcome.result.notes)
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)

    def _on_marks_read(self, file: _File, outcome: Outcome) -> None:
        if file is not self._file:
            return
        self._tell_reading(self._session.state.measuring.reads_notes, False)
        if isinstance(outcome, Returned):
            self._session.restore(marks=outcome.result)
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)

    def _take(self, file: _File, notes: Notes) -> None:
        """Put notes that are in the file into the state; that is no change to save."""
        file.wanted = file.saved = notes
        self._session.restore(notes=notes)

    def _on_changed(self) -> None:
        file, notes = self._file, self._session.state.notes
        if file is None or notes == file.wanted:
            return
        file.wanted = notes
        if file.recording.path is None:
            file.saved = notes
            self._say("This recording has no file: its notes last as long as the window.")
            return
        self._lane.submit(partial(_saving, file, notes), partial(self._on_saved, file, notes))

    def _on_saved(self, file: _File, notes: Notes, outcome: Outcome) -> None:
        if isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)
            return
        if not isinstance(outcome, Returned) or outcome.result is None or file is not self._file:
            return
        kept: KeptNotes = outcome.result
        if kept.notes != notes and file.wanted is notes:
            self._take(file, kept.notes)
        if not kept.beside:
            self._say(f"The notes cannot be kept beside the recording; they are in {kept.path}.")

    def _say(self, message: str) -> None:
        if not self._has_said:
            self._has_said = True
            self.said.emit(message)
