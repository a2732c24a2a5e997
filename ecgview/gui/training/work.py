"""What the training page asks of the engine; imported when first used, in a worker.

Tests hand in a `TrainingBackend` of their own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.engine.demonstration import (
    DEMONSTRATION,
    DEMONSTRATION_RECIPE,
    RECORDINGS,
    demonstration_entries,
    demonstration_folder,
)
from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.recipes import RECIPES
from ecgview.engine.runs import Run, list_runs
from ecgview.errors import TrainingError
from ecgview.gui.native_libraries import loading_quietly
from ecgview.gui.signal_processing import load as load_signal_processing

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.engine.parameters import TrainingParameters
    from ecgview.engine.training import TrainingTask

Events = Generator[Event, None, None]
Evaluating = Callable[["ModelCard", Sequence[Path], Sequence[int], Path, str], Events]


@dataclass(frozen=True, eq=False)
class TrainingRequest:
    """A run that is wanted.

    Attributes
    ----------
    name, recipe : str
        Of the model; key of `ecgview.engine.recipes.RECIPES`.
    parameters : TrainingParameters
        Everything adjustable.
    data_dirs : tuple of Path
        Data folders; none for simulated recordings.
    folds, validation_folds : tuple of int
        What to train and to validate on.
    output : Path
        A folder for this run alone.
    device : str
        ``auto`` or the name of a device.
    limit : int
        Train on at most this many recordings; 0 for all.
    begun_with : tuple of str
        The command line of a run that is to go on; empty for a new one.
    stop : threading.Event
        Set to stop and keep what there is.
    """

    name: str
    recipe: str
    parameters: TrainingParameters
    data_dirs: tuple[Path, ...]
    folds: tuple[int, ...]
    validation_folds: tuple[int, ...]
    output: Path
    device: str = "auto"
    limit: int = 0
    begun_with: tuple[str, ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)


def demonstration_request(name: str, data_dirs: tuple[Path, ...], output: Path) -> TrainingRequest:
    """Ask for the demonstration, on a few recordings of some folders or on simulated ones."""
    recipe = RECIPES[DEMONSTRATION_RECIPE]
    parameters = recipe.parameters(**DEMONSTRATION)
    return TrainingRequest(
        name, recipe.name, parameters, data_dirs, (), (), output, limit=RECORDINGS
    )  # fmt: skip


def _load_training() -> None:
    with loading_quietly():
        load_signal_processing()  # resampling and filters would load it later
        import ecgview.engine.training  # noqa: F401


def train_events(request: TrainingRequest) -> Events:
    """Train; see `ecgview.engine.training.train`."""
    _load_training()
    from ecgview.engine.device import choose_device
    from ecgview.engine.split import split_entries
    from ecgview.engine.training import TrainingTask, train

    data_dirs, folds = request.data_dirs, request.folds
    if not data_dirs:
        data_dirs = ((yield from _simulated()),)
    if request.limit:
        entries, checked = demonstration_entries(data_dirs, request.limit)
        folds = tuple(sorted({entry.fold for entry in entries}))
    else:
        entries, checked = split_entries(data_dirs, folds, request.validation_folds)
    task = TrainingTask(
        name=request.name,
        recipe=request.recipe,
        entries=entries,
        validation_entries=checked,
        output=request.output,
        device=choose_device(request.device),
        folds=folds,
        command=request.begun_with or command_of(request),
        resume=bool(request.begun_with),
        stop=request.stop,
    )
    if task.resume:
        _check_recordings(task)
    yield from train(task, request.parameters)


def _check_recordings(task: TrainingTask) -> None:
    """Make sure that a run goes on with the recordings that it began with."""
    file = task.output / f"{task.name}.records.txt"
    begun = file.read_text(encoding="utf-8").split() if file.is_file() else []
    missing = set(begun) - {entry.name for entry in task.entries}
    if missing:
        raise TrainingError(
            f"{len(missing):,} of the {len(begun):,} recordings that “{task.name}” began with are "
            "not there.",
            "Choose the data folder that it was trained on.",
        )


def _simulated() -> Generator[Event, None, Path]:
    folder: Path | None = None
    for event in demonstration_folder():
        if isinstance(event, Finished):
            folder = event.result
        else:
            yield event
    assert folder is not None
    return folder


def command_of(request: TrainingRequest) -> tuple[str, ...]:
    """Give the command line that does the same."""
    if request.limit:
        data = [word for folder in request.data_dirs for word in ("--data", str(folder))]
        return ("ecgview", "train", "--demo", *data)
    words = ["ecgview", "train"]
    for folder in request.data_dirs:
        words += ["--data", str(folder)]
    words += ["--recipe", request.recipe, "--name", request.name]
    words += ["--folds", ",".join(map(str, request.folds))]
    checked = ",".join(map(str, request.validation_folds))
    words += ["--validation-folds", checked or "none"]
    for parameter in RECIPES[request.recipe].table():
        value = getattr(request.parameters, parameter.name)
        if value != parameter.default:
            text = ",".join(value) if isinstance(value, tuple) else f"{value}"
            words += [parameter.option, text]
    if request.device != "auto":
        words += ["--device", request.device]
    return (*words, "--output", str(request.output))


def summarise_events(data_dirs: Sequence[Path]) -> Events:
    """Look through data folders; see `ecgview.engine.dataset.summarise`."""
    from ecgview.engine.dataset import summarise

    yield from summarise(data_dirs)


def evaluate_events(
    card: ModelCard, data_dirs: Sequence[Path], folds: Sequence[int], target: Path, device: str
) -> Events:
    """Score a model on some folds, the linear model beside it; write tables and heat maps.

    Parameters
    ----------
    card : ModelCard
        The model.
    data_dirs : sequence of Path
        Data folders.
    folds : sequence of int
        Which folds of theirs.
    target : Path
        Folder for tables and figures.
    device : str
        ``auto`` or the name of a device.

    Yields
    ------
    Event
        Progress; at last a `Finished` with the folder.
    """
    _load_training()
    from ecgview.engine.companions import with_companions
    from ecgview.engine.dataset import choose_entries
    from ecgview.engine.evaluation import evaluate_models
    from ecgview.engine.input_sets import QUALITY_SETS
    from ecgview.engine.reports import write_tables
    from ecgview.export.evaluation_figures import write_heatmaps

    entries = choose_entries(data_dirs, folds, None)
    sets = (card.leads,) if card.leads else QUALITY_SETS
    for event in evaluate_models(with_companions([card]), entries, sets, device):
        if isinstance(event, Finished):
            write_tables(event.result, target)
            yield Progress(0, 0, "Drawing the figures")
            write_heatmaps(event.result, target)
            yield Finished(target)
        else:
            yield event


@dataclass(frozen=True)
class TrainingBackend:
    """The engine's functions that the training page uses.

    Attributes
    ----------
    summarise : callable
        ``(data_dirs)`` -> events, the last a `Finished` with a `DataSummary`; in a worker.
    train : callable
        ``(request)`` -> events of a training run; in a worker.
    evaluate : callable
        ``(card, data_dirs, folds, target, device)`` -> events; in a worker.
    list_runs : callable
        ``(folder)`` -> its runs, the newest first; quick, called in the window's thread.
    """

    summarise: Callable[[Sequence[Path]], Events] = summarise_events
    train: Callable[[TrainingRequest], Events] = train_events
    evaluate: Evaluating = evaluate_events
    list_runs: Callable[[Path], Sequence[Run]] = list_runs
