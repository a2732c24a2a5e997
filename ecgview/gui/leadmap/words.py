"""What the lead map says in words: of a cell, of a row, of the whole."""

from __future__ import annotations

from ecgview.gui.leadmap.drawing import COLUMNS, MEANS, figure_text, label_of, value_of
from ecgview.gui.leadmap.state import LeadMapState, ShownMap
from ecgview.leads import Origin

_NAMES = {"pcc": "PCC", "rmse_uv": "RMSE"}
_OF = {
    "recording": "",
    "population": "expected ",
    "difference": "this recording less expected: ",
}


def cell_sentence(shown: ShownMap, place: int, column: int) -> str:
    """Say what a cell shows; a column of -1 stands for its row.

    Parameters
    ----------
    shown : ShownMap
        What is drawn.
    place, column : int
        Which cell.
    """
    one = shown.rows[place]
    given = label_of(one)
    if one.row.reason:
        return f"{given}: {one.row.reason}"
    name = COLUMNS[column] if column >= 0 else "chest"
    if name not in MEANS and one.row.origins[name] is not Origin.RECONSTRUCTED:
        kind = "measured" if one.row.origins[name] is Origin.MEASURED else "derived, exact"
        return f"{name} from {given}: {kind}"
    what = _mean_words(name) if name in MEANS else name
    return f"{what} from {given}: {_figure(shown, place, COLUMNS.index(name))}"


def _mean_words(name: str) -> str:
    return "Mean of reconstructed " + ("chest leads" if name == "chest" else "leads")


def _figure(shown: ShownMap, place: int, column: int) -> str:
    if shown.rows[place].is_waiting:
        return "being computed"
    value = value_of(shown, place, column)
    if value is None:
        return "n/a, nothing to compare with"
    unit = " µV" if shown.measure == "rmse_uv" else ""
    kind = "clean" if shown.clean else "raw"
    figure = figure_text(value, shown, exact=True)
    return f"{_OF[shown.source]}{_NAMES[shown.measure]} {figure}{unit} ({kind})"


def over_line(shown: ShownMap, page: LeadMapState, model: str) -> str:
    """Say what the figures are over, and how far they are."""
    parts = [shown.over] if shown.over else []
    parts += [model] if model else []
    parts.append("clean" if shown.clean else "raw")
    if shown.source == "difference":
        parts.append("this recording less the card's figures")
    if shown.source != "population" and page.total:
        parts.append(f"{page.done} of {page.total} sets")
    elif shown.source != "population" and page.took_s is not None and not page.failure:
        parts.append(f"{len(page.rows)} sets")
    return " · ".join(parts)
