"""The twelve leads: names, aliases, order, and the exact algebra of the limb leads.

Eight of the twelve leads are independent; at every sample, with I and II in millivolts,

    III = II - I,  aVR = -(I + II)/2,  aVL = I - II/2,  aVF = II - I/2

(Einthoven's law and Goldberger's augmented leads).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from enum import Enum
from functools import cache, lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import LeadError

LIMB_LEADS = ("I", "II", "III", "aVR", "aVL", "aVF")
CHEST_LEADS = ("V1", "V2", "V3", "V4", "V5", "V6")
LEADS = LIMB_LEADS + CHEST_LEADS
INDEPENDENT_LEADS = ("I", "II", *CHEST_LEADS)
LEAD_INDEX = {lead: index for index, lead in enumerate(LEADS)}
FRANK_LEADS = ("VX", "VY", "VZ")
"""Frank's orthogonal leads: X to the left, Y to the feet, Z to the back."""
EASI_LEADS = ("ES", "AS", "AI")
"""Differences of the four EASI electrodes E, A, S and I."""
OTHER_LEADS = FRANK_LEADS + EASI_LEADS
"""Leads of other systems, which recordings keep beside the twelve."""

LIMB_FROM_I_II: NDArray[np.float64] = np.array(
    [[1, 0], [0, 1], [-1, 1], [-0.5, -0.5], [1, -0.5], [-0.5, 1]], dtype=np.float64
)
"""Rows: the six limb leads; columns: the weights of I and II."""

PRESETS: dict[str, tuple[str, ...]] = {
    "I": ("I",),
    "II": ("II",),
    "I + II": ("I", "II"),
    "+ V2": ("I", "II", "V2"),
    "+ V3": ("I", "II", "V3"),
    "+ V2 V4": ("I", "II", "V2", "V4"),
    "II V1 V5": ("II", "V1", "V5"),
    "Limb": LIMB_LEADS,
    "All": LEADS,
}
"""Choices of available leads that the literature and the window name."""


class Origin(Enum):
    """Where the samples of a lead on screen come from."""

    MEASURED = "measured"
    """In the file, and available."""
    DERIVED = "derived"
    """Exact algebra from measured leads."""
    RECONSTRUCTED = "reconstructed"
    """Any estimate in it."""


def _spellings() -> dict[str, str]:
    table = {lead.lower(): lead for lead in LEADS}
    for number, roman in (("1", "I"), ("2", "II"), ("3", "III")):
        table[f"l{number}"] = table[f"d{number}"] = table[f"ml{number}"] = roman
    for roman in ("I", "II", "III"):
        table[f"d{roman.lower()}"] = table[f"l{roman.lower()}"] = roman
        table[f"ml{roman.lower()}"] = roman
    for augmented in ("aVR", "aVL", "aVF"):
        table[f"+{augmented.lower()}"] = table[augmented.lower()[1:]] = augmented
    for chest in CHEST_LEADS:
        table[f"c{chest[1]}"] = table[f"m{chest.lower()}"] = chest
    # The electrodes of Einthoven's leads: LA-RA, LL-RA, LL-LA.
    return table | {"lara": "I", "llra": "II", "llla": "III"}


_LONGEST_NAME = 200
_LEAD_OF_SPELLING = _spellings()
# Between two numerals a separator is no decoration: I-II is another lead than III; nor is (R),
# which makes a right-sided lead of a chest lead.
_DECORATION = re.compile(
    r"^(ecg|ekg|lead|mdc_ecg_lead)(?=[\W_]|$|(?:i{1,3}|av[rlf]|v[1-6])$)|[\s_-](?:ref|wct)$"
    r"|(?<!i)[\s_:.\-]|[\s_:.\-](?!i)"
    r"|[(\[](?!\s*(r\s*[)\]]|right|post)).*?[)\]]"
)


def _without_decoration(name: str) -> str:
    if len(name) > _LONGEST_NAME:
        return ""  # the text of a damaged file
    spelling = name.strip().lower()
    while (shorter := _DECORATION.sub("", spelling, count=1)) != spelling:
        spelling = shorter
    return spelling


@lru_cache(maxsize=1024)
def normalise_other_lead(name: str) -> str | None:
    """Give the name of a lead of another system: one of `OTHER_LEADS`, or None.

    Parameters
    ----------
    name : str
        The name as it stands in a file: ``vx``, ``X``, ``Frank X``, ``A-S``, ...
    """
    spelling = _without_decoration(name).removeprefix("frank").upper()
    if spelling in ("X", "Y", "Z"):
        return f"V{spelling}"
    return spelling if spelling in OTHER_LEADS else None


