"""The study as text, CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ecgview.engine.folds import fold_phrase, parse_folds
from ecgview.engine.reports import told_of, write_csv
from ecgview.studies.personal.results import (
    WORDS,
    LeadRow,
    PairRow,
    PersonalReport,
    SituationReport,
)
from ecgview.studies.personal.trials import SHRINKAGES

INTERVAL_WORDS = {
    "own": "that of the model",
    "scaled": "that of the model, made by lead as wide as holds 90 % before",
    "constant": "of constant width, made by lead to hold 90 % before",
}
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
        for path, rows in ((written[1], _lead_rows(report)), (written[2], _pair_rows(report))):
            first, *others = rows
            write_csv(path, list(first), (first, *others))
        written[3].write_text(
            json.dumps(as_document(report), indent=1, allow_nan=False) + "\n", encoding="utf-8"
        )
    return written


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
    document = {
        "data": report.data,
        "left_out": list(report.left_out),
        "situations": [_situation_document(its) for its in report.situations],
        "noticing": [asdict(one) for one in report.noticing],
    }
    return {name: _defined(value) for name, value in document.items()}


def _defined(value: Any) -> Any:
    """Put null for what is not defined: JSON has no other word for it."""
    if isinstance(value, dict):
        return {name: _defined(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_defined(each) for each in value]
    return None if isinstance(value, float) and np.isnan(value) else value


def _situation_document(its: SituationReport) -> dict[str, Any]:
    assert its.chosen is not None
    return {
        **_of(its),
        "people": its.n_people,
        "recordings": its.n_recordings,
        "trials": its.n_trials,
        "shrinkage": its.chosen.shrinkage,
        "shrinkages_by_quarter": [
            SHRINKAGES[place] for key, place in its.chosen.places[0].items() if key > 0
        ],
        "interval_of": INTERVAL_WORDS[its.interval],
        "interval_folds": its.interval_folds,
        "interval": [{**asdict(one), "allowed": one.allowed} for one in its.narrowings],
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
    yield (
        f"Calibrated from {WORDS[its.situation]}: {its.model}, {_phrase(its.folds)}, "
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
    yield from _narrowing_lines(its)


def _narrowing_lines(its: SituationReport) -> Iterator[str]:
    total = its.narrowings[-1]
    yield (
        f"Inside the 90 % interval around calibrated leads: {INTERVAL_WORDS[its.interval]}; "
        f"{_phrase(its.interval_folds)}, {total.people} people"
    )
    yield (
        f"{'available':<14}{'as it is':<24}{f'times {total.in_force:g}':<24}{'lowest lead':>11}"
        "  factor that would hold 90 %"
    )
    for one in its.narrowings:
        unscaled, scaled = (
            "{:.1%} ({:.1%} to {:.1%})".format(*share) for share in (one.unscaled, one.scaled)
        )
        yield (
            f"{one.available:<14}{unscaled:<24}{scaled:<24}{one.lowest_lead:>11.1%}"
            f"  {one.factor:.2f} ({one.low:.2f} to {one.high:.2f})"
        )
    most = max(one.allowed for one in its.narrowings)
    yield f"Largest upper end of a set, which may be promised (never above 1): {most:.2f}"


def _phrase(folds: str) -> str:
    return fold_phrase(parse_folds(folds))


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
