"""How far the interval may narrow once a reconstruction is calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.bootstrap import PatientBootstrap, interval
from ecgview.interval import DEFAULT_LEVEL

FACTORS = np.round(np.arange(0.2, 1.51, 0.02), 2)
"""What the half width is multiplied with."""


@dataclass(frozen=True, eq=False)
class Residuals:
    """Sizes of errors before and after, of one lead in one trial; shape (samples,), mV."""

    before: NDArray[np.float32]
    after: NDArray[np.float32]


@dataclass(frozen=True)
class Narrowing:
    """What the interval may be multiplied with.

    Attributes
    ----------
    factor : float
        At which nine in ten samples lie inside, on average over trials.
    low, high : float
        Its interval over people.
    allowed : float
        What is used: `high`, or 1 where that is more.
    """

    factor: float
    low: float
    high: float

    @property
    def allowed(self) -> float:
        """The upper end, so that no more is promised than was seen; at most 1."""
        return min(1.0, float(np.ceil(self.high * 100) / 100))


def widths_of(residuals: Sequence[Sequence[Residuals]]) -> list[float]:
    """Half widths of each lead that hold nine in ten of the errors before; constant over time.

    Parameters
    ----------
    residuals : sequence of sequence of Residuals
        Of each trial, lead by lead; the same leads in all.
    """
    return [
        _width([trial[lead].before for trial in residuals]) for lead in range(len(residuals[0]))
    ]


def coverage(trial: Sequence[Residuals], widths: Sequence[float]) -> NDArray[np.float64]:
    """Share of the errors after inside each of `FACTORS` times the widths, shape (factors,)."""
    return np.mean(
        [
            (one.after[None] <= FACTORS[:, None] * width).mean(axis=1)
            for one, width in zip(trial, widths, strict=True)
        ],
        axis=0,
    )


def of_coverage(people: Sequence[str], shares: Sequence[NDArray[np.float64]]) -> Narrowing:
    """Find where the mean of `coverage` over trials reaches `DEFAULT_LEVEL`.

    Parameters
    ----------
    people : sequence of str
        Whom each trial is of.
    shares : sequence of ndarray, shape (factors,)
        Of each trial.
    """
    every = np.stack(shares)
    draws = PatientBootstrap(people).means(every)
    factors = np.array([_reach(mean) for mean in draws])
    low, high = interval(factors)
    names = np.asarray(people)
    by_person = [every[names == person].mean(axis=0) for person in np.unique(names)]
    return Narrowing(_reach(np.mean(by_person, axis=0)), low, high)


def _width(errors: Sequence[NDArray[np.float32]]) -> float:
    return float(np.quantile(np.concatenate(errors), DEFAULT_LEVEL))


def _reach(shares: NDArray[np.float64]) -> float:
    """Interpolate the factor at which the share is reached; the largest where it is not."""
    return float(np.interp(DEFAULT_LEVEL, shares, FACTORS))
