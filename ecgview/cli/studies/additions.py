"""``ecgview study additions``: which leads help most beside others, on recordings never seen."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.options import add_cache, add_data, add_device, add_model, fold_list
from ecgview.cli.progress import result_of

if TYPE_CHECKING:
    from ecgview.studies.additions.set_errors import SetErrors

HELP = "errors of all 510 sets by cross-fitted networks, for what to record next"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_data(parser)
    add_model(parser, "; the one whose choices are to be made")
    parser.add_argument(
        "--networks",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder of the cross-fitted networks (crossfit-1.safetensors to crossfit-4)",
    )
    parser.add_argument(
        "--folds", type=fold_list, default=tuple(range(1, 9)), metavar="FOLDS", help="(1-8)"
    )
    parser.add_argument(
        "--recordings",
        type=int,
        default=0,
        metavar="N",
        help="stop after about so many, drawn at random (all)",
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR",
        help="for what is measured; a study that was stopped goes on there",
    )  # fmt: skip
    parser.add_argument(
        "--into-model", action="store_true", help="write the errors beside the model too"
    )
    add_device(parser)
    add_cache(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    import shlex

    from ecgview.engine.cards import find_model
    from ecgview.engine.crossfit import crossfit_cards
    from ecgview.paths import check_folder
    from ecgview.studies.additions.out_of_fold import OutOfFoldTask, out_of_fold_errors
    from ecgview.studies.additions.regret import regret
    from ecgview.studies.additions.set_errors import errors_of_card, write_errors
    from ecgview.studies.additions.words import over_words

    check_folder(options.output)
    card = find_model(options.model)
    task = OutOfFoldTask(
        tuple(options.data),
        crossfit_cards(options.networks),
        options.folds,
        options.recordings,
        options.output,
        shlex.join(("ecgview", *options.words)),
        options.device,
        options.cache,
    )
    errors: SetErrors = result_of(out_of_fold_errors(task), "set")
    print(over_words(errors))
    others = errors_of_card(card)
    if others is not None and others.has(("I", "II")):
        print(f"On {over_words(others)}: {regret(errors, others).words()}")
    if options.into_model:
        print(write_errors(errors, card))
    return 0
