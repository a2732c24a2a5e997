"""``ecgview reconstruct``: many files, one set of available leads."""

from __future__ import annotations

import argparse
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.complaints import SOME_FAILED
from ecgview.cli.options import add_device, add_leads, add_paths, add_text_files, csv_options
from ecgview.cli.progress import follow
from ecgview.errors import EcgviewError, LeadError

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard

HELP = "rebuild the leads of recordings from some of them"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_paths(parser, "+")
    add_leads(parser)
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="where to write; figures only if not given"
    )
    parser.add_argument("--model", metavar="NAME_OR_FILE", help="see `ecgview models`")
    add_device(parser)
    parser.add_argument("--format", choices=("wfdb", "csv"), default="wfdb")
    parser.add_argument(
        "--clean", action="store_true", help="figures of 0.5 Hz high-passed signals"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace files already there")
    parser.add_argument("--json", action="store_true", help="one JSON object a record a line")
    add_text_files(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.text import record_json, record_lines
    from ecgview.engine.batch import BatchTask, RecordDone, reconstruct_files
    from ecgview.engine.events import Failed
    from ecgview.engine.reconstruct import load_reconstructor

    reconstructor = load_reconstructor(options.model, options.device)
    task = BatchTask(
        _available(options, reconstructor.card),
        options.output,
        options.format,
        options.clean,
        options.overwrite,
        csv_options(options),
    )
    done = failed = 0
    for event in follow(reconstruct_files(options.paths, task, reconstructor), "record"):
        if isinstance(event, RecordDone):
            done += 1
            print(record_json(event) if options.json else record_lines(event), flush=True)
        elif isinstance(event, Failed):
            failed += 1
    if not done and not failed:
        raise EcgviewError("No recording was found.", "Folders are searched for .hea files.")
    print(f"{done} reconstructed, {failed} failed", file=sys.stderr)
    return SOME_FAILED if failed else 0


def _available(options: argparse.Namespace, card: ModelCard) -> tuple[str, ...]:
    """Take the leads that were named, or those of a model that takes one set only."""
    if not options.leads and not card.leads:
        raise LeadError(
            "No available lead is named.", "Say which leads the model may see: --leads I,II,V2."
        )
    if options.leads and card.needs_other_leads:
        raise LeadError(
            f"{card.name} takes {', '.join(card.leads)}, not leads of the twelve.",
            "Leave --leads out.",
        )
    return options.leads or card.leads
