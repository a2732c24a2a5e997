"""Seconds of ``ecgview evaluate`` for the paper's 25 sets, and where they go.

``python tests/benchmarks/bench_evaluation.py DATA [FOLD] [MODEL]``; recordings are prepared anew,
and the linear model is scored beside, as the command does.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import torch
from clock import Clock

from ecgview.engine import evaluation
from ecgview.engine.cards import find_model
from ecgview.engine.companions import with_companions
from ecgview.engine.dataset import choose_entries
from ecgview.engine.events import Finished
from ecgview.engine.input_sets import PAPER_SETS
from ecgview.engine.reports import write_tables
from ecgview.engine.scoring import Truth
from ecgview.export.evaluation_figures import write_heatmaps


def main(data: Path, fold: int, model: str | None) -> None:
    cards = with_companions([find_model(model)])
    entries = choose_entries([data], (fold,), None)
    clocks = {
        "in the models": Clock(evaluation.estimate_set),
        "figures of merit and intervals": Clock(Truth.score),
        "the truth": Clock(evaluation._truth),
    }
    evaluation.estimate_set = clocks["in the models"]  # type: ignore[assignment]
    score = clocks["figures of merit and intervals"]
    Truth.score = lambda *arguments: score(*arguments)  # type: ignore[method-assign]
    evaluation._truth = clocks["the truth"]  # type: ignore[assignment]
    started_s = time.perf_counter()
    report = None
    for event in evaluation.evaluate_models(cards, entries, PAPER_SETS, "cpu", cache=False):
        if isinstance(event, Finished):
            report = event.result
    assert report is not None
    scored_s = time.perf_counter() - started_s
    with tempfile.TemporaryDirectory() as folder:
        write_tables(report, Path(folder))
        write_heatmaps(report, Path(folder))
    total_s = time.perf_counter() - started_s
    print(
        f"{', '.join(report.models)}: 25 sets x {report.recordings} recordings of fold {fold}, "
        f"{torch.get_num_threads()} threads"
    )
    rest_s = scored_s - sum(clock.total_s for clock in clocks.values())
    rows = {name: clock.total_s for name, clock in clocks.items()}
    rows |= {"reading and preparing": rest_s, "tables and heat maps": total_s - scored_s}
    for name, seconds in {"in all": total_s, **rows}.items():
        print(f"{name:<34}{seconds:>8.1f} s{seconds / total_s:>7.0%}")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        int(sys.argv[2]) if len(sys.argv) > 2 else 9,
        sys.argv[3] if len(sys.argv) > 3 else None,
    )
