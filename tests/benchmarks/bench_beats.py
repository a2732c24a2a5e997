"""A day of beats: how long R peaks take, in how much memory, and whether any is lost.

One lead of 24 hours at 500 Hz with beats at known, unequal distances, and noise; nothing of it is
kept in memory. Beside it the pieces of a page: delineation and the average beat of ten seconds.

Run it alone: ``python tests/benchmarks/bench_beats.py``.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1] / "measurements"))

from hearts import beat

from ecgview.measurements.average import average_beat
from ecgview.measurements.rhythm_search import find_rhythm, rhythm_of
from ecgview.measurements.waves import find_waves
from ecgview.recording import Channel, Recording
from ecgview.simulate import simulate

FS_HZ = 500.0
HOURS = 24.0
ROUNDS = 5


class Day:
    """A source that makes its samples when they are read."""

    n_channels = 1

    def __init__(self, hours: float) -> None:
        self.n_samples = round(hours * 3600 * FS_HZ)
        rng = np.random.default_rng(1)
        steps = rng.uniform(0.6, 1.2, round(hours * 3600 / 0.6))
        peaks = np.cumsum(np.round(steps * FS_HZ)).astype(np.int64)
        self.peaks = peaks[peaks < self.n_samples - 300]
        self._wave, self._r = beat(FS_HZ)

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Beats and noise; the same samples whenever they are read."""
        rng = np.random.default_rng(start)
        lead_mv = rng.normal(scale=0.02, size=stop - start).astype(np.float32)
        first, last = np.searchsorted(self.peaks, (start - 300, stop + 300))
        for peak in self.peaks[first:last]:
            at = peak - self._r - start
            low, high = max(0, at), min(stop - start, at + len(self._wave))
            if low < high:
                lead_mv[low:high] += self._wave[low - at : high - at]
        return lead_mv[None]


def memory_mb() -> float:
    """Most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def day(hours: float) -> None:
    source = Day(hours)
    recording = Recording("day", FS_HZ, (Channel("II", "II"),), source, 0.001)
    rhythm_of(recording, ("II",), 0, 5000)  # the libraries are loaded now
    before_mb, started_s = memory_mb(), time.perf_counter()
    steps, longest_s, at_s = find_rhythm(recording, ("II",)), 0.0, started_s
    while True:
        try:
            next(steps)
        except StopIteration as end:
            rhythm = end.value
            break
        now_s = time.perf_counter()
        longest_s, at_s = max(longest_s, now_s - at_s), now_s
    took_s = time.perf_counter() - started_s
    off = np.abs(rhythm.peaks[np.searchsorted(rhythm.peaks, source.peaks - 25)] - source.peaks)
    print(
        f"{hours:g} h, one lead at {FS_HZ:g} Hz: {took_s:.1f} s, {memory_mb() - before_mb:.0f} MB"
    )
    print(f"  longest step between two chances to cancel: {longest_s * 1000:.0f} ms")
    print(
        f"  {len(source.peaks)} beats, {len(rhythm.peaks)} found, {(off > 2).sum()} off by more "
        f"than 4 ms; {rhythm.figures().left_out_s:.0f} s left out"
    )


def page() -> None:
    recording = simulate("normal", seed=3)
    rhythm = rhythm_of(recording, recording.leads)
    rows: list[tuple[str, Callable[[], object]]] = [
        ("R peaks of 10 s, lead chosen", lambda: rhythm_of(recording, recording.leads)),
        ("P, QRS, T of 10 s", lambda: find_waves(recording, rhythm, 0, recording.n_samples)),
        ("average beat and markers, 12 leads", lambda: average_beat(recording, None, ("II",))),
    ]
    for name, do in rows:
        times_ms = []
        for _ in range(ROUNDS):
            started_s = time.perf_counter()
            do()
            times_ms.append(1000 * (time.perf_counter() - started_s))
        print(f"{name:<40}{np.median(times_ms):>8.0f} ms")


if __name__ == "__main__":
    started_s = time.perf_counter()
    import neurokit2  # noqa: F401

    loading_ms = 1000 * (time.perf_counter() - started_s)
    print(f"{'import of neurokit2, in a worker':<40}{loading_ms:>8.0f} ms")
    page()
    day(float(sys.argv[1]) if len(sys.argv) > 1 else HOURS)
