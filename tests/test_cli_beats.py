"""``ecgview beats``: text, JSON and tables of real files' beats, and what it says of bad ones."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from ecgview.cli import main
from ecgview.engine.cards import list_models
from ecgview.formats import open_recording, save_recording
from ecgview.leads import LEADS
from ecgview.measurements.rhythm_search import rhythm_of
from ecgview.simulate import simulate

needs_model = pytest.mark.skipif(not list_models(), reason="no model is bundled")
Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two simulated records, a flat one, and one that is damaged."""
    top = tmp_path_factory.mktemp("records")
    for seed in (1, 2):
        recording = simulate("normal", seed=seed)
        save_recording(f"person{seed}", recording.read(LEADS), recording.fs_hz, top)
    save_recording("flat", np.zeros((12, 5000), dtype=np.float32), 500.0, top)
    (top / "broken.hea").write_text("broken 1 500 5000\nmissing.dat 16 1000 16 0 0 0 0 I\n")
    return top


def test_a_folder_is_measured_and_bad_files_are_told(folder: Path, capsys: Output) -> None:
    assert main(["beats", str(folder), "--json"]) == 1
    printed = capsys.readouterr()
    lines = {one["name"]: one for one in map(json.loads, printed.out.splitlines())}
    assert set(lines) == {"person1", "person2"}
    recording = open_recording(folder / "person1.hea")
    rhythm = rhythm_of(recording, recording.leads)
    figures = rhythm.figures()
    one = lines["person1"]
    assert one["r_peaks_s"] == pytest.approx(rhythm.peaks / 500.0)
    assert (one["lead"], one["beats"]) == ("II", figures.beats)
    assert one["rate_bpm"] == pytest.approx(figures.rate_bpm, abs=0.001)
    assert "Lead II of flat is flat" in printed.err
    assert "missing.dat" in printed.err


def test_text_names_lead_and_stretch(folder: Path, capsys: Output) -> None:
    file = str(folder / "person1.hea")
    assert main(["beats", file, "--lead", "V5", "--start", "2", "--duration", "5"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert "in lead V5, 2 to 7 s" in first and "a minute" in first
    assert second.strip().startswith("RR ms: mean")


@needs_model
def test_markers_of_original_and_reconstruction(
    folder: Path, capsys: Output, tmp_path: Path
) -> None:
    file, table = str(folder / "person1.hea"), tmp_path / "markers.csv"
    arguments = ["beats", file, "--leads", "I,II,V2"]
    assert main([*arguments, "--csv", "--output", str(table)]) == 0
    assert capsys.readouterr().out.strip() == str(table)
    rows = {row["lead"]: row for row in csv.DictReader(io.StringIO(table.read_text()))}
    assert list(rows) == list(LEADS)
    assert rows["V2"]["origin"] == "measured" and rows["V2"]["r_reconstruction_uv"] == ""
    v4 = rows["V4"]
    difference = float(v4["r_reconstruction_uv"]) - float(v4["r_original_uv"])
    assert float(v4["r_difference_uv"]) == pytest.approx(difference, abs=0.01)
    assert 0.5 < float(v4["pcc"]) <= 1
    assert main([*arguments, "--csv", "--output", str(table)]) == 1
    assert "already holds markers.csv" in capsys.readouterr().err
    assert main([*arguments, "--csv", "--output", str(table), "--overwrite"]) == 0
    capsys.readouterr()
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert "windows from II" in text and len(text.splitlines()) == 17
    assert main([*arguments, "--json", "--start", "3", "--duration", "6"]) == 0
    beat = json.loads(capsys.readouterr().out)["average_beat"]
    assert (beat["from_s"], beat["to_s"], beat["unlike"]) == (3.0, 9.0, 0)
    assert set(beat["leads"]) == set(LEADS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--start", "20"], "has no samples there; it lasts 10 s"),
        (["--start", "-1"], "has no samples there"),
        (["--duration", "0"], "has no samples there"),
        (["--model", "anylead"], "No available lead is named"),
        (["--leads", "I", "--model", "nonsense"], "nonsense"),
    ],
)
def test_bad_wishes_are_refused_in_a_sentence(
    folder: Path, capsys: Output, arguments: list[str], sentence: str
) -> None:
    assert main(["beats", str(folder / "person1.hea"), *arguments]) == 1
    assert sentence in capsys.readouterr().err


def test_no_files_no_beats(tmp_path: Path, capsys: Output) -> None:
    assert main(["beats", str(tmp_path)]) == 1
    assert "No recording was found" in capsys.readouterr().err


@pytest.mark.real_data
def test_real_files_of_many_formats(data_dir: Path, capsys: Output) -> None:
    names = ["muse.xml", "philips_1.04.01.xml", "schiller.xml", "scp_raw_1000hz.scp"]
    files = [str(data_dir / "formats" / name) for name in names]
    assert main(["beats", *files, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    rates = {one["name"]: one["rate_bpm"] for one in lines}
    assert rates["muse"] == pytest.approx(48.3, abs=1)
    assert rates["scp_raw_1000hz"] == pytest.approx(60, abs=0.5)
    assert all(35 < rate < 150 for rate in rates.values()) and len(rates) == 4


def test_no_file_is_written_where_nothing_was_measured(capsys: Output, tmp_path: Path) -> None:
    save_recording("flat", np.zeros((12, 5000)), 500.0, tmp_path)
    table = tmp_path / "beats.csv"
    assert main(["beats", str(tmp_path / "flat.hea"), "--csv", "--output", str(table)]) == 1
    assert "is flat" in capsys.readouterr().err
    assert not table.exists()


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(
    folder: Path, capsys: Output, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    target = tmp_path / "file" / "beats.txt"
    assert main(["beats", str(folder / "person1.hea"), "--output", str(target)]) == 1
    assert f"{target} cannot be written" in capsys.readouterr().err


@needs_model
def test_times_of_a_stretch_of_a_long_recording_are_those_of_the_recording(
    capsys: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecgview.cli.beats.LONGEST_AVERAGED_S", 20.0)
    minute_mv = np.tile(simulate("normal", seed=3).read_twelve(), 6)
    minute = str(save_recording("minute", minute_mv, 500.0, tmp_path))
    question = ["beats", minute, "--leads", "I,II,V2", "--json"]
    with monkeypatch.context() as patch:
        patch.setattr("ecgview.cli.beats._rhythm", lambda *_: pytest.fail("searched for nothing"))
        assert main(question) == 1
    assert "Beats are averaged over 20 s at most." in capsys.readouterr().err
    assert main([*question, "--start", "30", "--duration", "12"]) == 0
    told = json.loads(capsys.readouterr().out)
    average = told["average_beat"]
    assert (average["from_s"], average["to_s"]) == (told["from_s"], told["to_s"]) == (30.0, 42.0)
    assert 30 < told["r_peaks_s"][0] < 32
