"""``ecgview study intervals``: the calibrated interval of a model, from the recordings on."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.options import add_cache, add_data, add_device, add_model, fold_list
from ecgview.cli.progress import follow

if TYPE_CHECKING:
    from ecgview.engine.events import Event

HELP = "learn and calibrate how far recorded leads lie from the estimates of a model"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_data(parser)
    parser.add_argument(
        "--records",
        type=Path,
        required=True,
        metavar="FILE",
        help="names of the recordings that the model was trained on, one a line",
    )
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="DIR",
        help="for networks and tables; a study that was stopped goes on there",
    )
    parser.add_argument(
        "--folds", type=fold_list, default=(9,), help="folds of PTB-XL to calibrate on (9)"
    )
    parser.add_argument(
        "--into-model", action="store_true", help="write the interval beside the model too"
    )
    add_model(parser)
    add_device(parser)
    add_cache(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.train import batches_as_progress
    from ecgview.engine.device import choose_device
    from ecgview.paths import check_folder
    from ecgview.studies.intervals import IntervalTask, study

    check_folder(options.output)
    task = IntervalTask(
        data_dirs=tuple(options.data),
        records=options.records,
        output=options.output,
        model=options.model,
        folds=options.folds,
        into_model=options.into_model,
        device=choose_device(options.device),
        command=("ecgview", *options.words),
        cache=options.cache,
    )
    for event in follow(batches_as_progress(study(task)), "step"):
        _tell(event, options.output)
    return 0


def _tell(event: Event, output: Path) -> None:
    from ecgview.cli.coverage_text import coverage_text
    from ecgview.cli.train import epoch_line, started_lines
    from ecgview.engine.crossfit import NetworkStarted
    from ecgview.engine.events import Finished
    from ecgview.engine.reports import write_coverage
    from ecgview.engine.training_events import EpochDone, Started

    if isinstance(event, NetworkStarted):
        print(f"network {event.number} of {event.count}", flush=True)
    elif isinstance(event, Started):
        print(started_lines(event), flush=True)
    elif isinstance(event, EpochDone):
        print(epoch_line(event), flush=True)
    elif isinstance(event, Finished):
        for name, cells in event.result.coverage.items():
            print(f"\n{name}{coverage_text(cells)}")
            write_coverage(cells, output / f"coverage-{name}.csv")
        print(event.result.card.path)
