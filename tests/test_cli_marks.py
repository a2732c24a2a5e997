"""``ecgview marks``: listing, searching, adding and removing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import wfdb

from ecgview.cli import main
from ecgview.formats import open_recording, save_recording
from ecgview.formats.notes import read_notes
from ecgview.recording import Mark

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *args, **kwargs: str(tmp_path / "own"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A recording of 10 s with two beats and a rhythm in its annotation file."""
    made = save_recording("rec", np.zeros((12, 1000)), 100.0, tmp_path / "data", format="wfdb")
    wfdb.wrann(
        "rec", "atr", np.array([100, 200, 300]), symbol=["N", "+", "V"],
        aux_note=["", "(AFIB", ""], write_dir=str(made.parent),
    )  # fmt: skip
    return made


def listed(path: Path, *options: str, capsys: Output) -> list[dict[str, object]]:
    assert main(["marks", str(path), "--json", *options]) == 0
    found: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    return found["marks"]


def test_marks_of_the_file_are_listed_and_searched(path: Path, capsys: Output) -> None:
    rows = listed(path, capsys=capsys)
    assert [(row["start_s"], row["text"]) for row in rows] == [
        (1.0, "N"), (2.0, "(AFIB"), (3.0, "V"),
    ]  # fmt: skip
    assert [row["text"] for row in listed(path, "--search", "afib", capsys=capsys)] == ["(AFIB"]
    assert main(["marks", str(path), "--search", "nothing"]) == 0
    assert capsys.readouterr().out == "rec: no marks\n"


def test_a_note_is_added_listed_and_removed(path: Path, capsys: Output) -> None:
    add = ["--add", "2.5", "größer?", "--lead", "v3", "--duration", "0.25"]
    rows = listed(path, *add, capsys=capsys)
    assert [row["text"] for row in rows] == ["N", "(AFIB", "größer?", "V"]
    assert read_notes(open_recording(path)).notes == (Mark(2.5, "größer?", 0.25, "V3"),)
    assert main(["marks", str(path), "--kind", "notes"]) == 0
    said = capsys.readouterr().out
    assert "2.500 s  note 1   V3    größer? (0.25 s)" in said
    assert str(path.with_suffix(".ecgnotes")) in said
    assert [row["note"] for row in listed(path, "--remove", "1", capsys=capsys)] == [None] * 3
    assert not path.with_suffix(".ecgnotes").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--add", "soon", "x"], "soon is no time."),
        (["--add", "10.5", "x"], "rec has nothing at 10.5 s."),
        (["--add", "1", "  "], "A note without text says nothing."),
        (["--add", "1", "x", "--lead", "V9"], "rec has no lead V9."),
        (["--add", "1", "x", "--duration", "inf"], "a duration is 0 or more."),
        (["--remove", "1"], "rec has no note 1."),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(
    path: Path, options: list[str], sentence: str, capsys: Output
) -> None:
    assert main(["marks", str(path), *options]) == 1
    assert sentence in capsys.readouterr().err
    assert not path.with_suffix(".ecgnotes").exists()


def test_notes_go_to_one_recording_at_a_time(path: Path, capsys: Output) -> None:
    save_recording("two", np.zeros((12, 1000)), 100.0, path.parent, format="wfdb")
    assert main(["marks", str(path.parent), "--add", "1", "x"]) == 1
    assert "one recording at a time" in capsys.readouterr().err
    assert main(["marks", str(path.parent)]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if line[0] != " "] == [
        "rec: 3 marks", "two: no marks",
    ]  # fmt: skip


@pytest.mark.real_data
def test_marks_of_a_real_recording(data_dir: Path, tmp_path: Path, capsys: Output) -> None:
    for file in (data_dir / "formats" / "wfdb").glob("ludb_1.*"):
        shutil.copy(file, tmp_path)
    rows = listed(tmp_path / "ludb_1.hea", "--search", "N", capsys=capsys)
    assert len(rows) == 72
    assert {row["channel"] for row in rows} >= {"i", "v6"}
