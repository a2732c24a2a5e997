"""The trials of each situation: who learns from what, and what is tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.crossfit import left_out_by
from ecgview.engine.evaluation import estimate_set
from ecgview.engine.intervals.scoring import half_widths
from ecgview.engine.intervals.spread import Spread
from ecgview.engine.layouts import Entry
from ecgview.engine.personal.chosen import SHRINKAGES
from ecgview.engine.personal.lesson import wanted_rows
from ecgview.leads import INDEPENDENT_LEADS, LEAD_INDEX
from ecgview.personal import Situation
from ecgview.signals.filters import clean
from ecgview.studies.personal.choosing import Trials
from ecgview.studies.personal.narrowing import Inside, IntervalKind, Residuals, coverage, widths_of
from ecgview.studies.personal.people import Pair
from ecgview.studies.personal.trials import Stretch, after, after_each, before

TABLE_S = 8.192
HELD_OUT_FOLD = 9
_ROWS = [LEAD_INDEX[lead] for lead in INDEPENDENT_LEADS]
Rebuilt = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Independent leads as a model gave them, and half widths around them; (recordings, 8, samples)."""
_EVERY = 5
"""Of the errors one sample in so many is looked at: neighbours tell the same."""


@dataclass(frozen=True, eq=False)
class Trial:
    """Learn on one stretch, try on another."""

    learnt: Stretch
    tried: Stretch
    first: Entry
    second: Entry
    days: float | None = None


@dataclass(eq=False)
class Collected:
    """What the trials of a situation and a set of leads came to, as they are done."""

    available: tuple[str, ...]
    situation: Situation
    interval: IntervalKind = "constant"
    trials: list[Trial] = field(default_factory=list)
    _before: list[NDArray[np.float64]] = field(default_factory=list)
    _after: list[NDArray[np.float64]] = field(default_factory=list)
    _residuals: list[list[Residuals]] = field(default_factory=list)

    def add(self, trial: Trial) -> None:
        """Do a trial; its signals are let go."""
        wanted = wanted_rows(self.available)
        self._before.append(before(trial.tried, wanted))
        self._after.append(after_each(trial.learnt, trial.tried, wanted))
        self._residuals.append(list(_residuals(trial, wanted, SHRINKAGES[self.situation])))
        none = np.empty((0, 0))
        nothing = Stretch(none, none, trial.tried.fs_hz, none)
        self.trials.append(Trial(nothing, nothing, trial.first, trial.second, trial.days))

    @property
    def people(self) -> tuple[str, ...]:
        """Whom each trial is tried on."""
        return tuple(trial.second.person for trial in self.trials)

    def as_trials(self) -> Trials:
        """Put the figures together."""
        return Trials(
            self.people,
            np.array([left_out_by(trial.second) for trial in self.trials]),
            np.array([trial.second.fold != HELD_OUT_FOLD for trial in self.trials]),
            np.stack(self._before),
            np.stack(self._after),
        )

    def inside(self) -> Inside:
        """Tell how many errors lie inside the interval, by lead and factor, for each trial.

        Of trials that may be chosen on, where there are any.
        """
        trials = self.as_trials()
        taken = trials.may_choose if trials.may_choose.any() else ~trials.may_choose
        residuals = [self._residuals[place] for place in np.flatnonzero(taken)]
        widths = [1.0] * len(residuals[0]) if self.interval == "own" else widths_of(residuals)
        return Inside(
            self.available,
            tuple(self.people[place] for place in np.flatnonzero(taken)),
            np.stack([coverage(one, widths) for one in residuals]),
        )


def _residuals(trial: Trial, wanted: Sequence[int], shrinkage: float) -> Iterator[Residuals]:
    truth_mv, half_mv = trial.tried.truth_mv[wanted], trial.tried.half_mv[wanted]
    errors = (truth_mv - trial.tried.given_mv[wanted]) / half_mv
    left = (truth_mv - after(trial.learnt, trial.tried, wanted, shrinkage)) / half_mv
    for one, other in zip(errors[:, ::_EVERY], left[:, ::_EVERY], strict=True):
        yield Residuals(np.abs(one).astype(np.float32), np.abs(other).astype(np.float32))


