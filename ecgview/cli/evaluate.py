"""``ecgview evaluate``: tables over folds that the models have not seen."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.options import add_cache, add_data, add_device, add_records, fold_list
from ecgview.cli.progress import result_of

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.engine.events import Event
    from ecgview.engine.layouts import Entry
    from ecgview.engine.rate_loss import RateLoss
    from ecgview.engine.scores import Report

HELP = "score models on recordings they have not seen"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_data(parser)
    parser.add_argument("--folds", type=fold_list, default=(9,), help="folds to report (9)")
    add_records(parser)
    parser.add_argument(
        "--model",
        action="append",
        metavar="NAME_OR_FILE",
        help="see `ecgview models`; may be repeated",
    )
    parser.add_argument(
        "--inputs",
        default="quality",
        metavar="SETS",
        help='"quality" (eight sets), "paper" (25), "all" (510), or "I;I,II;I,II,V2"',
    )
    add_device(parser)
    add_cache(parser)
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="write CSV and JSON tables and heat maps"
    )
    parser.add_argument(
        "--rate-loss",
        action="store_true",
        help="say too how much of the recorded R wave is lost between 500 Hz and 125 Hz",
    )
    parser.add_argument(
        "--no-interval",
        dest="interval",
        action="store_false",
        help="do not say how often intervals hold what was recorded",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--into-card", action="store_true", help="put figures into the model cards")


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.coverage_text import coverage_text
    from ecgview.cli.text import rate_loss_table, score_table
    from ecgview.engine.cards import find_model
    from ecgview.engine.dataset import choose_entries
    from ecgview.engine.device import choose_device
    from ecgview.engine.distributed import joined
    from ecgview.engine.rate_loss import rate_loss_events
    from ecgview.engine.reports import write_into_card, write_rate_loss
    from ecgview.paths import check_folder

    if options.output:
        check_folder(options.output)
    cards = [find_model(name) for name in options.model or [None]]
    entries = choose_entries(options.data, options.folds, options.records)
    with joined(choose_device(options.device)):
        report: Report | None = result_of(_scores(options, cards, entries), "set")
    if report is None:  # another process has it
        return 0
    lost: list[RateLoss] = []
    if options.rate_loss:
        lost = result_of(rate_loss_events(entries, cache=options.cache), "recording")
    print(json.dumps(_as_dict(report, lost)) if options.json else score_table(report))
    if report.coverage and not options.json:
        print(coverage_text(report.coverage))
    if lost and not options.json:
        print(rate_loss_table(lost))
    if options.output:
        write_report(report, options.output)
        if lost:
            write_rate_loss(lost, options.output)
    if options.into_card:
        for card in cards:
            write_into_card(card, report, shlex.join(("ecgview", *options.words)))
    return 0


def _scores(
    options: argparse.Namespace, named: Sequence[ModelCard], entries: Sequence[Entry]
) -> Iterator[Event]:
    """Score the models that were named, and the linear ones that belong beside them."""
    from ecgview.catalogue.normal import normal_recordings
    from ecgview.engine.companions import with_companions
    from ecgview.engine.distributed import is_first
    from ecgview.engine.evaluation import evaluate_models
    from ecgview.engine.input_sets import parse_input_sets

    cards = with_companions(named)
    if is_first():
        for card in cards:
            if card.name not in [one.name for one in named]:
                print(f"ecgview: beside it, {card.name} ({card.path})", file=sys.stderr)
    sets = parse_input_sets(options.inputs)
    return evaluate_models(
        cards,
        entries,
        sets,
        options.device,
        cache=options.cache,
        interval=options.interval,
        normal=normal_recordings(entries) if options.interval else None,
    )


def _as_dict(report: Report, lost: Sequence[RateLoss]) -> dict[str, object]:
    as_dict = report.as_dict()
    return {**as_dict, "rate_loss": [asdict(one) for one in lost]} if lost else as_dict


def write_report(report: Report, folder: Path) -> None:
    """Write the tables and the figures of an evaluation, and say where they are."""
    from ecgview.engine.reports import write_tables
    from ecgview.export.evaluation_figures import write_heatmaps

    write_tables(report, folder)
    figures = write_heatmaps(report, folder)
    print(f"ecgview: tables and {len(figures)} figures are in {folder}", file=sys.stderr)
