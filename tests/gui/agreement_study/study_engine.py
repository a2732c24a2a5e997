"""A stand-in for what studies a data set, which can be held, broken and counted."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

from agreement_example import example_report
from stand_ins import FakeEngine

from ecgview.engine.events import Failed, Finished, Progress
from ecgview.gui.agreement_study.work import StudyBackend
from ecgview.gui.backend import Backend
from ecgview.studies.agreement.results import AgreementReport, RecordingFacts


def report_over(folder: Path) -> AgreementReport:
    """The made report, its first recordings being files of a made data set."""
    report = example_report()
    files = sorted(folder.rglob("*.hea"))
    facts = [
        RecordingFacts(one.name, str(files[at % len(files)]), one.start_s, one.subsets)
        for at, one in enumerate(report.recordings)
    ]
    return replace(report, recordings=tuple(facts))


@dataclass
class StudyEngine(FakeEngine):
    """An engine whose studies come to the made report."""

    tasks: list = field(default_factory=list)
    study_error: BaseException | None = None
    generators_closed: int = 0
    steps_done: int = 0
    free: threading.Event = field(default_factory=threading.Event)
    holding: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.free.set()

    @property
    def backend(self) -> Backend:
        return replace(super().backend, study=StudyBackend(study=self.study))

    def study(self, task):
        self.tasks.append(task)
        try:
            yield Failed("records/00999", "flat lead")
            for number in range(4):
                self.steps_done += 1
                self.holding.set()
                self.free.wait(20)
                if self.study_error is not None:
                    raise self.study_error
                yield Progress(number, 4, "Measuring")
            yield Finished(report_over(task.data_dirs[0]))
        finally:
            self.generators_closed += 1
