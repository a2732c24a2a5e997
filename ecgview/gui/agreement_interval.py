"""What the table of agreement says of intervals: their mean width, and how much they hold."""

from __future__ import annotations

from typing import NamedTuple

from ecgview.gui.interval_words import NO_INTERVAL, interval_title, missing_words
from ecgview.gui.state import SessionState
from ecgview.interval import DEFAULT_LEVEL
from ecgview.leads import LEADS

_NOT_DEFINED = "n/a"


class IntervalCells(NamedTuple):
    """Width in uV and per cent inside as text, and what they mean in a sentence."""

    width_uv: str = ""
    inside: str = ""
    tip: str = ""


def table_level(state: SessionState) -> float:
    """Give the level that the table tells of: the one drawn, or else the usual one."""
    return state.view.interval or DEFAULT_LEVEL


def interval_heads(state: SessionState) -> tuple[str, str]:
    """Head the columns of mean width and of per cent inside, which names the level."""
    return "width µV", f"in {level_words(state)}"


def level_words(state: SessionState) -> str:
    """Write the level that the table tells of; its sign stays beside the number."""
    return f"{100 * table_level(state):.0f}\N{NO-BREAK SPACE}%"


def interval_cells(state: SessionState, lead: str) -> IntervalCells:
    """Give the cells of a lead; empty where it has no interval to tell of."""
    made = state.reconstruction
    if made is None or lead not in made.reconstructed_leads:
        return IntervalCells()
    if missing_words(made):
        return IntervalCells(_NOT_DEFINED, "", NO_INTERVAL)
    level = table_level(state)
    figures = state.agreement.rows[LEADS.index(lead)] if state.agreement is not None else None
    fit = figures.interval_at(level) if figures is not None else None
    if fit is None:
        return IntervalCells()
    named = f"{interval_title(level)}: {fit.width_uv:.0f} µV wide on average"
    if fit.coverage is None:
        return IntervalCells(f"{fit.width_uv:.0f}", "", named)
    inside = f"{100 * fit.coverage:.0f}"
    return IntervalCells(
        f"{fit.width_uv:.0f}", inside, f"{named}, with {inside} % of the recorded samples inside"
    )
