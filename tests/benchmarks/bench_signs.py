"""How long looking for signs takes, beside the reconstruction that it follows.

    python tests/benchmarks/bench_signs.py RECORDING

Prints, for each usual set of leads, seconds for the signs of the recording (best of five, with the
model loaded), and how many reconstructions of it take as long.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from ecgview.engine.input_sets import QUALITY_SETS
from ecgview.engine.reconstruct import reconstruct
from ecgview.engine.signs.find import find_signs
from ecgview.formats import open_recording
from ecgview.leads import LEADS

ROUNDS = 5


def best_s(work: Callable[[], object]) -> float:
    """Shortest of some runs, in seconds."""
    taken = []
    for _ in range(ROUNDS):
        started_s = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started_s)
    return min(taken)


def main() -> None:
    """Print the table."""
    recording = open_recording(Path(sys.argv[1]))
    print(f"{recording.name}, {recording.duration_s:g} s")
    print(f"{'available':<28}{'signs s':>9}{'reconstructions':>17}")
    for available in (*QUALITY_SETS, LEADS):
        signs_s = best_s(lambda leads=available: find_signs(recording, leads))  # type: ignore[misc]
        rebuild_s = best_s(lambda leads=available: reconstruct(recording, leads))  # type: ignore[misc]
        print(f"{','.join(available):<28.28}{signs_s:>9.3f}{signs_s / rebuild_s:>17.1f}")


if __name__ == "__main__":
    main()
