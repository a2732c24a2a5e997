"""A lead map as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from ecgview.leads import LEADS, Origin
from ecgview.storing import store
from ecgview.studies.leadmap.table import MEASURES, LeadMap, MapRow

_KINDS = {False: "raw", True: "clean"}


def as_dict(lead_map: LeadMap) -> dict[str, Any]:
    """Give a map as plain JSON values; ``n/a`` is null."""
    return {
        "title": lead_map.title,
        "model": lead_map.model,
        "over": lead_map.over,
        "versions": [_KINDS[clean] for clean in lead_map.versions],
        "rows": [_row_dict(row, lead_map) for row in lead_map.rows],
    }


def _row_dict(row: MapRow, lead_map: LeadMap) -> dict[str, Any]:
    if row.reason:
        return {"available": list(row.available), "reason": row.reason}
    leads = {
        lead: {"kind": row.origins[lead].value, **_figures(row, lead, lead_map)} for lead in LEADS
    }
    return {"available": list(row.available), **means(row, lead_map), "leads": leads}


def means(row: MapRow, lead_map: LeadMap) -> dict[str, float | None]:
    """Give the means of a row by names such as ``mean_clean_pcc_chest`` and ``..._all``."""
    return {
        f"mean_{_KINDS[clean]}_{measure}_{'chest' if chest else 'all'}": row.mean(
            measure, clean=clean, chest=chest
        )
        for clean in lead_map.versions
        for measure in MEASURES
        for chest in (True, False)
    }


def _figures(row: MapRow, lead: str, lead_map: LeadMap) -> dict[str, float | None]:
    if row.origins[lead] is not Origin.RECONSTRUCTED:
        return {}
    return {
        f"{_KINDS[clean]}_{measure}": row.value(lead, measure, clean=clean)
        for clean in lead_map.versions
        for measure in MEASURES
    }


def leads_csv(lead_map: LeadMap) -> str:
    """Give a line for each set and lead, with its kind and its figures."""
    kinds = [f"{_KINDS[clean]}_{measure}" for clean in lead_map.versions for measure in MEASURES]
    lines = [
        {
            "available": ",".join(row.available),
            "lead": lead,
            "kind": row.origins[lead].value,
            **_figures(row, lead, lead_map),
        }
        for row in lead_map.rows
        if not row.reason
        for lead in LEADS
    ]
    return _csv(["available", "lead", "kind", *kinds], lines)


def sets_csv(lead_map: LeadMap) -> str:
    """Give a line for each set, with its means over leads."""
    rows = [row for row in lead_map.rows if not row.reason]
    lines = [{"available": ",".join(row.available), **means(row, lead_map)} for row in rows]
    columns = list(means(lead_map.rows[0], lead_map)) if lead_map.rows else []
    return _csv(["available", *columns], lines)


def _csv(columns: list[str], lines: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(lines)
    return text.getvalue()


def write_map(lead_map: LeadMap, folder: Path) -> list[Path]:
    """Write ``leadmap.json``, ``leadmap-leads.csv`` and ``leadmap-sets.csv``.

    Parameters
    ----------
    lead_map : LeadMap
        The map.
    folder : Path
        Made where it does not exist; files of the same names are replaced.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    RecordingError
        If they cannot be written.
    """
    contents = {
        "leadmap.json": json.dumps(as_dict(lead_map), indent=1, allow_nan=False) + "\n",
        "leadmap-leads.csv": leads_csv(lead_map),
        "leadmap-sets.csv": sets_csv(lead_map),
    }
    for name, content in contents.items():
        store(folder / name, content.encode())
    return [folder / name for name in contents]
