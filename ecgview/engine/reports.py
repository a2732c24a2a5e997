"""Tables of an evaluation on disk: CSV and JSON files, and the figures in a model's card."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.engine.cards import ModelCard, set_key, write_card
from ecgview.engine.input_sets import QUALITY_SETS
from ecgview.engine.intervals.coverage import Cell
from ecgview.engine.published import PUBLISHED
from ecgview.engine.scores import COLUMNS, Report, SetScore
from ecgview.errors import EcgviewError

if TYPE_CHECKING:
    from ecgview.engine.rate_loss import RateLoss

_CARD_COLUMNS = ("raw_pcc", "raw_rmse_uv", "clean_pcc", "clean_median", "clean_rmse_uv")


def write_tables(report: Report, folder: Path) -> None:
    """Write ``evaluation.json``, ``sets.csv``, ``leads.csv`` and ``differences.csv``.

    ``coverage.csv`` is written too where a model has intervals: a row a `Cell`.

    Parameters
    ----------
    report : Report
        What was scored.
    folder : Path
        Made where it does not exist.

    Raises
    ------
    EcgviewError
        If it cannot be written.
    """
    text = json.dumps(report.as_dict(), indent=1, allow_nan=False)
    with told_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "evaluation.json").write_text(text, "utf-8")
        write_csv(
            folder / "sets.csv",
            ("model", "available", "recordings", "patients", *COLUMNS),
            (_set_row(score, report.patients) for score in report.scores),
        )
        write_csv(
            folder / "leads.csv",
            ("model", "available", "lead", *COLUMNS),
            (row for score in report.scores for row in _lead_rows(score)),
        )
        write_csv(
            folder / "differences.csv",
            list(report.differences[0].as_dict()) if report.differences else ("model",),
            (difference.as_dict() for difference in report.differences),
        )
        if report.coverage:
            write_coverage(report.coverage, folder / "coverage.csv")


def write_coverage(cells: Sequence[Cell], path: Path) -> None:
    """Write how often intervals hold what was recorded: a row a cell, at least one.

    Raises
    ------
    EcgviewError
        If it cannot be written.
    """
    rows = [asdict(cell) for cell in cells]
    with told_of(path.parent):
        write_csv(path, list(rows[0]), rows)


@contextmanager
def told_of(folder: Path) -> Iterator[None]:
    """Put what hinders the writing of tables into a sentence that names their folder."""
    try:
        yield
    except OSError as error:
        raise EcgviewError(
            f"The tables cannot be written to {folder}: {error.strerror or error}.",
            "Make room, or choose another folder.",
        ) from error


def write_rate_loss(lost: Sequence[RateLoss], folder: Path) -> None:
    """Write ``rate_loss.csv``: a row a lead, see `RateLoss`.

    Raises
    ------
    EcgviewError
        If it cannot be written.
    """
    rows = [asdict(one) for one in lost]
    with told_of(folder):
        write_csv(folder / "rate_loss.csv", list(rows[0]), rows)


def _set_row(score: SetScore, patients: int) -> dict[str, object]:
    return {
        "model": score.model,
        "available": score.available,
        "recordings": score.recordings,
        "patients": patients,
        **score.columns(),
    }


def _lead_rows(score: SetScore) -> Iterable[dict[str, object]]:
    for lead in score.leads:
        yield {
            "model": score.model,
            "available": score.available,
            "lead": lead.lead,
            **lead.columns(),
        }


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write a CSV file: a line a row, lists with commas in a cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        for row in rows:
            table.writerow([_cell(row[column]) for column in columns])


def _cell(value: object) -> object:
    return ",".join(value) if isinstance(value, (tuple, list)) else value


def write_into_card(card: ModelCard, report: Report, command: str) -> None:
    """Put the figures of a model into its card.

    The eight sets of the quality table become the card's main table; all sets become what the
    window shows as *expected*.

    Parameters
    ----------
    card : ModelCard
        The model; rows of other models are passed over.
    report : Report
        What was scored.
    command : str
        The command line that reproduces it.

    Raises
    ------
    EcgviewError
        If the model is a published transform, which has no card on disk.
    """
    if card.architecture == PUBLISHED:
        raise EcgviewError(
            f"{card.name} has no card to write into.",
            "Its figures are in the tables: --output DIR.",
        )
    rows = list(report.of(card.name))
    table = {set_key(row.available): _rounded(row) for row in rows if _in_main_table(card, row)}
    metrics = {
        "data": report.sources,
        "folds": list(report.folds),
        "recordings": report.recordings,
        "patients": report.patients,
        "left_out": report.left_out,
        "command": command,
        "table": {**card.metrics.get("table", {}), **table},
    }
    figures = {
        set_key(row.available): {
            lead.lead: (round(lead.clean_pcc, 3), round(lead.clean_rmse_uv, 1))
            for lead in row.leads
        }
        for row in rows
    }
    write_card(replace(card, metrics=metrics, figures={**card.figures, **figures}))


def _in_main_table(card: ModelCard, row: SetScore) -> bool:
    return bool(card.leads) or row.available in QUALITY_SETS


def _rounded(row: SetScore) -> dict[str, float]:
    return {column: round(getattr(row, column), 4) for column in _CARD_COLUMNS}
