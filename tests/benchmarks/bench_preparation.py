"""Recordings a second of preparation: in one thread, in all, and from the cache; peak memory.

``python tests/benchmarks/bench_preparation.py FOLDER [TIMES] [RATE_HZ]``

TIMES takes each recording that often, under other names, to see how the cost grows. Each row is
a process of its own with a cache of its own; the first one, uncounted, warms the disk's cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from ecgview.engine import reading
from ecgview.engine.dataset import list_entries
from ecgview.engine.preparation import load

ALL = str(reading._MOST_WORKERS)
ROWS = {
    "one thread": ("--no-cache", "1"),
    "all threads": ("--no-cache", ALL),
    "into the cache": ("--cache", ALL),
    "from the cache": ("--cache", ALL),
}


def peak_mb() -> float:
    """Largest memory of this process so far; nan where the system does not tell."""
    try:
        import resource
    except ImportError:
        return float("nan")
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / (1e6 if sys.platform == "darwin" else 1e3)


def measure(folder: Path, times: int, fs_hz: float, cache: bool) -> None:
    """Prepare once and print count, seconds, processor seconds, megabytes before and at most."""
    found = list_entries(folder)
    entries = [replace(e, name=f"{e.name}#{k}") for k in range(times) for e in found]
    before_mb = peak_mb()
    started_s, started_cpu_s = time.perf_counter(), time.process_time()
    load(entries, fs_hz, cache=cache)
    elapsed_s, cpu_s = time.perf_counter() - started_s, time.process_time() - started_cpu_s
    print(len(entries), elapsed_s, cpu_s, before_mb, peak_mb())


def main(folder: str, times: int, fs_hz: float) -> None:
    """Print the table."""
    headings = ("recordings", "s", "a second", "cpu s", "MB before", "MB peak")
    print(" " * 16 + "".join(f"{heading:>11}" for heading in headings))
    with tempfile.TemporaryDirectory() as cache_dir:
        environment = {**os.environ, "XDG_CACHE_HOME": cache_dir}
        run_one([folder, str(times), str(fs_hz), *ROWS["all threads"]], environment)
        for name, how in ROWS.items():
            count, elapsed_s, cpu_s, before_mb, most_mb = run_one(
                [folder, str(times), str(fs_hz), *how], environment
            )
            print(
                f"{name:<16}{count:>11.0f}{elapsed_s:>11.2f}{count / elapsed_s:>11.0f}"
                f"{cpu_s:>11.2f}{before_mb:>11.0f}{most_mb:>11.0f}"
            )


def run_one(words: list[str], environment: dict[str, str]) -> list[float]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--one", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        directory, times, fs_hz, option, workers = sys.argv[2:]
        reading._MOST_WORKERS = int(workers)
        measure(Path(directory), int(times), float(fs_hz), option == "--cache")
    else:
        given = dict(enumerate(sys.argv))
        directory, times, fs_hz = given[1], given.get(2, "1"), given.get(3, "125")
        main(directory, int(times), float(fs_hz))
