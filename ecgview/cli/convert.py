"""``ecgview convert``: recordings in another format."""

from __future__ import annotations

import argparse
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.complaints import SOME_FAILED
from ecgview.cli.options import (
    add_import_options,
    import_options,
    lead_list,
    remembered_corrections,
)
from ecgview.cli.progress import follow
from ecgview.errors import EcgviewError
from ecgview.formats.writers import WRITERS

if TYPE_CHECKING:
    from ecgview.engine.conversion import Written
    from ecgview.engine.events import Event

HELP = "write recordings in another format"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_places(parser)
    parser.add_argument(
        "--format",
        choices=tuple(WRITERS),
        help="to write in; if not given, that of OUT's ending, or else wfdb",
    )
    parser.add_argument(
        "--leads", type=lead_list, metavar="LEADS", help="write these leads only (all voltages)"
    )
    parser.add_argument("--start", type=_seconds, default=0.0, metavar="S", help="from second S on")
    parser.add_argument("--duration", type=_seconds, metavar="S", help="seconds to write (all)")
    parser.add_argument(
        "--keep-patient",
        action="store_true",
        help="write name, number, dates, recorder and free text; age and sex are always written",
    )
    add_import_options(parser)


def add_places(parser: ArgumentParser) -> None:
    """Take what to read and where to write."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="IN", help="file or folder")
    parser.add_argument(
        "output",
        type=Path,
        metavar="OUT",
        help="folder to write to; for one recording also a file, such as ecg.edf",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace files already there; never an input"
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a time in seconds")
    return seconds


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.engine.conversion import ConversionTask, convert_files

    task = ConversionTask(
        options.output,
        options.format,
        options.overwrite,
        import_options(options),
        remembered_corrections(options),
        options.leads,
        options.keep_patient,
        options.start,
        options.duration,
    )
    done, failed = tell(convert_files(options.paths, task))
    return conclude(len(done), failed, "converted")


def tell(events: Iterator[Event]) -> tuple[list[Written], int]:
    """Print what is written as it is; failures go to standard error.

    Returns
    -------
    done : list of Written
    failed : int
    """
    from ecgview.engine.conversion import Written

    done, failed = [], 0
    for event in follow(events, "record"):
        if isinstance(event, Written):
            done.append(event)
            print(f"{event.path} -> {event.written}", flush=True)
        else:
            failed += 1
    return done, failed


def conclude(done: int, failed: int, doing: str) -> int:
    """Say how many, and give the exit status."""
    if not done and not failed:
        raise EcgviewError("No recording was found.", "Name files, or folders that hold some.")
    print(f"{done} {doing}, {failed} failed", file=sys.stderr)
    return SOME_FAILED if failed else 0
