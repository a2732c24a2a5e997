"""The files named when the window was started: opened, and what became of them told outside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from ecgview.errors import EcgviewError
from ecgview.gui.session import Session
from ecgview.gui.state import SESSION_SUFFIX
from ecgview.paths import is_folder

SMALL_FILE_BYTES = 4_000_000
"""A file up to this size is read before the first paint; larger ones in a worker."""


def open_at_start(session: Session, paths: Sequence[Path], import_options: Any = None) -> None:
    """Open the files of the command line; a small first one at once, before the first paint.

    Parameters
    ----------
    session : Session
        To open them in.
    paths : sequence of Path
        Files and folders.
    import_options : ImportOptions, optional
        For text files among them.
    """
    if not paths:
        return
    if any(map(is_folder, paths)):
        session.files.open(paths, import_options)
    else:
        entries = [session.files.entry(path, import_options) for path in paths]
        session.files.add(entries, wait=_is_small(paths[0]))


def _is_small(path: Path) -> bool:
    signals = path.with_suffix(".dat") if path.suffix in ("", ".hea") else path
    try:
        return signals.stat().st_size <= SMALL_FILE_BYTES
    except OSError:
        return True  # the reader says what is wrong


class StartFiles(QObject):
    """Tells the terminal why named files do not open, until one of them is shown.

    The window has its banner or dialog besides.

    Parameters
    ----------
    session : Session
        In which they are opened.
    paths : sequence of Path
        As named; none for a window without files.
    tell : callable
        Given each problem at once.
    """

    def __init__(
        self, session: Session, paths: Sequence[Path], tell: Callable[[EcgviewError], object]
    ) -> None:
        super().__init__(session)
        self._session, self._paths, self._tell = session, paths, tell
        self.have_opened = not paths
        """Whether one of the files was shown, or none was named."""
        session.recording_changed.connect(self._on_recording)
        session.problem.connect(self._on_problem)
        session.options_needed.connect(self._on_problem)

    def _on_recording(self) -> None:
        state = self._session.state
        if state.recording is not None and 0 <= state.index < len(state.files):
            self.have_opened = self.have_opened or self._named(state.files[state.index].path)

    def _named(self, path: Path | None) -> bool:
        """Tell whether a file was named, or is in a folder or session that was."""
        if any(one.suffix.lower() == SESSION_SUFFIX for one in self._paths):
            return True
        return path is not None and any(path.is_relative_to(one) for one in self._paths)

    def _on_problem(self, error: BaseException, details: str = "") -> None:
        if self.have_opened:
            return
        if not isinstance(error, EcgviewError):
            kind = type(error).__name__
            error = EcgviewError(f"Something went wrong that was not foreseen ({kind}: {error}).")
        self._tell(error)
