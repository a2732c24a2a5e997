"""Opening and paging through a day of twelve leads in EDF, EDF+D and BDF, against an hour.

``python tests/benchmarks/bench_long_edf.py [FOLDER]`` writes up to 1.6 GB into the folder (the
system's own for temporary files if none is named) and removes it again.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from ecgview.formats import open_recording
from ecgview.leads import LEADS

FS_HZ, TEXT_BYTES = 500, 30


def write(path: Path, hours: int, plus: str) -> None:
    """Write records of a second with an annotation in each; EDF+D has a gap in every hour."""
    n_bytes = 2 if path.suffix == ".edf" else 3
    n_signals, highest = len(LEADS) + 1, 2 ** (8 * n_bytes - 1) - 1
    name = path.suffix[1:].upper()
    columns = [
        (16, [*LEADS, f"{name} Annotations"]),
        (80, [""] * n_signals),
        (8, ["uV"] * 12 + [""]),
        (8, [-highest - 1] * n_signals),
        (8, [highest] * n_signals),
        (8, [-highest - 1] * n_signals),
        (8, [highest] * n_signals),
        (80, [""] * n_signals),
        (8, [FS_HZ] * 12 + [TEXT_BYTES // n_bytes]),
        (32, [""] * n_signals),
    ]
    head = f"{'X X X X':<80}{'Startdate X X X X':<80}01.02.2003.04.05{256 * (n_signals + 1):<8}"
    head += f"{name + '+' + plus:<44}{3600 * hours:<8}{1:<8}{n_signals:<4}"
    head += "".join(f"{value:<{width}}" for width, values in columns for value in values)
    wave = np.rint(800 * np.sin(2 * np.pi * np.arange(FS_HZ) / FS_HZ)).astype("<i4")
    rows = [weight * wave for weight in (2, 4, 2, -3, 0, 3, 1, 2, 3, 4, 5, 6)]
    body = b"".join(row.view(np.uint8).reshape(-1, 4)[:, :n_bytes].tobytes() for row in rows)
    with path.open("wb") as file:
        file.write((b"0       " if n_bytes == 2 else b"\xffBIOSEMI") + head.encode())
        for record in range(3600 * hours):
            onset_s = record + 7 * (record // 3600) * (plus == "D")
            text = f"+{onset_s}\x14\x14\0+{onset_s}.5\x14N\x14\0"
            file.write(body + text.encode().ljust(TEXT_BYTES // n_bytes * n_bytes, b"\0"))


def measured(action: Callable[[], object]) -> tuple[float, float]:
    """Give the milliseconds of an action, and its largest allocation in MB in a second run."""
    started_s = time.perf_counter()
    action()
    elapsed_ms = 1000 * (time.perf_counter() - started_s)
    tracemalloc.start()
    action()
    largest_mb = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return elapsed_ms, largest_mb


def report(path: Path, hours: int, plus: str) -> None:
    """Measure one file."""
    write(path, hours, plus)
    open_ms, open_mb = measured(lambda: open_recording(path))
    recording = open_recording(path)
    starts = random.Random(0).sample(range(recording.n_samples - 10 * FS_HZ), 200)
    pages = [measured(partial(recording.read, LEADS, s, s + 10 * FS_HZ)) for s in starts]
    page_ms, page_mb = np.median([page[0] for page in pages]), max(page[1] for page in pages)
    marks_ms, _ = measured(lambda: recording.mark_reader() if recording.mark_reader else ())
    title = f"{recording.format_name}, {hours} h, {path.stat().st_size / 1e9:.2f} GB"
    print(
        f"{title:<24}{open_ms:>9.1f}{open_mb:>9.1f}{page_ms:>9.2f}{page_mb:>9.1f}{marks_ms:>10.0f}"
    )
    path.unlink()


def main(folder: Path) -> None:
    """Print a table."""
    print(f"{'':<24}{'open ms':>9}{'MB':>9}{'page ms':>9}{'MB':>9}{'marks ms':>10}")
    for hours in (1, 24):
        for name, plus in (("a.edf", "C"), ("a.edf", "D"), ("a.bdf", "C")):
            report(folder / name, hours, plus)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        main(Path(name))
