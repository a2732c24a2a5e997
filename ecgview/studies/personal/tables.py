"""The study as text, CSV and JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ecgview.engine.reports import told_of
from ecgview.studies.personal.results import (
    WORDS,
    LeadRow,
    PairRow,
    PersonalReport,
    SituationReport,
)
from ecgview.studies.personal.trials import SHRINKAGES

_HEADS = (
    "available",
    "lead",
    "PCC",
    "calibrated",
    "gain",
    "RMSE uV",
    "calibrated",
    "gain",
    "better",
)


def write_personal(report: PersonalReport, folder: Path) -> list[Path]:
    """Write the tables of a study.

    Parameters
    ----------
    report : PersonalReport
        The study.
    folder : Path
        Made if it is not there.

    Returns
    -------
    list of Path
        ``personal.txt``, ``personal.csv`` (a row a lead), ``pairs.csv`` (a row a trial and set)
        and ``personal.json``.

    Raises
    ------
    EcgviewError
        If they cannot be written.
    """
    with told_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        written = [folder / name for name in ("personal.txt", "personal.csv", "pairs.csv")]
        written.append(folder / "personal.json")
        written[0].write_text(personal_table(report) + "\n", encoding="utf-8")
        _write_csv(written[1], list(_lead_rows(report)))
        _write_csv(written[2], list(_pair_rows(report)))
        written[3].write_text(json.dumps(as_document(report), indent=1) + "\n", encoding="utf-8")
    return written


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0] if rows else [])
        table.writeheader()
        table.writerows(rows)


def _lead_rows(report: PersonalReport) -> Iterator[dict[str, Any]]:
    for its in report.situations:
        for one in its.sets:
            for row in one.rows:
                facts = asdict(row)
                gains = [facts.pop("pcc_gain"), facts.pop("rmse_gain_uv")]
                for name, gain in zip(("pcc_gain", "rmse_gain_uv"), gains, strict=True):
                    facts |= {name: gain[0], f"{name}_low": gain[1], f"{name}_high": gain[2]}
                yield {**_of(its), "available": ",".join(one.available), **facts}


def _pair_rows(report: PersonalReport) -> Iterator[dict[str, Any]]:
    for its in report.situations:
        for row in its.pairs:
            yield {**_of(its), **asdict(row), "available": ",".join(row.available)}


def _of(its: SituationReport) -> dict[str, str]:
    return {"calibrated_from": WORDS[its.situation], "model": its.model, "folds": its.folds}


def as_document(report: PersonalReport) -> dict[str, Any]:
    """Give the study ready for JSON, without its single trials."""
    return {
        "data": report.data,
        "left_out": list(report.left_out),
        "situations": [_situation_document(its) for its in report.situations],
        "noticing": [_defined(asdict(one)) for one in report.noticing],
    }


def _defined(figures: dict[str, Any]) -> dict[str, Any]:
    """Put null for what is not defined: JSON has no other word for it."""
    return {
        name: None if isinstance(value, float) and np.isnan(value) else value
        for name, value in figures.items()
    }


def _situation_document(its: SituationReport) -> dict[str, Any]:
    assert its.narrowing is not None and its.chosen is not None
    return {
        **_of(its),
        "people": its.n_people,
        "recordings": its.n_recordings,
        "trials": its.n_trials,
        "shrinkage": its.chosen.shrinkage,
        "shrinkages_by_quarter": [
            SHRINKAGES[place] for key, place in its.chosen.places[0].items() if key > 0
        ],
        "interval_factor": {**asdict(its.narrowing), "allowed": its.narrowing.allowed},
        "ways": [asdict(way) for way in its.ways],
        "sets": [
            {"available": list(one.available), "leads": [asdict(row) for row in one.rows]}
            for one in its.sets
        ],
    }


def personal_table(report: PersonalReport) -> str:
    """Word the study for a terminal.

    Parameters
    ----------
    report : PersonalReport
        The study.
    """
    parts = ["\n".join(_situation_lines(its)) for its in report.situations]
    parts.append("\n".join(_noticing_lines(report)))
    if report.left_out:
        parts.append(f"Not readable as ten seconds without gaps: {', '.join(report.left_out)}.")
    return "\n\n".join(parts)


def _situation_lines(its: SituationReport) -> Iterator[str]:
    assert its.narrowing is not None
    yield (
        f"Calibrated from {WORDS[its.situation]}: {its.model}, folds {its.folds}, "
        f"{its.n_people} people, {its.n_recordings} recordings, {its.n_trials} trials"
    )
    if its.situation == "earlier":
        yield _time_line(its.pairs)
    yield "Clean; means over people, gains with their 95 % interval over people"
    yield "{:<14}{:<7}{:>6}{:>11}  {:<24}{:>8}{:>11}  {:<20}{:>9}".format(*_HEADS)
    for one in its.sets:
        for row in one.rows:
            yield _line(",".join(one.available), row)
    yield "Mean over the sets, chest leads; chosen on other people:"
    for way in its.ways:
        shrinkage = f" (shrinkage {way.shrinkage})" if way.shrinkage else ""
        yield f"  {way.pcc:.3f}  {way.rmse_uv:6.1f} uV  {way.way}{shrinkage}"
    factor = its.narrowing
    yield (
        f"90 % interval: {factor.factor:.2f} of its width would do "
        f"({factor.low:.2f} to {factor.high:.2f}); validation allows {factor.allowed:.2f}"
    )


def _time_line(pairs: tuple[PairRow, ...]) -> str:
    days = [row.days for row in pairs if row.days is not None]
    if not days:
        return "The data set has no dates."
    low, mid, high = np.quantile(days, [0, 0.5, 1])
    return f"Between the recordings: {mid:.0f} days (median), {low:.1f} to {high:.0f}"


def _line(available: str, row: LeadRow) -> str:
    pcc = "{:+.3f} ({:+.3f} to {:+.3f})".format(*row.pcc_gain)
    rmse = "{:+.0f} ({:+.0f} to {:+.0f})".format(*row.rmse_gain_uv)
    return (
        f"{available:<14}{row.lead:<7}{row.pcc_before:6.3f}{row.pcc_after:11.3f}  {pcc:<24}"
        f"{row.rmse_before_uv:8.0f}{row.rmse_after_uv:11.0f}  {rmse:<20}"
        f"{row.n_better:>4}/{row.n_people}"
    )


def _noticing_lines(report: PersonalReport) -> Iterator[str]:
    yield "Is it the same person? QRS complexes of the available leads, thresholds from folds 1-8"
    yield (
        f"{'leads':<18}{'same':>5}{'other':>6}{'distance':>10}{'AUC':>6}"
        f"{'false alarms':>14}{'fold 9':>8}{'hits':>6}  exchanged electrodes noticed"
    )
    for one in report.noticing:
        moved = ", ".join(f"{name} {share:.0%}" for name, share in one.moved.items())
        yield (
            f"{','.join(one.available):<18}{one.n_same:>5}{one.n_other:>6}{one.distance:>10.3f}"
            f"{one.auc:>6.2f}{one.false_alarms:>14.0%}{one.held_out_false_alarms:>8.0%}"
            f"{one.hits:>6.0%}  {moved}"
        )
