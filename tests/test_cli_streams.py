"""Output that cannot be written to its end, as a process meets it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ecgview.cli.streams import written_to_the_end
from ecgview.formats import save_recording
from ecgview.simulate import simulate

FULL = Path("/dev/full")
# With buffers, as users have it: then the last words are written when all is done.
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def said(
    *words: str | Path, output: int = subprocess.PIPE, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command, and give how it ends and what it says."""
    return subprocess.run(
        [sys.executable, "-m", "ecgview", *words],
        env=BUFFERED | variables,
        stdout=output,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
    )


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("command", ["--help", "models"])
def test_a_full_disk_is_told_in_a_sentence(command: str) -> None:
    with FULL.open("wb") as full:
        ended = said(command, output=full.fileno())
    assert ended.returncode == 1
    assert ended.stderr.startswith("ecgview: No space is left on the disk")
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr


@pytest.mark.parametrize("command", ["--help", "models"])
@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Windows break otherwise")
def test_a_reader_who_left_before_the_first_word_is_no_error(command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = said(command, output=writing)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, "")


def test_letters_that_cannot_be_shown_are_escaped(tmp_path: Path) -> None:
    recording = simulate("normal")
    header = tmp_path / "ж" / "simulated.hea"
    save_recording("simulated", recording.read_twelve(), recording.fs_hz, header)

    shown = said("info", header, PYTHONIOENCODING="ascii")

    assert (shown.returncode, shown.stderr) == (0, "")
    letter = "ж" if sys.platform == "win32" else r"\u0436"
    assert f"{letter}{os.sep}simulated.hea" in shown.stdout


def test_nobody_reading_on_is_said_otherwise_by_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    monkeypatch.setattr(sys, "platform", "win32")
    with os.fdopen(reading), os.fdopen(writing, "w", encoding="utf-8") as output:
        monkeypatch.setattr(sys, "stdout", output)

        with pytest.raises(BrokenPipeError), written_to_the_end():
            raise OSError(errno.EINVAL, "Invalid argument")
        with pytest.raises(OSError, match="Invalid argument") as caught, written_to_the_end():
            raise OSError(errno.EINVAL, "Invalid argument", "CON:")

        assert not isinstance(caught.value, BrokenPipeError)
