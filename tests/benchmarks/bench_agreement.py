"""Where the time of a study of agreement goes, in shares of the whole.

``python tests/benchmarks/bench_agreement.py PTB_XL_FOLDER [FOLDS]``

Fold 9 by default, from I, and from I and II, by the default model and least squares. The first
run, uncounted, prepares the recordings. Seconds of the processor, which a busy machine does not
change much.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ecgview.engine.events import Finished, Progress
from ecgview.engine.folds import parse_folds
from ecgview.studies.agreement.study import agreement_events
from ecgview.studies.agreement.task import AgreementTask


def measure(task: AgreementTask) -> tuple[dict[str, float], int]:
    """Seconds of the processor by what was being done, and how many recordings there were."""
    steps: dict[str, float] = {}
    last_s = time.process_time()
    recordings = 0
    for event in agreement_events(task):
        now_s = time.process_time()
        name = event.message if isinstance(event, Progress) else "Computing the table"
        steps[name] = steps.get(name, 0.0) + now_s - last_s
        last_s = now_s
        if isinstance(event, Finished):
            recordings = len(event.result.recordings)
    return steps, recordings


def main(folder: str, folds: str = "9") -> None:
    """Print the table."""
    task = AgreementTask((Path(folder),), (("I",), ("I", "II")), folds=parse_folds(folds))
    measure(task)
    steps, recordings = measure(task)
    total_s = sum(steps.values())
    print(f"{recordings} recordings, {total_s:.1f} s of the processor")
    for name, seconds in steps.items():
        print(f"{name:<45}{seconds:8.2f} s{100 * seconds / total_s:6.0f} %")


if __name__ == "__main__":
    main(*sys.argv[1:])
