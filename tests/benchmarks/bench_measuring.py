"""How long measuring takes on an hour with a hundred thousand marks: layers, list, mouse.

    python tests/benchmarks/bench_measuring.py

Medians in milliseconds of one run, beside a bare paint of the same window.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
GUI_TESTS = Path(__file__).parents[1] / "gui"
sys.path[:0] = [str(GUI_TESTS), str(GUI_TESTS / "measuring")]

from paper import NO, Paper  # noqa: E402
from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from stand_ins import ecg, main_window  # noqa: E402

from ecgview.gui.measuring.state import Caliper  # noqa: E402
from ecgview.recording import Mark  # noqa: E402

HOUR_S = 3600.0
N_MARKS = 100_000
ROUNDS = 40


def timed(name: str, step: Callable[[int], object], rounds: int = ROUNDS) -> None:
    times_ms = []
    for number in range(rounds):
        start_s = time.perf_counter()
        step(number)
        times_ms.append((time.perf_counter() - start_s) * 1000)
    print(f"{name:44} {median(times_ms):8.2f} ms")


def measure(paper: Paper) -> None:
    window = paper.window
    area, session, measuring = window.trace_area, window.session, window.commands.measuring
    timed("paint alone", lambda _: area.repaint())
    six = tuple(Caliper(1 + n, 1.8 + n, "II" if n % 2 else "", 0.0, 0.5) for n in range(6))
    session.update(calipers=six)
    for name in ("marks", "calipers"):
        timed(f"layer of {name}", lambda _, name=name: paper.drawn(name))
    timed("paint with six calipers", lambda _: area.repaint())
    session.update(side="marks")
    timed("search the list", lambda n: measuring.change(search="V" if n % 2 else ""))
    timed("a note more in the list", lambda n: session.update(notes=(Mark(n + 1.0, "x"),)), 10)
    measuring.change(tool="lead")
    QTest.mousePress(area, Qt.MouseButton.LeftButton, NO, paper.at("I", 1.0, 0.2))
    timed("drag a caliper, painted", lambda n: (_drag(paper, n), area.repaint()))
    QTest.mouseRelease(area, Qt.MouseButton.LeftButton, NO, paper.at("I", 3.0, 0.2))
    measuring.change(tool="", crosshair=True)
    timed("move the crosshair, painted", lambda n: (_point(paper, n), area.repaint()))


def _drag(paper: Paper, number: int) -> None:
    paper.move(paper.at("I", 2.0 + 0.05 * number, 0.4))


def _point(paper: Paper, number: int) -> None:
    place = paper.at("I", 2.0 + 0.05 * number, 0.4)
    paper.move(place, buttons=Qt.MouseButton.NoButton)


def main() -> None:
    application = QApplication(["bench"])
    application.setStyle("Fusion")
    step_s = HOUR_S / N_MARKS
    marks = tuple(Mark(n * step_s, "V" if n % 7 == 0 else "N") for n in range(N_MARKS))
    recording = replace(ecg(duration_s=HOUR_S), mark_reader=lambda: marks)
    with tempfile.TemporaryDirectory() as folder, main_window(Path(folder)) as window:
        window.resize(1600, 1000)
        paper = Paper(window)
        paper.open(recording)
        measure(paper)


if __name__ == "__main__":
    main()
