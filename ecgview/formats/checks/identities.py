"""The algebra of the limb leads, held against what a file says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import LEAD_INDEX, best_limb_pair, limb_weights

MOST_UNITS = 3.005
"""Units of the last digit that limb leads may differ by; the half percent of a unit forgives the
rounding of float32 samples."""


@dataclass(frozen=True)
class LimbDisagreement:
    """A limb lead that breaks the limb-lead algebra.

    Attributes
    ----------
    lead : str
        The lead that disagrees with the pair the check rests on.
    pair : tuple of str
        The two limb leads it was computed from.
    largest_mv : float
        Largest absolute difference, in mV.
    median_mv : float
        Median absolute difference, in mV.
    """

    lead: str
    pair: tuple[str, str]
    largest_mv: float
    median_mv: float


def limb_differences(
    leads: Sequence[str], signals_mv: NDArray[np.floating]
) -> tuple[tuple[str, str], tuple[str, ...], NDArray[np.floating]]:
    """Subtract from limb leads what two of them say they must be.

    Parameters
    ----------
    leads : sequence of str
        Three limb leads or more, in standard order.
    signals_mv : ndarray, shape (leads, samples)
        Their samples.

    Returns
    -------
    pair : tuple of str
        The two.
    others : tuple of str
        The rest, in standard order.
    differences_mv : ndarray, shape (others, samples)
        Lead less what the pair says.
    """
    sums = _sums(tuple(leads))
    differences_mv = sums.weights.astype(signals_mv.dtype) @ signals_mv[sums.pair_rows]
    np.subtract(signals_mv[sums.other_rows], differences_mv, differences_mv)
    return sums.pair, sums.others, differences_mv


@dataclass(frozen=True, eq=False)
class _Sums:
    """What two of some limb leads say of the others."""

    pair: tuple[str, str]
    others: tuple[str, ...]
    pair_rows: list[int]
    other_rows: list[int]
    weights: NDArray[np.float64]


@cache
def _sums(leads: tuple[str, ...]) -> _Sums:
    pair = best_limb_pair(leads)
    if pair is None:
        raise ValueError(f"{leads} are fewer than two limb leads")
    others = tuple(lead for lead in leads if lead not in pair)
    return _Sums(
        pair,
        others,
        [leads.index(lead) for lead in pair],
        [leads.index(lead) for lead in others],
        limb_weights(pair)[[LEAD_INDEX[lead] for lead in others]],
    )


def disagreements(
    leads: Sequence[str], signals_mv: NDArray[np.floating], resolution_mv: float
) -> tuple[LimbDisagreement, ...]:
    """Tell which limb leads break the algebra.

    Parameters
    ----------
    leads : sequence of str
        Three limb leads or more, in standard order.
    signals_mv : ndarray, shape (leads, samples)
        Their samples, without a NaN.
    resolution_mv : float
        One unit of the last digit of the file.

    Returns
    -------
    tuple of LimbDisagreement
        Leads that differ by more than three units of the last digit anywhere.
    """
    if agree(leads, signals_mv, resolution_mv):
        return ()
    # Where it matters, the sums are made without rounding of their own.
    pair, others, differences_mv = limb_differences(leads, signals_mv.astype(np.float64))
    largest_mv = _largest(differences_mv)
    return tuple(
        LimbDisagreement(
            others[row],
            pair,
            float(largest_mv[row]),
            float(np.median(np.abs(differences_mv[row]))),
        )
        for row in np.flatnonzero(largest_mv > MOST_UNITS * resolution_mv)
    )


def agree(leads: Sequence[str], signals_mv: NDArray[np.floating], resolution_mv: float) -> bool:
    """Tell whether limb leads obey the algebra at every sample, to 3 units of the last digit."""
    _, _, differences_mv = limb_differences(leads, signals_mv)
    return bool((_largest(differences_mv) <= MOST_UNITS * resolution_mv).all())


def _largest(differences_mv: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.maximum(differences_mv.max(axis=1), -differences_mv.min(axis=1))
