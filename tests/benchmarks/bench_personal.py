"""How long a calibration takes beside the reconstruction of the ECG that it is learnt from.

python tests/benchmarks/bench_personal.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from ecgview.engine.personal.calibrate import calibrate, learn
from ecgview.engine.personal.lesson import lesson_of
from ecgview.engine.personal.mismatch import mismatches
from ecgview.engine.reconstruct import reconstruct
from ecgview.engine.reconstructor import load_reconstructor
from ecgview.simulate import simulate

LEADS = ("I", "II", "V2")
REPEATS = 15


def median_ms(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(REPEATS):
        started_s = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started_s)
    return 1000 * statistics.median(taken)


def main() -> None:
    recording = simulate("normal")
    reconstructor = load_reconstructor()
    lesson = lesson_of(recording, LEADS, reconstructor)
    personal = calibrate(recording, LEADS)
    rows: dict[str, Callable[[], object]] = {
        "reconstruct ten seconds": lambda: reconstruct(recording, LEADS),
        "the same, calibrated": lambda: reconstruct(recording, LEADS, personal=personal),
        "calibrate, with the reconstruction": lambda: calibrate(recording, LEADS),
        "learning alone, with the check by halves": lambda: learn(
            lesson, LEADS, reconstructor.card, "earlier"
        ),
        "look for a mismatch": lambda: mismatches(recording, personal),
    }
    for name, work in rows.items():
        print(f"{name:<42}{median_ms(work):8.1f} ms")


if __name__ == "__main__":
    main()
