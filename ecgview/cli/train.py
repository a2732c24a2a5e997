"""``ecgview train``: a model from a data set."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from pathlib import Path

from ecgview.cli.options import add_data, add_device, add_records, fold_list
from ecgview.cli.progress import follow

HELP = "train a model"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    from ecgview.engine.parameters import TrainingParameters, parameter_table

    add_data(parser)
    parser.add_argument("--recipe", choices=("anylead",), default="anylead")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="for the model")
    parser.add_argument("--name", default="anylead", help="name of the model")
    parser.add_argument("--folds", type=fold_list, default=tuple(range(1, 9)), help="1-8")
    add_records(parser)
    add_device(parser)
    for name, limits in parameter_table():
        default = getattr(TrainingParameters, name)
        unit = f" {limits.unit}" if limits.unit else ""
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=type(default),
            default=default,
            metavar=name[0].upper(),
            help=f"{limits.help} ({default}{unit})",
        )


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.options import training_parameters
    from ecgview.engine.dataset import choose_entries
    from ecgview.engine.device import choose_device
    from ecgview.engine.events import Finished
    from ecgview.engine.training import EpochDone, TrainingTask
    from ecgview.engine.training import train as run_training

    parameters = training_parameters(options)
    task = TrainingTask(
        name=options.name,
        entries=choose_entries(options.data, options.folds, options.records),
        output=options.output,
        device=choose_device(options.device),
        folds=options.folds,
        command=("ecgview", *options.words),
    )
    for event in follow(run_training(task, parameters), "record"):
        if isinstance(event, EpochDone):
            print(f"epoch {event.epoch}/{event.epochs}  loss {event.loss:.4f}", flush=True)
        elif isinstance(event, Finished):
            print(f"Model: {event.result.path}")
    return 0
