"""The study of agreement as a job: prepare, find beats, estimate, measure, compare."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview import __version__
from ecgview.engine.checkpoint import load_model
from ecgview.engine.dataset import Entry, choose_entries, data_sources
from ecgview.engine.device import choose_device
from ecgview.engine.evaluation import estimate_set
from ecgview.engine.events import Event, Failed, Finished, Progress
from ecgview.engine.input_sets import known_leads
from ecgview.engine.preparation import prepare
from ecgview.engine.scoring import TABLE_FS_HZ
from ecgview.engine.signal_set import SignalSet
from ecgview.errors import DatasetError, LeadError, ModelError
from ecgview.leads import LEAD_INDEX, LEADS
from ecgview.signals.resampling import RateRatio, resample
from ecgview.studies.agreement.estimators import Estimator, find_estimators
from ecgview.studies.agreement.measuring import (
    FINE_FS_HZ,
    Measured,
    markers_uv,
    measure,
    nothing_uv,
)
from ecgview.studies.agreement.results import (
    AgreementReport,
    LeftOut,
    MarkerAgreement,
    RecordingFacts,
    Values,
)
from ecgview.studies.agreement.subsets import Sorted, subsets_of
from ecgview.studies.agreement.table import matrices_of, number_of_tests, rows_of, with_best
from ecgview.studies.agreement.task import AgreementTask

_BLOCK = 32

_Leads = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Data:
    """The recordings at the rate of the markers, and at those of the models."""

    fine: SignalSet
    by_rate: dict[float, SignalSet]


def agreement_events(task: AgreementTask) -> Iterator[Event]:
    """Compare markers of estimates with recorded ones; a generator of events.

    Parameters
    ----------
    task : AgreementTask
        Data, models and sets.

    Yields
    ------
    Event
        `Progress`, `Failed` for unreadable recordings, `Finished` with an `AgreementReport`.

    Raises
    ------
    LeadError
        If no set of available leads is named.
    ModelError
        If there is no such model, or none of them takes a set.
    DatasetError
        If there is no such data set, or beats were found in none of the recordings.
    """
    estimators = find_estimators(task.models)
    work = _work(estimators, task.input_sets)
    entries = choose_entries(task.data_dirs, task.folds, task.records)
    data = yield from _prepared(estimators, entries, cache=task.cache)
    values, lost = [], []
    usable = np.ones(len(data.fine.entries), dtype=bool)
    for available, takers in work.items():
        measured = yield from _measured(data.fine, available)
        usable &= [each.parts is not None for each in measured]
        lost += _without_beats(data.fine, available, measured)
        for estimator in takers:
            values.append((yield from _values(estimator, data, available, measured, task.device)))
    if not usable.any():
        raise DatasetError(
            "Beats were found in none of the recordings.", f"The last one: {lost[-1].reason}"
        )
    yield Progress(0, 0, "Computing the table")
    yield Finished(_report(task, estimators, entries, data.fine, values, lost, usable))


def _report(
    task: AgreementTask,
    estimators: Sequence[Estimator],
    entries: Sequence[Entry],
    fine: SignalSet,
    values: Sequence[Values],
    lost: Sequence[LeftOut],
    usable: NDArray[np.bool_],
) -> AgreementReport:
    found = subsets_of(fine.entries, usable, task.subsets)
    taken = tuple(dict.fromkeys(each.available for each in values))
    rows = with_best([row for v in values for each in found for row in _rows(v, each)])
    return AgreementReport(
        command=task.command,
        version=__version__,
        sources=data_sources(entries),
        folds=tuple(sorted({entry.fold for entry in entries})),
        found=len(entries),
        patients=len({entry.person for entry in fine.entries}),
        recordings=_recordings(fine, found),
        left_out=(*(LeftOut(name, (), reason) for name, reason in fine.left_out), *lost),
        models=tuple(each.facts() for each in estimators),
        input_sets=taken,
        subsets=tuple(each.subset for each in found),
        values=tuple(values),
        rows=rows,
        matrices=tuple(m for v in values for each in found for m in matrices_of(v, each.subset)),
        tests=number_of_tests(rows),
        warnings=tuple(_warnings(estimators, entries, task.input_sets, taken)),
    )


def _rows(values: Values, of: Sorted) -> list[MarkerAgreement]:
    both = np.isfinite(values.real_uv) & np.isfinite(values.estimated_uv)
    return rows_of(values, of.subset, both[of.inside].sum(axis=0))


def _recordings(fine: SignalSet, found: Sequence[Sorted]) -> tuple[RecordingFacts, ...]:
    return tuple(
        RecordingFacts(
            entry.name,
            str(entry.path),
            entry.start_s,
            tuple(each.subset.key for each in found if each.inside[place]),
        )
        for place, entry in enumerate(fine.entries)
    )


def _prepared(
    estimators: Sequence[Estimator], entries: Sequence[Entry], *, cache: bool
) -> Generator[Event, None, _Data]:
    fine = yield from prepare(entries, FINE_FS_HZ, cache=cache)
    by_rate = {FINE_FS_HZ: fine}
    for rate_hz in dict.fromkeys(_rate_hz(each) for each in estimators):
        if rate_hz not in by_rate:
            told = prepare(entries, rate_hz, cache=cache)
            by_rate[rate_hz] = yield from _without_failures(told)
    return _Data(fine, by_rate)


def _without_failures(
    preparing: Generator[Event, None, SignalSet],
) -> Generator[Event, None, SignalSet]:
    """Say nothing more of files that could not be read the first time."""
    with closing(preparing):
        while True:
            try:
                event = next(preparing)
            except StopIteration as end:
                data: SignalSet = end.value
                return data
            if not isinstance(event, Failed):
                yield event


def _rate_hz(estimator: Estimator) -> float:
    return estimator.fs_hz or TABLE_FS_HZ


def _without_beats(
    fine: SignalSet, available: _Leads, measured: Sequence[Measured]
) -> list[LeftOut]:
    pairs = zip(fine.entries, measured, strict=True)
    return [LeftOut(e.name, available, each.reason) for e, each in pairs if each.parts is None]


def _work(
    estimators: Sequence[Estimator], input_sets: Sequence[_Leads]
) -> dict[_Leads, list[Estimator]]:
    """List the models that take each set; sets that none takes are left out."""
    if not input_sets:
        raise LeadError("No set of available leads is named.", 'Name some: --leads "I;I,II".')
    for each in estimators:
        card = each.cards[0]
        if not any(card.takes(available) for available in input_sets):
            raise ModelError(
                f"{card.name} takes only {', '.join(card.leads)}.",
                f'Take that set: --leads "{",".join(card.leads)}".',
            )
    takers = {
        available: [each for each in estimators if each.cards[0].takes(available)]
        for available in dict.fromkeys(input_sets)
    }
    return {available: some for available, some in takers.items() if some}


def _warnings(
    estimators: Sequence[Estimator],
    entries: Sequence[Entry],
    input_sets: Sequence[_Leads],
    taken: Collection[_Leads],
) -> Iterator[str]:
    for available in dict.fromkeys(input_sets):
        if available not in taken:
            yield f"No model here takes just {', '.join(available)}: there are no figures of it."
    yield from (said for each in estimators if (said := each.warning(entries)))


def _measured(fine: SignalSet, available: _Leads) -> Generator[Event, None, list[Measured]]:
    found = []
    for place in range(len(fine.entries)):
        found.append(measure(fine, place, available))
        if place % _BLOCK == 0 or place + 1 == len(fine.entries):
            message = f"Measuring what was recorded, from {', '.join(available)}"
            yield Progress(place + 1, len(fine.entries), message)
    return found


def _values(
    estimator: Estimator, data: _Data, available: _Leads, measured: list[Measured], device: str
) -> Generator[Event, None, Values]:
    """Measure what a model makes of a set of leads, in the windows of what was recorded."""
    signals = data.by_rate[_rate_hz(estimator)]
    known = [LEAD_INDEX[lead] for lead in known_leads(available)]
    real = np.stack([each.real_uv for each in measured])
    estimated = np.stack([nothing_uv() for _ in measured])
    of_card = np.array([estimator.card_of(entry) for entry in signals.entries])
    done = 0
    for number, card in enumerate(estimator.cards):
        places = np.flatnonzero(of_card == number)
        model = load_model(card, choose_device(device)) if places.size else None
        for some in np.array_split(places, range(_BLOCK, len(places), _BLOCK)):
            if model is None:
                continue
            rebuilt = estimate_set(model, signals.signals_mv[some], available)
            _measure_block(rebuilt, signals.fs_hz, some, measured, estimated)
            done += len(some)
            yield Progress(done, len(measured), f"{estimator.name}: {', '.join(available)}")
    estimated[:, known] = real[:, known]
    given = np.atleast_1d(np.isfinite(estimated).any(axis=(0, 2)))
    leads = tuple(lead for row, lead in enumerate(LEADS) if row not in known and given[row])
    lead_of_windows = tuple(each.lead for each in measured)
    return Values(estimator.name, available, leads, real, estimated, lead_of_windows)


def _measure_block(
    rebuilt_mv: NDArray[np.float32],
    fs_hz: float,
    places: NDArray[np.int64],
    measured: list[Measured],
    estimated_uv: NDArray[np.float64],
) -> None:
    fine_mv = resample(rebuilt_mv, RateRatio.between(fs_hz, FINE_FS_HZ))
    for place, twelve_mv in zip(places, fine_mv, strict=True):
        parts = measured[place].parts
        if parts is not None:
            estimated_uv[place] = markers_uv(twelve_mv, parts)
