"""The actions: calibrate from another ECG or a marked stretch, again, and not any more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from ecgview.engine.events import Event, Finished, Progress
from ecgview.gui.banner import Remark
from ecgview.gui.jobs import Broken, Job, Lane, Outcome, Returned
from ecgview.gui.personal.state import PersonalSource, source_of
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.personal import Situation
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.gui.main_window import MainWindow


class PersonalCommands(QObject):
    """What is calibrated from.

    Parameters
    ----------
    session : Session
        Whose state says it.
    settings : Settings
        The last folder.
    window : MainWindow
        Dialogs belong to it.
    """

    def __init__(self, session: Session, settings: Settings, window: MainWindow) -> None:
        super().__init__(window)
        self._session, self._settings, self._window = session, settings, window
        self._lane = Lane(self)
        self._job: Job | None = None
        self._generation = 0
        self._for: tuple[Recording | None, PersonalSource | None] = (None, None)
        session.closing.connect(self._lane.stop)
        session.recording_changed.connect(self._drop_stale)
        session.personal_changed.connect(self._drop_stale)
        session.personal_changed.connect(self._say)
        self._said: tuple[str, ...] = ()

    def _say(self) -> None:
        """Put what speaks against a calibration into the banner, once."""
        result = self._session.state.calibrated
        signs: tuple[str, ...] = ()  # what is asked anew is said anew
        if result is not None:
            signs = (f"Not calibrated. {result.refused}",) if result.refused else result.signs
        if signs != self._said:
            self._said = signs
            if signs:
                self._window.problem_banner.show_remarks([Remark(words) for words in signs])

    def ask(self) -> None:
        """Ask for a file with an earlier ECG of the person, and calibrate from it."""
        from ecgview.gui.commands import file_filter

        name, _ = QFileDialog.getOpenFileName(
            self._window,
            "Calibrate from an earlier ECG of the same person",
            self._settings["files/folder"],
            file_filter(),
        )
        if name:
            self.calibrate_from(Path(name))

    def calibrate_from(self, path: Path, stretch_s: tuple[float, float] | None = None) -> None:
        """Read an ECG and calibrate from it.

        Parameters
        ----------
        path : Path
            Its file.
        stretch_s : tuple of float, optional
            Start and duration of what is learnt from; all by default.
        """
        self._cancel()
        state = self._session.state
        self._for = state.recording, state.personal
        self._job = self._lane.submit(
            partial(self._read, path), partial(self._on_read, self._generation, stretch_s)
        )

    def _read(self, path: Path) -> Iterator[Event]:
        yield Progress(0, 0, f"Reading {path.name}")
        yield Finished(self._session.backend.personal.read(path))

    def _on_read(
        self, generation: int, stretch_s: tuple[float, float] | None, outcome: Outcome
    ) -> None:
        if generation != self._generation:
            return
        self._job = None
        if isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)
        elif isinstance(outcome, Returned):
            source = source_of(outcome.result)
            if stretch_s is not None:
                source = _part(outcome.result, "earlier", *stretch_s)
            self._session.set_personal(source)

    def _cancel(self) -> None:
        """Take no answer to what was asked so far."""
        if self._job is not None:
            self._job.cancel()
        self._job = None
        self._generation += 1

    def _drop_stale(self) -> None:
        """Take no answer once another recording is shown, or the choice was made otherwise."""
        state = self._session.state
        if state.recording is not self._for[0] or state.personal is not self._for[1]:
            self._cancel()

    def calibrate_from_mark(self) -> None:
        """Calibrate from the marked stretch, and compare over the rest."""
        state = self._session.state
        if state.recording is None or state.view.mark_s is None:
            return
        start_s, stop_s = state.view.mark_s
        self._session.change_view(mark_s=None)
        self.calibrate_from_stretch(start_s, stop_s - start_s)

    def calibrate_from_stretch(self, start_s: float, duration_s: float) -> None:
        """Calibrate from a stretch of the recording shown; figures are over the rest."""
        recording = self._session.state.recording
        if recording is not None:
            self._session.set_personal(_part(recording, "same", start_s, duration_s))

    def again(self) -> None:
        """Calibrate from the other ECG that was taken last."""
        if self._session.state.last_personal is not None:
            self._session.set_personal(self._session.state.last_personal)

    def remove(self) -> None:
        """Calibrate no more."""
        self._session.set_personal(None)


def _part(
    recording: Recording, situation: Situation, start_s: float, duration_s: float
) -> PersonalSource:
    start = min(max(round(start_s * recording.fs_hz), 0), recording.n_samples)
    stop = min(round((start_s + duration_s) * recording.fs_hz), recording.n_samples)
    return PersonalSource(recording, situation, start, stop)
