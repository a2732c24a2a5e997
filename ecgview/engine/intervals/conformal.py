"""Conformal calibration with recordings as the exchangeable units (numpy only).

Samples of a recording are alike, so that only recordings count: each weighs one, shared evenly
among its samples, and a recording to come weighs one more, beyond all scores (Lee, Barber &
Willett 2023, arXiv:2306.06342, for such hierarchies). The mean share of samples inside is then at
least nominal for a recording to come.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_PASSES = 6
_MORE_PASSES = 2
_TINY_MV = 1e-6
_STEP = 1 / 512
"""Scores are rounded up to multiples of this: a fifth of a percent of a half width."""


def sample_weights(segments: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share the weight of each recording among its samples, and of its segments alike.

    Parameters
    ----------
    segments : ndarray of bool, shape (recordings, segments, samples)
        Each sample lies in at most one.

    Returns
    -------
    ndarray, shape (recordings, samples)
        Sums to 1 over each recording that has any segment.
    """
    counts = segments.sum(axis=-1, keepdims=True)
    each = segments / np.maximum(counts, 1) / np.maximum((counts > 0).sum(axis=1), 1)[:, None]
    return each.sum(axis=1)


def conformal_quantile(
    scores: NDArray[np.floating], weights: NDArray[np.floating], level: float
) -> float:
    """Give the smallest score that holds a share of what is to come.

    Parameters
    ----------
    scores : ndarray, shape (recordings, samples)
        Of calibration recordings, logarithms: they are counted in steps of a fifth of a percent.
    weights : ndarray, shape (recordings, samples)
        Summing to 1 over each recording that counts, to 0 over others.
    level : float
        The share.

    Returns
    -------
    float
        The largest score where there are too few recordings for the level; NaN without any.
    """
    steps, first = _in_steps(scores)
    counts = np.bincount(steps.ravel(), weights.ravel())
    return _quantile(counts, first, float(weights.sum()), level)


def _in_steps(scores: NDArray[np.floating]) -> tuple[NDArray[np.intp], int]:
    steps = np.ceil(scores * (1 / _STEP)).astype(np.intp)
    first = int(steps.min())
    return steps - first, first


def _quantile(counts: NDArray[np.number], first: int, total: float, level: float) -> float:
    """Find the step below which a share of the weight lies, one recording beyond all counted."""
    if not total:
        return float("nan")
    reached = np.cumsum(counts)
    largest = int(np.flatnonzero(counts)[-1])
    place = int(np.searchsorted(reached, level * (total + 1) - 1e-9))
    return (first + min(place, largest)) * _STEP


@dataclass(frozen=True, eq=False)
class KindScores:
    """Errors of one lead against half widths, by kind of sample.

    Attributes
    ----------
    log_ratio : ndarray, shape (recordings, samples)
        Logarithm of the absolute error over the half width.
    membership : ndarray, shape (recordings, kinds, samples)
        To which degree the network takes a sample for each kind.
    kind : ndarray of int, shape (recordings, samples)
        Which one each sample is of; the number of kinds for none.
    weights : ndarray, shape (recordings, samples)
        Each recording shares 1 among its samples of a kind.
    """

    log_ratio: NDArray[np.floating]
    membership: NDArray[np.floating]
    kind: NDArray[np.intp]
    weights: NDArray[np.floating]


def kind_weights(
    kinds: NDArray[np.bool_],
) -> tuple[NDArray[np.intp], NDArray[np.floating]]:
    """Give the `kind` and `weights` of `KindScores`.

    Parameters
    ----------
    kinds : ndarray of bool, shape (recordings, kinds, samples)
        Which samples are of each; a sample is of one at most.
    """
    n_kinds = kinds.shape[1]
    shares = (kinds / np.maximum(kinds.sum(axis=-1, keepdims=True), 1)).sum(axis=1)
    return np.where(kinds.any(axis=1), kinds.argmax(axis=1), n_kinds), shares


def kind_factors(
    scores: KindScores,
    counts: NDArray[np.bool_],
    level: float,
    start: NDArray[np.floating] | None = None,
) -> NDArray[np.float64]:
    """Find factors of a half width, one for each kind of sample, that make coverage nominal.

    At prediction time kinds are known by degrees only, so the factors mix; some passes settle what
    each has to be.

    Parameters
    ----------
    scores : KindScores
        Of a lead.
    counts : ndarray of bool, shape (recordings,)
        Recordings to calibrate on.
    level : float
        Coverage wanted.
    start : ndarray, optional
        Factors that are nearly right.

    Returns
    -------
    ndarray, shape (kinds,)
        Logarithms of the factors.
    """
    n_kinds = scores.membership.shape[1]
    factors = np.zeros(n_kinds) if start is None else np.array(start)
    log_ratio, membership = scores.log_ratio[counts], scores.membership[counts]
    kind, weights = scores.kind[counts], scores.weights[counts].ravel()
    for _ in range(_PASSES if start is None else _MORE_PASSES):
        mixed = np.einsum("s,rst->rt", factors.astype(membership.dtype), membership, optimize=True)
        steps, first = _in_steps(log_ratio - mixed)
        n_steps = int(steps.max()) + 1
        places = (kind * n_steps + steps).ravel()
        table = np.bincount(places, weights, (n_kinds + 1) * n_steps).reshape(-1, n_steps)
        for number, row in enumerate(table[:n_kinds]):
            step = _quantile(row, first, float(row.sum()), level)
            factors[number] += 0.0 if np.isnan(step) else step
    return factors


def log_of(error_mv: NDArray[np.floating]) -> NDArray[np.floating]:
    """Logarithm of the size of an error."""
    return np.log(np.maximum(np.abs(error_mv), _TINY_MV))
