"""A stand-in for what rebuilds the recordings of a library, which can be held and broken."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from stand_ins import FakeEngine

from ecgview.catalogue.triage import Scored, TriageFigures
from ecgview.engine.events import Progress
from ecgview.gui.backend import Backend
from ecgview.gui.library.work import LibraryBackend

WORST = {"00000_hr": 0.9, "00001_hr": -0.2, "00002_hr": 0.5, "00003_hr": None, "00004_hr": 0.1}


@dataclass
class LibraryEngine(FakeEngine):
    """An engine that knows the figures of the made data set."""

    triage_error: BaseException | None = None
    asked_paths: list[str] = field(default_factory=list)
    tasks: list = field(default_factory=list)
    generators_closed: int = 0
    free: threading.Event = field(default_factory=threading.Event)
    holding: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.free.set()

    @property
    def backend(self) -> Backend:
        return replace(super().backend, library=LibraryBackend(triage_events=self.triage))

    def triage(self, paths, task):
        self.tasks.append(task)
        try:
            for number, path in enumerate(paths):
                self.asked_paths.append(path.stem)
                self.holding.set()
                self.free.wait(20)
                yield Progress(number, len(paths))
                if self.triage_error is not None:
                    raise self.triage_error
                yield Scored(path, self.figures(path))
        finally:
            self.generators_closed += 1

    def figures(self, path) -> TriageFigures:
        worst = WORST.get(path.stem, 0.7)
        if worst is None:
            return TriageFigures(undefined=("V3",))
        return TriageFigures(worst, "V4", worst + 0.05, 100 - 10 * worst)
