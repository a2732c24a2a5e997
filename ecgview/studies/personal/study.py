"""The study: people with several recordings, halves of all recordings, and what is noticed."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview import paths
from ecgview.engine.cards import ModelCard, find_model
from ecgview.engine.checkpoint import load_model
from ecgview.engine.crossfit import COUNT, crossfit_cards, crossfit_events, left_out_by
from ecgview.engine.dataset import choose_entries, list_entries
from ecgview.engine.device import choose_device
from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.intervals.cards import find_interval
from ecgview.engine.intervals.parts import parts_left_out
from ecgview.engine.intervals.spread import load_spread
from ecgview.engine.layouts import Entry
from ecgview.engine.preparation import prepare
from ecgview.errors import DatasetError, ModelError
from ecgview.studies.personal.choosing import Chosen, choose
from ecgview.studies.personal.jobs import (
    HELD_OUT_FOLD,
    Collected,
    Rebuilt,
    Trial,
    given_by,
    half_trials,
    pair_trials,
    stranger_pairs,
)
from ecgview.studies.personal.narrowing import IntervalKind
from ecgview.studies.personal.people import (
    Pair,
    pairs_of,
    recorded_more_than_once,
    recording_dates,
    ten_seconds,
)
from ecgview.studies.personal.reporting import noticing_of, situation_report
from ecgview.studies.personal.results import PersonalReport, SituationReport

FOLDS = tuple(range(1, HELD_OUT_FOLD + 1))


@dataclass(frozen=True)
class PersonalTask:
    """What to study.

    Attributes
    ----------
    data_dirs : tuple of Path
        Data sets; those that name patients.
    networks : Path
        Folder of the cross-fitted networks; they are trained there where it has none.
    input_sets : tuple of tuple of str
        Sets of available leads.
    model : str or None
        The model that ships, for people it has not seen: fold 9.
    device : str
        Torch device.
    command : tuple of str
        The command line, for cards.
    cache : bool
        Whether prepared recordings are kept.
    """

    data_dirs: tuple[Path, ...]
    networks: Path
    input_sets: tuple[tuple[str, ...], ...]
    model: str | None
    device: str
    command: tuple[str, ...]
    cache: bool = True


@dataclass(frozen=True, eq=False)
class _People:
    """Those recorded more than once."""

    entries: tuple[Entry, ...]
    signals_mv: NDArray[np.float32]
    pairs: list[Pair]
    strangers: list[Pair]


def personal_events(task: PersonalTask) -> Iterator[Event]:
    """Run the study; a generator of events.

    Yields
    ------
    Event
        `Progress`, those of training where networks are trained, and `Finished` with a
        `PersonalReport`.

    Raises
    ------
    DatasetError
        If nobody was recorded twice.
    """
    entries = [e for folder in task.data_dirs for e in list_entries(folder) if e.fold in FOLDS]
    cards = yield from _networks(task)
    shipped = find_model(task.model)
    fs_hz = shipped.fs_hz
    people, left_out = yield from _people(task, entries, fs_hz)
    reports: list[SituationReport] = []
    earlier, chosen = yield from _pairs(task, cards, people, people.pairs, "earlier", fs_hz)
    reports.append(earlier)
    stranger, _ = yield from _pairs(
        task, cards, people, people.strangers, "stranger", fs_hz, chosen
    )
    reports.append(stranger)
    same, chosen_same = yield from _halves(task, cards, entries, fs_hz)
    reports.append(same)
    held_out = [entry.fold == HELD_OUT_FOLD for entry in people.entries]
    if any(held_out):
        pairs = [pair for pair in people.pairs if held_out[pair.second]]
        one, _ = yield from _pairs(task, (shipped,), people, pairs, "earlier", fs_hz, chosen)
        reports.append(one)
        unseen = [entry for entry in entries if entry.fold == HELD_OUT_FOLD]
        one, _ = yield from _halves(task, (shipped,), unseen, fs_hz, chosen_same)
        reports.append(one)
    yield Progress(0, 0, "Comparing QRS complexes")
    noticing = noticing_of(people.signals_mv, people.entries, people.pairs, task.input_sets, fs_hz)
    data = ", ".join(dict.fromkeys(entry.source for entry in people.entries))
    yield Finished(PersonalReport(data, left_out, tuple(reports), noticing))


def _networks(task: PersonalTask) -> Generator[Event, None, tuple[ModelCard, ...]]:
    try:
        return crossfit_cards(task.networks)
    except ModelError:
        records = paths.bundled_models_dir() / "anylead.records.txt"
        entries = choose_entries(task.data_dirs, (), records)
        device = choose_device(task.device)
        return (
            yield from crossfit_events(
                entries, task.networks, device, task.command, cache=task.cache
            )
        )


def _people(
    task: PersonalTask, entries: Sequence[Entry], fs_hz: float
) -> Generator[Event, None, tuple[_People, tuple[str, ...]]]:
    """Read all recordings of people who have several."""
    several = recorded_more_than_once(entries)
    kept: list[Entry] = []
    signals = []
    for done, entry in enumerate(several):
        yield Progress(done, len(several), "Reading people recorded more than once")
        leads_mv = ten_seconds(entry, fs_hz)
        if leads_mv is not None:
            kept.append(entry)
            signals.append(leads_mv)
    left_out = tuple(entry.name for entry in several if entry not in kept)
    pairs = pairs_of(kept, recording_dates(task.data_dirs))
    if not pairs:
        raise DatasetError(
            "Nobody in these folders was recorded twice.",
            "Take a data set that names its patients, such as PTB-XL.",
        )
    return _People(tuple(kept), np.stack(signals), pairs, stranger_pairs(kept, pairs)), left_out


def _pairs(
    task: PersonalTask,
    cards: Sequence[ModelCard],
    people: _People,
    pairs: Sequence[Pair],
    situation: str,
    fs_hz: float,
    chosen: Chosen | None = None,
) -> Generator[Event, None, tuple[SituationReport, Chosen]]:
    kind = _interval_kind(task, cards)
    collected = {s: Collected(s, "earlier", kind) for s in task.input_sets}
    for mine, given, available in _given(task, cards, people.entries, people.signals_mv):
        yield Progress(len(collected[available].trials), len(pairs), f"Trying: {situation}")
        wanted = [pair for pair in pairs if mine[pair.second]]
        for trial in pair_trials(*given, people.signals_mv, people.entries, wanted, fs_hz):
            collected[available].add(trial)
    chosen = chosen or choose([one.as_trials() for one in collected.values()])
    return situation_report(situation, _named(cards), list(collected.values()), chosen), chosen


def _halves(
    task: PersonalTask,
    cards: Sequence[ModelCard],
    entries: Sequence[Entry],
    fs_hz: float,
    chosen: Chosen | None = None,
) -> Generator[Event, None, tuple[SituationReport, Chosen]]:
    data = yield from prepare(entries, fs_hz, cache=task.cache)
    signals_mv = np.array(data.signals_mv)
    kind = _interval_kind(task, cards)
    collected = {s: Collected(s, "same", kind) for s in task.input_sets}
    for mine, (given_mv, half_mv), available in _given(task, cards, data.entries, signals_mv):
        places = np.flatnonzero(mine)
        its = [data.entries[place] for place in places]
        trials: Iterator[Trial] = half_trials(
            given_mv[places], half_mv[places], signals_mv[places], its, fs_hz
        )
        for done, trial in enumerate(trials):
            collected[available].add(trial)
            yield Progress(done, len(its), f"Trying halves: {', '.join(available)}")
    chosen = chosen or choose([one.as_trials() for one in collected.values()])
    return situation_report("same", _named(cards), list(collected.values()), chosen), chosen


def _interval_kind(task: PersonalTask, cards: Sequence[ModelCard]) -> IntervalKind:
    if find_interval(find_model(task.model)) is None:
        return "constant"
    return "own" if len(cards) == 1 else "scaled"


def _given(
    task: PersonalTask,
    cards: Sequence[ModelCard],
    entries: Sequence[Entry],
    signals_mv: NDArray[np.float32],
) -> Iterator[tuple[NDArray[np.bool_], Rebuilt, tuple[str, ...]]]:
    """Let each network rebuild what it has not seen.

    Yields
    ------
    tuple
        Which those are, its leads with half widths of the shipped model's interval, the set.
    """
    device = choose_device(task.device)
    spread = load_spread(find_model(task.model), device)
    parts = np.zeros(len(entries), dtype=np.int64)
    if spread is not None:
        parts = parts_left_out(spread.card, entries)
    numbers = np.array([left_out_by(entry) for entry in entries])
    for number, card in enumerate(cards, start=1):
        mine = numbers == number if len(cards) == COUNT else np.ones(len(entries), dtype=bool)
        if not mine.any():
            continue
        model = load_model(card, device)
        for available in task.input_sets:
            given_mv, half_mv = np.zeros_like(signals_mv), np.ones_like(signals_mv)
            given_mv[mine], half_mv[mine] = given_by(
                model, spread, signals_mv[mine], available, parts[mine]
            )
            yield mine, (given_mv, half_mv), available


def _named(cards: Sequence[ModelCard]) -> str:
    return "cross-fitted networks" if len(cards) == COUNT else cards[0].name
