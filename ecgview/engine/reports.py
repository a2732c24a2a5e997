"""Tables of an evaluation on disk: CSV and JSON files, and the figures in a model's card."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

from ecgview.engine.cards import ModelCard, set_key, write_card
from ecgview.engine.evaluation import Report, SetScore
from ecgview.engine.input_sets import QUALITY_SETS

_COLUMNS = ("raw_pcc", "raw_rmse_uv", "clean_pcc", "clean_median", "clean_rmse_uv")
_LEAD_COLUMNS = ("raw_pcc", "raw_rmse_uv", "clean_pcc", "clean_rmse_uv")


def write_tables(report: Report, folder: Path) -> None:
    """Write ``evaluation.json``, ``sets.csv`` (a row a set) and ``leads.csv`` (a row a lead).

    Parameters
    ----------
    report : Report
        What was scored.
    folder : Path
        Made where it does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evaluation.json").write_text(json.dumps(report.as_dict(), indent=1), "utf-8")
    with (folder / "sets.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["model", "available", "recordings", *_COLUMNS])
        for score in report.scores:
            figures = [getattr(score, column) for column in _COLUMNS]
            table.writerow([score.model, ",".join(score.available), score.recordings, *figures])
    with (folder / "leads.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["model", "available", "lead", *_LEAD_COLUMNS])
        for score in report.scores:
            for lead in score.leads:
                figures = [getattr(lead, column) for column in _LEAD_COLUMNS]
                table.writerow([score.model, ",".join(score.available), lead.lead, *figures])


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
    """
    rows = [score for score in report.scores if score.model == card.name]
    table = {**card.metrics.get("table", {})}
    table.update(
        {set_key(row.available): _rounded(row) for row in rows if row.available in QUALITY_SETS}
    )
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


def _rounded(row: SetScore) -> dict[str, float]:
    return {column: round(getattr(row, column), 4) for column in _COLUMNS}
