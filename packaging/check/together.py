"""Twice at once: windows, trainings and reconstructions that share a user's files."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence

from check.running import AVAILABLE, Bench, CheckError, Word, end_of, same_files
from check.training import training_words
from check.window import WINDOW_RUNS_S

NUMBERS = ("first", "second")


def check_two_windows(bench: Bench) -> None:
    windows = [bench.start(bench.record, program=bench.application.windowed) for _ in NUMBERS]
    time.sleep(WINDOW_RUNS_S)
    closed = [window.returncode for window in windows if window.poll() is not None]
    said = _end_all(windows)
    if closed or said:
        raise CheckError(f"Of two windows {len(closed)} closed by themselves {closed}: {said}")


def _end_all(windows: Sequence[subprocess.Popen[str]]) -> str:
    for window in windows:
        window.terminate()
    return "".join(window.communicate()[1] for window in windows)


def check_two_trainings(bench: Bench) -> None:
    folders = [bench.place("trained together", number) for number in NUMBERS]
    _run_at_once(bench, [training_words(bench, folder) for folder in folders])
    if not all((folder / "own.safetensors").is_file() for folder in folders):
        raise CheckError("Of two trainings at once one leaves no model.")


def check_two_reconstructions(bench: Bench) -> None:
    folders = [bench.place("rebuilt together", number) for number in NUMBERS]
    options = ("--leads", AVAILABLE, "--device", "cpu", "--output")
    _run_at_once(bench, [("reconstruct", bench.record.parent, *options, f) for f in folders])
    same_files(*folders)


def _run_at_once(bench: Bench, commands: Sequence[Sequence[Word]]) -> None:
    started = [bench.start(*words) for words in commands]
    try:
        for one in started:
            end_of(one)
    finally:
        _end_all(started)


CHECKS = {
    "two windows at once": check_two_windows,
    "two trainings at once": check_two_trainings,
    "two batches of reconstructions at once": check_two_reconstructions,
}
