"""Which lead stands where: rows and columns of each layout, in either order of the leads."""

from __future__ import annotations

from dataclasses import dataclass

from ecgview.gui.viewer.state import Layout, Order, ViewState
from ecgview.leads import CHEST_LEADS, LEADS

_ORDERS: dict[Order, tuple[str, ...]] = {
    "standard": LEADS,
    "cabrera": ("aVL", "I", "aVR", "II", "aVF", "III", *CHEST_LEADS),
}
_N_ROWS: dict[Layout, int] = {"3x4": 3, "3x4+1": 3, "3x4+3": 3, "6x2": 6, "12x1": 12, "4x3": 4}
N_STRIPS: dict[Layout, int] = {"3x4+1": 1, "3x4+3": 3}
"""Rhythm strips of the layouts that have any."""

MINUS = "-"


@dataclass(frozen=True)
class Slot:
    """A lead's place in a row.

    Attributes
    ----------
    lead : str
        Standard name.
    title : str
        What the page calls it, such as ``-aVR``.
    scale : float
        What its voltages are multiplied by: 0.5 at half gain, -1 turned round.
    """

    lead: str
    title: str
    scale: float


def rows_of(view: ViewState) -> tuple[tuple[Slot, ...], ...]:
    """Give the rows of a layout, each with its leads from left to right; rhythm strips last.

    Parameters
    ----------
    view : ViewState
        Its layout, order, rhythm leads and half gain count.

    Returns
    -------
    tuple of tuple of Slot
        The order of the leads runs down the columns.
    """
    n_rows, order = _N_ROWS[view.layout], _ORDERS[view.order]
    rows = [order[row::n_rows] for row in range(n_rows)]
    strips = [(lead,) for lead in rhythm_leads(view)]
    return tuple(tuple(_slot(lead, view) for lead in row) for row in (*rows, *strips))


def rhythm_leads(view: ViewState) -> tuple[str, ...]:
    """Give the leads of the rhythm strips that the layout has."""
    return view.rhythm[: N_STRIPS.get(view.layout, 0)]


def _slot(lead: str, view: ViewState) -> Slot:
    turned = lead == "aVR" and view.order == "cabrera"
    scale = 0.5 if view.half_chest and lead in CHEST_LEADS else 1.0
    return Slot(lead, f"{MINUS}{lead}" if turned else lead, -scale if turned else scale)
