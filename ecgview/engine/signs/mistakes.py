"""Mistakes of cables and columns: what they would be undone by, and how they are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.input_sets import known_leads
from ecgview.engine.signs.leave_one_out import basis
from ecgview.formats.checks.electrodes import Exchange, exchanges
from ecgview.leads import CHEST_LEADS, LEAD_INDEX, LEADS

LIMB, NEIGHBOURS, FAR, ORDER, TURNED = "limb", "neighbours", "far", "order", "turned"
KINDS = {
    LIMB: "limb electrodes exchanged",
    NEIGHBOURS: "neighbouring chest leads exchanged",
    FAR: "chest leads further apart exchanged",
    ORDER: "chest leads in another order",
    TURNED: "a lead turned round",
}
"""Kinds of mistakes, for tables."""


@dataclass(frozen=True)
class Mistake:
    """A mistake that a recording may hold.

    Attributes
    ----------
    key : str
        Short name: ``left and right arm``, ``V1 and V2``, ``V3 turned round``.
    kind : str
        A key of `KINDS`.
    names : dict of str to str
        Lead as it is named -> lead that it is, where that is another one.
    factors : dict of str to float
        Lead as it is named -> -1 where it is turned round.
    """

    key: str
    kind: str
    names: dict[str, str] = field(default_factory=dict)
    factors: dict[str, float] = field(default_factory=dict)

    def undoing(self) -> NDArray[np.float32]:
        """Matrix, shape (12, 12), that makes the true leads of the recorded ones."""
        matrix = np.zeros((len(LEADS), len(LEADS)), dtype=np.float32)
        for lead, row in LEAD_INDEX.items():
            matrix[LEAD_INDEX[self.names.get(lead, lead)], row] = self.factors.get(lead, 1.0)
        return matrix

    def making(self) -> NDArray[np.float32]:
        """Matrix, shape (12, 12), that makes recorded leads, with the mistake, of true ones."""
        return self.undoing().T

    def shows_in(self, available: Sequence[str]) -> bool:
        """Tell whether it changes what is known, and can be undone from what is known alone."""
        leads = basis(available)
        if self.kind == TURNED:
            return len(leads) > 1 and set(self.factors) <= set(leads)
        known = set(known_leads(leads))
        is_changed = any(lead in known for lead in (*self.names, *self.factors))
        really = {self.names.get(lead, lead) for lead in known}
        return len(leads) > 1 and is_changed and really == known


@cache
def all_mistakes() -> tuple[Mistake, ...]:
    """Give every mistake that is looked for."""
    return (*map(_from_exchange, exchanges()), *_rotated_limbs(), *_rotated_chest(), *_turned())


def testable(available: Sequence[str]) -> tuple[Mistake, ...]:
    """Give those that show in some leads."""
    return tuple(one for one in all_mistakes() if one.shows_in(available))


def _from_exchange(exchange: Exchange) -> Mistake:
    leads = [lead for lead in exchange.names if lead in CHEST_LEADS]
    if not leads:
        return Mistake(exchange.words, LIMB, dict(exchange.names), dict(exchange.factors))
    if len(leads) > 2:
        return Mistake(exchange.words, ORDER, dict(exchange.names))
    apart = abs(CHEST_LEADS.index(leads[0]) - CHEST_LEADS.index(leads[1]))
    return Mistake(exchange.words, NEIGHBOURS if apart == 1 else FAR, dict(exchange.names))


def _rotated_limbs() -> tuple[Mistake, ...]:
    """Two ways to move all three limb electrodes on by one place."""
    return (
        Mistake(
            "right arm, left arm and left leg moved on by one",
            LIMB,
            {"I": "III", "II": "I", "III": "II", "aVR": "aVL", "aVL": "aVF", "aVF": "aVR"},
            {"II": -1.0, "III": -1.0},
        ),
        Mistake(
            "right arm, left arm and left leg moved back by one",
            LIMB,
            {"I": "II", "II": "III", "III": "I", "aVR": "aVF", "aVL": "aVR", "aVF": "aVL"},
            {"I": -1.0, "II": -1.0},
        ),
    )


def _rotated_chest() -> tuple[Mistake, ...]:
    on = dict(zip(CHEST_LEADS, (*CHEST_LEADS[1:], CHEST_LEADS[0]), strict=True))
    back = {after: before for before, after in on.items()}
    return (
        Mistake("V1 to V6 one column on", ORDER, on),
        Mistake("V1 to V6 one column back", ORDER, back),
    )


def _turned() -> tuple[Mistake, ...]:
    """Leads with the wrong sign; limb leads by themselves, as a converter may do it."""
    return tuple(Mistake(f"{lead} turned round", TURNED, {}, {lead: -1.0}) for lead in LEADS)
