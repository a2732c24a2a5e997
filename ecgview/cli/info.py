"""``ecgview info``: facts about recordings."""

from __future__ import annotations

import argparse
import json
from argparse import ArgumentParser

from ecgview.cli.complaints import complain
from ecgview.cli.options import add_import_options, add_paths, import_options
from ecgview.errors import EcgviewError

HELP = "print facts about recordings"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_paths(parser, "+")
    parser.add_argument("--json", action="store_true", help="one JSON object a recording a line")
    add_import_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.text import facts
    from ecgview.formats import describe, find_recordings, open_recording

    failed = 0
    for path in find_recordings(options.paths):
        try:
            described = describe(open_recording(path, options=import_options(options)))
        except EcgviewError as error:
            failed = complain(error)
            continue
        print(json.dumps(described, ensure_ascii=False) if options.json else facts(described))
    return failed
