"""``ecgview reconstruct``: many files, one set of available leads."""

from __future__ import annotations

import argparse
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.calibrating import add_calibration, calibrator, warn_of_mismatch
from ecgview.cli.complaints import SOME_FAILED
from ecgview.cli.interval_option import add_interval
from ecgview.cli.options import (
    add_clean,
    add_device,
    add_filters,
    add_import_options,
    add_leads,
    add_model,
    add_paths,
    available_leads,
    import_options,
    remembered_corrections,
)
from ecgview.cli.progress import follow
from ecgview.errors import EcgviewError
from ecgview.formats.writers import WRITERS

if TYPE_CHECKING:
    from ecgview.engine.events import Event

_Report = tuple[str, str]

HELP = "rebuild the leads of recordings from some of them"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_paths(parser, "+")
    add_leads(parser)
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="where to write; figures only if not given"
    )
    add_model(parser)
    add_device(parser)
    parser.add_argument("--format", choices=tuple(WRITERS), default="wfdb", help="to write in")
    parser.add_argument(
        "--include",
        choices=("twelve", "reconstruction", "both"),
        default="twelve",
        help="what is written: `twelve` leads under their usual names (default); `reconstruction`: "
        "the same, reconstructed ones named V3_rec; `both`: V3_rec beside the recorded V3",
    )
    add_interval(
        parser, "write V3_rec_lo and V3_rec_hi beside V3_rec, where the model has intervals"
    )
    add_clean(parser)
    parser.add_argument("--overwrite", action="store_true", help="replace files already there")
    parser.add_argument(
        "--signs", action="store_true", help="say what is unusual about each recording (slower)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a record a line")
    add_filters(parser, "--filter-input", "the recordings first, for the model and the figures")
    add_calibration(parser)
    add_import_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.expected_text import expected_line
    from ecgview.cli.signs import with_signs
    from ecgview.engine.batch import BatchTask, reconstruct_files
    from ecgview.engine.device import choose_device
    from ecgview.engine.distributed import broadcast, in_input_order, is_first, joined
    from ecgview.engine.reconstructor import load_reconstructor
    from ecgview.signals.filtering import Filters

    with joined(choose_device(options.device)):
        reconstructor = load_reconstructor(options.model, options.device)
        leads = available_leads(options.leads, reconstructor.card)
        task = BatchTask(
            leads,
            options.output,
            options.format,
            options.clean,
            options.overwrite,
            import_options(options),
            remembered_corrections(options),
            options.include,
            options.filter_input or Filters(),
            _level(options),
            calibrator(options, leads),
        )
        if is_first() and (told := expected_line(reconstructor.card, task.available)):
            print(told, file=sys.stderr)
        events = reconstruct_files(options.paths, task, reconstructor)
        if options.signs:
            events = with_signs(events, options.model)
        reports = _reports(events, options.json)
        done, failed = broadcast(_tell(in_input_order(reports)))
    if not done and not failed:
        raise EcgviewError(
            "No recording was found.", "Folders are searched for files of every known format."
        )
    return SOME_FAILED if failed else 0


def _level(options: argparse.Namespace) -> float:
    """Give the level of the interval that is told or written; 0 where it would be for nothing."""
    is_wanted = options.json or (options.output and options.include != "twelve")
    return options.interval if is_wanted else 0.0


def _reports(events: Iterator[Event], as_json: bool) -> Iterator[_Report]:
    """Say what to print of each file: (what is done, what failed and is yet to be told)."""
    from ecgview.cli.text import record_json, record_lines
    from ecgview.engine.batch import RecordDone
    from ecgview.engine.distributed import is_first
    from ecgview.engine.events import Failed

    for event in follow(events, "record"):
        if isinstance(event, RecordDone):
            if event.reconstruction.personal is not None:
                warn_of_mismatch(event.recording, event.reconstruction.personal)
            yield (record_json(event) if as_json else record_lines(event)), ""
        elif isinstance(event, Failed):
            yield "", "" if is_first() else event.message


def _tell(reports: Iterator[_Report]) -> tuple[int, int]:
    """Print reports; returns how many are done and how many failed."""
    done = failed = 0
    for result, failure in reports:
        if result:
            done += 1
            print(result, flush=True)
        else:
            failed += 1
            if failure:
                print(f"ecgview: {failure}", file=sys.stderr)
    if done or failed:
        print(f"{done} reconstructed, {failed} failed", file=sys.stderr)
    return done, failed
