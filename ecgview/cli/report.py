"""``ecgview report``: a page to hand on about each recording."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

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
from ecgview.cli.page_options import COLOURS, add_with_patient, chosen_filters
from ecgview.cli.progress import follow
from ecgview.errors import EcgviewError

if TYPE_CHECKING:
    from ecgview.gui.printing.report_batch import ReportDone

HELP = "write a one-page report on each recording, and a table of all"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_paths(parser, "+")
    add_leads(parser)
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="where to write the PDFs"
    )
    add_model(parser)
    add_device(parser)
    parser.add_argument("--paper", choices=("a4", "letter"), default="a4", help="upright (a4)")
    parser.add_argument("--colours", choices=COLOURS, default="pink", help="of the print (pink)")
    add_filters(parser, "--filter", "the traces")
    add_interval(parser, "the band behind reconstructed leads, and the columns on it")
    add_clean(parser)
    add_with_patient(parser)
    parser.add_argument("--overwrite", action="store_true", help="replace files already there")
    parser.add_argument("--json", action="store_true", help="one JSON object a report a line")
    add_import_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.engine.events import Failed, Finished
    from ecgview.engine.reconstructor import load_reconstructor
    from ecgview.gui.printing.report_batch import ReportDone, ReportTask, report_files
    from ecgview.gui.viewer.state import ViewState

    reconstructor = load_reconstructor(options.model, options.device)
    task = ReportTask(
        available_leads(options.leads, reconstructor.card),
        options.output,
        options.paper,
        options.colours,
        ViewState(filters=chosen_filters(options), interval=options.interval),
        options.clean,
        options.with_patient,
        options.overwrite,
        import_options(options),
        remembered_corrections(options),
    )
    done = failed = 0
    for event in follow(report_files(options.paths, task, reconstructor), "report"):
        if isinstance(event, ReportDone):
            done += 1
            print(_json(event) if options.json else _line(event), flush=True)
        elif isinstance(event, Failed):
            failed += 1
        elif isinstance(event, Finished) and event.result:
            print(f"{event.result}: {done} written, {failed} failed", file=sys.stderr)
    if not done and not failed:
        raise EcgviewError(
            "No recording was found.", "Folders are searched for files of every known format."
        )
    return SOME_FAILED if failed else 0


def _line(event: ReportDone) -> str:
    from ecgview.cli.text import means_line

    return f"{event.written}\n  {means_line(event.done.agreement)}"


def _json(event: ReportDone) -> str:
    from ecgview.cli.text import record_json

    return json.dumps(
        {**json.loads(record_json(event.done)), "written": str(event.written)}, ensure_ascii=False
    )
