"""The list of checksums of a release."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from checksums import write_checksums

CONTENTS = {"b.deb": b"bread", "a dmg.dmg": b"", "Ä.exe": bytes(range(256)) * 5000}


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    folder.mkdir()
    for name, content in CONTENTS.items():
        (folder / name).write_bytes(content)
    return folder


def test_every_file_is_listed_in_order(release: Path) -> None:
    written = write_checksums(release)

    lines = written.read_bytes().decode().splitlines()
    assert lines == [
        f"{hashlib.sha256(CONTENTS[name]).hexdigest()}  {name}" for name in sorted(CONTENTS)
    ]


def test_a_second_time_gives_the_same_list(release: Path) -> None:
    first = write_checksums(release).read_bytes()

    assert write_checksums(release).read_bytes() == first


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="the system has no sha256sum")
def test_the_usual_tool_accepts_it_and_finds_a_changed_file(release: Path) -> None:
    write_checksums(release)
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]

    assert subprocess.run(command, cwd=release, capture_output=True).returncode == 0
    (release / "b.deb").write_bytes(b"bread!")
    assert subprocess.run(command, cwd=release, capture_output=True).returncode == 1


def test_folders_and_nothing_are_refused(release: Path, tmp_path: Path) -> None:
    (release / "more").mkdir()

    with pytest.raises(SystemExit, match="more cannot be listed"):
        write_checksums(release)
    with pytest.raises(SystemExit, match="no file"):
        write_checksums(release / "more")
