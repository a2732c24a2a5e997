"""``ecgview worst``: where in a recording its reconstruction fails."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from ecgview.cli.one_recording import add_question, rebuilt
from ecgview.errors import EcgviewError, LeadError

if TYPE_CHECKING:
    from ecgview.engine.tally import WindowFigures
    from ecgview.engine.worst import WorstRun

HELP = "list the windows of a recording where its reconstruction fails, the worst first"
_THRESHOLD = 0.8
_SHORTEST_S = 1.0


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_question(parser)
    parser.add_argument(
        "--threshold",
        type=float,
        default=_THRESHOLD,
        metavar="PCC",
        help=f"list windows in which a lead correlates less ({_THRESHOLD})",
    )
    parser.add_argument(
        "--window-s", type=float, default=10.0, metavar="S", help="length of the windows (10)"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="no more than N runs of windows")
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="one JSON object a run a line")
    forms.add_argument("--csv", action="store_true", help="a table with heads")


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.engine.tally import tally_of
    from ecgview.engine.worst import worst_runs

    _check(options)
    one = rebuilt(options, interval=False)
    figures = tally_of(
        one.recording,
        one.reconstruction,
        clean=options.clean,
        start=one.start,
        stop=one.stop,
        window_s=options.window_s,
    ).windows()
    if not figures.leads:
        raise LeadError(
            f"{one.recording.name} holds no recorded lead that is reconstructed too.",
            "Name fewer available leads, or take a recording that has more.",
        )
    found = worst_runs(figures, options.threshold)
    runs = found[: options.limit]
    if options.csv:
        print(_as_csv(runs), end="")
    elif options.json:
        print("".join(json.dumps(asdict(run)) + "\n" for run in runs), end="")
    else:
        print("".join(f"{_line(run)}\n" for run in runs), end="")
    print(_summary(options, found, figures), file=sys.stderr)
    return 0


def _summary(options: argparse.Namespace, found: Sequence[WorstRun], figures: WindowFigures) -> str:
    """Count the windows; those without a correlation are neither good nor bad."""
    compared = figures.n_compared
    kind = "clean" if options.clean else "raw"
    words = (
        f"{sum(run.windows for run in found)} of {compared} windows of {options.window_s:g} s "
        f"below {options.threshold:g} ({kind})"
    )
    without = len(figures.edges) - 1 - compared
    return words + (f"; {without} have nothing to compare" if without else "")


def _check(options: argparse.Namespace) -> None:
    if options.limit is not None and options.limit < 1:
        raise EcgviewError("A limit below 1 leaves nothing.", "Give a number such as 20.")
    if not _SHORTEST_S <= options.window_s < math.inf:
        raise EcgviewError(
            f"{options.window_s:g} s is no length for windows.", "Give a second or more."
        )
    if not -1 <= options.threshold <= 1:
        raise EcgviewError(
            f"{options.threshold:g} is no correlation.", "Give a threshold between -1 and 1."
        )


def _line(run: WorstRun) -> str:
    tenths = round(10 * run.start_s)
    hours, rest = divmod(tenths, 36_000)
    clock = f"{hours}:{rest // 600:02}:{rest % 600 / 10:04.1f}"
    return f"{clock:>11}  {run.stop_s - run.start_s:6.1f} s  {run.lead:<4} PCC {run.pcc:6.3f}"


def _as_csv(runs: Sequence[WorstRun]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("start_s", "stop_s", "at_s", "lead", "pcc", "windows"))
    table.writerows(asdict(run).values() for run in runs)
    return text.getvalue()
