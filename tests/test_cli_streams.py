"""Output that cannot be written to its end, as a process meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")
# With buffers, as users have it: then the last words are written when all is done.
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def said(command: str, output: int) -> subprocess.CompletedProcess[str]:
    """Run a command that prints a little, and give how it ends and what it says."""
    return subprocess.run(
        [sys.executable, "-m", "ecgview", command],
        env=BUFFERED,
        stdout=output,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
    )


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("command", ["--help", "models"])
def test_a_full_disk_is_told_in_a_sentence(command: str) -> None:
    with FULL.open("wb") as full:
        ended = said(command, full.fileno())
    assert ended.returncode == 1
    assert ended.stderr.startswith("ecgview: No space is left on the disk")
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr


@pytest.mark.parametrize("command", ["--help", "models"])
@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Windows break otherwise")
def test_a_reader_who_left_before_the_first_word_is_no_error(command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = said(command, writing)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, "")
