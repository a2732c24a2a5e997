"""Training, from the recordings to the best weights: a generator of events."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ecgview.engine.cards import read_card
from ecgview.engine.dataset import Entry
from ecgview.engine.device import gpu_failures_told
from ecgview.engine.distributed import (
    after_first_on_machine,
    broadcast,
    is_first,
    rank,
)
from ecgview.engine.events import Event, Finished
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.preparation import prepare
from ecgview.engine.runs import Run, read_run
from ecgview.engine.trainer import Trainer
from ecgview.engine.training_events import Started, TrainingResult
from ecgview.engine.training_state import check_parameters
from ecgview.errors import TrainingError
from ecgview.paths import check_folder

_EASIER = (
    "Train with smaller batches or a smaller network, close other programs that use the GPU, or "
    "choose the CPU; a run that has begun can be resumed."
)


@dataclass(frozen=True)
class TrainingTask:
    """What to train on and where to leave it.

    Attributes
    ----------
    name : str
        Name of the model.
    recipe : str
        Key of `ecgview.engine.recipes.RECIPES`.
    entries, validation_entries : tuple of Entry
        Recordings to learn from, and to choose the best epoch on; the latter may be none.
    output : Path
        Folder for weights, card, list of records and the state to go on from.
    device : str
        Torch device.
    folds : tuple of int
        What the card says of the folds they are from.
    command : tuple of str
        The command line, for the card.
    cache : bool
        Whether prepared recordings are kept for the next time.
    resume : bool
        Whether to go on with the run of this name in `output`, if there is one.
    stop : threading.Event
        Set it to stop after the batches under way and keep the best weights.
    """

    name: str
    recipe: str
    entries: tuple[Entry, ...]
    validation_entries: tuple[Entry, ...]
    output: Path
    device: str
    folds: tuple[int, ...]
    command: tuple[str, ...]
    cache: bool = True
    resume: bool = False
    stop: threading.Event = field(default_factory=threading.Event, compare=False)


def train(task: TrainingTask, parameters: TrainingParameters) -> Iterator[Event]:
    """Train a model.

    Parameters
    ----------
    task : TrainingTask
        Data and destination.
    parameters : TrainingParameters
        Everything adjustable.

    Yields
    ------
    Event
        `Progress` and `Failed` while reading, `Started`, then `BatchDone` and `EpochDone`, and
        `Finished` with a `TrainingResult`. After each epoch the state to go on from is written,
        and the weights where they are the best so far; each file is replaced whole. Of several
        processes the first alone validates, writes and tells how it ended.

    Raises
    ------
    TrainingError
        If the name cannot be one of files, if there is a run of this name already and it is not to
        go on or has other parameters, if the loss stops being a number, or on an interrupt from
        the keyboard; the best weights stay valid.
    ModelError
        If a GPU fails, such as for want of memory; the best weights stay valid.
    EcgviewError
        If nothing can be written to the output.
    """
    _check_place(task)
    run = _earlier_run(task)
    if run is not None and run.state in ("finished", "stopped early") and _is_done(run, parameters):
        check_parameters(run.parameters, parameters)
        yield Started(run, {})
        yield Finished(TrainingResult(read_card(run.weights), run))
        return
    with after_first_on_machine():
        data = yield from prepare(task.entries, parameters.rate_hz, cache=task.cache)
    validation = None
    if task.validation_entries and is_first():
        validation = yield from prepare(
            task.validation_entries, parameters.rate_hz, cache=task.cache
        )
    with gpu_failures_told(task.device, _EASIER):
        trainer = Trainer(task, parameters, data, validation, run)
        yield Started(trainer.run, data.reasons())
        yield from trainer.events()


def _check_place(task: TrainingTask) -> None:
    """Refuse a name or folder that nothing can be written to before the work, not after it."""
    if Path(task.name).name != task.name or not task.name.strip("."):
        raise TrainingError(
            f"“{task.name}” cannot be the name of a model.",
            "It becomes the name of files: leave out slashes.",
        )
    check_folder(task.output)


def _earlier_run(task: TrainingTask) -> Run | None:
    file = task.output / f"{task.name}.run.json"
    exists = file.is_file()
    if broadcast(exists) != exists:
        raise TrainingError(
            f"Processes 0 and {rank()} do not see the same files in {task.output}.",
            "Choose a folder that all machines share.",
        )
    if not exists:
        return None
    if not task.resume:
        raise TrainingError(
            f"There is already a run “{task.name}” in {task.output}.",
            "Go on with it (--resume), or choose another name or folder.",
        )
    return read_run(file)


def _is_done(run: Run, parameters: TrainingParameters) -> bool:
    """Tell whether a finished run is as long as it is now wished to be."""
    return run.state == "stopped early" or len(run.history) >= parameters.epochs
