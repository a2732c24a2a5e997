"""How it stops: interrupted, no longer read, or with nowhere left to write."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from check.running import (
    AVAILABLE,
    COMMAND_TIMEOUT_S,
    Bench,
    CheckError,
    LeftOut,
    Word,
    demand_sentence,
    end_of,
)
from check.training import training_words

INTERRUPTED, NOT_READ = 130, 141
FULL_DISK_BYTES = 65_536
"""Less than a reconstruction of ten seconds and twelve leads takes."""


def check_interrupt(bench: Bench) -> None:
    """Ctrl+C during a training."""
    if sys.platform == "win32":
        raise LeftOut("Windows gives Ctrl+C to all programs of a console, this one too")
    words = training_words(bench, bench.place("interrupted"), epochs=10_000)
    training = bench.start(*words, preexec_fn=heed_interrupts)
    assert training.stdout is not None
    patience = threading.Timer(COMMAND_TIMEOUT_S, training.kill)
    patience.start()
    try:
        first = training.stdout.readline()
        training.send_signal(signal.SIGINT)
        ran = end_of(training, INTERRUPTED)
    finally:
        patience.cancel()
    if "Traceback" in ran.stderr or not first:
        raise CheckError(f"An interrupt is answered by\n{ran.stderr}")


def heed_interrupts() -> None:
    """Undo what shells do to commands in the background, and so to all that these start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def check_closed_pipe(bench: Bench) -> None:
    """As ``ecgview ... | head`` ends: whoever reads has enough."""
    if sys.platform == "win32":
        raise LeftOut("pipes of Windows break otherwise")
    for words in (("--help",), ("models",), ("info", bench.record)):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            said = bench.frozen(*words, status=NOT_READ, stdout=pipe).stderr
        if said:
            raise CheckError(f"{words[0]} without a reader says {said}")


def check_full_output(bench: Bench) -> None:
    """Printing into a file on a full disk."""
    if not Path("/dev/full").exists():
        raise LeftOut("there is no /dev/full")
    for words in (("--help",), ("models",), ("info", bench.record)):
        with Path("/dev/full").open("w") as full:
            demand_sentence(bench.frozen(*words, status=1, stdout=full).stderr)


def check_full_disk(bench: Bench) -> None:
    """Writing results where there is no room left: a sentence, and nothing half written."""
    folder = bench.place("full disk")
    for words in _writers(bench, folder):
        said = bench.run([*_in_small_disk(folder), bench.application.console, *words], 1).stderr
        if "Traceback" in said or "ecgview: " not in said or "o space" not in said.lower():
            raise CheckError(f"`ecgview {words[0]}` says of a full disk\n{said}")


def _writers(bench: Bench, folder: Path) -> list[tuple[Word, ...]]:
    return [
        ("reconstruct", bench.record, "--leads", AVAILABLE, "--output", folder / "out"),
        ("convert", bench.record, folder / "converted.csv"),
        ("picture", bench.record, "--leads", AVAILABLE, "--output", folder / "page.png"),
        training_words(bench, folder / "trained"),
    ]


def _in_small_disk(folder: Path) -> list[str]:
    """Give the words that run a command with a tiny disk at a folder."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        raise LeftOut("only Linux's unshare makes a small disk")
    mount = f'mount -t tmpfs -o size={FULL_DISK_BYTES} small "$0" && exec "$@"'
    for words in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        small = [*words, "sh", "-c", mount, str(folder)]
        if subprocess.run([*small, "true"], capture_output=True).returncode == 0:
            return small
    raise LeftOut("this user may not mount a disk")


def check_output_is_read_only(bench: Bench) -> None:
    """An output folder that may not be written, and one that is a file."""
    from check.hardships import anybody, read_only

    how = anybody()
    locked, a_file = bench.place("locked"), bench.folder / "a file"
    a_file.write_bytes(b"")
    with read_only(locked):
        for output in (locked, locked / "new", a_file):
            words = ("reconstruct", bench.record, "--leads", AVAILABLE, "--output", output)
            said = bench.frozen(*words, status=1, **how).stderr
            if "Traceback" in said or output.name not in said:
                raise CheckError(f"An output that cannot be written is answered by\n{said}")


CHECKS = {
    "Ctrl+C ends a training with 130": check_interrupt,
    "it ends quietly when its output is no longer read": check_closed_pipe,
    "printing to a full disk is told in a sentence": check_full_output,
    "results on a full disk are told in a sentence": check_full_disk,
    "an output folder that cannot be written is told in a sentence": check_output_is_read_only,
}
