"""How often signs are right: faults made by us on fold 9, real ones, and recordings as they are."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from ecgview.engine.cards import ModelCard, set_key
from ecgview.engine.checkpoint import load_model
from ecgview.engine.dataset import Entry, list_entries
from ecgview.engine.events import Event, Failed, Finished, Progress
from ecgview.engine.input_sets import QUALITY_SETS, known_leads
from ecgview.engine.signs.find import Network, signs_of
from ecgview.engine.signs.leave_one_out import basis
from ecgview.engine.signs.mistakes import KINDS
from ecgview.engine.signs.sign import CODES, GAIN, MISFIT, MISTAKE, OPENING, PACED, Rate
from ecgview.engine.signs.standards import Standards, standards_of
from ecgview.engine.signs.stretches import Stretch, cut
from ecgview.errors import EcgviewError, ModelError
from ecgview.formats import open_recording
from ecgview.leads import LEADS
from ecgview.recording import Recording
from ecgview.studies.signs.challenge import NAME, challenge_rows
from ecgview.studies.signs.facts import Facts, read_facts
from ecgview.studies.signs.faults import Made, make_faults
from ecgview.studies.signs.tables import NONE, RateRow, Share, share_of

REPORT_FOLD = 9
ALL_MADE = "all faults made"
SETS = (LEADS, *QUALITY_SETS)
_FIT = (MISTAKE, MISFIT, GAIN)

Work = Generator[Event, None, list[RateRow]]


@dataclass(frozen=True)
class RatesTask:
    """What to measure.

    Attributes
    ----------
    data_dirs : tuple of Path
        PTB-XL.
    challenge : Path or None
        Set A of the Challenge 2011.
    card : ModelCard
        The model, with its standards beside it.
    device : str
        Torch device.
    every : int
        Mistakes are made in every so many recordings.
    """

    data_dirs: tuple[Path, ...]
    challenge: Path | None
    card: ModelCard
    device: str
    every: int = 1


@dataclass(frozen=True)
class Rates:
    """What was measured.

    Attributes
    ----------
    rows : tuple of RateRow
        For the tables.
    rates : dict of str to Rate
        What goes beside the model.
    recordings, with_faults : int
        Recordings of fold 9 looked at as they are, and those in which faults were made.
    """

    rows: tuple[RateRow, ...]
    rates: dict[str, Rate]
    recordings: int
    with_faults: int


def rates_events(task: RatesTask) -> Iterator[Event]:
    """Measure how often signs are right; a generator of events, the last `Finished` with `Rates`.

    Raises
    ------
    ModelError
        If the model has no standards.
    DatasetError
        If a data set is not there.
    """
    standards = standards_of(task.card)
    if standards is None:
        raise ModelError(
            f"{task.card.name} has no thresholds for signs.",
            "Learn them first: ecgview study signs --learn --networks DIR.",
        )
    course = _Course(task, standards)
    yield from course.look()
    rows = course.rows()
    rows += yield from course.paced_rows()
    if task.challenge is not None:
        rows += yield from challenge_rows(task.challenge, task.card, standards, course.model)
    yield Finished(Rates(tuple(rows), rates_of(rows), len(course.is_good), course.with_faults))


@dataclass
class _Look:
    """What was found in a recording, by set of leads: signs, and those of faults made in it."""

    facts: Facts
    codes: dict[str, set[str]] = field(default_factory=dict)
    made: dict[str, list[Made]] = field(default_factory=dict)


class _Course:
    """Goes through the recordings of fold 9, as they are and with faults made in them."""

    def __init__(self, task: RatesTask, standards: Standards) -> None:
        self.task, self.standards = task, standards
        self.model: Network = load_model(task.card, task.device)
        self.facts = read_facts(task.data_dirs)
        self.entries = [entry for folder in task.data_dirs for entry in list_entries(folder)]
        self.untouched: dict[str, list[set[str]]] = defaultdict(list)
        self.is_good: list[bool] = []
        self.paced: list[tuple[bool, bool]] = []
        self.made: dict[tuple[str, str], list[Made]] = defaultdict(list)
        self.with_faults = 0

    def look(self) -> Iterator[Event]:
        """Look for signs in every recording of the fold."""
        entries = [entry for entry in self.entries if entry.fold == REPORT_FOLD]
        # One more than there are cores: one waits for a file while the others compute.
        pool = ProcessPoolExecutor(
            (os.cpu_count() or 1) + 1, get_context("spawn"), _begin, (self.task,)
        )
        try:
            looks = pool.map(_look, range(len(entries)), entries)
            for done, look in enumerate(looks, start=1):
                if isinstance(look, str):
                    yield Failed(entries[done - 1].name, look)
                elif look is not None:
                    self._take(look)
                yield Progress(done, len(entries), "Fold 9, as it is and with mistakes")
        finally:
            # Who stops here does not wait for what has not begun.
            pool.shutdown(cancel_futures=True)

    def look_at(self, number: int, entry: Entry) -> _Look | str | None:
        """Look for signs in a recording with each set of leads, and in every Nth with mistakes."""
        try:
            recording, whole = self._opened(entry)
        except EcgviewError as error:
            return str(error)
        if whole is None:
            return None
        look = _Look(self.facts.get(entry.name, Facts()))
        for available in SETS:
            key, stretch = set_key(available), part_of(whole, available)
            signs = signs_of(
                recording, available, [stretch], self.task.card, self.standards, self.model
            )
            look.codes[key] = {sign.code for sign in signs}
            if number % self.task.every == 0 and len(basis(available)) > 1:
                made = make_faults(self.model, stretch, available, self.standards)
                look.made[key] = list(made)
        return look

    def _opened(self, entry: Entry) -> tuple[Recording, Stretch | None]:
        recording = open_recording(entry.path)
        return recording, cut(recording, LEADS, entry.start_s, self.task.card.fs_hz)

    def _take(self, look: _Look) -> None:
        self.is_good.append(not look.facts.remarked)
        self.paced.append((look.facts.paced, PACED in look.codes[set_key(LEADS)]))
        for key, codes in look.codes.items():
            self.untouched[key].append(codes)
        self.with_faults += bool(look.made)
        for key, made in look.made.items():
            for one in made:
                self.made[key, one.fault].append(one)

    def rows(self) -> list[RateRow]:
        """Sum up what was found."""
        rows = [self._row(fault, key, made) for (key, fault), made in self.made.items()]
        kinds: dict[tuple[str, str], list[Made]] = defaultdict(list)
        every: dict[str, list[Made]] = defaultdict(list)
        for (key, _), made in self.made.items():
            every[key] += made
            for one in made:
                if one.kind:
                    kinds[key, one.kind].append(one)
        rows += [self._row(f"all: {KINDS[kind]}", key, made) for (key, kind), made in kinds.items()]
        for key in self.untouched:
            rows += self._rows_of_set(key, every[key])
        return rows

    def _row(self, fault: str, key: str, made: Sequence[Made]) -> RateRow:
        """Sum up one fault, or several of a kind, by the sign that is for it."""
        sign = MISTAKE if made[0].kind else GAIN
        found = share_of([sign in one.codes for one in made])
        named = share_of([one.is_named for one in made])
        return RateRow(sign, fault, key, found, named, self._alarms(key, (sign,)))

    def _rows_of_set(self, key: str, made: Sequence[Made]) -> list[RateRow]:
        """Sum up what is not about one fault."""
        named = share_of([one.is_named for one in made])
        fit = share_of([bool(one.codes) for one in made])
        odd = share_of([MISFIT in one.codes for one in made])
        rows = [
            RateRow("fit", ALL_MADE, key, fit, named, self._alarms(key, _FIT)),
            RateRow(MISFIT, ALL_MADE, key, odd, NONE, self._alarms(key, (MISFIT,))),
        ]
        for code in CODES:
            if code not in (*_FIT, PACED):
                rows.append(RateRow(code, "", key, NONE, NONE, self._alarms(key, (code,))))
        whole = tuple(code for code in CODES if code != OPENING)
        good = self._alarms(key, whole, good=True)
        rows.append(RateRow("any", "", key, NONE, NONE, self._alarms(key, whole)))
        rows.append(RateRow("any", "(no remark on quality)", key, NONE, NONE, good))
        return rows

    def _alarms(self, key: str, codes: Sequence[str], *, good: bool = False) -> Share:
        wanted = set(codes)
        return share_of(
            [
                bool(wanted & found)
                for found, is_good in zip(self.untouched[key], self.is_good, strict=True)
                if is_good or not good
            ]
        )

    def paced_rows(self) -> Work:
        """Look for spikes in every paced recording there is: the limit rests on others."""
        found = [raised for paced, raised in self.paced if paced]
        alarms = share_of([raised for paced, raised in self.paced if not paced])
        others = [e for e in self.entries if e.fold != REPORT_FOLD and self._is_paced(e)]
        every = list(found)
        for done, entry in enumerate(others, start=1):
            try:
                recording, stretch = self._opened(entry)
            except EcgviewError as error:
                yield Failed(entry.name, str(error))
                continue
            if stretch is not None:
                signs = signs_of(
                    recording, LEADS, [stretch], self.task.card, self.standards, self.model
                )
                every.append(any(sign.code == PACED for sign in signs))
            yield Progress(done, len(others), "Paced recordings")
        note = "PACE statements; of all folds, for the limit was learnt from recordings without"
        key = set_key(LEADS)
        return [
            RateRow(PACED, "paced, all folds", key, share_of(every), NONE, alarms, note),
            RateRow(PACED, "paced, fold 9", key, share_of(found), NONE, alarms, "very few"),
        ]

    def _is_paced(self, entry: Entry) -> bool:
        return self.facts.get(entry.name, Facts()).paced


_worker: list[_Course] = []
"""What a process of the pool works with."""


def _begin(task: RatesTask) -> None:
    standards = standards_of(task.card)
    assert standards is not None
    _worker.append(_Course(task, standards))


def _look(number: int, entry: Entry) -> _Look | str | None:
    return _worker[0].look_at(number, entry)


def part_of(whole: Stretch, available: Sequence[str]) -> Stretch:
    """Keep only what is known of a stretch of all twelve leads."""
    known = [LEADS.index(lead) for lead in available]
    rows = [LEADS.index(lead) for lead in known_leads(tuple(available))]
    slow_mv, clean_mv = np.zeros_like(whole.slow_mv), np.zeros_like(whole.clean_mv)
    slow_mv[rows], clean_mv[rows] = whole.slow_mv[rows], whole.clean_mv[rows]
    return Stretch(
        whole.start_s, whole.fs_hz, whole.recorded_mv[known], slow_mv, clean_mv, whole.model_fs_hz
    )


def rates_of(rows: Sequence[RateRow]) -> dict[str, Rate]:
    """Give the rates that a sign shows, by what `Standards.rate_of` asks for."""
    rates: dict[str, Rate] = {}
    for row in rows:
        rate = Rate(
            round(row.found.share, 4),
            row.found.of,
            round(row.false_alarms.share, 4),
            row.false_alarms.of,
        )
        if row.sign == MISTAKE and not row.fault.startswith("all: "):
            rates[f"{MISTAKE}|{row.fault}|{row.available}"] = rate
        elif row.sign in (MISFIT, GAIN):
            rates[f"{row.sign}||{row.available}"] = rate
        elif row.sign in CODES and row.available in (set_key(LEADS), NAME):
            before = rates.get(row.sign)
            # Real faults say more than none.
            if before is None or rate.n_found_in > before.n_found_in:
                rates[row.sign] = rate
    return rates
