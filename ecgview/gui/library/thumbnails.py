"""The small pictures of the rows that are seen: drawn in a worker, the last ones kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ecgview.engine.events import Event
from ecgview.gui.jobs import Broken, Job, Lane, Outcome
from ecgview.gui.library.work import Drawn, LibraryBackend, Picture, drawing_job

PICTURES_KEPT = 2000


class Thumbnails(QObject):
    """Gives small pictures, and has those drawn that are wanted.

    Parameters
    ----------
    backend : LibraryBackend
        What draws them.
    parent : QObject
        Owner; call `close` before it goes.
    """

    drawn = Signal()
    """More pictures are there."""

    def __init__(self, backend: LibraryBackend, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._lane = Lane(self)
        self._kept: OrderedDict[tuple[Path, str], Picture] = OrderedDict()
        self._wanted: tuple[list[Path], str] = ([], "")
        self._job: Job | None = None

    def get(self, path: Path, lead: str) -> Picture | None:
        """Give a picture; None while it is not drawn."""
        picture = self._kept.get((path, lead))
        if picture is not None:
            self._kept.move_to_end((path, lead))
        return picture

    def want(self, paths: Sequence[Path], lead: str) -> None:
        """Draw these, and no others any more that were wanted before."""
        absent = [path for path in paths if (path, lead) not in self._kept]
        if (absent, lead) == self._wanted and self._job is not None:
            return
        self._wanted = (absent, lead)
        if self._job is not None:
            self._job.cancel()
        elif absent:
            self._start()

    def _start(self) -> None:
        paths, lead = self._wanted
        job = partial(drawing_job, self._backend.draw, paths, lead)
        self._job = self._lane.submit(job, self._on_ended, self._on_event)

    def close(self) -> None:
        """Stop the worker."""
        self._job = None
        self._lane.stop()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Drawn):
            self._kept[(event.path, event.lead)] = event.picture
            while len(self._kept) > PICTURES_KEPT:
                self._kept.popitem(last=False)
            self.drawn.emit()

    def _on_ended(self, outcome: Outcome) -> None:
        self._job = None
        paths, lead = self._wanted
        absent = [path for path in paths if (path, lead) not in self._kept]
        self._wanted = (absent, lead)
        # What broke would break again.
        if absent and not isinstance(outcome, Broken):
            self._start()
