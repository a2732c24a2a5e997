"""`ecgview picture`: the page of an ECG as a file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ecgview.cli import main
from ecgview.formats import save_recording
from ecgview.leads import LEADS
from ecgview.simulate import simulate

Output = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("_offscreen")


@pytest.fixture
def _offscreen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", os.environ.get("QT_QPA_PLATFORM", "offscreen"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    recording = simulate("normal")
    return save_recording("case", recording.read(LEADS), recording.fs_hz, tmp_path)


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_each_kind_of_file(path: Path, tmp_path: Path, ending: str, capsys: Output) -> None:
    target = tmp_path / f"page.{ending}"
    words = ["picture", str(path), "--output", str(target), "--leads", "I,II,V2"]
    words += ["--model", "anylead-linear", "--layout", "6x2", "--show", "side", "--speed", "50"]
    assert main(words) == 0
    assert capsys.readouterr().out.strip() == str(target)
    heads = {"pdf": b"%PDF", "svg": b"<?xml", "png": b"\x89PNG"}
    assert target.read_bytes().startswith(heads[ending])
    assert main(words) == 1
    assert "--overwrite" in capsys.readouterr().err


def test_what_the_command_line_says_stands_on_the_page(path: Path, tmp_path: Path) -> None:
    from pypdf import PdfReader

    target = tmp_path / "page.pdf"
    words = ["picture", str(path), "--output", str(target), "--order", "cabrera", "--half-chest"]
    words += ["--filter", "low-pass=40,baseline", "--gain-mm", "5", "--start", "3"]
    assert main([*words, "--paper", "a3", "--colours", "black"]) == 0
    page = PdfReader(target).pages[0]
    text = " ".join(page.extract_text().split())
    assert "-aVR" in text
    assert "5 mm/mV, chest leads 2.5 · low-pass 40 Hz, baseline removed" in text
    assert "recorded leads only" in text
    assert float(page.mediabox.width) == pytest.approx(420 / 25.4 * 72, abs=1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--start", "99"], "no samples there"),
        (["--show", "side"], "No available lead is named"),
        (["--leads", "I", "--model", "nosuch"], "no model"),
        (["--speed", "100", "--paper", "letter"], "more than Letter holds"),
    ],
)
def test_what_cannot_be_is_said(
    path: Path, tmp_path: Path, words: list[str], said: str, capsys: Output
) -> None:
    assert main(["picture", str(path), "--output", str(tmp_path / "x.pdf"), *words]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x.pdf").exists()


def test_an_unknown_ending_is_refused_before_anything_is_read(
    path: Path, tmp_path: Path, capsys: Output
) -> None:
    assert main(["picture", str(path), "--output", str(tmp_path / "x.bmp")]) == 1
    assert ".pdf, .svg, .png" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["picture", str(path), "--output", "x.pdf", "--filter", "nonsense=7"])
    assert "nonsense=7" in capsys.readouterr().err


def test_a_machine_without_a_display_can_print(path: Path, tmp_path: Path) -> None:
    hidden = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    hidden.pop("QT_QPA_PLATFORM", None)
    target = tmp_path / "page.pdf"
    done = subprocess.run(
        [sys.executable, "-m", "ecgview", "picture", str(path), "--output", str(target)],
        env=hidden, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert target.read_bytes().startswith(b"%PDF")
