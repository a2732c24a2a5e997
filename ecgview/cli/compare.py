"""``ecgview compare``: anyone's estimates beside the recording."""

from __future__ import annotations

import argparse
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.complaints import SOME_FAILED
from ecgview.cli.options import (
    add_clean,
    add_filters,
    add_import_options,
    import_options,
    lead_list,
    remembered_corrections,
)
from ecgview.cli.progress import follow
from ecgview.errors import EcgviewError
from ecgview.storing import check_absent

if TYPE_CHECKING:
    from ecgview.engine.comparison_batch import RecordCompared

HELP = "compare recordings with estimates of them that any program has made"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("truth", type=Path, metavar="TRUE", help="recording, or folder of them")
    parser.add_argument(
        "estimates",
        nargs="+",
        type=Path,
        metavar="ESTIMATE",
        help="file with the same leads; or folder, in which files are found by the same name",
    )
    add_clean(parser)
    parser.add_argument(
        "--measured",
        type=lead_list,
        default=(),
        metavar="LEADS",
        help="leads the estimates were given (those that equal the recording's)",
    )
    add_filters(parser, "--filter", "recording and estimates alike before they are compared")
    parser.add_argument("--no-align", action="store_true", help="do not move estimates in time")
    parser.add_argument("--json", action="store_true", help="one JSON object a record a line")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a row a lead to a table")
    parser.add_argument(
        "--figure", type=Path, metavar="FILE", help="draw one recording: .svg, .png or .pdf"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace files already there")
    add_import_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli import comparison_text as text
    from ecgview.engine.comparison_batch import (
        ComparisonTask,
        RecordCompared,
        Tally,
        compare_files,
    )
    from ecgview.engine.events import Failed
    from ecgview.engine.pairing import distinct_names, pair_records
    from ecgview.signals.filtering import Filters

    pairings, unpaired = pair_records(options.truth, options.estimates)
    if options.figure and len(pairings) > 1:
        raise EcgviewError("A figure shows one recording.", "Name a file instead of a folder.")
    _check_targets(options)
    for sentence in unpaired:
        print(f"ecgview: {sentence}", file=sys.stderr)
    task = ComparisonTask(
        options.clean,
        not options.no_align,
        options.measured,
        import_options(options),
        remembered_corrections(options),
        options.filter or Filters(),
    )
    say = text.record_json if options.json else _table_for(len(pairings))
    tally, rows, done, failed = Tally(distinct_names(options.estimates)), [], 0, 0
    for event in follow(compare_files(pairings, task), "record"):
        if isinstance(event, RecordCompared):
            done += 1
            print(say(event), flush=True)
            if options.csv:
                rows += text.csv_rows(event)
            if options.figure:
                _draw(event, options)
            if len(pairings) > 1:
                tally.add(event)
        elif isinstance(event, Failed):
            failed += 1
    if options.csv and done:
        text.write_csv(options.csv, rows)
    if summaries := tally.summaries():
        print(text.summary_json(summaries) if options.json else text.summary_table(summaries, done))
    return SOME_FAILED if failed else 0


def _table_for(records: int) -> Callable[[RecordCompared], str]:
    """Choose a table a recording, or for many of them a few lines."""
    from ecgview.cli.comparison_text import record_lines, record_table

    return record_table if records == 1 else record_lines


def _check_targets(options: argparse.Namespace) -> None:
    """Refuse files that may not be written before the work, not after it."""
    if options.figure:
        from ecgview.export.style import check_target

        check_target(options.figure, overwrite=options.overwrite)
    if options.csv:
        check_absent(options.csv, overwrite=options.overwrite)


def _draw(event: RecordCompared, options: argparse.Namespace) -> None:
    from ecgview.export.recording_figure import recording_figure
    from ecgview.export.style import save_figure

    figure = recording_figure(
        event.recording,
        [one.estimate.reconstruction for one in event.compared],
        labels=[one.estimate.name for one in event.compared],
        clean=options.clean,
    )
    save_figure(figure, options.figure, overwrite=options.overwrite)
