"""Single trials: learn on one stretch, rebuild another, by each way of learning at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.metrics import correlation, rmse
from ecgview.engine.personal.least_squares import Products, shrunken
from ecgview.leads import INDEPENDENT_LEADS
from ecgview.personal import lagged

N_LEADS = len(INDEPENDENT_LEADS)
SHRINKAGES = (0.0, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.5, 2.5, 5.0)
"""What is tried."""
WAYS = ("leads at three times", "leads at one time", "gain of each lead")
"""Ways of learning: features are all leads now and 24 ms to either side, now only, or the lead
itself alone."""

Figures = NDArray[np.float64]
"""PCC and RMSE (uV): shape (2, ways, shrinkages, 8), NaN for known leads."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """A stretch of a recording, high-passed, at the model's rate.

    Attributes
    ----------
    given_mv, truth_mv : ndarray, shape (8, samples)
        As the model gave the independent leads, and as they were recorded.
    fs_hz : float
        The rate.
    half_mv : ndarray, shape (8, samples)
        Half widths of the interval around what the model gave; ones where it has none.
    """

    given_mv: NDArray[np.floating]
    truth_mv: NDArray[np.floating]
    fs_hz: float
    half_mv: NDArray[np.floating]

    def up_to(self, n_samples: int) -> Stretch:
        """Give its beginning."""
        parts = (its[:, :n_samples] for its in (self.given_mv, self.truth_mv, self.half_mv))
        given_mv, truth_mv, half_mv = parts
        return Stretch(given_mv, truth_mv, self.fs_hz, half_mv)


def before(tried: Stretch, wanted: Sequence[int]) -> NDArray[np.float64]:
    """PCC and RMSE (uV) of what the model gave, shape (2, 8)."""
    return _figures(tried, wanted, tried.given_mv[wanted])


def after_each(learnt: Stretch, tried: Stretch, wanted: Sequence[int]) -> Figures:
    """PCC and RMSE of each way of learning and each shrinkage."""
    figures = np.full((2, len(WAYS), len(SHRINKAGES), N_LEADS), np.nan)
    for way in range(len(WAYS)):
        for place, estimate_mv in enumerate(_by_shrinkage(way, learnt, tried, wanted)):
            figures[:, way, place] = _figures(tried, wanted, estimate_mv)
    return figures


def after(
    learnt: Stretch, tried: Stretch, wanted: Sequence[int], shrinkage: float
) -> NDArray[np.float64]:
    """Rebuild a stretch as the product does, shape (wanted, samples)."""
    return _by_leads(0, learnt, tried, wanted, (shrinkage,))[0]


def _by_shrinkage(
    way: int, learnt: Stretch, tried: Stretch, wanted: Sequence[int]
) -> list[NDArray[np.float64]]:
    if way == len(WAYS) - 1:
        return [_gains(learnt, tried, wanted, shrinkage) for shrinkage in SHRINKAGES]
    return _by_leads(way, learnt, tried, wanted, SHRINKAGES)


def _by_leads(
    way: int,
    learnt: Stretch,
    tried: Stretch,
    wanted: Sequence[int],
    shrinkages: Sequence[float],
) -> list[NDArray[np.float64]]:
    seen, applied = learnt.given_mv, tried.given_mv
    if way == 0:
        seen, applied = lagged(seen, learnt.fs_hz), lagged(applied, tried.fs_hz)
    products = Products.of(seen, learnt.truth_mv[wanted])
    start = np.eye(N_LEADS, len(seen))[wanted]
    return [shrunken(products, start, shrinkage) @ applied for shrinkage in shrinkages]


def _gains(
    learnt: Stretch, tried: Stretch, wanted: Sequence[int], shrinkage: float
) -> NDArray[np.float64]:
    one = np.ones((1, 1))
    gains = [
        shrunken(Products.of(learnt.given_mv[[row]], learnt.truth_mv[[row]]), one, shrinkage).item()
        for row in wanted
    ]
    return np.array(gains)[:, None] * tried.given_mv[wanted]


def _figures(
    tried: Stretch, wanted: Sequence[int], estimate_mv: NDArray[np.floating]
) -> NDArray[np.float64]:
    figures = np.full((2, N_LEADS), np.nan)
    truth_mv = tried.truth_mv[wanted]
    figures[0, wanted] = correlation(truth_mv, estimate_mv)
    figures[1, wanted] = 1000 * rmse(truth_mv, estimate_mv)
    return figures
