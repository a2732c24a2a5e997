from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.cli import main
from ecgview.formats import open_recording, save_recording
from ecgview.leads import LEADS
from ecgview.recording import Mark, Patient

Output = pytest.CaptureFixture[str]
SIGNALS_MV = twelve_lead_array(500.0, 4.0)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A recording of a patient, one in a folder below, and a damaged one."""
    folder = tmp_path / "in"
    patient = Patient("P-4711", "93", "female", "Example, Ada", "1917-02-03")
    facts = {"patient": patient, "started": "2010-06-07T08:09:10", "marks": [Mark(1, "N")]}
    save_recording("Example_Ada", SIGNALS_MV, 500, folder, format="dicom", **facts)
    save_recording("b", SIGNALS_MV, 500, folder / "ward")
    (folder / "broken.hea").write_text("broken 1 500 5000\nmissing.dat 16 1000 16 0 0 0 0 I\n")
    return folder


def test_convert_a_file(source: Path, tmp_path: Path, capsys: Output) -> None:
    target = tmp_path / "out" / "ecg.edf"
    assert main(["convert", str(source / "Example_Ada.dcm"), str(target)]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{source / 'Example_Ada.dcm'} -> {target}\n"
    assert "1 converted, 0 failed" in printed.err
    recording = open_recording(target)
    np.testing.assert_allclose(recording.read(LEADS, 0, 2000), SIGNALS_MV, atol=0.00051)
    assert (recording.patient.name, recording.patient.sex) == ("", "female")


def test_convert_a_folder(source: Path, tmp_path: Path, capsys: Output) -> None:
    command = ["convert", str(source), str(tmp_path / "out"), "--format", "csv"]
    assert main([*command, "--leads", "II,V5", "--start", "1", "--duration", "2"]) == 1
    printed = capsys.readouterr()
    assert "missing.dat" in printed.err
    assert "2 converted, 1 failed" in printed.err
    recording = open_recording(tmp_path / "out" / "ward" / "b.csv")
    assert (recording.leads, recording.duration_s) == (("II", "V5"), 2)


def test_convert_keeps_the_patient_when_told_to(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "ecg.csv"
    command = ["convert", str(source / "Example_Ada.dcm"), str(target)]
    assert main([*command, "--keep-patient"]) == 0
    assert open_recording(target).patient.identifier == "P-4711"


def test_convert_takes_what_the_user_says(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "ecg.dcm"
    command = ["convert", str(source / "ward" / "b.hea"), str(target)]
    assert main([*command, "--rate-hz", "250", "--gain", "-1"]) == 0
    recording = open_recording(target)
    assert recording.fs_hz == 250
    np.testing.assert_allclose(recording.read(LEADS), -SIGNALS_MV, atol=0.00051)
    assert any("rate set to 250 Hz" in comment for comment in recording.comments)


def test_convert_refuses_what_makes_no_sense(source: Path, tmp_path: Path, capsys: Output) -> None:
    assert main(["convert", str(source), str(source)]) == 1
    assert "both read and written" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main(["convert", str(tmp_path / "empty"), str(tmp_path / "out")]) == 1
    assert "No recording was found" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["convert", str(source), str(tmp_path / "out"), "--start", "-1"])


def test_anonymise_with_a_table(source: Path, tmp_path: Path, capsys: Output) -> None:
    table = tmp_path / "key.csv"
    out = tmp_path / "out"
    assert main(["anonymise", str(source), str(out), "--table", str(table)]) == 1
    assert "2 anonymised, 1 failed" in capsys.readouterr().err
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["original", "anonymous"],
        [str(source / "Example_Ada.dcm"), str(out / "ecg-0001.dcm")],
        [str(source / "ward" / "b.hea"), str(out / "ecg-0003.hea")],
    ]
    recording = open_recording(out / "ecg-0001.dcm")
    assert recording.patient == Patient(age="90", sex="female")
    assert recording.marks == (Mark(1, "N"),)


def test_a_table_is_kept_apart_and_not_replaced(
    source: Path, tmp_path: Path, capsys: Output
) -> None:
    command = ["anonymise", str(source / "ward"), str(tmp_path / "out"), "--table"]
    assert main([*command, str(tmp_path / "out" / "key.csv")]) == 1
    assert "which it identifies" in capsys.readouterr().err
    kept = tmp_path / "key.csv"
    kept.write_text("precious")
    assert main([*command, str(kept)]) == 1
    assert kept.read_text() == "precious"
    assert not (tmp_path / "out").exists()
