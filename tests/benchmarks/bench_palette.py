"""Time the palette: opened, and searched letter by letter, beside the window's own repaint.

``python tests/benchmarks/bench_palette.py [--rounds 20]``
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ecgview.gui.app import dress, make_application, make_window
from ecgview.gui.palette import Palette
from ecgview.gui.settings import Settings
from ecgview.gui.theme import LIGHT

WORDS = "reconstr"


def median_ms(rounds: int, do: Callable[[], object]) -> float:
    """Give the median time of an action with the paint that follows it."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        do()
        QApplication.processEvents()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    make_application()
    window = make_window(Settings.forgetful())
    dress(window, LIGHT)
    window.resize(1600, 1000)
    window.show()
    QApplication.processEvents()
    opened = []

    def open_palette() -> None:
        opened.append(Palette(window))
        opened[-1].appear()

    def type_word() -> None:
        opened[-1].field.clear()
        QTest.keyClicks(opened[-1].field, WORDS)

    rows = [("window painted again", median_ms(rounds, window.repaint))]
    rows.append(("palette opened", median_ms(rounds, open_palette)))
    entries = len(opened[-1].found)
    rows.append((f"a letter typed, {entries} entries", median_ms(rounds, type_word) / len(WORDS)))
    for name, time_ms in rows:
        print(f"{name:40s} {time_ms:8.1f} ms")
    window.close()


if __name__ == "__main__":
    main()
