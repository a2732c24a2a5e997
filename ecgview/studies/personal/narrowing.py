"""How far the interval may narrow once a reconstruction is calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.bootstrap import PatientBootstrap, interval
from ecgview.interval import DEFAULT_LEVEL

FACTORS = np.round(np.arange(0.2, 1.51, 0.02), 2)
"""What the half width is multiplied with."""


IntervalKind = Literal["own", "scaled", "constant"]
"""The network's own interval; that of the model that ships, or one of constant width where it has
none, both made by lead as wide as holds nine in ten errors before."""

Share = tuple[float, float, float]
"""A mean over people, and the ends of its 95 % interval over people."""


@dataclass(frozen=True, eq=False)
class Residuals:
    """Sizes of errors before and after, of one lead in one trial; shape (samples,).

    In half widths of the model's interval, sample by sample.
    """

    before: NDArray[np.float32]
    after: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Inside:
    """How many errors lie inside the interval, of one set of leads.

    Attributes
    ----------
    available : tuple of str
        The set.
    people : tuple of str
        Whom each trial is of.
    shares : ndarray, shape (trials, leads, factors)
        See `coverage`.
    """

    available: tuple[str, ...]
    people: tuple[str, ...]
    shares: NDArray[np.float64]


@dataclass(frozen=True)
class Narrowing:
    """What the interval around calibrated leads holds, and what it may be multiplied with.

    Attributes
    ----------
    available : str
        The set of leads, or ``all sets``.
    people : int
        It is of so many.
    unscaled : tuple of float
        Share of samples inside the model's interval as it is, with its interval over people.
    in_force : float
        What the product multiplies the interval with.
    scaled : tuple of float
        Share of samples inside it then.
    lowest_lead : float
        The least such share of a lead of a set.
    factor : float
        At which nine in ten samples lie inside.
    low, high : float
        Its interval over people.
    """

    available: str
    people: int
    unscaled: Share
    in_force: float
    scaled: Share
    lowest_lead: float
    factor: float
    low: float
    high: float

    @property
    def allowed(self) -> float:
        """The upper end, so that no more is promised than was seen; at most 1."""
        return min(1.0, float(np.ceil(self.high * 100) / 100))


def widths_of(residuals: Sequence[Sequence[Residuals]]) -> list[float]:
    """Tell by lead at which multiple of the interval nine in ten of the errors before lie inside.

    Parameters
    ----------
    residuals : sequence of sequence of Residuals
        Of each trial, lead by lead; the same leads in all.
    """
    return [
        _width([trial[lead].before for trial in residuals]) for lead in range(len(residuals[0]))
    ]


def coverage(trial: Sequence[Residuals], widths: Sequence[float]) -> NDArray[np.float64]:
    """Share of the errors after inside each of `FACTORS` times the widths, (leads, factors)."""
    return np.array(
        [
            (one.after[None] <= FACTORS[:, None] * width).mean(axis=1)
            for one, width in zip(trial, widths, strict=True)
        ]
    )


def narrowings(sets: Sequence[Inside], in_force: float) -> tuple[Narrowing, ...]:
    """Find what holds nine in ten samples, for each set and for all of them.

    Parameters
    ----------
    sets : sequence of Inside
        Of the same trials.
    in_force : float
        What the product multiplies the interval with.

    Returns
    -------
    tuple of Narrowing
        The last is the mean over the sets.
    """
    rows = [_narrowing(",".join(its.available), [its], in_force) for its in sets]
    return (*rows, _narrowing("all sets", sets, in_force))


def _narrowing(title: str, sets: Sequence[Inside], in_force: float) -> Narrowing:
    people = np.array(sets[0].people)
    unique = list(np.unique(people))
    by_lead = [np.stack([its.shares[people == one].mean(axis=0) for one in unique]) for its in sets]
    by_person = np.mean([its.mean(axis=1) for its in by_lead], axis=0)
    mean, draws = by_person.mean(axis=0), PatientBootstrap(unique).means(by_person)

    def share(factor: float) -> Share:
        each = [_at(factor, one) for one in draws]
        return (_at(factor, mean), *interval(np.array(each)))

    lowest = min(_at(in_force, lead) for its in by_lead for lead in its.mean(axis=0))
    ends = interval(np.array([_reach(one) for one in draws]))
    return Narrowing(
        title, len(unique), share(1.0), in_force, share(in_force), lowest, _reach(mean), *ends
    )


def _width(errors: Sequence[NDArray[np.float32]]) -> float:
    return float(np.quantile(np.concatenate(errors), DEFAULT_LEVEL))


def _at(factor: float, shares: NDArray[np.float64]) -> float:
    return float(np.interp(factor, FACTORS, shares))


def _reach(shares: NDArray[np.float64]) -> float:
    """Interpolate the factor at which the share is reached; the largest where it is not."""
    return float(np.interp(DEFAULT_LEVEL, shares, FACTORS))
