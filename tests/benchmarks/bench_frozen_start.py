"""How quickly the frozen application shows a recording, beside the unfrozen one.

    python tests/benchmarks/bench_frozen_start.py FROZEN RECORDING.hea [TIMES]

FROZEN is the folder that ``packaging/build.py`` made. Both are started in turn with the recording
on their command line, after one start each that is not counted, and stopped once Qt says that the
first paint has reached the screen: Qt writes it to the log, so that neither needs anything for
this. The lowest and the median time of each, and their ratios.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
LOGGED = "qt.widgets.painting=true"
PAINTED = b"Flushing"


def first_paint_s(command: list[str], home: str) -> float:
    """Start a program and wait for its first paint."""
    environment = os.environ | {
        "HOME": home,
        "PYTHONPATH": str(ROOT),
        "QT_LOGGING_RULES": LOGGED,
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
    }
    started_s = time.perf_counter()
    with subprocess.Popen(command, env=environment, cwd=home, stderr=subprocess.PIPE) as program:
        assert program.stderr is not None
        said = []
        for line in program.stderr:
            said.append(line)
            if PAINTED in line:
                took_s = time.perf_counter() - started_s
                program.kill()
                return took_s
    raise SystemExit(f"{command[0]} never painted: {b''.join(said[-5:]).decode()}")


def main() -> None:
    frozen, recording = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    n_times = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    programs = {
        "frozen": [str(frozen / "ecgview"), str(recording)],
        "unfrozen": [sys.executable, "-m", "ecgview", str(recording)],
    }
    times_s: dict[str, list[float]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as home:
        for turn in range(n_times + 1):
            for name, command in programs.items():
                took_s = first_paint_s(command, home)
                if turn:
                    times_s[name].append(took_s)
    for name, each_s in times_s.items():
        print(f"{name:9} {min(each_s):6.2f} s at best, {median(each_s):6.2f} s in the middle")
    best, middle = (f(times_s["frozen"]) / f(times_s["unfrozen"]) for f in (min, median))
    print(f"frozen / unfrozen: {best:.2f} at best, {middle:.2f} in the middle")


if __name__ == "__main__":
    main()
