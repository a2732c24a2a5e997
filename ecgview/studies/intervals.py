"""The recipe of a model's calibrated interval: networks, training, calibration, report.

Four cross-fitted networks give errors on recordings that they have not seen; from these a small
network learns half widths; on recordings that nothing was trained on these are calibrated for the
model that ships. What was calibrated on is reported by cross-fitting.
"""

from __future__ import annotations

import shlex
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ecgview.catalogue.normal import normal_recordings
from ecgview.engine.cards import ModelCard, find_model
from ecgview.engine.checkpoint import load_model
from ecgview.engine.crossfit import crossfit_events, left_out_by
from ecgview.engine.dataset import Entry, choose_entries, data_sources, list_entries
from ecgview.engine.evaluation import estimate_set, truth_of
from ecgview.engine.events import Event, Finished
from ecgview.engine.input_sets import QUALITY_SETS
from ecgview.engine.intervals.calibration import calibrate
from ecgview.engine.intervals.cards import IntervalCard, interval_path
from ecgview.engine.intervals.coverage import Cell, groups_of, summed_up
from ecgview.engine.intervals.network import SpreadNetwork
from ecgview.engine.intervals.parts import parts_left_out
from ecgview.engine.intervals.residuals import UnseenErrors
from ecgview.engine.intervals.scoring import coverage_cells
from ecgview.engine.intervals.spread import Spread, as_stored, read_stage, save_spread, save_stage
from ecgview.engine.intervals.training import SpreadParameters, moments_of, train_spread
from ecgview.engine.preparation import prepare
from ecgview.engine.scoring import TABLE_FS_HZ
from ecgview.errors import DatasetError
from ecgview.interval import DEFAULT_LEVEL

_STAGE = "spread.safetensors"


@dataclass(frozen=True)
class IntervalTask:
    """What to make an interval of, and where to leave it.

    Attributes
    ----------
    data_dirs : tuple of Path
        Data sets.
    records : Path
        Names of the recordings that the model was trained on.
    output : Path
        Folder for networks and results; what is finished there is not done again.
    model : str or None
        Name or file of the model; the default model if None.
    folds : tuple of int
        Folds to calibrate on, of the data set that brings its own.
    into_model : bool
        Whether to write the interval beside the model.
    device : str
        Torch device of the cross-fitted networks.
    command : tuple of str
        The command line, for the card.
    cache : bool
        Whether prepared recordings are kept.
    parameters : SpreadParameters
        How the network of the interval is trained.
    """

    data_dirs: tuple[Path, ...]
    records: Path
    output: Path
    model: str | None
    folds: tuple[int, ...]
    into_model: bool
    device: str
    command: tuple[str, ...]
    cache: bool = True
    parameters: SpreadParameters = field(default_factory=SpreadParameters)


@dataclass(frozen=True, eq=False)
class IntervalResult:
    """What the study came to.

    Attributes
    ----------
    card : IntervalCard
        The interval.
    coverage : dict of str to tuple of Cell
        By what was scored: ``calibration`` (cross-fitted), and ``held-out``, recordings of the
        data sets that neither the model nor its interval has seen.
    """

    card: IntervalCard
    coverage: dict[str, tuple[Cell, ...]]


def study(task: IntervalTask) -> Iterator[Event]:
    """Make the interval of a model; a generator of events.

    Parameters
    ----------
    task : IntervalTask
        Data and destination.

    Yields
    ------
    Event
        The events of training and `Progress`; `Finished` with an `IntervalResult`.

    Raises
    ------
    DatasetError
        If no recording is left to calibrate on.
    """
    model = find_model(task.model)
    training = choose_entries(task.data_dirs, (), task.records)
    held = _held_apart(task, training)
    networks = yield from crossfit_events(
        training, task.output, task.device, task.command, cache=task.cache
    )
    network = as_stored((yield from _spread(task, model, training, networks)))
    facts = yield from _calibrate(task, model, network, held["calibration"])
    card = IntervalCard(
        sha256="",
        model_sha256=model.sha256,
        base_width=task.parameters.base_width,
        training={
            "recordings": len(training),
            "data": data_sources(training),
            "networks": [one.sha256 for one in networks],
            "parameters": asdict(task.parameters),
            "command": shlex.join(task.command),
        },
        calibration=facts,
        path=task.output / interval_path(model).name,
    )
    coverage = {}
    for name, entries in held.items():
        if entries:
            coverage[name] = tuple((yield from _score(task, model, Spread(card, network), entries)))
    card = replace(card, coverage={name: _facts(cells) for name, cells in coverage.items()})
    card = save_spread(network, card)
    if task.into_model:
        save_spread(network, replace(card, path=interval_path(model)))
    yield Finished(IntervalResult(card, coverage))


