"""``ecgview train``: a model from a data set."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.options import (
    add_cache,
    add_data,
    add_device,
    add_records,
    add_training_parameters,
    chosen_parameters,
    fold_list,
)
from ecgview.cli.progress import follow
from ecgview.errors import EcgviewError
from ecgview.paths import user_runs_dir

if TYPE_CHECKING:
    from ecgview.engine.events import Event
    from ecgview.engine.parameters import TrainingParameters
    from ecgview.engine.training import TrainingTask
    from ecgview.engine.training_events import EpochDone, Started

HELP = "train a model"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    from ecgview.engine.recipes import RECIPES

    add_data(parser, required=False)
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="anylead", help="how to train")
    parser.add_argument("--output", type=Path, metavar="DIR", help="for the model; made if need be")
    parser.add_argument(
        "--demo",
        action="store_true",
        help="a small run that takes a minute or two: 240 recordings of --data, else simulated "
        "ones; --output is the folder of runs that the window lists, if not given",
    )
    parser.add_argument("--name", help="name of the model (the recipe, and the leads if given)")
    parser.add_argument(
        "--folds",
        type=fold_list,
        default=tuple(range(1, 8)),
        help="folds to learn from, such as 1-7 (the default), 1,3,5 or all",
    )
    parser.add_argument(
        "--validation-folds",
        type=fold_list,
        metavar="FOLDS",
        help="folds that choose the best epoch, less the patients learned from; none takes the "
        "last epoch (8; with --records, none)",
    )
    add_records(parser)
    add_device(parser)
    add_cache(parser)
    parser.add_argument("--resume", action="store_true", help="go on where an earlier run stopped")
    add_training_parameters(parser, [*RECIPES.values()])


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.engine.device import choose_device
    from ecgview.engine.distributed import is_first, joined
    from ecgview.engine.training import train

    device = choose_device(options.device)
    with joined(device):
        make = _demonstration if options.demo else _task
        task, parameters = make(options, device)
        for event in follow(batches_as_progress(train(task, parameters)), "batch"):
            if is_first():
                _tell(event)
    return 0


def _task(options: argparse.Namespace, device: str) -> tuple[TrainingTask, TrainingParameters]:
    from ecgview.engine.recipes import find_recipe
    from ecgview.engine.split import split_entries
    from ecgview.engine.training import TrainingTask

    if not options.data or not options.output:
        raise EcgviewError(
            "Training needs recordings (--data DIR) and a place for the model (--output DIR).",
            "`ecgview train --demo` needs neither.",
        )
    parameters = find_recipe(options.recipe).parameters(**chosen_parameters(options))
    validation_folds = options.validation_folds
    if validation_folds is None:
        # A list of records says exactly what a model may know; nothing else shall choose it.
        validation_folds = () if options.records else (8,)
    training, validation = split_entries(
        options.data, options.folds, validation_folds, options.records
    )
    if options.validation_folds and not validation:
        raise EcgviewError(
            "No recording is left to validate on: all patients of these folds are learned from.",
            "Choose other --validation-folds, or none.",
        )
    task = TrainingTask(
        name=options.name or "-".join((options.recipe, *parameters.leads)),
        recipe=options.recipe,
        entries=training,
        validation_entries=validation,
        output=options.output,
        device=device,
        folds=options.folds,
        command=("ecgview", *options.words),
        cache=options.cache,
        resume=options.resume,
    )
    return task, parameters


def _demonstration(
    options: argparse.Namespace, device: str
) -> tuple[TrainingTask, TrainingParameters]:
    from ecgview.engine import demonstration
    from ecgview.engine.recipes import find_recipe
    from ecgview.engine.runs import new_folder
    from ecgview.engine.training import TrainingTask

    folders = options.data or [_simulated()]
    training, validation = demonstration.demonstration_entries(folders)
    chosen = {**demonstration.DEMONSTRATION, **chosen_parameters(options)}
    parameters = find_recipe(demonstration.DEMONSTRATION_RECIPE).parameters(**chosen)
    task = TrainingTask(
        name=options.name or "demonstration",
        recipe=demonstration.DEMONSTRATION_RECIPE,
        entries=training,
        validation_entries=validation,
        output=options.output or new_folder(user_runs_dir(), "demonstration"),
        device=device,
        folds=tuple(sorted({entry.fold for entry in training})),
        command=("ecgview", *options.words),
        cache=options.cache,
        resume=options.resume,
    )
    return task, parameters


def _simulated() -> Path:
    """Simulate the recordings of the demonstration, and give their folder."""
    from ecgview.engine.demonstration import demonstration_folder
    from ecgview.engine.distributed import after_first_on_machine
    from ecgview.engine.events import Finished

    with after_first_on_machine():
        folder = [
            event.result
            for event in follow(demonstration_folder(), "recording")
            if isinstance(event, Finished)
        ]
    return Path(folder[0])


def _tell(event: Event) -> None:
    from ecgview.engine.events import Finished
    from ecgview.engine.training_events import EpochDone, Started

    if isinstance(event, Started):
        print(started_lines(event), flush=True)
    elif isinstance(event, EpochDone):
        print(epoch_line(event), flush=True)
    elif isinstance(event, Finished):
        best = event.result.run.best
        print(f"Model: {event.result.card.path}" + (f" (epoch {best.epoch})" if best else ""))


def batches_as_progress(events: Iterable[Event]) -> Iterator[Event]:
    """Turn what is told of batches into progress through the epoch."""
    from ecgview.engine.events import Progress
    from ecgview.engine.training_events import BatchDone

    for event in events:
        if isinstance(event, BatchDone):
            message = f"epoch {event.epoch}/{event.epochs}, loss {event.loss:.4f}"
            yield Progress(event.batch, event.batches, message)
        else:
            yield event


def started_lines(event: Started) -> str:
    """Tell on what a run learns."""
    its = event.run
    left_out = ", ".join(f"{count} {reason}" for reason, count in event.left_out.items())
    lines = [
        f"{its.name}: {its.recordings} recordings to learn from, {its.validation_recordings} to "
        f"validate on, device {its.device}" + (f" (left out: {left_out})" if left_out else "")
    ]
    if its.history:
        lines.append(f"going on after epoch {len(its.history)}")
    return "\n".join(lines)


def epoch_line(event: EpochDone) -> str:
    """Tell how an epoch went."""
    record = event.record
    cells = [f"epoch {record.epoch}/{event.epochs}", f"loss {record.loss:.5f}"]
    if record.validation_loss is not None:
        cells.append(f"validation {record.validation_loss:.5f}{'*' if event.is_best else ' '}")
        cells.append("PCC " + " ".join(f"{lead} {pcc:.3f}" for lead, pcc in record.pcc.items()))
    cells.append(f"{record.windows_per_s:.0f} windows/s")
    return "  ".join(cells)
