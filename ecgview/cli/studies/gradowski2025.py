"""``ecgview study gradowski2025``: the core paper's networks on data at hand."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.evaluate import write_report
from ecgview.cli.options import (
    add_cache,
    add_data,
    add_device,
    add_training_parameters,
    chosen_parameters,
    fold_list,
)
from ecgview.cli.progress import follow
from ecgview.cli.train import batches_as_progress, epoch_line, started_lines

if TYPE_CHECKING:
    from ecgview.engine.events import Event

HELP = "one U-Net for each of 25 sets of leads (Gradowski & Buchner 2025)"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    from ecgview.engine.recipes import RECIPES

    add_data(parser)
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="DIR",
        help="for models and tables; a study that was stopped goes on there",
    )
    parser.add_argument(
        "--only",
        default="paper",
        metavar="SETS",
        help='some of the 25 sets: "I;I,II;I,II,V3" (all)',
    )
    for what, name, default in (
        ("learn from", "folds", tuple(range(1, 8))),
        ("choose the best epoch", "validation-folds", (8,)),
        ("report", "test-folds", (9,)),
    ):
        first, last = default[0], default[-1]
        shown = f"{first}" if first == last else f"{first}-{last}"
        parser.add_argument(
            f"--{name}", type=fold_list, default=default, metavar="FOLDS", help=f"{what} ({shown})"
        )
    add_device(parser)
    add_cache(parser)
    add_training_parameters(parser, [RECIPES["gradowski2025"]], absent=frozenset({"leads"}))


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.engine.device import choose_device
    from ecgview.engine.distributed import is_first, joined
    from ecgview.engine.input_sets import parse_input_sets
    from ecgview.studies.gradowski2025 import RECIPE, StudyTask, study

    task = StudyTask(
        data_dirs=tuple(options.data),
        output=options.output,
        input_sets=tuple(parse_input_sets(options.only)),
        folds=options.folds,
        validation_folds=options.validation_folds,
        test_folds=options.test_folds,
        device=choose_device(options.device),
        command=("ecgview", *options.words),
        cache=options.cache,
    )
    parameters = RECIPE.parameters(**chosen_parameters(options))
    with joined(task.device):
        for event in follow(batches_as_progress(study(task, parameters)), "batch"):
            if is_first():
                _tell(event, options.output)
    return 0


def _tell(event: Event, output: Path) -> None:
    from ecgview.cli.text import score_table
    from ecgview.engine.events import Finished
    from ecgview.engine.training_events import EpochDone, Started
    from ecgview.studies.gradowski2025 import SetDone, SetStarted

    if isinstance(event, SetStarted):
        print(f"set {event.number} of {event.count}: {', '.join(event.leads)}", flush=True)
    elif isinstance(event, Started):
        print(started_lines(event), flush=True)
    elif isinstance(event, EpochDone):
        print(epoch_line(event), flush=True)
    elif isinstance(event, SetDone):
        best = event.result.run.best
        print(f"  best epoch {best.epoch if best else 0}: {event.result.card.path}", flush=True)
    elif isinstance(event, Finished):
        print(score_table(event.result.report))
        write_report(event.result.report, output)
