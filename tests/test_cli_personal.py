"""Calibrating to the person on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.cli import main
from ecgview.engine.cards import list_models
from ecgview.formats import open_recording, save_recording
from ecgview.leads import LEADS
from ecgview.recording import Patient

pytestmark = pytest.mark.skipif(not list_models(), reason="no model is bundled")
MODEL = ["--model", "anylead-linear"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two later ECGs in ``in``, an earlier one beside; the second is of somebody else."""
    people = {"later": (1, "PX77"), "other": (8, "PX78")}
    for name, (seed, identifier) in people.items():
        save_recording(
            name, twelve_lead_array(500.0, 10.0, seed), 500.0, tmp_path / "in",
            patient=Patient(identifier=identifier),
        )  # fmt: skip
    save_recording(
        "earlier", twelve_lead_array(500.0, 20.0, 1), 500.0, tmp_path,
        patient=Patient(identifier="PX77"), started="1988-03-02T10:00:00",
    )  # fmt: skip
    return tmp_path


def test_score_prints_before_and_after(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["score", str(folder / "in" / "later.hea"), "--leads", "I,II", *MODEL]
    assert main([*command, "--calibrate-from", str(folder / "earlier.hea")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Calibrated from an ECG of 2 Mar 1988, 20 s; verified below, on recorded leads" in lines
    rows = {
        words[0]: words[1:]
        for line in lines
        if len(words := line.split()) == 5 and words[0] in LEADS
    }
    assert set(rows) == {"V1", "V2", "V3", "V4", "V5", "V6"}
    for before, after, rmse_before, rmse_after in rows.values():
        assert float(after) >= float(before)
        assert float(rmse_after) < float(rmse_before)


def test_a_stretch_of_the_recording_is_compared_beside_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["score", str(folder / "earlier.hea"), "--leads", "I,II", *MODEL, "--json"]
    assert main([*command, "--calibrate-stretch", "2", "6"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["start_s"], said["stop_s"]) == (8.0, 20.0)
    assert said["calibration"]["from"] == "a stretch of this recording"
    assert said["calibration"]["verified"]["start_s"] == 8.0
    assert said["before"]["V3"]["rmse_uv"] > said["leads"]["V3"]["rmse_uv"]


def test_a_batch_is_calibrated_and_its_files_say_so_without_naming_anybody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["reconstruct", str(folder / "in"), "--leads", "I,II", *MODEL]
    output = ["--output", str(folder / "out"), "--calibrate-from", str(folder / "earlier.hea")]
    assert main([*command, *output]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("calibrated from an ECG of 2 Mar 1988, 20 s: chest PCC") == 2
    assert "other: The calibration ECG names another patient than this recording." in printed.err
    assert "later: " not in printed.err
    written = folder / "out" / "later.hea"
    beside = json.loads((folder / "out" / "later.hea.json").read_text())
    card = beside["calibration"]
    assert (card["date"], card["seconds"]) == ("1988-03-02", 20.0)
    assert card["corrected_leads"] == ["V1", "V2", "V3", "V4", "V5", "V6"]
    assert set(card["verified"]["leads"]) == set(card["corrected_leads"])
    assert "--calibrate-from EARLIER --calibrate-stretch 0 20" in beside["command"]
    for text in (written.read_text(), str(beside)):
        assert "PX7" not in text
    assert "calibrated from an ECG of 2 Mar 1988" in written.read_text()
    later = open_recording(folder / "in" / "later.hea")
    assert np.array_equal(open_recording(written).read(("I", "II")), later.read(("I", "II")))


def test_what_is_verified_is_said_of_long_recordings_and_of_limb_leads(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_recording("long", twelve_lead_array(500.0, 62.0, 1), 500.0, folder)
    command = ["reconstruct", *MODEL, "--calibrate-from", str(folder / "earlier.hea")]
    assert main([*command, str(folder / "long.hea"), "--leads", "I,II"]) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if "calibrated from" in one]
    assert "chest PCC 0." in line and "->" not in line
    assert main([*command, str(folder / "in" / "later.hea"), "--leads", "V1,V2,V3,V4,V5,V6"]) == 0
    said = capsys.readouterr().out
    assert "20 s: limb PCC " in said and "not verified" not in said


def test_without_recorded_leads_it_is_not_verified(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limb = twelve_lead_array(500.0, 10.0, 1)[:6]
    save_recording("limb", limb, 500.0, folder, leads=LEADS[:6])
    command = ["reconstruct", str(folder / "limb.hea"), "--leads", "I,II", *MODEL, "--json"]
    assert main([*command, "--calibrate-from", str(folder / "earlier.hea")]) == 0
    card = json.loads(capsys.readouterr().out)["calibration"]
    assert card["verified"].startswith("not verified")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--calibrate-from", "{folder}/limb.hea"], "limb lacks V1, V2, V3, V4, V5, V6"),
        (["--calibrate-from", "{folder}/none.hea"], "There is no file"),
        (["--calibrate-stretch", "0", "3"], "3.0 s of all leads there"),
        (["--calibrate-stretch", "30", "3"], "has no samples there; it lasts 10 s."),
    ],
)
def test_what_cannot_teach_is_told_in_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    limb = twelve_lead_array(500.0, 10.0, 1)[:6]
    save_recording("limb", limb, 500.0, folder, leads=LEADS[:6])
    command = ["score", str(folder / "in" / "later.hea"), "--leads", "I,II", *MODEL]
    assert main([*command, *(one.format(folder=folder) for one in options)]) == 1
    assert words in capsys.readouterr().err


def test_a_recording_named_as_its_own_earlier_ecg_is_not_verified_on_itself(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(folder / "in" / "later.hea")
    command = ["reconstruct", path, "--leads", "I,II", *MODEL, "--calibrate-from", path]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "from 0 to 10 s of this recording; not verified" in said
    assert "mean PCC: n/a" in said
