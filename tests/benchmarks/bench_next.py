"""How long it takes to measure on one recording what more leads bring, beside one reconstruction.

    python tests/benchmarks/bench_next.py [FILE]

Medians in milliseconds of one run; a simulated ten seconds where no file is named.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

from ecgview import open_recording, reconstruct
from ecgview.engine.events import Event
from ecgview.recording import Recording
from ecgview.simulate import simulate
from ecgview.studies.additions.one_recording import Measured, electrode_errors, lead_errors

ROUNDS = 7


def timed_ms(step: Callable[[], object]) -> float:
    times_s = []
    for _ in range(ROUNDS):
        started_s = time.perf_counter()
        step()
        times_s.append(time.perf_counter() - started_s)
    return 1000 * median(times_s)


def until_measured(events: Iterable[Event]) -> None:
    for event in events:
        if isinstance(event, Measured):
            return


def main(recording: Recording) -> None:
    one_ms = timed_ms(lambda: reconstruct(recording, ("I", "II")))
    print(f"{'one reconstruction':<40}{one_ms:>8.0f} ms")
    for have in (("I", "II"), ("V2",)):
        name = ", ".join(have)
        first_ms = timed_ms(lambda have=have: until_measured(lead_errors(recording, have)))
        whole_ms = timed_ms(lambda have=have: list(lead_errors(recording, have)))
        print(f"{f'one lead more than {name}':<40}{first_ms:>8.0f} ms{first_ms / one_ms:>7.1f} x")
        print(f"{f'and again to the end from {name}':<40}{whole_ms:>8.0f} ms")
    every_ms = timed_ms(lambda: list(electrode_errors(recording)))
    print(f"{'67 sets of electrodes':<40}{every_ms:>8.0f} ms{every_ms / one_ms:>7.1f} x")


if __name__ == "__main__":
    main(open_recording(Path(sys.argv[1])) if sys.argv[1:] else simulate("normal"))
