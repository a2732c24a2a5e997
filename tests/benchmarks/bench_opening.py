"""How long it takes to open recordings: `python tests/benchmarks/bench_opening.py`.

Reads the real recordings in the folder that ECGVIEW_DATA names.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import wfdb

from ecgview.formats import ImportOptions, open_recording


def best_ms(function: Callable[[], object], n_times: int = 7) -> float:
    """Give the shortest of some runs, in ms."""
    durations = []
    for _ in range(n_times):
        started = time.perf_counter()
        function()
        durations.append(time.perf_counter() - started)
    return 1000 * min(durations)


def main() -> None:
    data = Path(os.environ["ECGVIEW_DATA"])
    headers = sorted((data / "ptb-xl/records500").rglob("*.hea"))[::20]
    ours = np.mean([best_ms(lambda h=h: open_recording(h).read_twelve()) for h in headers])
    theirs = np.mean([best_ms(lambda h=h: wfdb.rdrecord(str(h)[:-4])) for h in headers])
    print(f"PTB-XL, 10 s: {ours:.2f} ms opened and checked; {ours / theirs:.2f} x wfdb.rdrecord")
    text, options = data / "formats/csv_500hz.csv", ImportOptions(unit="uV")
    print(f"CSV, 12 leads, 10 s: {best_ms(lambda: open_recording(text, options=options)):.1f} ms")


if __name__ == "__main__":
    main()
