"""Whether the leads fit each other, and what mistake would explain it where they do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.cards import set_key
from ecgview.engine.signs.leave_one_out import LIMB_PAIR, LeadFits, basis
from ecgview.engine.signs.mistakes import TURNED, Mistake, testable
from ecgview.engine.signs.standards import Standards, Usual
from ecgview.leads import INDEPENDENT_LEADS, LEAD_INDEX, LEADS, LIMB_FROM_I_II

MOST_TRIED = 4
"""Mistakes that are tried with the network, the likeliest by least squares first."""
FEW = 12
"""So few mistakes are all tried."""
_NOISE_SHARE = 1e-3
"""Errors below this share of the power of the leads are as good as none."""
_ODDS = 1e-3
_LEAST = 0.00125

Array = NDArray[np.float64]
Fitter = Callable[[Sequence[NDArray[np.float32]]], list[LeadFits]]
"""Leaves one lead out after another, of leads changed by each of some matrices (12, 12)."""


@dataclass(frozen=True)
class Judgement:
    """What leaving one lead out says.

    Attributes
    ----------
    misfits : dict of str to float
        How unusual the misfit of each lead is, in standard deviations.
    odd : tuple of str
        Those beyond the limit, the oddest first.
    mistake : Mistake or None
        The one that makes the leads fit.
    evidence : float
        Logarithm of how much likelier the mistake is than none; see `evidence`.
    factors : dict of str to float
        Leads that are unusually large or small, and how many times what the others predict.
    """

    misfits: dict[str, float]
    odd: tuple[str, ...] = ()
    mistake: Mistake | None = None
    evidence: float = 0.0
    factors: dict[str, float] = field(default_factory=dict)


def log_odds(misfit: Array) -> Array:
    """Logarithm of misfit over fit; both are between 0 and 2."""
    return np.log((misfit + _ODDS) / (2 - misfit + _ODDS))


def scores(fits: LeadFits, power_mv2: float) -> float:
    """How ill the leads of a recording fit: sum of the logarithms of the errors' power.

    Parameters
    ----------
    fits : LeadFits
        Of one recording.
    power_mv2 : float
        Mean power of its leads as recorded.
    """
    error = fits.own[0] + fits.predicted[0] - 2 * fits.both[0]
    return float(np.log(np.maximum(error, 0) / power_mv2 + _NOISE_SHARE).sum())


def changed_by(mistake: Mistake, leads: Sequence[str]) -> NDArray[np.float32]:
    """Matrix, shape (12, 12), that undoes a mistake; of I and II the other limb leads follow."""
    matrix = mistake.undoing()
    if mistake.kind == TURNED and set(LIMB_PAIR) <= set(leads):
        # One of the two was turned round: the others are made of both.
        limb = LIMB_FROM_I_II.astype(np.float32) @ matrix[:2, :2]
        matrix[:6, :] = 0
        matrix[:6, :2] = limb
    return matrix


def judge(
    fit: Fitter, products: Array, available: Sequence[str], standards: Standards
) -> Judgement:
    """Judge how the leads of a recording fit each other.

    Parameters
    ----------
    fit : callable
        Leaves one lead out after another.
    products : ndarray, shape (12, 12)
        Mean products of its leads, in mV squared; zero where one is not known.
    available : sequence of str
        What is known.
    standards : Standards
        What is usual.

    Returns
    -------
    Judgement
        Without any misfit where a single lead is available.
    """
    leads, key = basis(available), set_key(available)
    if len(leads) < 2:
        return Judgement({})
    tried = likely(products, available, standards)
    found = fit([np.eye(len(LEADS), dtype=np.float32), *(changed_by(one, leads) for one in tried)])
    misfits = unusual(found[0], leads, standards)
    limit = standards.limit(key, "misfit")
    odd = sorted((one for one in leads if misfits[one] > limit), key=lambda one: -misfits[one])
    best, told = best_mistake(found, tried, key, standards)
    factors = unusual_factors(found[0], leads, standards, standards.limit(key, "ratio"))
    return Judgement(misfits, tuple(odd), best, told, factors)


def best_mistake(
    found: Sequence[LeadFits], tried: Sequence[Mistake], key: str, standards: Standards
) -> tuple[Mistake | None, float]:
    """Choose the mistake without which the leads fit best, if they do so unusually much better."""
    best, most, its_evidence = None, 0.0, 0.0
    power_mv2 = float(found[0].own.mean()) + 1e-6
    as_recorded = scores(found[0], power_mv2)
    for mistake, fits in zip(tried, found[1:], strict=True):
        gain = as_recorded - scores(fits, power_mv2)
        usual = standards.usual_gain(key, mistake.key)
        if usual is None or gain <= most:
            continue
        told = evidence(gain, usual)
        if told > standards.limit(key, "mistake"):
            best, most, its_evidence = mistake, gain, told
    return best, its_evidence


def deviations(values: Array, leads: Sequence[str], usual: Mapping[str, Usual]) -> dict[str, float]:
    """How unusual a figure of each lead, left out of all of them, is: in standard deviations."""
    told = {}
    for lead, value in zip(leads, values, strict=True):
        median, deviation = _usual_of(usual, leads, lead)
        told[lead] = float((value - median) / deviation)
    return told


def _usual_of(usual: Mapping[str, Usual], leads: Sequence[str], lead: str) -> Usual:
    return usual[f"{','.join(other for other in leads if other != lead)}|{lead}"]


def evidence(gain: float, usual: Usual) -> float:
    """Weigh a gain: the logarithm of how much likelier it is with the mistake than without.

    Where the mistake was made, undoing it gains what making it loses elsewhere: the two normal
    distributions lie about opposite means.

    Parameters
    ----------
    gain : float
        How much better the leads fit without the mistake.
    usual : Usual
        Of recordings without it; the median is below zero, or the mistake cannot be told.
    """
    median, deviation = usual
    return max(-2 * median, 0.0) * gain / deviation**2


def unusual_factors(
    fits: LeadFits, leads: Sequence[str], standards: Standards, limit: float
) -> dict[str, float]:
    """Tell how many times too large or small leads are whose size is unusual."""
    found = deviations(fits.ratio[0], leads, standards.ratios)
    return {
        lead: float(np.exp((value - _usual_of(standards.ratios, leads, lead)[0]) / 2))
        for lead, value in zip(leads, fits.ratio[0], strict=True)
        if abs(found[lead]) > limit
    }


def unusual(fits: LeadFits, leads: Sequence[str], standards: Standards) -> dict[str, float]:
    """How unusual the misfit of each lead of a recording is, in standard deviations."""
    return deviations(log_odds(fits.misfit[0]), leads, standards.misfits)


def likely(products: Array, available: Sequence[str], standards: Standards) -> list[Mistake]:
    """Choose the mistakes worth trying: all, or where they are many the likeliest ones.

    Parameters
    ----------
    products : ndarray, shape (12, 12)
        As in `judge`.
    available : sequence of str
        What is known.
    standards : Standards
        Holds the moments that least squares rests on.
    """
    every = testable(available)
    if len(every) <= FEW:
        return list(every)
    leads = basis(available)
    rows = [LEAD_INDEX[lead] for lead in leads]
    predict = _least_squares(standards.moments, leads)
    left = []
    for mistake in every:
        part = predict @ changed_by(mistake, leads)[rows]
        error = np.einsum("li,ij,lj->l", part, products, part)
        power = float(np.trace(products[np.ix_(rows, rows)])) / len(rows) + 1e-6
        left.append(float(np.log(np.maximum(error, 0) / power + _NOISE_SHARE).sum()))
    return [every[place] for place in np.argsort(left)[:MOST_TRIED]]


@cache
def _least_squares(moments: tuple[tuple[float, ...], ...], leads: tuple[str, ...]) -> Array:
    """Matrix whose rows give the error of each lead from the others (leave one out)."""
    eight = np.array([list(row) for row in moments]) + _LEAST * np.eye(len(INDEPENDENT_LEADS))
    to_twelve = np.zeros((len(LEADS), len(INDEPENDENT_LEADS)))
    to_twelve[:6, :2] = LIMB_FROM_I_II
    to_twelve[6:, 2:] = np.eye(6)
    rows = [LEAD_INDEX[lead] for lead in leads]
    precision = np.linalg.inv((to_twelve @ eight @ to_twelve.T)[np.ix_(rows, rows)])
    return precision / np.diag(precision)[:, None]
