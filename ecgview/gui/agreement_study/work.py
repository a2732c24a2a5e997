"""What the agreement page asks of the other rooms; imported when first used, in a worker.

Tests hand in a `StudyBackend` of their own.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.engine.events import Event, Finished, Progress
from ecgview.gui.native_libraries import loading_quietly
from ecgview.gui.signal_processing import load as load_signal_processing

if TYPE_CHECKING:
    from ecgview.studies.agreement.results import AgreementReport, MarkerAgreement
    from ecgview.studies.agreement.task import AgreementTask

Events = Generator[Event, None, None]


def command_of(task: AgreementTask, output: str = "agreement") -> tuple[str, ...]:
    """Give the command line that does the same as the page.

    Parameters
    ----------
    task : AgreementTask
        What is compared.
    output : str
        The folder that the results go to.
    """
    words = ["ecgview", "agreement"]
    for folder in task.data_dirs:
        words += ["--data", str(folder)]
    if task.folds:
        words += ["--folds", ",".join(map(str, task.folds))]
    for available in task.input_sets:
        words += ["--leads", ",".join(available)]
    for model in task.models:
        words += ["--model", model]
    if task.device != "auto":
        words += ["--device", task.device]
    return (*words, "--output", output)


def _summarise(data_dirs: Sequence[Path]) -> Events:
    from ecgview.engine.dataset import summarise

    yield from summarise(data_dirs)


def _study(task: AgreementTask) -> Events:
    if "ecgview.engine.evaluation" not in sys.modules:
        yield Progress(0, 0, "Loading the model")
        with loading_quietly():
            load_signal_processing()
            import ecgview.engine.evaluation  # noqa: F401
    from ecgview.studies.agreement.study import agreement_events

    yield from agreement_events(replace(task, command=shlex.join(command_of(task))))


def save_tables(report: AgreementReport, folder: Path) -> Events:
    """Write the tables; yields a `Finished` with the files."""
    from ecgview.studies.agreement.tables import write_agreement_tables

    yield Progress(0, 1, "Writing the tables")
    yield Finished(write_agreement_tables(report, folder))


def save_figures(report: AgreementReport, folder: Path) -> Events:
    """Draw all figures into a folder; yields a `Finished` with the files."""
    from ecgview.export.agreement_figures import figure_events

    yield from figure_events(report, folder)


def save_report(report: AgreementReport, target: Path) -> Events:
    """Write the report as HTML or PDF, as the ending says; yields a `Finished` with the file."""
    from ecgview.export.agreement_report import report_events

    yield from report_events(report, [target])


def save_plot(report: AgreementReport, row: MarkerAgreement, target: Path) -> Events:
    """Draw the Bland-Altman plots of a row into a file; yields a `Finished` with it."""
    from ecgview.export.agreement_figures import single
    from ecgview.export.style import save_figure

    yield Progress(0, 1, f"Drawing {target.name}")
    yield Finished([save_figure(single(report, row).figure(), target, overwrite=True)])


@dataclass(frozen=True)
class StudyBackend:
    """The functions that the agreement page uses; all are called in a worker.

    Attributes
    ----------
    summarise : callable
        ``(data_dirs)`` -> events, the last a `Finished` with a `DataSummary`.
    study : callable
        ``(task)`` -> events, the last a `Finished` with an `AgreementReport`.
    """

    summarise: Callable[[Sequence[Path]], Events] = _summarise
    study: Callable[[AgreementTask], Events] = _study
