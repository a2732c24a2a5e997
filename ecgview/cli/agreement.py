"""``ecgview agreement``: how well estimated amplitudes agree with recorded ones in a data set."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.options import add_cache, add_data, add_device, add_records, fold_list
from ecgview.cli.progress import result_of
from ecgview.errors import EcgviewError

if TYPE_CHECKING:
    from ecgview.engine.events import Event
    from ecgview.studies.agreement.results import AgreementReport

HELP = "compare P, R, S, ST and T of reconstructions with recorded ones over a data set"
_FIGURES = ("png", "svg", "pdf")
_REPORTS = ("html", "pdf")
_DEFAULT_SETS = "I;I,II"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    from ecgview.studies.agreement.task import SUBSETS

    add_study_options(parser)
    parser.add_argument(
        "--leads",
        action="append",
        metavar="SETS",
        help=f'sets of available leads, such as "{_DEFAULT_SETS}" (that one); may be repeated',
    )
    parser.add_argument(
        "--subset",
        action="append",
        choices=SUBSETS,
        help="whose recordings: all, those with no statement but normal, each other diagnostic "
        "superclass (all three); may be repeated",
    )
    parser.add_argument(
        "--values", action="store_true", help="write the amplitudes of each recording too"
    )
    parser.add_argument(
        "--figures",
        type=_kinds(_FIGURES),
        default=("png", "svg"),
        metavar="KINDS",
        help=f"kinds of figures, of {', '.join(_FIGURES)}, or none (png,svg)",
    )
    parser.add_argument(
        "--report",
        type=_kinds(_REPORTS),
        default=("html",),
        metavar="KINDS",
        help=f"kinds of report, of {', '.join(_REPORTS)}, or none (html)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def add_study_options(parser: ArgumentParser) -> None:
    """Take data, models and where to write."""
    add_data(parser)
    parser.add_argument("--folds", type=fold_list, default=(9,), help="folds to look at (9)")
    add_records(parser)
    parser.add_argument(
        "--model",
        action="append",
        metavar="NAME_OR_FILE",
        help="see `ecgview models`, or a folder of cross-fitted networks, each of which rebuilds "
        "what it has not seen; may be repeated: the best model of a marker is the nearest thing "
        "to what the leads can tell",
    )
    add_device(parser)
    add_cache(parser)
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="write tables, figures and a report there"
    )


def _kinds(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def parse(text: str) -> tuple[str, ...]:
        kinds = tuple(dict.fromkeys(word.strip() for word in text.split(",")))
        if kinds == ("none",):
            return ()
        if unknown := [kind for kind in kinds if kind not in known]:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is none of {', '.join(known)}")
        return kinds

    return parse


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.agreement_text import as_text
    from ecgview.engine.input_sets import parse_input_sets
    from ecgview.paths import check_folder
    from ecgview.studies.agreement.study import agreement_events
    from ecgview.studies.agreement.task import SUBSETS, AgreementTask

    if options.output:
        check_folder(options.output)
    elif options.values:
        raise EcgviewError("--values are written, not printed.", "Say where to: --output DIR.")
    named = options.leads or [_DEFAULT_SETS]
    task = AgreementTask(
        data_dirs=tuple(options.data),
        input_sets=tuple(leads for text in named for leads in parse_input_sets(text)),
        models=tuple(options.model or ()),
        folds=options.folds,
        records=options.records,
        subsets=tuple(each for each in SUBSETS if each in (options.subset or SUBSETS)),
        device=options.device,
        command=shlex.join(("ecgview", *options.words)),
        cache=options.cache,
    )
    report = report_of(agreement_events(task))
    if options.json:
        print(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        print(as_text(report))
    if options.output:
        _write(report, options)
    return 0


def report_of(events: Iterable[Event]) -> AgreementReport:
    """Follow a study to its report, and say what makes its figures too good."""
    report: AgreementReport = result_of(events, "recording")
    for warning in report.warnings:
        print(f"ecgview: {warning}", file=sys.stderr)
    return report


def _write(report: AgreementReport, options: argparse.Namespace) -> None:
    from ecgview.export.agreement_figures import figure_events
    from ecgview.export.agreement_report import write_agreement_report
    from ecgview.studies.agreement.tables import write_agreement_tables

    folder: Path = options.output
    written = write_agreement_tables(report, folder, values=options.values)
    if options.figures:
        formats = tuple(f".{kind}" for kind in options.figures)
        written += result_of(figure_events(report, folder, formats), "figure")
    if options.report:
        written += write_agreement_report(report, folder, options.report)
    print(f"ecgview: {len(written)} files are in {folder}", file=sys.stderr)
