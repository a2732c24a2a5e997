"""Which exchange, sign or gain would make limb leads obey their identities.

With the leads of the file as rows of S, the identities say Q S = 0, where Q projects on what no
pair of limb leads can give. A hypothesis orders the rows anew and multiplies them; what is left
over follows from the products of the leads alone, so that hundreds are tried at no cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from ecgview.formats.checks.identities import agree
from ecgview.leads import LEAD_INDEX, LIMB_FROM_I_II, LIMB_LEADS

ROUND_FACTORS = (0.001, 0.1, 0.2, 0.25, 0.5, 2 / 3, 1.5, 2.0, 4.0, 5.0, 10.0, 1000.0)
SAME = 0.012
"""Factors this near are one: what they are found from is rounded."""
AUGMENTED = ("aVR", "aVL", "aVF")
MOST_TOLD = 3
"""More explanations that do equally well explain nothing."""
FEWEST_STEPS = 600.0
"""Half of the limb leads spread over more steps than this where one is 1 uV, and over fewer where
it is 5 uV, in 19 of 20 recordings of PTB-XL."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Explanation:
    """A mistake that would explain a contradiction, and what undoes it.

    Attributes
    ----------
    words : str
        What is undone: ``aVL and aVF are exchanged``.
    names : mapping of str to str
        Lead as named in the file -> lead that it is.
    factors : mapping of str to float
        Lead as named in the file -> what to multiply it by.
    unit : str or None
        Gain to apply to the converter steps of every lead instead.
    """

    words: str
    names: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    unit: str | None = None


def explanations(
    leads: Sequence[str], signals_mv: Array, resolution_mv: Mapping[str, float]
) -> tuple[Explanation, ...]:
    """Find the simplest changes that make limb leads obey the identities.

    Parameters
    ----------
    leads : sequence of str
        Three limb leads or more, in standard order.
    signals_mv : ndarray, shape (leads, samples)
        Their samples, without a NaN.
    resolution_mv : mapping of str to float
        One unit of the last digit of each.

    Returns
    -------
    tuple of Explanation
        Several where equally simple ones do equally well; none where no simple one does.
    """
    case = _Case(tuple(leads), signals_mv, resolution_mv)
    for family in (_one_change, _own_gains, _augmented, _two_changes):
        found = tuple(one for one in family(case) if case.fits(one))
        if found:
            return found if len(found) <= MOST_TOLD else ()
    return ()


class _Case:
    """Limb leads that contradict each other, and how hypotheses about them are tried."""

    def __init__(
        self, leads: tuple[str, ...], signals_mv: Array, resolution_mv: Mapping[str, float]
    ) -> None:
        self.leads = leads
        self.signals_mv = signals_mv
        self.resolution_mv = resolution_mv
        self.coarsest_mv = max(resolution_mv.values())
        self.products = signals_mv @ signals_mv.T / signals_mv.shape[1]
        rows = LIMB_FROM_I_II[[LEAD_INDEX[lead] for lead in leads]]
        self.left_over = np.eye(len(leads)) - rows @ np.linalg.pinv(rows)

    def may_fit(self, order: Sequence[int], factors: Array) -> bool:
        """Tell cheaply whether little is left over of the rows in an order, multiplied."""
        order = list(order)
        products = (factors[:, np.newaxis] * self.products * factors)[np.ix_(order, order)]
        # Rounding leaves a third of a unit or so of each lead.
        return float((self.left_over * products).sum()) < len(order) * (2 * self.coarsest_mv) ** 2

    def fits(self, one: Explanation) -> bool:
        """Tell whether the identities hold at every sample after a change."""
        if not (one.names or one.factors):
            return True  # it is about the steps, and was tried on them
        rows, coarsest_mv = dict.fromkeys(self.leads, np.empty(0)), 0.0
        for row, lead in enumerate(self.leads):
            factor = one.factors.get(lead, 1.0)
            rows[one.names.get(lead, lead)] = factor * self.signals_mv[row]
            coarsest_mv = max(coarsest_mv, abs(factor) * self.resolution_mv[lead])
        return agree(self.leads, np.stack(list(rows.values())), coarsest_mv)

    def factors(self) -> Array | None:
        """Give the only factors of the leads, up to a common one, that leave least over."""
        sizes, vectors = np.linalg.eigh(self.left_over * self.products)
        factors: Array = vectors[:, 0]
        is_only_one = sizes[1] > (3 * self.coarsest_mv) ** 2
        # A lead that is flat, or has nothing to do with the others, has no factor.
        return factors if is_only_one and np.abs(factors).min() > 1e-6 else None


def _one_change(case: _Case) -> Iterator[Explanation]:
    n_leads, same = len(case.leads), np.ones(len(case.leads))
    for one, other in combinations(range(n_leads), 2):
        order = list(range(n_leads))
        order[one], order[other] = other, one
        if case.may_fit(order, same):
            yield _exchanged(case, order)
    factors = case.factors()
    if factors is not None:
        yield from _multiplied(case, factors, most=1)


