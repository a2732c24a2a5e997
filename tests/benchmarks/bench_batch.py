"""Recordings a second of ``ecgview reconstruct``, and where the time goes.

``python tests/benchmarks/bench_batch.py FOLDER [COUNT] [MODEL]``
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from clock import Clock

from ecgview.engine.batch import BatchTask, RecordDone, reconstruct_files
from ecgview.engine.reconstructor import load_reconstructor
from ecgview.formats import find_recordings


def main(folder: Path, count: int, model: str | None) -> None:
    paths = find_recordings([folder])[:count]
    reconstructor = load_reconstructor(model, "cpu")
    task = BatchTask(("I", "II", "V2"))
    list(reconstruct_files(paths[:64], task, reconstructor))
    clock = Clock(reconstructor.estimate)
    reconstructor.estimate = clock  # type: ignore[method-assign]
    started_s = time.perf_counter()
    events = reconstruct_files(paths, task, reconstructor)
    done = sum(isinstance(event, RecordDone) for event in events)
    total_s = time.perf_counter() - started_s
    other_s = total_s - clock.total_s
    print(f"{reconstructor.card.name}, I+II+V2, {done} of {len(paths)} recordings, nothing written")
    print(f"{'recordings a second':<28}{done / total_s:>8.1f}")
    print(f"{'ms a recording':<28}{1000 * total_s / done:>8.2f}")
    print(f"{'  in the model':<28}{1000 * clock.total_s / done:>8.2f}")
    print(f"{'  everything else':<28}{1000 * other_s / done:>8.2f}{other_s / total_s:>8.0%}")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        int(sys.argv[2]) if len(sys.argv) > 2 else 10**9,
        sys.argv[3] if len(sys.argv) > 3 else None,
    )
