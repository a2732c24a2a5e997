"""The open files: opened in a worker, stepped through, closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ecgview.engine.events import Event, Finished, Progress
from ecgview.errors import RecordingError
from ecgview.gui.jobs import Broken, Events, Job, Lane, Outcome, Returned
from ecgview.gui.state import OpenFile
from ecgview.paths import is_folder
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.formats import Corrections, ImportOptions
    from ecgview.gui.importing.remembering import SessionCorrections
    from ecgview.gui.session import Session


def _read(path: Path, options: ImportOptions | None, corrections: Corrections) -> Recording:
    from ecgview.formats import open_recording

    return open_recording(path, options=options, corrections=corrections)


def finding_job(paths: Sequence[Path]) -> Iterator[Event]:
    """Look for recordings in folders; files are taken as they are.

    Yields
    ------
    Event
        Progress; at last a `Finished` with the list of paths.
    """
    from ecgview.formats import find_recordings

    yield Progress(0, 0, "Searching for recordings")
    found = find_recordings(paths)
    if not found:
        raise RecordingError(
            f"{paths[0].name} holds no recording that ecgview reads.",
            "Choose another folder, or a file.",
        )
    yield Finished(found)


def _loading(entry: OpenFile) -> Iterator[Event]:
    yield Progress(0, 0, f"Opening {entry.name}")
    yield Finished(entry.load())


class FileList(QObject):
    """Keeps the session's list of open files.

    Parameters
    ----------
    session : Session
        Whose state holds the list.
    """

    asked = Signal()
    """The user has asked for a file: what was said of an earlier one is over."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._lane, self._writing = Lane(self), Lane(self)
        self._job: Job | None = None
        self._generation = 0
        self.asked_for: OpenFile | None = None
        """The file opened last, as opposed to those only stepped to."""

    @cached_property
    def corrections(self) -> SessionCorrections:
        """What is remembered for kinds of files, and what holds while the window is open."""
        from ecgview.gui.importing.remembering import SessionCorrections

        return SessionCorrections.of_user()

    def entry(self, path: Path, options: ImportOptions | None = None) -> OpenFile:
        """Make the list entry of a file."""
        load = partial(_read, path, options, self.corrections)
        return OpenFile(path.stem, load, path, options)

    def close(self) -> None:
        """Stop the workers."""
        self._generation += 1
        self._lane.stop()
        self._writing.stop()

    def run(self, events: Events, on_ended: Callable[[Outcome], None]) -> Job:
        """Run a job on files, such as looking into one, in this list's worker."""
        return self._lane.submit(events, on_ended)

    def write(self, events: Events, on_ended: Callable[[Outcome], None]) -> Job:
        """Write something in a worker of its own, so that the next file need not wait for it."""
        return self._writing.submit(events, on_ended)

    def open(
        self, paths: Iterable[str | Path], import_options: ImportOptions | None = None
    ) -> None:
        """Open files and folders; the first new one is shown.

        Parameters
        ----------
        paths : iterable of str or Path
            Files, or folders that are searched for recordings.
        import_options : ImportOptions, optional
            What the user says of them; as remembered for their kinds if not given.
        """
        self.asked.emit()
        wanted = [Path(path) for path in paths]
        if any(map(is_folder, wanted)):
            self.run(partial(finding_job, wanted), partial(self._on_found, import_options))
        elif wanted:
            self.add([self.entry(path, import_options) for path in wanted])

    def _on_found(self, import_options: ImportOptions | None, outcome: Outcome) -> None:
        if isinstance(outcome, Returned):
            self.add([self.entry(path, import_options) for path in outcome.result])
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)

    def add(self, entries: Sequence[OpenFile], *, wait: bool = False) -> None:
        """Add entries to the list and show the first; one that is open already is replaced.

        Parameters
        ----------
        entries : sequence of OpenFile
            At least one.
        wait : bool
            Read the first one now, in this thread: for a small file before the first paint.
        """
        self.asked.emit()
        known = {(entry.name, entry.path): entry for entry in self._session.state.files}
        known.update({(entry.name, entry.path): entry for entry in entries})
        files = tuple(known.values())
        self._session.update(files=files)
        at = list(known).index((entries[0].name, entries[0].path))
        self.asked_for = files[at]
        self.go_to(at, wait=wait)

    def show_list(self, paths: Sequence[Path], at: int) -> None:
        """Step through a list of files from one of them on, in the place of the list so far.

        Parameters
        ----------
        paths : sequence of Path
            The files.
        at : int
            The place of the one to show first.
        """
        entries = tuple(self.entry(path) for path in paths)
        self.asked.emit()
        self._session.update(files=entries, index=-1)
        self.asked_for = entries[at]
        self.go_to(at)

    def step(self, by: int) -> None:
        """Go to the next or the previous file; nothing happens at the ends."""
        state = self._session.state
        here = state.files.index(state.opening) if state.opening in state.files else state.index
        if 0 <= here + by < len(state.files):
            self.asked.emit()
            self.go_to(here + by)

    def go_to(self, index: int, *, wait: bool = False) -> None:
        """Read the file at a place of the list and show it."""
        entry = self._session.state.files[index]
        self._generation += 1
        if self._job is not None:
            self._job.cancel()
        self._session.update(opening=entry)
        job = partial(_loading, entry)
        ended = partial(self._on_loaded, self._generation, entry)
        if wait:
            ended(Job(job, ended).run(lambda event: None))
        else:
            self._job = self._lane.submit(job, ended)

    def reopen(self, options: ImportOptions) -> None:
        """Read the file shown again, otherwise; what is shown stays until that has worked.

        Parameters
        ----------
        options : ImportOptions
            What the user says of it; nothing to take it as it is.
        """
        state = self._session.state
        shown = state.files[state.index] if 0 <= state.index < len(state.files) else None
        if shown is None or shown.path is None:
            return
        self.asked.emit()
        self._generation += 1
        if self._job is not None:
            self._job.cancel()
        entry = self.entry(shown.path, options or None)
        self._session.update(opening=entry)
        ended = partial(self._on_reopened, self._generation, shown, entry)
        self._job = self._lane.submit(partial(_loading, entry), ended)

    def _on_reopened(
        self, generation: int, shown: OpenFile, entry: OpenFile, outcome: Outcome
    ) -> None:
        if generation != self._generation:
            return
        self._session.update(opening=None)
        if isinstance(outcome, Returned):
            files = self._session.state.files
            self._session.update(files=tuple(entry if one is shown else one for one in files))
            self._session.show_recording(outcome.result)
        elif isinstance(outcome, Broken):
            self._tell(outcome)

    def close_shown(self) -> None:
        """Take the shown file off the list and show its neighbour, or the start page."""
        state = self._session.state
        if 0 <= state.index < len(state.files):
            self._drop(state.files[state.index])

    def _on_loaded(self, generation: int, entry: OpenFile, outcome: Outcome) -> None:
        if generation != self._generation:
            return
        files = self._session.state.files
        if isinstance(outcome, Returned):
            self._session.update(opening=None, index=files.index(entry))
            self._session.show_recording(outcome.result)
        elif isinstance(outcome, Broken):
            self._session.update(opening=None)
            self._on_refused(entry, outcome)

    def _on_refused(self, entry: OpenFile, outcome: Broken) -> None:
        """Say why, and go on with the next file; what is shown stays where there is none."""
        self._drop(entry)
        self._tell(outcome)

    def _tell(self, outcome: Broken) -> None:
        from ecgview.formats import NeedsOptions

        if isinstance(outcome.exception, NeedsOptions):
            self._session.options_needed.emit(outcome.exception)
        else:
            self._session.problem.emit(outcome.exception, outcome.details)

    def _drop(self, entry: OpenFile) -> None:
        state = self._session.state
        at = state.files.index(entry)
        shown = state.files[state.index] if 0 <= state.index < len(state.files) else None
        files = (*state.files[:at], *state.files[at + 1 :])
        keep = shown is not None and shown is not entry
        self._session.update(files=files, index=files.index(shown) if keep and shown else -1)
        if at < len(files):
            self.go_to(at)
        elif files and not keep:
            self.go_to(len(files) - 1)
        elif not files:
            self._session.show_recording(None)
