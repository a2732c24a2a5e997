"""Sets of available leads: those that tables report, and those that training draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import LeadError
from ecgview.leads import (
    CHEST_LEADS,
    LEAD_INDEX,
    LEADS,
    LIMB_LEADS,
    best_limb_pair,
    in_order,
    parse_leads,
)

QUALITY_SETS: tuple[tuple[str, ...], ...] = (
    ("I",),
    ("II",),
    ("I", "II"),
    ("I", "II", "V2"),
    ("I", "II", "V3"),
    ("I", "II", "V4"),
    ("I", "II", "V2", "V4"),
    ("II", "V1", "V5"),
)
"""The eight sets that `ecgview evaluate` reports unless told otherwise."""

PAPER_SETS: tuple[tuple[str, ...], ...] = (
    ("I",),
    ("II",),
    ("III",),
    ("I", "II"),
    *(("I", "II", *chest) for n in (1, 2) for chest in combinations(CHEST_LEADS, n)),
)
"""The 25 input sets of Gradowski & Buchner (2025)."""


def set_name(leads: Sequence[str]) -> str:
    """Name a set for files: ``I-II-V2``."""
    return "-".join(leads)


def known_leads(available: tuple[str, ...]) -> tuple[str, ...]:
    """Add the limb leads that follow exactly from the available ones."""
    if best_limb_pair(available) is None:
        return in_order(available)
    return in_order((*available, *LIMB_LEADS))


def known_mask(available: tuple[str, ...]) -> NDArray[np.bool_]:
    """Flag the twelve leads that are known once limb leads are completed, shape (12,)."""
    mask = np.zeros(len(LEADS), dtype=bool)
    mask[[LEAD_INDEX[lead] for lead in known_leads(available)]] = True
    return mask


def distinct_sets() -> list[tuple[str, ...]]:
    """All 510 sets that differ in what is known and leave something to reconstruct.

    Any two limb leads tell the same as I and II, so limb leads come as none, one, or I and II.
    """
    limb: list[tuple[str, ...]] = [(), *((lead,) for lead in LIMB_LEADS), ("I", "II")]
    chest = [c for n in range(len(CHEST_LEADS) + 1) for c in combinations(CHEST_LEADS, n)]
    sets = [(*some_limb, *some_chest) for some_limb in limb for some_chest in chest]
    return [leads for leads in sets if leads and len(known_leads(leads)) < len(LEADS)]


def parse_input_sets(text: str) -> list[tuple[str, ...]]:
    """Read sets of available leads as ``I;I,II;I,II,V2``, or one of `NAMED_SETS`.

    Raises
    ------
    LeadError
        If a name is not a lead, or a set leaves nothing to reconstruct.
    """
    if text in NAMED_SETS:
        return NAMED_SETS[text]()
    sets = [parse_leads(part) for part in text.split(";")]
    for leads in sets:
        if len(known_leads(leads)) == len(LEADS):
            raise LeadError(f"{','.join(leads)} leaves no lead to reconstruct.", "Take fewer.")
    return sets


NAMED_SETS: dict[str, Callable[[], list[tuple[str, ...]]]] = {
    "quality": lambda: list(QUALITY_SETS),
    "paper": lambda: list(PAPER_SETS),
    "single": lambda: [(lead,) for lead in LEADS],
    "all": distinct_sets,
}
"""Lists of sets that the command line knows by name."""


def draw_known(count: int, generator: np.random.Generator) -> NDArray[np.bool_]:
    """Draw sets of known leads for training: half of those in tables, half at random.

    Parameters
    ----------
    count : int
        How many.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of bool, shape (count, 12)
        At least one lead known and at least one chest lead unknown in each.
    """
    reported = [known_mask(leads) for leads in (*PAPER_SETS, *QUALITY_SETS)]
    n_limb = len(LIMB_LEADS)
    masks = np.zeros((count, len(LEADS)), dtype=bool)
    for mask in masks:
        if generator.random() < 0.5:
            mask[:] = reported[generator.integers(len(reported))]
            continue
        limb = generator.random()
        if limb < 0.55:
            mask[:n_limb] = True
        elif limb < 0.9:
            mask[generator.integers(n_limb)] = True
        n_chest = generator.integers(0 if mask.any() else 1, len(CHEST_LEADS))
        mask[n_limb + generator.permutation(len(CHEST_LEADS))[:n_chest]] = True
    return masks
