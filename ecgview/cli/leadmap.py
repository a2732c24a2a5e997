"""``ecgview leadmap``: what each lead is worth, for a population or for one recording."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli import leadmap_next
from ecgview.cli.opening import opened
from ecgview.cli.options import (
    add_cache,
    add_data,
    add_device,
    add_filters,
    add_import_options,
    add_model,
    add_records,
    add_stretch,
    fold_list,
)
from ecgview.cli.progress import result_of
from ecgview.errors import EcgviewError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecgview.engine.scores import Report
    from ecgview.studies.leadmap.table import LeadMap

HELP = "how well each lead comes back from each set of leads: of a population or one recording"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PATH",
        help="a recording, or what `ecgview evaluate --output` wrote; without it, and without "
        "--data, the map is that of the model's card",
    )
    add_data(parser, required=False)
    parser.add_argument("--folds", type=fold_list, default=(9,), help="folds of --data (9)")
    add_records(parser)
    add_model(parser)
    parser.add_argument(
        "--inputs",
        metavar="SETS",
        help='"paper" (25 sets), "single" (12), "quality" (8), "all" (510), or "I;I,II;I,II,V2" '
        "(default: paper and single)",
    )
    add_stretch(parser)
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument(
        "--clean", action="store_true", default=True, help="0.5 Hz high-passed signals (default)"
    )
    kinds.add_argument("--raw", dest="clean", action="store_false", help="signals as they are")
    parser.add_argument(
        "--measure", choices=("pcc", "rmse"), default="pcc", help="what the table shows (pcc)"
    )
    parser.add_argument(
        "--sort", choices=("paper", "mean"), default="paper", help="order of the table's rows"
    )
    add_filters(parser, "--filter-input", "the recording first, for the model and the figures")
    add_device(parser)
    add_cache(parser)
    add_import_options(parser)
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="write CSV, JSON and heat maps (PNG, SVG)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    leadmap_next.add_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    if leadmap_next.wanted(options):
        return leadmap_next.run(options)
    from ecgview.cli.leadmap_text import map_table
    from ecgview.paths import check_folder
    from ecgview.studies.leadmap.writing import as_dict

    if options.output:
        check_folder(options.output)
    lead_map = map_of(options)
    if options.clean not in lead_map.versions:
        raise EcgviewError(
            f"The card of {lead_map.model} has figures of clean signals only.",
            "Leave --raw out, or score a data set: --data DIR.",
        )
    if options.json:
        print(json.dumps(as_dict(lead_map), ensure_ascii=False))
    else:
        measure = "rmse_uv" if options.measure == "rmse" else "pcc"
        print(map_table(lead_map, measure, clean=options.clean, by_mean=options.sort == "mean"))
    if options.output:
        _write(lead_map, options.output, by_mean=options.sort == "mean")
    return 0


def map_of(options: argparse.Namespace) -> LeadMap:
    """Make the map that the command line asks for.

    Raises
    ------
    EcgviewError
        If it cannot be made.
    """
    from ecgview.engine.cards import find_model
    from ecgview.studies.leadmap.population import holds_tables, map_of_card, read_map

    if options.path is not None and options.data:
        raise EcgviewError(
            "A recording and a data set cannot be mapped together.", "Leave one of them out."
        )
    sets = _sets(options)
    if options.data:
        return _of_data(options, sets)
    if options.path is None:
        return map_of_card(find_model(options.model), sets)
    if holds_tables(options.path):
        asked = sets if options.inputs else None
        return read_map(options.path, options.model or "", asked)
    return _of_recording(options, sets)


def _sets(options: argparse.Namespace) -> Sequence[tuple[str, ...]]:
    from ecgview.engine.input_sets import parse_input_sets
    from ecgview.studies.leadmap.table import USUAL_SETS

    return parse_input_sets(options.inputs) if options.inputs else USUAL_SETS


def _of_recording(options: argparse.Namespace, sets: Sequence[tuple[str, ...]]) -> LeadMap:
    from ecgview.studies.leadmap.live import leadmap_events

    recording = opened(options.path, options)
    stretch = leadmap_next.stretch_in(recording, options)
    events = leadmap_events(recording, options.model, options.device, sets=sets, stretch=stretch)
    lead_map: LeadMap = result_of(events, "set")
    return lead_map


def _of_data(options: argparse.Namespace, sets: Sequence[tuple[str, ...]]) -> LeadMap:
    from ecgview.engine.cards import find_model
    from ecgview.engine.dataset import choose_entries
    from ecgview.engine.evaluation import evaluate_models
    from ecgview.studies.leadmap.population import map_of_report

    card = find_model(options.model)
    entries = choose_entries(options.data, options.folds, options.records)
    events = evaluate_models(
        [card], entries, sets, options.device, cache=options.cache, interval=False
    )
    report: Report = result_of(events, "set")
    return map_of_report(report, card.name)


def _write(lead_map: LeadMap, folder: Path, *, by_mean: bool) -> None:
    from ecgview.export.leadmap_figure import write_leadmap_figures
    from ecgview.studies.leadmap.writing import write_map

    tables = write_map(lead_map, folder)
    figures = write_leadmap_figures(lead_map, folder, by_mean=by_mean)
    print(f"ecgview: {len(tables)} tables, {len(figures)} figures in {folder}", file=sys.stderr)
