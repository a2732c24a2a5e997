"""Conformal calibration with recordings as the exchangeable units (numpy only).

Samples of a recording are alike, so that only recordings count: each weighs one, shared evenly
among its samples, and a recording to come weighs one more, beyond all scores (Lee, Barber &
Willett 2023, arXiv:2306.06342, for such hierarchies). The mean share of samples inside is then at
least nominal for a recording to come.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_PASSES = 6
_TINY_MV = 1e-6


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
        Of calibration recordings.
    weights : ndarray, shape (recordings, samples)
        Summing to 1 over each recording that counts, to 0 over others.
    level : float
        The share.

    Returns
    -------
    float
        The largest score where there are too few recordings for the level; NaN without any.
    """
    inside = weights > 0
    total = float(weights.sum())
    if not total:
        return float("nan")
    values, its = scores[inside], weights[inside]
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(its[order])
    place = int(np.searchsorted(reached, level * (total + 1) - 1e-9))
    return float(values[order[min(place, len(order) - 1)]])


def kind_factors(
    log_error: NDArray[np.floating],
    log_half: NDArray[np.floating],
    membership: NDArray[np.floating],
    kinds: NDArray[np.bool_],
    counts: NDArray[np.bool_],
    level: float,
) -> NDArray[np.float64]:
    """Find factors of a half width, one for each kind of sample, that make coverage nominal.

    At prediction time kinds are known by degrees only, so the factors mix; some passes settle what
    each has to be.

    Parameters
    ----------
    log_error, log_half : ndarray, shape (recordings, samples)
        Logarithms of absolute error and half width of a lead.
    membership : ndarray, shape (recordings, kinds, samples)
        To which degree the network takes a sample for each kind.
    kinds : ndarray of bool, shape (recordings, kinds, samples)
        Which samples are of each.
    counts : ndarray of bool, shape (recordings,)
        Recordings to calibrate on.
    level : float
        Coverage wanted.

    Returns
    -------
    ndarray, shape (kinds,)
        Logarithms of the factors.
    """
    factors = np.zeros(kinds.shape[1])
    lengths = np.maximum(kinds.sum(axis=-1), 1)
    for _ in range(_PASSES):
        scores = log_error - log_half - np.einsum("s,rst->rt", factors, membership)
        for number in range(len(factors)):
            weights = kinds[:, number] / lengths[:, number, None] * counts[:, None]
            step = conformal_quantile(scores, weights, level)
            factors[number] += 0.0 if np.isnan(step) else step
    return factors


def log_of(error_mv: NDArray[np.floating]) -> NDArray[np.floating]:
    """Logarithm of the size of an error."""
    return np.log(np.maximum(np.abs(error_mv), _TINY_MV))
