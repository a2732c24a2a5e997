"""What the study came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.bootstrap import PatientBootstrap, interval
from ecgview.studies.personal.choosing import CHEST, Chosen
from ecgview.studies.personal.narrowing import IntervalKind, Narrowing
from ecgview.studies.personal.resemblance import Noticing

WORDS = {
    "earlier": "an earlier ECG of the same person",
    "stranger": "an ECG of another person",
    "same": "the first half of the same recording",
}


@dataclass(frozen=True)
class LeadRow:
    """One lead, or the mean of the chest leads, of one set in one situation.

    Attributes
    ----------
    pcc_before, pcc_after, rmse_before_uv, rmse_after_uv : float
        Means over people of the means over their trials.
    pcc_gain, rmse_gain_uv : tuple of float
        After less before, with the ends of its 95 % interval over people.
    n_people : int
        People with a figure.
    n_better, n_worse : int
        Of these, whose mean RMSE fell and rose.
    """

    lead: str
    pcc_before: float
    pcc_after: float
    rmse_before_uv: float
    rmse_after_uv: float
    pcc_gain: tuple[float, float, float]
    rmse_gain_uv: tuple[float, float, float]
    n_people: int
    n_better: int
    n_worse: int


@dataclass(frozen=True)
class SetRows:
    """The rows of one set of leads: the chest leads' mean first."""

    available: tuple[str, ...]
    rows: tuple[LeadRow, ...]


@dataclass(frozen=True)
class PairRow:
    """One trial: the mean over its reconstructed chest leads."""

    available: tuple[str, ...]
    first: str
    second: str
    fold: int
    days: float | None
    pcc_before: float
    pcc_after: float
    rmse_before_uv: float
    rmse_after_uv: float


@dataclass(frozen=True)
class WayRow:
    """A way of learning: mean over sets of the chest leads' means, nested."""

    way: str
    shrinkage: str
    pcc: float
    rmse_uv: float


@dataclass(frozen=True, eq=False)
class SituationReport:
    """One situation: where it was learnt, on whom, and what it came to."""

    situation: str
    model: str
    folds: str
    n_people: int
    n_recordings: int
    n_trials: int
    sets: tuple[SetRows, ...]
    pairs: tuple[PairRow, ...] = ()
    ways: tuple[WayRow, ...] = ()
    chosen: Chosen | None = None
    interval: IntervalKind = "constant"
    interval_folds: str = ""
    narrowings: tuple[Narrowing, ...] = ()


@dataclass(frozen=True, eq=False)
class PersonalReport:
    """All of it.

    Attributes
    ----------
    data : str
        What it is of.
    left_out : tuple of str
        Names of recordings that could not be used.
    situations : tuple of SituationReport
        Earlier ECG, another person's, first half of the same recording; the last with fold 9.
    noticing : tuple of Noticing
        How often a mismatch is noticed.
    """

    data: str
    left_out: tuple[str, ...]
    situations: tuple[SituationReport, ...]
    noticing: tuple[Noticing, ...]


def lead_row(
    lead: str,
    people: Sequence[str],
    before: NDArray[np.float64],
    after: NDArray[np.float64],
) -> LeadRow:
    """Average one lead.

    Parameters
    ----------
    lead : str
        Its name.
    people : sequence of str
        Whom each trial is of.
    before, after : ndarray, shape (trials, 2)
        PCC and RMSE (uV); NaN where there is none.
    """
    names = np.asarray(people)
    unique = np.unique(names)
    columns = np.column_stack([before, after, after - before])
    by_person = np.array([_mean(columns[names == person]) for person in unique])
    mean = _mean(by_person)
    draws = PatientBootstrap(list(unique)).means(by_person[:, 4:])
    error_change = by_person[:, 5]
    return LeadRow(
        lead,
        mean[0],
        mean[2],
        mean[1],
        mean[3],
        (mean[4], *interval(draws[:, 0])),
        (mean[5], *interval(draws[:, 1])),
        int(np.isfinite(error_change).sum()),
        int((error_change < 0).sum()),
        int((error_change > 0).sum()),
    )


def chest_mean(figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average the reconstructed chest leads of trials, shape (trials, 2, 8) to (trials, 2)."""
    chest = figures[..., CHEST]
    return np.asarray(np.nanmean(chest, axis=-1))


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    there = np.isfinite(values)
    total = np.where(there, values, 0).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(total / there.sum(axis=0))
