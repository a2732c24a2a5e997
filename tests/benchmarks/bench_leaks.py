"""Memory and file handles while files are opened: `python tests/benchmarks/bench_leaks.py`.

Opens 1,000 files one after another, reads and describes each and lets go of it: small files of
every format in turn, and as many records of PTB-XL as there are below the folder that ECGVIEW_DATA
names; then both through the window's session. Memory may grow while libraries are loaded, so what
counts is the growth from the 200th file to the last. Runs on Linux.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory import kilobytes
from samples import SAMPLES, make_ecg

from ecgview.formats import READERS, ImportOptions, describe, open_recording

COUNT, SETTLED = 1000, 200
File = tuple[Path, ImportOptions | None]


def made_files(folder: Path) -> list[File]:
    known = {reader.name for reader in READERS}
    files: list[File] = []
    for number, sample in enumerate(s for s in SAMPLES if s.reader in known):
        place = folder / str(number)
        place.mkdir()
        files.append((sample.make(place, make_ecg(5000)), sample.options))
    return files


def use(path: Path, options: ImportOptions | None) -> None:
    recording = open_recording(path, options=options)
    recording.read_twelve()
    describe(recording)
    assert recording.marks is not None


def measure(name: str, files: Sequence[File], open_file: Callable[..., None]) -> None:
    """Open files in turn, and print what has grown."""
    handles, status = Path("/proc/self/fd"), Path("/proc/self/status")
    before: tuple[float, int] = (0, 0)
    for number in range(COUNT):
        open_file(*files[number % len(files)])
        if number + 1 in (SETTLED, COUNT):
            gc.collect()
            now = kilobytes(status, "VmRSS:") / 1000, len(list(handles.iterdir()))
            if number + 1 == SETTLED:
                before = now
    grown = now[0] - before[0]
    print(
        f"{name:<34}{min(COUNT, len(files)):>6}{before[0]:>10.1f}{now[0]:>10.1f}{grown:>8.1f}"
        f"{1000 * grown / (COUNT - SETTLED):>10.2f}{before[1]:>8}{now[1]:>8}"
    )


def window_opener() -> Callable[..., None]:
    """Open through the session of a window that is not shown."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from ecgview.gui.session import Session

    application = QApplication.instance() or QApplication([])
    session = Session()

    def open_file(path: Path, options: ImportOptions | None) -> None:
        """Add a file to the list of open files and show it."""
        session.files.add([session.files.entry(path, options)], wait=True)
        application.processEvents()
        recording = session.state.recording
        assert recording is not None
        assert recording.path == path
        recording.read_twelve()

    return open_file


def main() -> None:
    titles = ("MB @200", "@1000", "more", "kB a file", "fd @200", "@1000")
    widths = (10, 10, 8, 10, 8, 8)
    cells = "".join(f"{title:>{width}}" for title, width in zip(titles, widths, strict=True))
    print(f"{'1,000 openings of':<34}{'files':>6}{cells}")
    with tempfile.TemporaryDirectory() as folder:
        groups = {"every format": made_files(Path(folder))}
        data = os.environ.get("ECGVIEW_DATA")
        if data:
            headers = sorted((Path(data) / "ptb-xl/records500").rglob("*.hea"))[:COUNT]
            groups["PTB-XL"] = [(header, None) for header in headers]
        for name, files in groups.items():
            measure(name, files, use)
        through_window = window_opener()
        for name, files in groups.items():
            measure(f"{name}, the window's session", files, through_window)


if __name__ == "__main__":
    main()
