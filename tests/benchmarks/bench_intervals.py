"""What the interval costs: time with it over time without, in one run.

``python tests/benchmarks/bench_intervals.py [MODEL]``
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

import numpy as np

from ecgview.engine.reconstructor import Reconstructor, load_reconstructor
from ecgview.engine.wrapping import finished
from ecgview.leads import LEADS
from ecgview.recording import Recording, recording_from_array
from ecgview.simulate import simulate

_AVAILABLE = ("I", "II", "V2")
_REPEATS = 7


def rebuild(reconstructor: Reconstructor, recordings: Sequence[Recording], interval: bool) -> None:
    """Rebuild recordings together and read all of the results."""
    jobs = [reconstructor.windows(one, _AVAILABLE, interval=interval) for one in recordings]
    for _ in reconstructor.run(jobs):
        pass
    for job in jobs:
        result = finished(job, reconstructor, 0.0)
        step = 500_000
        for start in range(0, result.source.n_samples, step):
            stop = min(start + step, result.source.n_samples)
            result.read(LEADS, start, stop)
            if result.interval is not None:
                result.interval.half_width(LEADS, start, stop)


def median_s(work: Callable[[], None]) -> float:
    """Time some work."""
    started_s = time.perf_counter()
    work()
    return time.perf_counter() - started_s


def main(model: str | None) -> None:
    reconstructor = load_reconstructor(model, "cpu")
    ten_s = simulate(seed=1)
    long_mv = np.tile(ten_s.read_twelve(0, ten_s.n_samples), 360)
    hour = recording_from_array("hour", dict(zip(LEADS, long_mv, strict=True)), ten_s.fs_hz)
    print(f"{reconstructor.card.name}, {','.join(_AVAILABLE)}, CPU; medians of {_REPEATS} pairs")
    print(f"{'what':<26}{'without s':>12}{'with s':>10}{'ratio':>8}")
    for words, recordings, repeats in (
        ("ten seconds", [ten_s], 3 * _REPEATS),
        ("16 of ten seconds", [ten_s] * 16, _REPEATS),
        ("an hour", [hour], 3),
    ):
        rebuild(reconstructor, recordings[:1] if words != "an hour" else [ten_s], True)
        pairs = [
            [median_s(lambda: rebuild(reconstructor, recordings, flag)) for flag in (False, True)]  # noqa: B023
            for _ in range(repeats)
        ]
        without_s, with_s = np.median(pairs, axis=0)
        ratio = np.median([b / a for a, b in pairs])
        print(f"{words:<26}{without_s:>12.3f}{with_s:>10.3f}{ratio:>8.2f}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
