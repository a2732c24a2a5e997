"""Lead maps as figures: all twelve leads, and two means."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.export.heatmap import HeatRow, colour_limits, heatmap_figure
from ecgview.export.style import save_figure
from ecgview.leads import LEADS, Origin
from ecgview.studies.leadmap.table import MEASURES, LeadMap, MapRow, sorted_rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_ROWS = 64
"""Of longer maps a figure shows the best; the tables hold all."""

_NAMES = {"pcc": "PCC", "rmse_uv": "RMSE (uV)"}
_WORDS = {False: "raw", True: "clean"}
_KINDS = {
    False: "Raw: medians removed.",
    True: "Clean: high-passed at 0.5 Hz, zero phase.",
}
_SIGNS = {Origin.MEASURED: "\N{BULLET}", Origin.DERIVED: "="}
_HOW = (
    "\N{BULLET} measured, = derived from measured leads, n/a: no recorded lead to compare with, or "
    "not rebuilt. Chest and all: means over the reconstructed chest leads and over all "
    "reconstructed leads."
)


def leadmap_figure(
    lead_map: LeadMap,
    measure: str = "pcc",
    *,
    clean: bool = True,
    by_mean: bool = False,
    of_difference: bool = False,
) -> Figure:
    """Draw a map.

    Parameters
    ----------
    lead_map : LeadMap
        With a row that has figures.
    measure : str
        ``pcc`` or ``rmse_uv``.
    clean : bool
        One of its versions.
    by_mean : bool
        The best mean first; long maps always are.
    of_difference : bool
        Whether its figures are differences; the bright end is the better one there too.

    Returns
    -------
    matplotlib.figure.Figure
        About 220 mm wide.
    """
    rows = [row for row in lead_map.rows if not row.reason]
    left_out = len(rows) - MOST_ROWS
    if by_mean or left_out > 0:
        rows = list(sorted_rows(rows, measure, clean=clean)[:MOST_ROWS])
    notes = [_KINDS[clean], _HOW]
    if left_out > 0:
        notes.append(f"The best {MOST_ROWS} of {len(rows) + left_out} sets of leads.")
    name = _NAMES[measure].partition(" ")[0]
    if of_difference:
        name = f"Difference in {name}"
    given = (lead_map.model, lead_map.over)
    return heatmap_figure(
        [_heat_row(row, measure, clean) for row in rows],
        title=f"{lead_map.title}: {name} of each lead from each set, {_WORDS[clean]}",
        subtitle=" · ".join(part for part in given if part),
        notes=notes,
        measure=_NAMES[measure],
        limits=_limits(lead_map, measure, of_difference),
        leads=LEADS,
        means=("chest", "all"),
    )


def _limits(lead_map: LeadMap, measure: str, of_difference: bool) -> tuple[float, float]:
    """Give one scale to raw and clean, so that the two can be compared."""
    rows = [_heat_row(row, measure, clean) for row in lead_map.rows for clean in lead_map.versions]
    low, high = colour_limits(rows, _NAMES[measure])
    if not of_difference:
        return max(low, 0.0), high
    values = [abs(value) for row in rows for value in row.leads.values()]
    step = 10.0 if measure == "rmse_uv" else 0.1
    most = step * math.ceil(max(values, default=step) / step)
    return -most, most


def _heat_row(row: MapRow, measure: str, clean: bool) -> HeatRow:
    figures = {lead: row.value(lead, measure, clean=clean) for lead in row.reconstructed}
    for name, chest in (("chest", True), ("all", False)):
        figures[name] = row.mean(measure, clean=clean, chest=chest)
    known = {name: value for name, value in figures.items() if value is not None}
    signs = {lead: _SIGNS.get(row.origins[lead], "n/a") for lead in LEADS}
    return HeatRow(", ".join(row.available), known, math.nan, signs={**signs, "chest": "n/a"})


def write_leadmap_figures(
    lead_map: LeadMap,
    folder: Path,
    formats: Sequence[str] = (".png", ".svg"),
    *,
    by_mean: bool = False,
) -> list[Path]:
    """Draw PCC and RMSE of all versions of a map.

    Parameters
    ----------
    lead_map : LeadMap
        The map.
    folder : Path
        Made where it does not exist; figures of the same names are replaced.
    formats : sequence of str
        Of `ecgview.export.style.FORMATS`.
    by_mean : bool
        The best mean first.

    Returns
    -------
    list of Path
        ``leadmap-clean-pcc.png`` and so on; none where no row has figures.
    """
    if all(row.reason for row in lead_map.rows):
        return []
    return [
        save_figure(
            leadmap_figure(lead_map, measure, clean=clean, by_mean=by_mean),
            folder / f"{figure_name(measure, clean=clean)}{suffix}",
            overwrite=True,
        )
        for clean in lead_map.versions
        for measure in MEASURES
        for suffix in formats
    ]


def figure_name(measure: str, *, clean: bool) -> str:
    """Name the file of a figure, without its ending."""
    return f"leadmap-{_WORDS[clean]}-{re.sub('_uv$', '', measure)}"
