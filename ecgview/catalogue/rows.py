"""A row of the table in words and as data, for the window, CSV and JSON alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ecgview.catalogue.entries import QUALITIES, Catalogue, Entry
from ecgview.catalogue.triage import TriageFigures

NOT_DEFINED = "n/a"
UNKNOWN_FIGURES = TriageFigures()


def quality_words(entry: Entry) -> str:
    """Say what is known of a recording's quality."""
    return ", ".join(QUALITIES.get(one, one) for one in entry.qualities)


def as_data(
    catalogue: Catalogue, entry: Entry, figures: TriageFigures | None = None
) -> dict[str, Any]:
    """Put a row into a dict of strings, numbers and lists, ready for JSON.

    Parameters
    ----------
    catalogue : Catalogue
        For the meaning of statements.
    entry : Entry
        The recording.
    figures : TriageFigures, optional
        How well it was rebuilt; left out where nobody has tried.

    Returns
    -------
    dict
        Keys: name, path, patient, age (``90+`` above 89), sex, fold, superclasses, statements
        (code, words, likelihood), report, comments, quality, rate_hz, duration_s, leads, device,
        recorded, problem; and with figures worst_pcc, worst_lead, mean_pcc, rmse_uv,
        undefined_leads.
    """
    vocabulary = catalogue.vocabulary
    data: dict[str, Any] = {
        "name": entry.name,
        "path": str(entry.path),
        "patient": entry.patient,
        "age": _age(entry),
        "sex": entry.sex,
        "fold": entry.fold or None,
        "superclasses": list(entry.superclasses),
        "statements": [
            {
                "code": one.code,
                "words": vocabulary[one.code].words,
                "likelihood": one.likelihood or None,
            }
            for one in vocabulary.in_order(entry.statements)
        ],
        "report": entry.report,
        "comments": list(entry.comments),
        "quality": list(entry.qualities),
        "rate_hz": entry.rate_hz,
        "duration_s": entry.duration_s,
        "leads": list(entry.leads),
        "device": entry.device,
        "recorded": entry.recorded,
        "problem": entry.problem,
    }
    if figures is not None:
        data |= {
            "worst_pcc": figures.worst_pcc,
            "worst_lead": figures.worst_lead,
            "mean_pcc": figures.mean_pcc,
            "rmse_uv": figures.rmse_uv,
            "undefined_leads": list(figures.undefined),
            "problem": figures.problem or entry.problem,
        }
    return data


def _age(entry: Entry) -> float | int | str | None:
    if entry.age_text.startswith("over"):
        return "90+"
    whole = entry.age is not None and entry.age == int(entry.age)
    return int(entry.age) if whole and entry.age is not None else entry.age


def as_csv(
    catalogue: Catalogue, rows: Iterable[tuple[Entry, TriageFigures | None]], *, scored: bool
) -> str:
    """Write rows as a CSV table with a line of heads.

    Parameters
    ----------
    catalogue : Catalogue
        For the meaning of statements.
    rows : iterable of (Entry, TriageFigures or None)
        In the order wanted.
    scored : bool
        Whether the columns of figures are there.
    """
    text = io.StringIO()
    none = UNKNOWN_FIGURES if scored else None
    heads = as_data(catalogue, Entry("", Path()), none)
    table = csv.DictWriter(text, list(heads), lineterminator="\n")
    table.writeheader()
    for entry, figures in rows:
        data = as_data(catalogue, entry, (figures or none) if scored else None)
        table.writerow({name: _cell(value) for name, value in data.items()})
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(map(_item, value))
    return round(value, 4) if isinstance(value, float) else value


def _item(value: Any) -> str:
    if isinstance(value, dict):
        known = value["likelihood"]
        return f"{value['code']} {known:g}" if known else str(value["code"])
    return str(value)
