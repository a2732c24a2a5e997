"""Electrodes and the leads that they give, and all the ways to place some of them.

Two limb electrodes give one bipolar lead. A chest lead is measured against the mean of RA, LA and
LL (Wilson's terminal): no chest electrode is of use before all three are there, and then I and II,
and with them all six limb leads, come free. RL is the ground: it belongs to no lead and is not
counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import combinations

from ecgview.errors import LeadError
from ecgview.leads import CHEST_LEADS

LIMB_ELECTRODES = ("RA", "LA", "LL")
CHEST_ELECTRODES = CHEST_LEADS
GROUND = "RL"
ELECTRODES = (*LIMB_ELECTRODES, *CHEST_ELECTRODES)
"""Those that are counted, in order."""
BUDGETS = range(2, len(ELECTRODES) + 1)
"""How many electrodes there can be: one gives no lead."""

_BIPOLAR = {
    frozenset({"RA", "LA"}): "I",
    frozenset({"RA", "LL"}): "II",
    frozenset({"LA", "LL"}): "III",
}
_ELECTRODES_OF_BIPOLAR = {lead: pair for pair, lead in _BIPOLAR.items()}
_REFERENCE_HINT = "A chest lead is measured against the mean of RA, LA and LL: place all three."


def parse_electrodes(text: str) -> tuple[str, ...]:
    """Read a list of electrodes such as ``RA,LA,LL,V2``.

    Parameters
    ----------
    text : str
        Names separated by commas, spaces or plus signs; RL may stand among them.

    Returns
    -------
    tuple of str
        Some of `ELECTRODES` in order, each once; without the ground.

    Raises
    ------
    LeadError
        If there is no such electrode.
    """
    names = [word.upper() for word in re.split(r"[,;+\s]+", text.strip()) if word]
    for name in names:
        if name not in (*ELECTRODES, GROUND):
            raise LeadError(
                f"There is no electrode “{name[:20]}”.", f"Use {', '.join((*ELECTRODES, GROUND))}."
            )
    return _in_order(names)


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*names} & {*ELECTRODES}, key=ELECTRODES.index))


def leads_of(electrodes: Collection[str]) -> tuple[str, ...]:
    """Give the leads that electrodes measure.

    Parameters
    ----------
    electrodes : collection of str
        Some of `ELECTRODES`; the ground may be among them.

    Returns
    -------
    tuple of str
        One of I, II and III, or I and II (from which the other limb leads follow) and chest leads.

    Raises
    ------
    LeadError
        If there are too few for a lead, or a chest electrode without its reference.
    """
    limb = frozenset(electrodes) & {*LIMB_ELECTRODES}
    chest = tuple(lead for lead in CHEST_LEADS if lead in electrodes)
    if len(limb) == len(LIMB_ELECTRODES):
        return ("I", "II", *chest)
    if chest:
        absent = ", ".join(name for name in LIMB_ELECTRODES if name not in limb)
        raise LeadError(f"{', '.join(chest)} cannot be measured without {absent}.", _REFERENCE_HINT)
    if len(limb) < 2:
        raise LeadError(
            "One electrode gives no lead: a lead is a difference.",
            "Take at least two, such as RA and LA for lead I.",
        )
    return (_BIPOLAR[limb],)


def electrodes_for(leads: Collection[str]) -> tuple[str, ...]:
    """Give the electrodes that some leads need, without the ground.

    Parameters
    ----------
    leads : collection of str
        Some of the twelve; any but I, II and III need all three limb electrodes.
    """
    needed: set[str] = set()
    for lead in leads:
        needed |= _ELECTRODES_OF_BIPOLAR.get(lead, {*LIMB_ELECTRODES, lead})
    return _in_order(needed)


def electrode_sets(budget: int, have: Collection[str] = ()) -> list[tuple[str, ...]]:
    """List all ways to place so many electrodes.

    Parameters
    ----------
    budget : int
        How many, the ground not counted.
    have : collection of str
        Those that are placed already.

    Returns
    -------
    list of tuple of str
        Each gives at least one lead.

    Raises
    ------
    LeadError
        If there is none.
    """
    if budget not in BUDGETS:
        raise LeadError(
            f"{budget} electrode{'s' * (budget != 1)} cannot be placed.",
            f"Between {BUDGETS[0]} (one lead) and {BUDGETS[-1]} (all twelve) can; RL, the ground, "
            "is not counted.",
        )
    placed = _in_order(have)
    if len(placed) > budget:
        raise LeadError(
            f"{len(placed)} electrodes are placed already: {', '.join(placed)}.",
            f"Take a budget of {len(placed)} or more.",
        )
    found = [one for one in _all_sets(budget) if {*placed} <= {*one}]
    if not found:
        chest = ", ".join(name for name in placed if name in CHEST_LEADS)
        raise LeadError(f"{budget} electrodes with {chest} give no chest lead.", _REFERENCE_HINT)
    return found


def _all_sets(budget: int) -> list[tuple[str, ...]]:
    if budget < len(LIMB_ELECTRODES):
        return list(combinations(LIMB_ELECTRODES, budget))
    chest = combinations(CHEST_LEADS, budget - len(LIMB_ELECTRODES))
    return [(*LIMB_ELECTRODES, *some) for some in chest]
