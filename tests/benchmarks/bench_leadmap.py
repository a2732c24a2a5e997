"""Seconds for the lead map of one recording, and what it costs beside one set of leads.

``python tests/benchmarks/bench_leadmap.py [RECORDING] [MODEL]``
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from clock import Clock

from ecgview import agreement
from ecgview.engine.reconstruct import reconstruct
from ecgview.engine.reconstructor import load_reconstructor
from ecgview.formats import open_recording
from ecgview.simulate import simulate
from ecgview.studies.leadmap.live import leadmap_events
from ecgview.studies.leadmap.table import USUAL_SETS, RowDone

_REPEATS = 5
_WANTED_S = 3.0


def main(path: Path | None, model: str | None) -> None:
    """Print the table."""
    recording = open_recording(path) if path is not None else simulate("normal")
    started_s = time.perf_counter()
    reconstructor = load_reconstructor(model, "cpu")
    load_s = time.perf_counter() - started_s
    started_s = time.perf_counter()
    events = leadmap_events(recording, model, "cpu")
    next(event for event in events if isinstance(event, RowDone))
    first_row_s = time.perf_counter() - started_s
    events.close()

    def one_set() -> None:
        result = reconstruct(recording, ("I", "II", "V2"), model, "cpu")
        for clean in (False, True):
            agreement(recording, result, clean=clean)

    one_s = _best(one_set)
    clock = Clock(reconstructor.estimate)
    reconstructor.estimate = clock  # type: ignore[method-assign]
    map_s = _best(lambda: list(leadmap_events(recording, model, "cpu")))
    model_s = clock.total_s / _REPEATS
    print(f"{recording.name}: {recording.duration_s:g} s, {reconstructor.card.name}")
    print(f"{'loading the model, s':<42}{load_s:>8.2f}")
    print(f"{'first row after asking for the first time, s':<42}{first_row_s:>8.2f}")
    print(f"{f'map of {len(USUAL_SETS)} sets, best of {_REPEATS}, s':<42}{map_s:>8.2f}")
    print(f"{'  in the model, s':<42}{model_s:>8.2f}")
    print(f"{'one set, rebuilt and compared, s':<42}{one_s:>8.3f}")
    print(f"{'map in times of one set':<42}{map_s / one_s:>8.1f}")
    print(
        f"{'  a set of the map in times of one alone':<42}{map_s / one_s / len(USUAL_SETS):>8.2f}"
    )
    print(f"{f'under {_WANTED_S:g} s':<42}{'yes' if map_s < _WANTED_S else 'NO':>8}")


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_REPEATS):
        started_s = time.perf_counter()
        work()
        times.append(time.perf_counter() - started_s)
    return min(times)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else None,
        sys.argv[2] if len(sys.argv) > 2 else None,
    )
