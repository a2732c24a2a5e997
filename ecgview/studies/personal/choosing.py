"""Choose how much to shrink on some people, report on others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.studies.personal.trials import N_LEADS, SHRINKAGES, WAYS

CHEST = slice(2, N_LEADS)
_RMSE = 1


@dataclass(frozen=True, eq=False)
class Trials:
    """All trials of a situation and a set of leads.

    Attributes
    ----------
    people : tuple of str
        Whom each trial is of.
    groups : ndarray of int, shape (trials,)
        Which quarter of the folds each is in, so that no choice is tried on whom it was made on.
    may_choose : ndarray of bool, shape (trials,)
        Whether it may be chosen on: not so of fold 9.
    before : ndarray, shape (trials, 2, 8)
        PCC and RMSE (uV) of the model.
    after : ndarray, shape (trials, 2, ways, shrinkages, 8)
        The same when calibrated.
    """

    people: tuple[str, ...]
    groups: NDArray[np.int_]
    may_choose: NDArray[np.bool_]
    before: NDArray[np.float64]
    after: NDArray[np.float64]

    def nested(
        self, chosen: Chosen, way: int = 0, *, per_lead: bool = False
    ) -> NDArray[np.float64]:
        """PCC and RMSE by what was chosen on others, shape (trials, 2, 8)."""
        places = chosen.places[way]
        result = np.empty_like(self.before)
        for trial, group in enumerate(self.groups):
            key = int(group) if self.may_choose[trial] else -1
            by_lead = chosen.lead_places[key] if per_lead else np.full(N_LEADS, places[key])
            result[trial] = self.after[trial, :, way, by_lead, np.arange(N_LEADS)].T
        return result


@dataclass(frozen=True, eq=False)
class Chosen:
    """The shrinkages of a situation, by their places in `SHRINKAGES`.

    Attributes
    ----------
    places : tuple of dict of int to int
        For each way of learning: by group, what those outside the group choose; -1: all.
    lead_places : dict of int to ndarray, shape (8,)
        The same for each lead by itself, of the first way.
    """

    places: tuple[dict[int, int], ...]
    lead_places: dict[int, NDArray[np.int_]]

    @property
    def shrinkage(self) -> float:
        """What all people of folds 1-8 choose."""
        return SHRINKAGES[self.places[0][-1]]


def choose(sets: Sequence[Trials]) -> Chosen:
    """Choose the shrinkage of a situation: least mean RMSE of the chest leads.

    Parameters
    ----------
    sets : sequence of Trials
        The trials of each set of leads; people weigh the same, and sets do.

    Returns
    -------
    Chosen
        Nested: for each group by the others.
    """
    groups = sorted({int(group) for trials in sets for group in trials.groups})
    costs = {group: _costs(sets, group) for group in (-1, *groups)}
    places = tuple(
        {
            group: int(np.nanargmin(np.nanmean(cost[way, :, CHEST], axis=-1)))
            for group, cost in costs.items()
        }
        for way in range(len(WAYS))
    )
    by_lead = {group: np.nanargmin(cost[0], axis=0) for group, cost in costs.items()}
    return Chosen(places, by_lead)


def _costs(sets: Sequence[Trials], left_out: int) -> NDArray[np.float64]:
    """Mean RMSE of those that may choose and are not of a group, (ways, shrinkages, 8)."""
    costs = []
    for trials in sets:
        taken = trials.may_choose & (trials.groups != left_out)
        if not taken.any():
            taken = trials.may_choose
        errors = trials.after[taken, _RMSE]
        people = np.asarray(trials.people)[taken]
        costs.append(
            np.mean([errors[people == person].mean(axis=0) for person in np.unique(people)], axis=0)
        )
    with np.errstate(invalid="ignore"):
        return np.asarray(_nanmean(np.stack(costs)))


def _nanmean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the first axis of what is there; leads that no set asks for cost nothing."""
    there = np.isfinite(values)
    return np.where(there, values, 0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
