"""``ecgview info``: facts about recordings, and the report of the checks on opening them."""

from __future__ import annotations

import argparse
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.complaints import complain
from ecgview.cli.options import (
    add_import_options,
    add_paths,
    import_options,
    recordings_in,
    remembered_corrections,
)
from ecgview.errors import EcgviewError

if TYPE_CHECKING:
    from ecgview.recording import Recording

HELP = "print facts about recordings and what the checks on opening them found"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_paths(parser, "+")
    parser.add_argument("--json", action="store_true", help="one JSON object a recording a line")
    add_import_options(parser)
    memory = parser.add_mutually_exclusive_group()
    memory.add_argument(
        "--remember",
        action="store_true",
        help="from now on open all files of the same kind with what is said here",
    )
    memory.add_argument(
        "--forget",
        action="store_true",
        help="forget what is remembered for files of the same kind",
    )


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.recording_text import facts
    from ecgview.formats import describe

    if options.remember and not import_options(options):
        raise EcgviewError(
            "There is nothing to remember.", "Say it: --lead-names, --rate-hz, --unit or --gain."
        )
    failed = 0
    for path in recordings_in(options.paths):
        try:
            described = describe(_opened(path, options))
        except EcgviewError as error:
            failed = complain(error)
            continue
        print(json.dumps(described, ensure_ascii=False) if options.json else facts(described))
    return failed


def _opened(path: Path, options: argparse.Namespace) -> Recording:
    """Open a recording, and remember or forget what is said of its kind."""
    from ecgview.formats import open_recording, user_corrections

    if options.forget:
        user_corrections().forget(_kind(path))
    recording = open_recording(
        path, options=import_options(options), corrections=remembered_corrections(options)
    )
    if options.remember:
        user_corrections().remember(_kind(path), recording.options)
    return recording


def _kind(path: Path) -> str:
    """Tell the kind of a file, as it is by itself."""
    from ecgview.formats import NeedsOptions, open_recording

    try:
        return open_recording(path).kind
    except NeedsOptions as question:
        return question.preview.kind
