"""Thresholds of signs: what is usual in recordings that cross-fitted networks had not seen."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.cards import set_key
from ecgview.engine.checkpoint import load_model
from ecgview.engine.crossfit import crossfit_cards, left_out_by
from ecgview.engine.dataset import Entry, choose_entries, data_sources
from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.input_sets import QUALITY_SETS, distinct_sets
from ecgview.engine.preparation import prepare
from ecgview.engine.signal_set import SignalSet, clean_second_moments
from ecgview.engine.signs.find import SAMPLES, Network, fits_of
from ecgview.engine.signs.judging import changed_by, deviations, evidence, log_odds, scores
from ecgview.engine.signs.leave_one_out import (
    LeadFits,
    basis,
    fits_from,
    pairs_of_rest_and_lead,
)
from ecgview.engine.signs.mistakes import testable
from ecgview.engine.signs.standards import ANY, Standards, Usual
from ecgview.leads import LEADS, LIMB_FROM_I_II
from ecgview.signals.filters import clean
from ecgview.studies.signs.facts import read_facts
from ecgview.studies.signs.single import learn_signals

CHOOSE_FOLDS = tuple(range(1, 8))
CHECK_FOLDS = (8,)
SETS = (*(leads for leads in QUALITY_SETS if len(basis(leads)) > 1), LEADS)
RAISED = {"misfit": 0.01, "ratio": 0.004, "mistake": 0.008}
"""Share of the recordings of the folds chosen on in which a sign may be raised.