def given_by(
    model: Any,
    spread: Spread | None,
    signals_mv: NDArray[np.float32],
    available: tuple[str, ...],
    parts: NDArray[np.int64],
) -> Rebuilt:
    """Run a model over recordings, and the network of an interval over what it gave.

    Parameters
    ----------
    model : torch.nn.Module
        The lead model.
    spread : Spread or None
        The interval.
    signals_mv : ndarray, shape (recordings, 8, samples)
        As recorded, at the model's rate.
    available : tuple of str
        What the model is given.
    parts : ndarray of int, shape (recordings,)
        See `ecgview.engine.intervals.parts.parts_left_out`.

    Returns
    -------
    given_mv, half_mv : ndarray, shape (recordings, 8, samples)
        Its independent leads, and half widths around them; ones without an interval.
    """
    twelve_mv = estimate_set(model, signals_mv, available)
    given_mv = twelve_mv[:, _ROWS]
    if spread is None:
        return given_mv, np.ones_like(given_mv)
    return given_mv, half_widths(spread, signals_mv, twelve_mv, available, parts)[:, _ROWS]


def pair_trials(
    given_mv: NDArray[np.float32],
    half_mv: NDArray[np.float32],
    signals_mv: NDArray[np.float32],
    entries: Sequence[Entry],
    pairs: Sequence[Pair],
    fs_hz: float,
) -> Iterator[Trial]:
    """Learn from the first recording of each pair, try on the second.

    Parameters
    ----------
    given_mv, half_mv, signals_mv : ndarray, shape (recordings, 8, samples)
        As the model gave them, with half widths of its interval, and as recorded.
    entries : sequence of Entry
        The recordings.
    pairs : sequence of Pair
        Of their places.
    fs_hz : float
        The rate.
    """
    given_mv, truth_mv = clean(given_mv, fs_hz), clean(signals_mv, fs_hz)
    whole = [
        Stretch(given, truth, fs_hz, half)
        for given, truth, half in zip(given_mv, truth_mv, half_mv, strict=True)
    ]
    for pair in pairs:
        yield Trial(
            whole[pair.first],
            whole[pair.second].up_to(round(TABLE_S * fs_hz)),
            entries[pair.first],
            entries[pair.second],
            pair.days,
        )


def half_trials(
    given_mv: NDArray[np.float32],
    half_mv: NDArray[np.float32],
    signals_mv: NDArray[np.float32],
    entries: Sequence[Entry],
    fs_hz: float,
) -> Iterator[Trial]:
    """Learn from the first half of each recording, try on the second; each half is high-passed."""
    middle = signals_mv.shape[-1] // 2
    halves = [
        (clean(given_mv[..., part], fs_hz), clean(signals_mv[..., part], fs_hz), half_mv[..., part])
        for part in (slice(0, middle), slice(middle, None))
    ]
    for place, entry in enumerate(entries):
        first, second = (
            Stretch(given[place], truth[place], fs_hz, half[place]) for given, truth, half in halves
        )
        yield Trial(first, second, entry, entry, 0.0)


def stranger_pairs(entries: Sequence[Entry], pairs: Sequence[Pair]) -> list[Pair]:
    """Give the second recording of each pair a first one of somebody else.

    The same network has not seen either.
    """
    result = []
    for pair in pairs:
        mine = entries[pair.second]
        others = [
            place
            for place, entry in enumerate(entries)
            if entry.person != mine.person and left_out_by(entry) == left_out_by(mine)
        ]
        if others:
            result.append(Pair(others[pair.second % len(others)], pair.second, None))
    return result