@lru_cache(maxsize=1024)
def normalise_lead_name(name: str) -> str | None:
    """Give the standard name of a lead, or None if it is not one of the twelve.

    Parameters
    ----------
    name : str
        The name as it stands in a file: ``AVR``, ``avr``, ``MLII``, ``Lead I``, ``i``, ...

    Returns
    -------
    str or None
        One of `LEADS`. The modified limb leads of Holter recorders (``MLI``, ``MLII``,
        ``MLIII``, ``ML2``) count as the limb lead they stand for.
    """
    return _LEAD_OF_SPELLING.get(_without_decoration(name))


def parse_leads(text: str) -> tuple[str, ...]:
    """Read a list of leads such as ``I,II,V2``.

    Parameters
    ----------
    text : str
        Lead names separated by commas, spaces or plus signs, in any known spelling; ``limb``,
        ``chest`` and ``all`` stand for their leads.

    Returns
    -------
    tuple of str
        Standard names in standard order, each once.

    Raises
    ------
    LeadError
        If a name is not one of the twelve leads, or none is given.
    """
    groups = {"limb": LIMB_LEADS, "chest": CHEST_LEADS, "all": LEADS}
    chosen: set[str] = set()
    for word in re.split(r"[,;+\s]+", text.strip()):
        if not word:
            continue
        lead = normalise_lead_name(word)
        if word.lower() in groups:
            chosen.update(groups[word.lower()])
        elif lead is not None:
            chosen.add(lead)
        else:
            raise LeadError(f"“{word}” is not one of the twelve leads.", f"Use {', '.join(LEADS)}.")
    if not chosen:
        raise LeadError("No lead was named.", "Name at least one, for example I,II,V2.")
    return in_order(chosen)


def in_order(leads: Iterable[str]) -> tuple[str, ...]:
    """Sort leads into the standard order, each once."""
    return tuple(sorted(set(leads), key=LEAD_INDEX.__getitem__))


def limb_weights(pair: Sequence[str]) -> NDArray[np.float64]:
    """Weights that give the six limb leads from any two of them.

    Parameters
    ----------
    pair : sequence of str
        Two different limb leads.

    Returns
    -------
    ndarray, shape (6, 2)
        ``limb_mv = weights @ pair_mv``.
    """
    return _limb_weights(tuple(pair))


@cache
def _limb_weights(pair: tuple[str, ...]) -> NDArray[np.float64]:
    rows = LIMB_FROM_I_II[[LEAD_INDEX[lead] for lead in pair]]
    weights = LIMB_FROM_I_II @ np.linalg.inv(rows)
    weights.flags.writeable = False
    return weights


def best_limb_pair(available: Collection[str]) -> tuple[str, str] | None:
    """Choose the two limb leads from which the other four are computed.

    I and II where both are there; else the pair whose worst error gain (largest sum of
    absolute weights over the six leads) is least.

    Parameters
    ----------
    available : collection of str
        Measured leads; chest leads are ignored.

    Returns
    -------
    tuple of str or None
        None where fewer than two limb leads are available.
    """
    limb = [lead for lead in LIMB_LEADS if lead in available]
    if "I" in limb and "II" in limb:
        return ("I", "II")
    if len(limb) < 2:
        return None

    def error_gain(pair: tuple[str, str]) -> float:
        return float(np.abs(limb_weights(pair)).sum(axis=1).max())

    return min(combinations(limb, 2), key=error_gain)


def lead_origins(available: Collection[str], derived: Collection[str] = ()) -> dict[str, Origin]:
    """Tell where each of the twelve leads comes from when `available` are given.

    Parameters
    ----------
    available : collection of str
        Leads that a model may see.
    derived : collection of str
        Those of the recording's leads that are not measured, but exact algebra themselves.

    Returns
    -------
    dict of str to Origin
        One entry for each of `LEADS`, in order.
    """
    limb_known = best_limb_pair(available) is not None

    def origin(lead: str) -> Origin:
        if lead in available:
            return Origin.DERIVED if lead in derived else Origin.MEASURED
        return Origin.DERIVED if limb_known and lead in LIMB_LEADS else Origin.RECONSTRUCTED

    return {lead: origin(lead) for lead in LEADS}


def complete_limb_leads(
    signals_mv: NDArray[np.floating], available: Collection[str]
) -> NDArray[np.floating]:
    """Fill the limb leads that follow exactly from two measured ones.

    Parameters
    ----------
    signals_mv : ndarray, shape (12, samples)
        The leads in standard order; rows that are not available are ignored.
    available : collection of str
        Measured leads; they are returned bit for bit.

    Returns
    -------
    ndarray, shape (12, samples)
        A copy with the derived limb leads filled in.
    """
    completed = signals_mv.copy()
    pair = best_limb_pair(available)
    if pair is None:
        return completed
    weights = limb_weights(pair).astype(signals_mv.dtype)
    sources = signals_mv[[LEAD_INDEX[lead] for lead in pair]]
    for row, lead in enumerate(LIMB_LEADS):
        if lead not in available:
            completed[row] = weights[row] @ sources
    return completed
