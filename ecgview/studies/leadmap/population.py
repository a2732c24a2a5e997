"""The map of a population: from a model's card, from an evaluation, or from its tables on disk."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecgview.engine.cards import ModelCard, set_key
from ecgview.engine.folds import fold_phrase
from ecgview.errors import EcgviewError, ModelError
from ecgview.leads import LEADS, in_order, lead_origins
from ecgview.studies.leadmap.table import (
    USUAL_SETS,
    CellFigures,
    LeadMap,
    MapRow,
    refused_row,
)

if TYPE_CHECKING:
    from ecgview.engine.scores import Report

TABLES = ("evaluation.json", "leads.csv")
"""Files of ``ecgview evaluate --output`` that a map is read from."""
_HINT = "Make the tables by `ecgview evaluate --inputs paper --output DIR`."


def map_of_card(card: ModelCard, sets: Sequence[tuple[str, ...]] = USUAL_SETS) -> LeadMap:
    """Make the map that a model's card tells: what it reached on recordings it had not seen.

    Parameters
    ----------
    card : ModelCard
        The model.
    sets : sequence of tuple of str
        Rows; sets that the card says nothing of keep a row without figures.

    Returns
    -------
    LeadMap
        Of clean signals, which is all that cards hold.

    Raises
    ------
    ModelError
        If the card has figures for none of the sets.
    """
    rows = [_card_row(card, leads) for leads in sets if card.takes(leads)]
    if not any(row.figures for row in rows):
        raise ModelError(
            f"The card of {card.name} has no figures for these sets.",
            "Put them there by `ecgview evaluate --inputs all --into-card`.",
        )
    title = population_title(card.metrics.get("data", {}))
    return LeadMap(title, card.name, _card_words(card), tuple(rows), (True,))


def _card_row(card: ModelCard, leads: tuple[str, ...]) -> MapRow:
    expected = card.expected(leads)
    if not expected:
        return refused_row(leads, "The card has no figures for this set.")
    figures = {lead: CellFigures(one.pcc, one.rmse_uv) for lead, one in expected.items()}
    return MapRow(leads, lead_origins(leads), {True: figures})


def population_title(sources: Mapping[str, int]) -> str:
    """Name a population after its data sets, without licences and owners."""
    names = [source.partition(" (")[0].partition(",")[0] for source in sources]
    return ", ".join(dict.fromkeys(names)) or "evaluated recordings"


def _card_words(card: ModelCard) -> str:
    metrics = card.metrics
    return _count_words(
        metrics.get("recordings", 0), metrics.get("patients", 0), metrics.get("folds", ())
    )


def _count_words(recordings: int, patients: int, folds: Sequence[int]) -> str:
    words = [f"{recordings} recordings of {patients} patients"] if recordings else []
    return (
        ", ".join(filter(None, (*words, fold_phrase(folds)))) or "recordings the model had not seen"
    )


def map_of_report(report: Report, model: str = "") -> LeadMap:
    """Make the map of an evaluation that was just computed.

    Parameters
    ----------
    report : Report
        What was scored.
    model : str
        Which of its models; the first one by default.
    """
    return _map_of_document(report.as_dict(), model, "the evaluation")


def read_map(path: Path, model: str = "", sets: Sequence[tuple[str, ...]] | None = None) -> LeadMap:
    """Make the map from what ``ecgview evaluate --output`` wrote.

    Parameters
    ----------
    path : Path
        The folder, or its ``evaluation.json`` or ``leads.csv``.
    model : str
        Which of its models; the first one by default.
    sets : sequence of tuple of str, optional
        The rows that are wanted; all by default.

    Raises
    ------
    EcgviewError
        If it is no such table, or the model or all of the sets are not in it.
    """
    file = next((path / name for name in TABLES if (path / name).is_file()), path)
    if file.is_dir() or not file.is_file():
        raise EcgviewError(f"{path} holds neither {' nor '.join(TABLES)}.", _HINT)
    try:
        text = file.read_text(encoding="utf-8")
        document = json.loads(text) if file.suffix == ".json" else _from_csv(text.splitlines())
        lead_map = _map_of_document(document, model, str(file))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise EcgviewError(f"{file} is not a table of an evaluation ({error}).", _HINT) from error
    return lead_map if sets is None else _only(lead_map, sets, str(file))


def _only(lead_map: LeadMap, sets: Sequence[tuple[str, ...]], where: str) -> LeadMap:
    by_key = {row.key: row for row in lead_map.rows}
    rows = tuple(by_key[key] for leads in sets if (key := set_key(leads)) in by_key)
    if not rows:
        raise EcgviewError(f"{where} holds none of these sets of leads.", "Ask for others.")
    return replace(lead_map, rows=rows)


def holds_tables(path: Path) -> bool:
    """Tell whether a path is a table of an evaluation, or a folder with one; by names alone."""
    return path.name in TABLES or any((path / name).is_file() for name in TABLES)


def _from_csv(lines: Iterable[str]) -> dict[str, Any]:
    """Give the lines of ``leads.csv`` in the form of ``evaluation.json``, as far as they say it."""
    scores: dict[tuple[str, str], dict[str, Any]] = {}
    for line in csv.DictReader(lines):
        key = line["model"], line["available"]
        row = {"model": key[0], "available": key[1].split(","), "leads": []}
        scores.setdefault(key, row)["leads"].append(line)
    return {"scores": list(scores.values())}


def _map_of_document(document: Mapping[str, Any], model: str, where: str) -> LeadMap:
    scores = document["scores"]
    names = list(dict.fromkeys(score["model"] for score in scores))
    if not names or (model and model not in names):
        has = f"It holds {', '.join(names)}." if names else _HINT
        raise EcgviewError(f"{where} holds nothing of {model or 'any model'}.", has)
    model = model or names[0]
    rows = [_document_row(score) for score in scores if score["model"] == model]
    over = _count_words(
        document.get("recordings", 0), document.get("patients", 0), document.get("folds", ())
    )
    title = population_title(document.get("sources", {}))
    return LeadMap(title, model, over, _in_usual_order(rows))


def _document_row(score: Mapping[str, Any]) -> MapRow:
    available = in_order(score["available"])
    figures = {
        clean: {
            lead["lead"]: CellFigures(
                *(_number(lead[f"{kind}_{measure}_mean"]) for measure in ("pcc", "rmse_uv"))
            )
            for lead in score["leads"]
            if lead["lead"] in LEADS
        }
        for clean, kind in ((False, "raw"), (True, "clean"))
    }
    return MapRow(available, lead_origins(available), figures)


def _number(value: object) -> float | None:
    return None if value in (None, "") else float(str(value))


def _in_usual_order(rows: Sequence[MapRow]) -> tuple[MapRow, ...]:
    """Put the usual sets first, in their order; others follow as they came."""
    usual = {set_key(leads): place for place, leads in enumerate(USUAL_SETS)}
    return tuple(sorted(rows, key=lambda row: usual.get(row.key, len(usual))))
