"""How quick the window is: start to first paint, toggling a lead, and stalls while loading.

    python tests/benchmarks/bench_window.py RECORDING.hea [WIDTH HEIGHT]

Start: a fresh process with the recording on its command line, until the first paint has reached
the screen; best of five. Toggle: from the click to the new picture, model loaded. Stall: the
longest time that the window's event loop was held up while the engine was being loaded.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer

from ecgview.gui.app import dress, make_application, make_window
from ecgview.gui.main_window import MainWindow
from ecgview.gui.settings import Settings
from ecgview.gui.start_files import open_at_start
from ecgview.gui.theme import LIGHT

BEAT_MS = 2


def shown_window(path: Path) -> MainWindow:
    """Show the window as the command line does, and wait for its first paint."""
    window = make_window(Settings.forgetful())
    dress(window, LIGHT)
    open_at_start(window.session, [path])
    loop = QEventLoop()
    window.painted.connect(lambda: QTimer.singleShot(0, loop, loop.quit))
    window.show()
    loop.exec()
    return window


def start_s(path: Path) -> float:
    """Run this file in a fresh process up to the first paint; its whole life is measured."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, __file__, "--paint", str(path)], check=True,
                          capture_output=True, text=True)  # fmt: skip
    painted = float(done.stdout.split()[-1])
    return painted - started


def longest_stall_ms(window: MainWindow) -> float:
    """Let the engine load, and watch how late the window's timer ever fires."""
    gaps, last, loop, beat = [0.0], [time.perf_counter()], QEventLoop(), QTimer()

    def on_beat() -> None:
        now = time.perf_counter()
        gaps.append(1000 * (now - last[0]) - BEAT_MS)
        last[0] = now

    beat.timeout.connect(on_beat)
    window.session.settled.connect(loop.quit)
    beat.start(BEAT_MS)
    loop.exec()
    beat.stop()
    return max(gaps)


def toggle_ms(window: MainWindow) -> float:
    """Toggle V4 and wait for the picture; median of twenty."""
    durations = []
    for _ in range(20):
        loop = QEventLoop()
        window.session.settled.connect(loop.quit)
        started = time.perf_counter()
        window.session.toggle_lead("V4")
        loop.exec()
        window.repaint()
        durations.append(1000 * (time.perf_counter() - started))
    return median(durations)


def main() -> None:
    if sys.argv[1] == "--paint":
        make_application()
        shown_window(Path(sys.argv[2]))
        # The monotonic clock is the machine's: the parent process reads the same one.
        print(time.perf_counter(), flush=True)
        os._exit(0)
    path = Path(sys.argv[1])
    print(f"start to first paint: {min(start_s(path) for _ in range(5)):.2f} s")
    make_application()
    window = shown_window(path)
    if len(sys.argv) > 3:
        window.resize(int(sys.argv[2]), int(sys.argv[3]))
    print(f"longest stall while loading: {longest_stall_ms(window):.0f} ms")
    print(f"toggle to new picture: {toggle_ms(window):.0f} ms")
    window.close()


if __name__ == "__main__":
    main()
