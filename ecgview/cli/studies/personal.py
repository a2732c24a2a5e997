"""``ecgview study personal``: what calibrating to a person is worth."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from pathlib import Path

from ecgview.cli.options import add_cache, add_data, add_device, add_model
from ecgview.cli.progress import result_of

HELP = "what an earlier ECG of the same person is worth, and a stretch of the same one"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_data(parser)
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="for the tables")
    parser.add_argument(
        "--networks",
        type=Path,
        metavar="DIR",
        help="folder of the cross-fitted networks; where it has none they are trained, for which "
        "--data names all the data sets of trained_models/anylead.records.txt (OUTPUT/crossfit)",
    )
    parser.add_argument(
        "--inputs",
        default="quality",
        metavar="SETS",
        help='sets of available leads: "I;I,II,V2", or quality, the eight presets (default)',
    )
    add_model(parser, "; for fold 9, which it has not seen")
    add_device(parser)
    add_cache(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.engine.input_sets import parse_input_sets
    from ecgview.paths import check_folder
    from ecgview.studies.personal.study import PersonalTask, personal_events
    from ecgview.studies.personal.tables import personal_table, write_personal

    check_folder(options.output)
    task = PersonalTask(
        data_dirs=tuple(options.data),
        networks=options.networks or options.output / "crossfit",
        input_sets=tuple(parse_input_sets(options.inputs)),
        model=options.model,
        device=options.device,
        command=("ecgview", *options.words),
        cache=options.cache,
    )
    report = result_of(personal_events(task), "step")
    print(personal_table(report))
    for path in write_personal(report, options.output):
        print(path)
    return 0