Leaving out one of folds 1-8 after another, all three together cry wolf in 1.7 to 2.7 % of its
recordings. With half the shares it is 1.3 to 2.3 %, but a sixth of the mistakes found are lost.
"""
FEWEST = 20
"""Recordings that what is usual of a mistake rests on; it is not told where there are fewer."""
_MODEL_HZ = 125.0


@dataclass(frozen=True)
class LearningTask:
    """What to learn thresholds from.

    Attributes
    ----------
    data_dirs : tuple of Path
        PTB-XL.
    networks : Path
        Folder of the cross-fitted networks.
    recordings : int
        How many are drawn for each set of leads.
    pairs : int
        How many are drawn for each pair of what is given and what is predicted.
    device : str
        Torch device.
    command : tuple of str
        The command line, for the file.
    cache : bool
        Whether prepared recordings are kept.
    """

    data_dirs: tuple[Path, ...]
    networks: Path
    recordings: int
    pairs: int
    device: str
    command: tuple[str, ...]
    cache: bool = True


Work = Generator[Event, None, None]


def learn_events(task: LearningTask) -> Iterator[Event]:
    """Learn the standards of signs; a generator of events, the last `Finished` with them."""
    entries = choose_entries(task.data_dirs, (*CHOOSE_FOLDS, *CHECK_FOLDS), None)
    networks = [load_model(card, task.device) for card in crossfit_cards(task.networks)]
    data = yield from prepare(entries, _MODEL_HZ, cache=task.cache)
    course = _Course(task, data, networks)
    yield from course.measure_pairs()
    yield from course.measure_mistakes()
    signals = yield from learn_signals(
        [one for one in data.entries if one.fold in CHOOSE_FOLDS], read_facts(task.data_dirs)
    )
    yield Finished(course.standards(signals))


class _Course:
    """Collects what leaving one lead out says of recordings as they are."""

    def __init__(self, task: LearningTask, data: SignalSet, networks: Sequence[Network]) -> None:
        self.task, self.data, self.networks = task, data, networks
        self.order = np.random.default_rng(1).permutation(len(data.entries))
        self.is_chosen_on = np.array([one.fold in CHOOSE_FOLDS for one in data.entries])
        self.misfits: dict[str, Usual] = {}
        self.ratios: dict[str, Usual] = {}
        self.found: dict[str, list[_Found]] = defaultdict(list)

    def twelve(self, places: Sequence[int]) -> NDArray[np.float32]:
        """Clean twelve leads of recordings, shape (recordings, 12, samples)."""
        eight = np.stack([self._clean(place) for place in places])
        return np.concatenate([LIMB_FROM_I_II.astype(np.float32) @ eight[:, :2], eight[:, 2:]], 1)

    def _clean(self, place: int) -> NDArray[np.float32]:
        signals_mv = np.array(self.data.signals_mv[place])
        return clean(signals_mv, self.data.fs_hz)[:, :SAMPLES].astype(np.float32)

    def network(self, place: int) -> int:
        """Give the number, from 0, of the one that has not seen a recording."""
        return left_out_by(self.data.entries[place]) - 1

    def measure_pairs(self) -> Work:
        """Measure what is usual of each pair of rest and lead; a network's recordings at once."""
        drawn = [place for place in self.order if self.is_chosen_on[place]][: self.task.pairs]
        pairs = pairs_of_rest_and_lead()
        odds: dict[str, list[float]] = defaultdict(list)
        ratios: dict[str, list[float]] = defaultdict(list)
        numbers = sorted({self.network(place) for place in drawn})
        for step, number in enumerate(numbers):
            twelve_mv = self.twelve([place for place in drawn if self.network(place) == number])
            for done, (rest, leads) in enumerate(pairs, start=1):
                fits = fits_from(self.networks[number], twelve_mv, rest, leads)
                for lead, of_odds, of_ratio in zip(
                    leads, log_odds(fits.misfit).T, fits.ratio.T, strict=True
                ):
                    odds[f"{','.join(rest)}|{lead}"].extend(of_odds)
                    ratios[f"{','.join(rest)}|{lead}"].extend(of_ratio)
                told = step * len(pairs) + done
                yield Progress(told, len(numbers) * len(pairs), "What is usual of each lead")
        self.misfits = {name: usual(values) for name, values in odds.items()}
        self.ratios = {name: usual(values, both_ways=True) for name, values in ratios.items()}

    def measure_mistakes(self) -> Work:
        """Measure how much worse leads fit after each mistake, in the usual sets and any other."""
        drawn = self.order[: self.task.recordings]
        others = [leads for leads in distinct_sets() if len(basis(leads)) > 1]
        chance = np.random.default_rng(2)
        for done, place in enumerate(drawn, start=1):
            any_leads = others[int(chance.integers(len(others)))]
            for name, leads in (*((set_key(one), one) for one in SETS), (ANY, any_leads)):
                self.found[name].append(self._measure(int(place), leads))
            yield Progress(done, len(drawn), "What is usual of mistakes")

    def _measure(self, place: int, available: tuple[str, ...]) -> _Found:
        leads, every = basis(available), testable(available)
        changes = [np.eye(len(LEADS), dtype=np.float32), *(changed_by(m, leads) for m in every)]
        network = self.networks[self.network(place)]
        fits = fits_of(network, self.twelve([place]), available, changes)
        power_mv2 = float(fits[0].own.mean()) + 1e-6
        recorded = scores(fits[0], power_mv2)
        gains = {
            mistake.key: recorded - scores(one, power_mv2)
            for mistake, one in zip(every, fits[1:], strict=True)
        }
        return _Found(place, leads, gains, fits[0])

    def standards(self, signals: dict[str, float]) -> Standards:
        """Put the standards together."""
        gains: dict[str, dict[str, Usual]] = {}
        limits: dict[str, dict[str, float]] = {}
        checked: dict[str, dict[str, int]] = {}
        for name, found in self.found.items():
            chosen = [one for one in found if self.is_chosen_on[one.place]]
            gains[name] = self._gains(chosen)
            extremes = [self._extremes(one, gains[name]) for one in chosen]
            limits[name] = {
                what: round(float(np.quantile([one[what] for one in extremes], 1 - share)), 3)
                for what, share in RAISED.items()
            }
            rest = [self._extremes(one, gains[name]) for one in found if one not in chosen]
            checked[name] = {
                what: sum(one[what] > limits[name][what] for one in rest) for what in RAISED
            }
        learnt_on = self.data.signals_mv[self.is_chosen_on]
        moments = clean_second_moments(learnt_on, self.data.fs_hz)
        return Standards(
            moments=tuple(tuple(round(float(one), 6) for one in row) for row in moments),
            misfits=self.misfits,
            ratios=self.ratios,
            gains=gains,
            limits=limits,
            signals=signals,
            made=self._made(checked),
        )

    def _gains(self, chosen: Sequence[_Found]) -> dict[str, Usual]:
        by_mistake: dict[str, list[float]] = defaultdict(list)
        for one in chosen:
            for mistake, gain in one.gains.items():
                by_mistake[mistake].append(gain)
        return {
            mistake: usual(values)
            for mistake, values in by_mistake.items()
            if len(values) >= FEWEST
        }

    def _extremes(self, one: _Found, gains: dict[str, Usual]) -> dict[str, float]:
        """Give the largest deviation of each kind: a sign would be raised of it first."""
        misfits = deviations(log_odds(one.fits.misfit[0]), one.leads, self.misfits)
        ratios = deviations(one.fits.ratio[0], one.leads, self.ratios)
        better = [
            evidence(gain, gains[mistake])
            for mistake, gain in one.gains.items()
            if gain > 0 and mistake in gains
        ]
        return {
            "misfit": max(misfits.values()),
            "ratio": max(map(abs, ratios.values())),
            "mistake": max(better, default=0.0),
        }

    def _made(self, checked: dict[str, dict[str, int]]) -> dict[str, object]:
        entries: Sequence[Entry] = self.data.entries
        drawn = self.is_chosen_on[self.order[: self.task.recordings]]
        return {
            "command": shlex.join(self.task.command),
            "data": data_sources(entries),
            "folds": list(CHOOSE_FOLDS),
            "check_folds": list(CHECK_FOLDS),
            "recordings_a_set": int(drawn.sum()),
            "check_recordings_a_set": int((~drawn).sum()),
            "recordings_a_pair": self.task.pairs,
            "raised": dict(RAISED),
            "raised_in_check_folds": checked,
        }


@dataclass(frozen=True, eq=False)
class _Found:
    """What was found in one recording with some leads."""

    place: int
    leads: tuple[str, ...]
    gains: dict[str, float]
    fits: LeadFits


def usual(values: Sequence[float], *, both_ways: bool = False) -> Usual:
    """Median, and a standard deviation from the 16 % above it (or on both sides)."""
    low, median, high = np.quantile(values, [0.16, 0.5, 0.84])
    deviation = (high - low) / 2 if both_ways else high - median
    return round(float(median), 4), round(max(float(deviation), 0.01), 4)
