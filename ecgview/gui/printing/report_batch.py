"""Reports on many recordings: a PDF for each, and one table of all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.engine.events import Event, Failed, Finished
from ecgview.errors import EcgviewError, RecordingError
from ecgview.formats.writers import safe_name
from ecgview.gui.app import do_without_display, make_application
from ecgview.gui.printing.paint_report import report_pdf
from ecgview.gui.printing.paper import SCHEMES
from ecgview.gui.printing.report import report_of
from ecgview.gui.state import SessionState
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEADS, Origin
from ecgview.paths import check_folder
from ecgview.storing import check_absent, store

if TYPE_CHECKING:
    from ecgview.engine.batch import RecordDone
    from ecgview.engine.reconstructor import Reconstructor
    from ecgview.formats import Corrections, ImportOptions

SUMMARY = "summary.csv"
_HEAD = ("file", "report", "available", "model", "mean_pcc_chest", "mean_pcc_all", "worst_lead")
_FAILED = "problem"


@dataclass(frozen=True)
class ReportTask:
    """What the reports are to be like.

    Attributes
    ----------
    available : tuple of str
        Leads the model may see.
    output : Path
        Folder to write to; folders below the one searched are kept.
    paper : str
        One of `PAPERS`.
    scheme : str
        One of `SCHEMES`.
    view : ViewState
        Speed, gain, order, filters and start.
    clean : bool
        Whether figures are of high-passed signals.
    with_patient : bool
        Whether name, number, birth date and the date of the recording are printed.
    overwrite : bool
        Whether files already there may be replaced.
    options : ImportOptions or None
        How to read files that do not say.
    corrections : Corrections or None
        What is remembered for kinds of files.
    """

    available: tuple[str, ...]
    output: Path
    paper: str = "a4"
    scheme: str = "pink"
    view: ViewState = field(default_factory=ViewState)
    clean: bool = False
    with_patient: bool = False
    overwrite: bool = False
    options: ImportOptions | None = None
    corrections: Corrections | None = None


@dataclass(frozen=True, eq=False)
class ReportDone(Event):
    """A report is written; `done` says on what."""

    done: RecordDone
    written: Path


def report_files(
    paths: Sequence[Path], task: ReportTask, reconstructor: Reconstructor
) -> Iterator[Event]:
    """Write a report on each recording of files and folders, and a summary of all.

    Parameters
    ----------
    paths : sequence of Path
        Files, or folders searched for recordings.
    task : ReportTask
        What to write.
    reconstructor : Reconstructor
        The model.

    Yields
    ------
    Event
        For each file `ReportDone` or `Failed`, each followed by `Progress`; at last a `Finished`
        with the path of the summary, or None where no recording was found.
    """
    from ecgview.engine.batch import BatchTask, RecordDone, reconstruct_files

    do_without_display()
    make_application()
    check_folder(task.output)
    summary = task.output / SUMMARY
    check_absent(summary, overwrite=task.overwrite)
    batch = BatchTask(
        task.available,
        clean=task.clean,
        options=task.options,
        corrections=task.corrections,
        interval=task.view.interval,
    )
    rows: list[dict[str, object]] = []
    taken: dict[Path, Path] = {}
    for event in reconstruct_files(paths, batch, reconstructor):
        told = event
        if isinstance(event, RecordDone):
            told = _report(event, task, reconstructor, taken)
        if isinstance(told, ReportDone):
            rows.append(_row(told, task, reconstructor.card.name))
        elif isinstance(told, Failed):
            rows.append({"file": told.item, _FAILED: told.message})
        yield told
    if rows:
        store(summary, _table(rows))
    yield Finished(summary if rows else None)


def _report(
    done: RecordDone, task: ReportTask, reconstructor: Reconstructor, taken: dict[Path, Path]
) -> ReportDone | Failed:
    """Write one report, unless another of this run, or an older one, has its place."""
    target = task.output / done.below / f"{safe_name(done.recording.name)}.pdf"
    try:
        if target in taken or (target.exists() and not task.overwrite):
            whose = f", of {taken[target]}" if target in taken else ""
            raise RecordingError(
                f"{target.parent} already holds {target.name}{whose}.",
                "Choose another folder, or allow it to be replaced (option --overwrite).",
            )
        state = state_of(done, task, reconstructor)
        report = report_of(state, paper=task.paper, with_patient=task.with_patient)
        store(target, report_pdf(report, SCHEMES[task.scheme]))
    except EcgviewError as error:
        return Failed(str(done.path), str(error))
    taken[target] = done.path
    return ReportDone(done, target)


def state_of(done: RecordDone, task: ReportTask, reconstructor: Reconstructor) -> SessionState:
    """Give the state of a window that shows a finished recording of a batch."""
    return SessionState(
        recording=done.recording,
        available=done.reconstruction.available,
        models=(reconstructor.card,),
        model=reconstructor.card.name,
        view=task.view,
        clean=task.clean,
        reconstruction=done.reconstruction,
        agreement=done.agreement,
    )


def _row(told: ReportDone, task: ReportTask, model: str) -> dict[str, object]:
    figures = told.done.agreement
    scored = [row for row in figures.rows if row.pcc is not None]
    worst = min(scored, key=lambda row: row.pcc or 0.0, default=None)
    row: dict[str, object] = {
        "file": str(told.done.path),
        "report": told.written.relative_to(task.output).as_posix(),
        "available": ",".join(told.done.reconstruction.available),
        "model": model,
        "mean_pcc_chest": _rounded(figures.mean_pcc_chest, 4),
        "mean_pcc_all": _rounded(figures.mean_pcc_all, 4),
        "worst_lead": worst.lead if worst else "",
    }
    for lead in figures.rows:
        if lead.origin is Origin.RECONSTRUCTED:
            row[f"pcc_{lead.lead}"] = _rounded(lead.pcc, 4)
            row[f"rmse_uv_{lead.lead}"] = _rounded(lead.rmse_uv, 1)
    return row


def _rounded(value: float | None, digits: int) -> object:
    return "" if value is None else round(value, digits)


def _table(rows: Sequence[dict[str, object]]) -> bytes:
    figures = [f"{kind}_{lead}" for kind in ("pcc", "rmse_uv") for lead in LEADS]
    used = [name for name in figures if any(name in row for row in rows)]
    text = io.StringIO()
    table = csv.DictWriter(text, [*_HEAD, *used, _FAILED], restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()
