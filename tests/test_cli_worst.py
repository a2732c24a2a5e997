"""``ecgview worst`` and ``ecgview score``: one recording, in windows and as a whole."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from ecgview import agreement, open_recording, reconstruct
from ecgview.cli import main
from ecgview.formats import save_recording
from ecgview.leads import LEADS
from ecgview.simulate import simulate


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A minute in which V4 is another signal from 20 s to 30 s."""
    signals_mv = np.tile(simulate("normal", seed=3).read_twelve(), 6)
    assert signals_mv.shape == (12, 30_000)
    rng = np.random.default_rng(7)
    signals_mv[LEADS.index("V4"), 10_000:15_000] = 0.5 * rng.normal(size=5000)
    return save_recording("minute", signals_mv, 500.0, tmp_path)


def test_the_bad_stretch_comes_first(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["worst", str(record), "--leads", "I,II,V2", "--json", "--limit", "1"]) == 0
    out, err = capsys.readouterr()
    (line,) = out.splitlines()
    run = json.loads(line)
    assert run["lead"] == "V4"
    assert run["at_s"] == 20.0
    assert abs(run["pcc"]) < 0.2
    assert "of 6 windows of 10 s below 0.8 (raw)" in err


def test_a_table_and_text_say_the_same(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = ["worst", str(record), "--leads", "I,II,V2", "--threshold", "0.3", "--clean"]
    assert main([*question, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert main(question) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(rows) == len(lines) >= 1
    assert f"PCC {float(rows[0]['pcc']):6.3f}" in lines[0]
    assert rows[0]["lead"] in lines[0]
    assert lines[0].split()[:2] == ["0:00:20.0", "10.0"]


def test_a_stretch_and_shorter_windows(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = ["worst", str(record), "--leads", "I,II,V2", "--json", "--window-s", "2"]
    assert main([*question, "--start", "22", "--duration", "4", "--threshold", "0.5"]) == 0
    out, err = capsys.readouterr()
    (run,) = map(json.loads, out.splitlines())
    assert (run["start_s"], run["stop_s"], run["windows"]) == (22.0, 26.0, 2)
    assert "2 of 2 windows of 2 s" in err


def test_nothing_below_is_said(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["worst", str(record), "--leads", "I,II,V2", "--threshold", "-0.9"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "0 of 6 windows" in err


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (["--threshold", "3"], "no correlation"),
        (["--window-s", "0.1"], "no length for windows"),
        (["--window-s", "inf"], "no length for windows"),
        (["--limit", "0"], "below 1"),
        (["--leads", "all"], "no recorded lead that is reconstructed too"),
        (["--start", "100"], "lasts 60 s"),
        (["--duration", "0"], "no samples there"),
        (["--leads", "V9"], "not one of the twelve"),
        (["--filter-input", "magic"], "magic"),
    ],
)
def test_what_makes_no_sense_is_refused(
    record: Path, capsys: pytest.CaptureFixture[str], wrong: list[str], says: str
) -> None:
    try:
        status = main(["worst", str(record), "--leads", "I", *wrong])
    except SystemExit as error:
        status = error.code
    assert status != 0
    assert says in capsys.readouterr().err


def test_without_leads_it_asks(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(record)]) == 1
    assert "No available lead is named" in capsys.readouterr().err


@pytest.mark.real_data
@pytest.mark.parametrize("clean", [False, True])
def test_the_table_is_that_of_the_library(
    data_dir: Path, capsys: pytest.CaptureFixture[str], clean: bool
) -> None:
    path = sorted((data_dir / "ptb-xl" / "records500").rglob("*.hea"))[3]
    recording = open_recording(path)
    made = reconstruct(recording, ("I", "II", "V2"))
    expected = agreement(recording, made, clean=clean, start=1000, stop=3500)
    question = ["score", str(path), "--leads", "I,II,V2", "--start", "2", "--duration", "5"]
    assert main([*question, "--json", *(["--clean"] if clean else [])]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["start_s"], found["stop_s"], found["clean"]) == (2.0, 7.0, clean)
    assert found["mean_pcc_chest"] == expected.mean_pcc_chest
    assert len(expected.rows) == 12
    for row in expected.rows:
        its = found["leads"][row.lead]
        assert (its["pcc"], its["rmse_uv"], its["max_uv"]) == (row.pcc, row.rmse_uv, row.max_uv)
    assert main([*question, *(["--clean"] if clean else [])]) == 0
    text = capsys.readouterr().out
    assert "2 to 7 s" in text
    assert f"{expected.mean_pcc_chest:.3f} over 5 reconstructed chest leads" in text


@pytest.mark.real_data
def test_filtered_input_is_another_question(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(sorted((data_dir / "ptb-xl" / "records500").rglob("*.hea"))[3])
    found = []
    for more in ([], ["--filter-input", "high-pass=0.5,low-pass=40"]):
        assert main(["score", path, "--leads", "I,II,V2", "--json", *more]) == 0
        found.append(json.loads(capsys.readouterr().out)["mean_pcc_chest"])
    assert found[0] != found[1]


def test_nothing_to_compare_is_not_called_good(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lead_mv = simulate("normal", seed=3).read(["I", "V4"])
    alone = save_recording("alone", lead_mv[:1], 500.0, tmp_path, leads=["I"])
    assert main(["worst", str(alone), "--leads", "I"]) == 1
    assert "holds no recorded lead that is reconstructed too" in capsys.readouterr().err
    lead_mv[1] = 0.25
    flat = save_recording("flat", lead_mv, 500.0, tmp_path, leads=["I", "V4"])
    assert main(["worst", str(flat), "--leads", "I"]) == 0
    err = capsys.readouterr().err
    assert "0 of 0 windows of 10 s below 0.8 (raw); 1 have nothing to compare" in err


@pytest.mark.parametrize("command", ["worst", "score", "beats"])
@pytest.mark.parametrize(
    "stretch",
    [("--start", "nan"), ("--start", "inf"), ("--start", "60"), ("--duration", "nan"),
     ("--duration", "0"), ("--start=-1",)],
)  # fmt: skip
def test_a_stretch_that_is_none_is_refused(
    record: Path, capsys: pytest.CaptureFixture[str], command: str, stretch: tuple[str, ...]
) -> None:
    assert main([command, str(record), "--leads", "I,II,V2", *stretch]) == 1
    assert "minute has no samples there; it lasts 60 s." in capsys.readouterr().err


def test_two_samples_have_no_correlation(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stretch = ["--leads", "I,II,V2", "--duration", "0.004"]
    assert main(["score", str(record), *stretch, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["stop_s"], told["mean_pcc_chest"], told["leads"]["V4"]["pcc"]) == (
        0.004,
        None,
        None,
    )
    assert told["leads"]["V4"]["rmse_uv"] >= 0
    assert main(["worst", str(record), *stretch]) == 0
    assert "0 of 0 windows" in capsys.readouterr().err


def test_closed_streams_are_no_reason_to_fail(
    record: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", None)
    assert main(["score", str(record), "--leads", "I,II,V2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["path"]) == ("minute", str(record))
    sys.stderr.close()


def test_a_model_of_one_set_of_leads_refuses_others(
    record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(record), "--model", "kors", "--leads", "I,II"]) == 1
    assert "kors takes I, II, V1, V2, V3, V4, V5, V6, not I, II." in capsys.readouterr().err


def test_a_stretch_without_end_goes_to_the_end(
    record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = ["score", str(record), "--leads", "I,II,V2", "--json", "--start", "40"]
    assert main([*question, "--duration", "inf"]) == 0
    assert json.loads(capsys.readouterr().out)["stop_s"] == 60.0