def _held_apart(task: IntervalTask, training: Sequence[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Choose recordings to calibrate on, and those of other data sets that nothing has seen."""
    seen = {entry.name for entry in training}
    every = [entry for folder in task.data_dirs for entry in list_entries(folder)]
    unseen = [entry for entry in every if entry.name not in seen]
    own = [entry for entry in unseen if entry.split == "strat_fold"]
    calibration = tuple(entry for entry in own if entry.fold in task.folds)
    if not calibration:
        raise DatasetError(
            "No recording is left to calibrate on.",
            "One of --data must be PTB-XL, with recordings of fold 9.",
        )
    held_out = tuple(entry for entry in unseen if entry.split != "strat_fold")
    return {"calibration": calibration, "held-out": held_out}


def _spread(
    task: IntervalTask,
    model: ModelCard,
    training: Sequence[Entry],
    networks: Sequence[ModelCard],
) -> Generator[Event, None, SpreadNetwork]:
    """Train the network of the interval, or take the one that is there."""
    path = task.output / _STAGE
    made_of = {
        "parameters": asdict(task.parameters),
        "networks": [card.sha256 for card in networks],
        "model": model.sha256,
    }
    found = read_stage(path, task.parameters.base_width, made_of)
    if found is not None:
        return found
    data = yield from prepare(training, TABLE_FS_HZ, cache=task.cache)
    normal = normal_recordings(data.entries)
    errors = UnseenErrors(
        data.signals_mv,
        [load_model(card) for card in networks],
        [left_out_by(entry) - 1 for entry in data.entries],
        [float(normal.get(entry.name, "nan")) for entry in data.entries],
        task.parameters.batch_size,
        task.parameters.seed,
    )
    network = yield from train_spread(errors, moments_of(load_model(model)), task.parameters)
    save_stage(path, network, made_of)
    return network


def _calibrate(
    task: IntervalTask, model: ModelCard, network: SpreadNetwork, entries: Sequence[Entry]
) -> Generator[Event, None, dict[str, Any]]:
    data = yield from prepare(entries, TABLE_FS_HZ, cache=task.cache)
    groups = groups_of([one.name for one in data.entries], normal_recordings(data.entries))
    yield from calibrate(load_model(model), network, data, truth_of(data), groups)
    network.load_state_dict(as_stored(network).state_dict())
    return {
        "source": entries[0].source,
        "folds": list(task.folds),
        "recordings": len(data.entries),
        "patients": len({entry.person for entry in data.entries}),
        "left_out": data.reasons(),
    }


def _score(
    task: IntervalTask, model: ModelCard, spread: Spread, entries: Sequence[Entry]
) -> Generator[Event, None, list[Cell]]:
    """Coverage on the sets of the quality table, by calibrations without the patient."""
    data = yield from prepare(entries, TABLE_FS_HZ, cache=task.cache)
    truth, network = truth_of(data), load_model(model)
    groups = groups_of([one.name for one in data.entries], normal_recordings(data.entries))
    parts = parts_left_out(spread.card, data.entries)
    cells: list[Cell] = []
    for available in QUALITY_SETS:
        estimate_mv = estimate_set(network, data.signals_mv, available)
        cells += coverage_cells(
            model.name, spread, data.signals_mv, truth, estimate_mv, available, parts, groups
        )
    return cells


def _facts(cells: Sequence[Cell]) -> dict[str, object]:
    summary = summed_up(cells, DEFAULT_LEVEL)
    return {} if summary is None else summary.as_dict()
