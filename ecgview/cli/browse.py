"""``ecgview browse``: a data set, found by words and facts, sorted by how it is rebuilt."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.complaints import SOME_FAILED
from ecgview.cli.options import add_clean, add_device, add_leads, add_model, fold_list
from ecgview.cli.progress import follow
from ecgview.errors import EcgviewError
from ecgview.storing import check_absent, store

if TYPE_CHECKING:
    from ecgview.catalogue.ordering import Scores
    from ecgview.catalogue.query import AgeRange, Query
    from ecgview.catalogue.search import Rows
    from ecgview.catalogue.shelf import Shelf

HELP = "list the recordings of a data set: by diagnosis, report, sex, age, fold, quality, agreement"
_SORTS = ("name", "age", "sex", "statements", "fold", "quality", "worst", "mean", "rmse")
_FALLING = ("rmse",)


def _words(text: str) -> frozenset[str]:
    return frozenset(word for part in text.split(",") if (word := part.strip()))


def _ages(text: str) -> AgeRange:
    from ecgview.catalogue.query import parse_ages

    try:
        return parse_ages(text)
    except EcgviewError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "folder", type=Path, metavar="DIR",
        help="in the layout of PTB-XL, PTB or the Challenge 2011, or any folder of recordings",
    )  # fmt: skip
    ask = parser.add_argument_group("which recordings", "all of what is said must be so")
    ask.add_argument(
        "--search", default="", metavar="WORDS",
        help='beginnings of words in one statement, or in the report: "anterior infarct"; several '
        "things apart by commas",
    )  # fmt: skip
    empty: frozenset[str] = frozenset()
    for option, metavar, text in (
        ("--superclass", "NAMES", "NORM, MI, STTC, CD, HYP"),
        ("--statement", "CODES", "such as AMI,ASMI"),
        ("--sex", "SEX", "female or male"),
        ("--quality", "WORDS", "clean, drift, static, burst, electrodes; acceptable, unacceptable"),
    ):
        ask.add_argument(option, type=_words, default=empty, metavar=metavar, help=text)
    ask.add_argument(
        "--likelihood", type=float, default=0.0, metavar="PERCENT",
        help="diagnostic statements below it do not count",
    )  # fmt: skip
    ask.add_argument("--age", type=_ages, default=(None, None), metavar="A-B", help="years: 40-60")
    ask.add_argument("--fold", type=fold_list, default=(), metavar="FOLDS", help="such as 1-8 or 9")
    ask.add_argument("--rate-hz", type=float, metavar="R", help="sampling rate in Hz")
    parser.add_argument(
        "--triage", action="store_true",
        help="rebuild each recording from --leads; tell its worst lead and means",
    )  # fmt: skip
    add_leads(parser)
    add_model(parser)
    add_clean(parser)
    add_device(parser)
    _add_output(parser)


def _add_output(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("output")
    group.add_argument(
        "--sort", choices=_SORTS, default="",
        help="worst: the lowest correlation first; the order of the data set if not given",
    )  # fmt: skip
    group.add_argument("--reverse", action="store_true", help="the other way round")
    group.add_argument("--limit", type=int, metavar="N", help="no more than N recordings")
    forms = group.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="one JSON object a recording a line")
    forms.add_argument("--csv", action="store_true", help="a table with heads")
    forms.add_argument("--paths", action="store_true", help="files only, for other commands")
    forms.add_argument("--summary", action="store_true", help="how many there are of each kind")
    group.add_argument("--output", type=Path, metavar="FILE", help="write there instead")
    group.add_argument("--overwrite", action="store_true", help="replace a file already there")


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.catalogue.ordering import FIGURES, Scores, ordered
    from ecgview.catalogue.reading import catalogue_events
    from ecgview.cli.browse_text import summary
    from ecgview.engine.events import Finished

    if options.sort in FIGURES and not options.triage:
        raise EcgviewError(f"Nothing is known of {options.sort} yet.", "Say --triage --leads too.")
    if not 0 <= options.likelihood <= 100:
        raise EcgviewError(
            f"{options.likelihood:g} is no likelihood.", "Give percent, from 0 to 100."
        )
    if options.limit is not None and options.limit < 1:
        raise EcgviewError("A limit below 1 leaves nothing.", "Give a number such as 20.")
    if options.output is not None:
        check_absent(options.output, overwrite=options.overwrite)
    elif options.csv:
        _no_newline_translation()
    events = follow(catalogue_events(options.folder), "file")
    shelf: Shelf = next(event.result for event in events if isinstance(event, Finished))
    query = _query(options, shelf)
    rows = shelf.rows(query)
    scores = Scores(shelf.n)
    descending = options.reverse != (options.sort in _FALLING)
    is_scored_first = options.sort in FIGURES
    if is_scored_first:
        _score(options, shelf, rows, scores)
    rows = ordered(shelf, rows, options.sort, scores, descending=descending)[: options.limit]
    if options.triage and not is_scored_first:
        _score(options, shelf, rows, scores)
    if options.summary:
        _write(options, summary(shelf, query))
    else:
        _write(options, _text(options, shelf, rows, scores))
    found = f"{len(rows):,} of {shelf.n:,} recordings of {shelf.catalogue.title}"
    absent = shelf.catalogue.n_absent
    print(found + (f"; {absent:,} listed but not there" if absent else ""), file=sys.stderr)
    failed = any(figures.problem for figures in scores.figures.values())
    return SOME_FAILED if failed else 0


def _no_newline_translation() -> None:
    """Keep Windows from doubling the line ends of a table that is piped on."""
    if hasattr(sys.stdout, "reconfigure") and not sys.stdout.isatty():
        sys.stdout.reconfigure(newline="\n")


def _query(options: argparse.Namespace, shelf: Shelf) -> Query:
    """Gather what is asked for; words that nothing in the folder is called by are refused."""
    from ecgview.catalogue.query import Query

    return Query(
        text=options.search,
        superclasses=_known("superclass", options.superclass, shelf.superclasses, str.upper),
        statements=_known("statement", options.statement, shelf.codes, str.upper),
        min_likelihood=options.likelihood,
        sexes=_known("sex", options.sex, shelf.sexes, str.lower),
        ages=options.age,
        folds=frozenset(options.fold or ()),
        qualities=_known("quality", options.quality, shelf.qualities, str.lower),
        rates_hz=frozenset(() if options.rate_hz is None else (options.rate_hz,)),
    )


def _known(
    what: str, words: Iterable[str], known: Collection[str], dress: Callable[[str], str]
) -> frozenset[str]:
    dressed = {word if word in known else dress(word) for word in words}
    if foreign := sorted(dressed - set(known)):
        there = ", ".join(known)
        raise EcgviewError(
            f"No recording here has the {what} {', '.join(foreign)}.",
            f"There is {there}." if there else f"Nothing is told of the {what} in this folder.",
        )
    return frozenset(dressed)


def _score(options: argparse.Namespace, shelf: Shelf, rows: Rows, scores: Scores) -> None:
    from ecgview.catalogue.triage import Scored, TriageTask, triage_events
    from ecgview.cli.options import available_leads
    from ecgview.engine.cards import find_model

    leads = available_leads(options.leads, find_model(options.model))
    task = TriageTask(leads, options.model, options.clean, options.device)
    catalogue = shelf.catalogue
    paths = [catalogue.entries[row].path for row in rows]
    for event in follow(triage_events(paths, task), "record"):
        if isinstance(event, Scored):
            scores.put(catalogue.row_of_path[event.path], event.figures)
            if event.figures.problem:
                print(f"ecgview: {event.figures.problem}", file=sys.stderr)


def _text(options: argparse.Namespace, shelf: Shelf, rows: Rows, scores: Scores) -> str:
    from ecgview.catalogue.rows import as_csv, as_data
    from ecgview.cli.browse_text import line

    catalogue = shelf.catalogue
    chosen = [(catalogue.entries[row], scores.figures.get(int(row))) for row in rows]
    if options.csv:
        return as_csv(catalogue, chosen, scored=options.triage)
    if options.json:
        return "".join(
            json.dumps(as_data(catalogue, *one), ensure_ascii=False) + "\n" for one in chosen
        )
    if options.paths:
        return "".join(f"{entry.path}\n" for entry, _ in chosen)
    return "".join(line(as_data(catalogue, *one)) + "\n" for one in chosen)


def _write(options: argparse.Namespace, text: str) -> None:
    if options.output is None:
        print(text, end="")
        return
    store(options.output, text.encode())
    print(options.output)
