"""The frozen window: drawn into a picture, kept open, and on a real X server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from check.running import (
    AVAILABLE,
    Bench,
    CheckError,
    LeftOut,
    demand_sentence,
    demand_status,
    same_words,
)
from check.x_server import x_server

WINDOW_RUNS_S = 15
WINDOW_OPENS_S = 120
PICTURE_SIZE = (1440, 900)
PANEL_PX, LINE_PX = 264, 14
INVISIBLE_LEVELS = 3
"""Of 255. Of runs of one program, some differ by 1 in a dozen pixels at the edges of letters; why
is not known."""
SMALLEST_PICTURE_BYTES = 50_000
"""An empty window compresses to less, one with twelve leads on paper to three times as much."""


def check_screenshot(bench: Bench) -> str:
    """A file named on the command line, in a picture of the window, pixel by pixel."""
    return _demand_same_picture(bench, "open", bench.record, "--leads", AVAILABLE)


def check_demo(bench: Bench) -> str:
    return _demand_same_picture(bench, "demo", "--theme", "dark")


def _demand_same_picture(bench: Bench, command: str, *words: str | Path) -> str:
    files = {how: bench.place("window", how) / f"{command}.png" for how in ("frozen", "unfrozen")}
    bench.both(lambda how: (command, *words, "--screenshot", files[how]))
    frozen, unfrozen = (pixels(file) for file in files.values())
    if unfrozen.shape[1::-1] != PICTURE_SIZE:
        raise CheckError(f"The picture has {unfrozen.shape[1]}x{unfrozen.shape[0]} pixels.")
    if files["frozen"].stat().st_size < SMALLEST_PICTURE_BYTES:
        raise CheckError("The window in the picture is empty.")
    different = pixels_that_differ(frozen, unfrozen)
    if not fits_a_line(different):
        raise CheckError(f"{different.sum()} of {different.size} pixels differ.")
    return f"{different.sum()} of {different.size} pixels differ, those of the time it took"


def pixels(file: Path) -> np.ndarray:
    """Give a picture as (rows, columns, red green blue)."""
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"))


def pixels_that_differ(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Tell for each pixel whether one sees that it differs; all do in pictures of other sizes."""
    if one.shape != other.shape:
        return np.ones(one.shape[:2], bool)
    levels = np.abs(one.astype(int) - other)
    return np.asarray((levels > INVISIBLE_LEVELS).any(axis=-1))


def fits_a_line(different: np.ndarray) -> bool:
    """Tell whether nothing differs but in one line of small letters in the panel at the left.

    That line says how long the reconstruction took, which is never the same.
    """
    rows, columns = np.nonzero(different)
    return rows.size == 0 or bool(np.ptp(rows) < LINE_PX and columns.max() < PANEL_PX)


def check_unknown_file(bench: Bench) -> None:
    """The same sentence, from either program, where the window would show it."""
    missing = bench.folder / "no such file.hea"
    words = ("open", missing, "--screenshot", bench.place("window") / "none.png")
    demand_sentence(same_words(bench, *words, status=1).stderr, missing.name)
    if bench.application.windowed != bench.application.console:
        said = bench.run([bench.application.windowed, *words[1:]], status=1).stderr
        # Where nobody could read it, it may have no standard error at all.
        if "Traceback" in said or (said and missing.name not in said):
            raise CheckError(f"{bench.application.windowed.name} says\n{said}")


def check_stays_open(bench: Bench) -> None:
    demand_stays_open(bench)


def demand_stays_open(bench: Bench, **how: Any) -> None:
    """Open the window with a file, and demand that it stays open and says nothing."""
    window = _open(bench, bench.record, **how)
    try:
        _, said = window.communicate(timeout=WINDOW_RUNS_S)
    except subprocess.TimeoutExpired:
        window.terminate()
        _, said = window.communicate()
    else:
        raise CheckError(f"The window closed by itself with {window.returncode}: {said}")
    if said:
        raise CheckError(f"The window says {said}")


def _open(bench: Bench, *paths: Path, **how: Any) -> subprocess.Popen[str]:
    return bench.start(*paths, program=bench.application.windowed, **how)


def check_real_window(bench: Bench) -> None:
    """On an X server: it shows, takes keys, and closes with 0."""
    said = _real_window(bench, bench.record, title="simulated")
    if said:
        raise CheckError(f"The window says {said}")


def check_real_window_unknown_file(bench: Bench) -> None:
    missing = bench.folder / "no such file.hea"
    demand_sentence(_real_window(bench, missing, title="ecgview", status=1), missing.name)


def _real_window(bench: Bench, path: Path, title: str, status: int = 0) -> str:
    """Open a file in a window on a server of our own, close it by keys, give what it said."""
    if sys.platform != "linux" or not shutil.which("xdotool"):
        raise LeftOut("only Linux has X servers, and xdotool that presses keys there")
    with x_server() as display:
        window = _open(bench.with_variables(DISPLAY=display, QT_QPA_PLATFORM="xcb"), path)
        try:
            return _use_and_close(window, display, title, status)
        finally:
            window.kill()


def _use_and_close(window: subprocess.Popen[str], display: str, title: str, status: int) -> str:
    def xdotool(*words: str) -> str:
        return subprocess.run(
            ["xdotool", *words],
            env=os.environ | {"DISPLAY": display},
            check=True,
            capture_output=True,
            encoding="utf-8",
            timeout=WINDOW_OPENS_S,
        ).stdout

    try:
        shown = xdotool("search", "--sync", "--onlyvisible", "--name", title).split()
        xdotool("windowfocus", "--sync", shown[-1])
        xdotool("key", "--delay", "500", "F1", "Escape", "Right", "ctrl+q")
        out, err = window.communicate(timeout=WINDOW_OPENS_S)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise CheckError(f"The window does not show, or does not close: {error}") from error
    demand_status(subprocess.CompletedProcess(window.args, window.returncode, out, err), status)
    return str(err)


CHECKS = {
    "a file in the window looks as in the unfrozen one, pixel by pixel": check_screenshot,
    "the demonstration looks as in the unfrozen one, pixel by pixel": check_demo,
    "an unknown file ends with the window's sentence and 1": check_unknown_file,
    "the window opens a file and stays open": check_stays_open,
    "a real window on X opens, takes keys and closes with 0": check_real_window,
    "a real window on X tells of an unknown file, and ends with 1": check_real_window_unknown_file,
}
