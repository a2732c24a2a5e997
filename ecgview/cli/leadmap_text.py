"""A lead map as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from ecgview.leads import LEADS, Origin
from ecgview.studies.leadmap.table import LeadMap, MapRow, sorted_rows

_SIGNS = {Origin.MEASURED: "*", Origin.DERIVED: "="}
_CELL = 7


def map_table(lead_map: LeadMap, measure: str, *, clean: bool, by_mean: bool = False) -> str:
    """Lay out a map: a line for each set, a column for each lead, and two means.

    Parameters
    ----------
    lead_map : LeadMap
        The map.
    measure : str
        ``pcc`` or ``rmse_uv``.
    clean : bool
        Of signals high-passed at 0.5 Hz.
    by_mean : bool
        The best mean first, not the order of the paper.
    """
    name = "RMSE in uV" if measure == "rmse_uv" else "PCC"
    kind = "clean" if clean else "raw"
    rows: Sequence[MapRow] = lead_map.rows
    if by_mean:
        rows = sorted_rows(rows, measure, clean=clean)
    wide = max(9, *(len(_given(row)) for row in rows)) + 2
    heads = "".join(f"{lead:>{_CELL}}" for lead in (*LEADS, "chest", "all"))
    lines = [
        f"{lead_map.title}: {name} ({kind}) of each lead, {lead_map.model}",
        lead_map.over,
        "* measured, = derived, chest and all: means over reconstructed leads",
        f"{'available':<{wide}}{heads}",
        *(f"{_given(row):<{wide}}{_cells(row, measure, clean)}" for row in rows),
    ]
    return "\n".join(line.rstrip() for line in lines)


def _given(row: MapRow) -> str:
    return ",".join(row.available)


def _cells(row: MapRow, measure: str, clean: bool) -> str:
    if row.reason:
        return f"  {row.reason}"
    cells = [
        _SIGNS.get(row.origins[lead]) or _number(row.value(lead, measure, clean=clean), measure)
        for lead in LEADS
    ]
    cells += [
        _number(row.mean(measure, clean=clean, chest=chest), measure) for chest in (True, False)
    ]
    return "".join(f"{cell:>{_CELL}}" for cell in cells)


def _number(value: float | None, measure: str) -> str:
    if value is None:
        return "n/a"
    return f"{value:.0f}" if measure == "rmse_uv" else f"{value:.3f}"
