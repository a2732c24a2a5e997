"""Wildcards that the shell hands on, as those of Windows do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecgview import cli
from ecgview.cli.wildcards import expanded
from ecgview.formats import save_recording
from ecgview.simulate import simulate


def test_a_wildcard_stands_for_the_files_that_fit_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a [1]").mkdir()
    for name in ("b.hea", "a.hea", "a.dat", "a [1]/c.hea"):
        Path(name).touch()

    assert expanded(["info", "*.hea"]) == ["info", "a.hea", "b.hea"]
    assert expanded(["?.dat", "a [1]/*.hea"]) == ["a.dat", str(Path("a [1]/c.hea"))]
    assert expanded(["*.edf", "--name=*", "a [1]"]) == ["*.edf", "--name=*", "a [1]"]


@pytest.mark.parametrize(("platform", "status"), [("win32", 0), ("linux", 1)])
def test_commands_take_wildcards_where_the_shell_leaves_them(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    platform: str,
    status: int,
) -> None:
    recording = simulate("normal")
    save_recording("one", recording.read_twelve(), recording.fs_hz, tmp_path / "one.hea")
    monkeypatch.setattr(cli.sys, "platform", platform)

    assert cli.main(["info", str(tmp_path / "*.hea")]) == status

    assert ("one.hea" in capsys.readouterr().out) == (status == 0)
