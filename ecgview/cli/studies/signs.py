"""``ecgview study signs``: thresholds of signs, and how often signs are right."""

from __future__ import annotations

import argparse
import shlex
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.options import add_cache, add_data, add_device, add_model
from ecgview.cli.progress import result_of
from ecgview.errors import EcgviewError

if TYPE_CHECKING:
    from ecgview.studies.signs.rates import Rates

HELP = "how often the signs of unusual recordings are right, and how often they cry wolf"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_data(parser)
    parser.add_argument(
        "--challenge",
        type=Path,
        metavar="DIR",
        help="set A of the Challenge 2011: noise and flat leads in the part that was never trained "
        "on (numbers that end in 0 or 5)",
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="for tables and thresholds"
    )
    parser.add_argument(
        "--every",
        type=int,
        default=1,
        metavar="N",
        help="make mistakes in every Nth recording of fold 9 only (1)",
    )
    parser.add_argument(
        "--into-model", action="store_true", help="write the rates beside the model too"
    )
    add_model(parser)
    add_device(parser)
    add_cache(parser)
    learning = parser.add_argument_group("thresholds, from folds 1-8")
    learning.add_argument(
        "--learn", action="store_true", help="learn them and write them beside the tables"
    )
    learning.add_argument(
        "--networks", type=Path, metavar="DIR", help="folder of the cross-fitted networks"
    )
    learning.add_argument(
        "--recordings", type=int, default=300, metavar="N", help="drawn for each set (300)"
    )
    learning.add_argument(
        "--pairs", type=int, default=100, metavar="N", help="drawn for each pair of leads (100)"
    )


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.paths import check_folder

    if options.every < 1 or options.recordings < 1 or options.pairs < 1:
        raise EcgviewError("A number below 1 leaves no recording.", "Give 1 or more.")
    check_folder(options.output)
    return _learn(options) if options.learn else _rate(options)


def _learn(options: argparse.Namespace) -> int:
    from ecgview.engine.cards import find_model
    from ecgview.engine.device import choose_device
    from ecgview.engine.signs.standards import SUFFIX, write_standards
    from ecgview.studies.signs.learning import LearningTask, learn_events

    if options.networks is None:
        raise EcgviewError(
            "Thresholds are learnt with cross-fitted networks.",
            "Name their folder: --networks DIR.",
        )
    task = LearningTask(
        tuple(options.data),
        options.networks,
        options.recordings,
        options.pairs,
        choose_device(options.device),
        ("ecgview", *options.words),
        options.cache,
    )
    path = options.output / f"{find_model(options.model).name}{SUFFIX}"
    write_standards(result_of(learn_events(task), "recording"), path)
    print(path)
    return 0


def _rate(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from ecgview.engine.cards import find_model
    from ecgview.engine.device import choose_device
    from ecgview.engine.signs.standards import standards_of, standards_path, write_standards
    from ecgview.studies.signs.rates import RatesTask, rates_events
    from ecgview.studies.signs.tables import table_text, write_tables

    card = find_model(options.model)
    device = choose_device(options.device)
    task = RatesTask(tuple(options.data), options.challenge, card, device, options.every)
    measured: Rates = result_of(rates_events(task), "recording")
    command = shlex.join(("ecgview", *options.words))
    made: dict[str, object] = {"command": command, "model": card.name, "sha256": card.sha256}
    made |= {"recordings": measured.recordings, "with_faults": measured.with_faults}
    print(table_text(measured.rows))
    for path in write_tables(measured.rows, made, options.output):
        print(path)
    if options.into_model and (standards := standards_of(card)) is not None:
        standards = replace(standards, rates=measured.rates, made={**standards.made, "rates": made})
        write_standards(standards, standards_path(card))
        print(standards_path(card))
    return 0