def _multiplied(case: _Case, factors: Array, most: int) -> Iterator[Explanation]:
    """Explain by a factor of each of a few leads, if all others agree in theirs."""
    ratios = factors / factors[:, np.newaxis]
    agreeing = (np.abs(ratios - 1) < SAME).sum(axis=1)
    if agreeing.max() == len(factors) - most:
        relative = ratios[agreeing.argmax()]
        changed = {
            lead: _round_factor(factor)
            for lead, factor in zip(case.leads, relative, strict=True)
            if abs(factor - 1) >= SAME
        }
        words = " and ".join(_scaled_words(lead, factor) for lead, factor in changed.items())
        yield Explanation(words, factors=changed)


def _scaled_words(lead: str, factor: float) -> str:
    return f"{lead} is turned round" if factor == -1 else f"{lead} is multiplied by {factor:g}"


def _round_factor(factor: float) -> float:
    nearest = min((1.0, *ROUND_FACTORS), key=lambda known: abs(abs(factor) / known - 1))
    if abs(abs(factor) / nearest - 1) < SAME:
        return float(np.copysign(nearest, factor))
    return float(f"{factor:.4g}")


def _own_gains(case: _Case) -> Iterator[Explanation]:
    """Explain by gains in the file that the converter steps know nothing of."""
    sizes_mv = np.array([case.resolution_mv[lead] for lead in case.leads])
    if np.ptp(sizes_mv) == 0:
        return
    steps = case.signals_mv / sizes_mv[:, np.newaxis]
    # The mean is linear as the identities are, so that it takes every offset away.
    if not agree(case.leads, steps - steps.mean(axis=1, keepdims=True), 1.0):
        return
    is_clear = float(np.median(np.ptp(steps, axis=1))) > FEWEST_STEPS
    words = "the gain of each lead is left out and the numbers are taken as they stand"
    unit = "1000/mV" if is_clear else None
    yield Explanation(f"{words}, 1 uV each" if is_clear else words, unit=unit)


def _augmented(case: _Case) -> Iterator[Explanation]:
    """Explain by augmented leads that were stored as Wilson's VR, VL and VF."""
    present = [lead for lead in case.leads if lead in AUGMENTED]
    if len(present) > 1:
        factors = dict.fromkeys(present, 1.5)
        vector = np.array([factors.get(lead, 1.0) for lead in case.leads])
        if case.may_fit(range(len(vector)), vector):
            named = ", ".join(present)
            yield Explanation(f"{named} are multiplied by 1.5 (augmented)", factors=factors)


def _two_changes(case: _Case) -> Iterator[Explanation]:
    n_leads = len(case.leads)
    signs = [np.ones(n_leads), *(1 - 2 * np.eye(n_leads))]
    for order in permutations(range(n_leads)):
        n_moves = n_leads - _cycles(order)
        if n_moves in (1, 2):
            for factors in signs[1:] if n_moves == 1 else signs[:1]:
                if case.may_fit(order, factors):
                    yield _exchanged(case, order, factors)
    factors = case.factors()
    if factors is not None and n_leads > 4:
        yield from _multiplied(case, factors, most=2)
    if case.leads == LIMB_LEADS:
        yield from _cabrera(case)


def _cycles(order: Sequence[int]) -> int:
    left, cycles = set(range(len(order))), 0
    while left:
        at = next(iter(left))
        cycles += 1
        while at in left:
            left.remove(at)
            at = order[at]
    return cycles


def _cabrera(case: _Case) -> Iterator[Explanation]:
    """Explain by columns in the order of Cabrera: aVL, I, -aVR, II, aVF, III."""
    order = (1, 3, 5, 2, 0, 4)
    for sign in (-1.0, 1.0):
        factors = np.array([1, 1, sign, 1, 1, 1])
        if case.may_fit(order, factors):
            yield _exchanged(case, order, factors)


def _exchanged(case: _Case, order: Sequence[int], factors: Array | None = None) -> Explanation:
    """Explain by the row that each lead is really in, and signs of the rows."""
    names = {
        case.leads[row]: lead
        for lead, row in zip(case.leads, order, strict=True)
        if case.leads[row] != lead
    }
    turned = {
        lead: -1.0
        for lead, factor in zip(
            case.leads, np.ones(len(order)) if factors is None else factors, strict=True
        )
        if factor < 0
    }
    if len(names) == 2:
        words = f"the names of {' and '.join(names)} are exchanged"
    else:
        words = ", ".join(f"{before} is named {after}" for before, after in names.items())
    for lead in turned:
        words += f" and {lead} is turned round"
    return Explanation(words, names, turned)
