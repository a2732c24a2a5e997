"""Reconstructions as files: names that tell them apart, and what stands beside them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview import DISCLAIMER, __version__
from ecgview.cli import main
from ecgview.engine.cards import find_model
from ecgview.engine.comparison import estimate_from
from ecgview.engine.exported import as_estimate, exported_leads, exported_mv
from ecgview.engine.reconstruct import reconstruct
from ecgview.formats import find_recordings, open_recording, save_recording
from ecgview.leads import CHEST_LEADS, LEADS, Origin
from ecgview.recording import Patient, recording_from_array

MODEL = "anylead-linear"
ENDINGS = {"wfdb": ".hea", "edf": ".edf", "csv": ".csv", "npz": ".npz"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One recording whose file names its patient."""
    save_recording(
        "Muster_Hans", twelve_lead_array(500.0, 10.0, seed=3), 500.0, tmp_path / "in",
        patient=Patient(name="Muster^Hans", identifier="PX9931"),
    )  # fmt: skip
    return tmp_path / "in"


def written(folder: Path, output: Path, include: str, file_format: str = "wfdb") -> Path:
    command = ["reconstruct", str(folder), "--leads", "I,II,V2", "--model", MODEL]
    command += ["--include", include, "--format", file_format, "--output", str(output)]
    assert main(command) == 0
    return output / f"Muster_Hans{ENDINGS[file_format]}"


def names(path: Path) -> list[str]:
    return [channel.name for channel in open_recording(path).channels]


@pytest.mark.parametrize("file_format", ENDINGS)
def test_reconstructed_leads_are_named_so(folder: Path, tmp_path: Path, file_format: str) -> None:
    path = written(folder, tmp_path / "out", "reconstruction", file_format)
    opened = open_recording(path)
    assert opened.leads == ("I", "II", "III", "aVR", "aVL", "aVF", "V2")
    assert opened.other_channels == ("V1_rec", "V3_rec", "V4_rec", "V5_rec", "V6_rec")
    result = reconstruct(open_recording(folder / "Muster_Hans.hea"), ["I", "II", "V2"], MODEL)
    rows = [row for row, channel in enumerate(opened.channels) if channel.name == "V5_rec"]
    v5_mv = opened.source.read(0, opened.n_samples, rows)[0]
    assert v5_mv == pytest.approx(result.read(["V5"])[0], abs=1e-3)


@pytest.mark.parametrize("file_format", ENDINGS)
def test_both_stand_side_by_side(folder: Path, tmp_path: Path, file_format: str) -> None:
    path = written(folder, tmp_path / "out", "both", file_format)
    opened, recorded = open_recording(path), open_recording(folder / "Muster_Hans.hea")
    assert opened.leads == LEADS
    assert opened.derived_leads == ()
    assert {*opened.other_channels} == {f"{lead}_rec" for lead in CHEST_LEADS if lead != "V2"}
    assert opened.read(LEADS) == pytest.approx(recorded.read(LEADS), abs=1e-3)


def test_without_the_option_the_leads_keep_their_usual_names(folder: Path, tmp_path: Path) -> None:
    assert names(written(folder, tmp_path / "out", "twelve")) == list(LEADS)


def test_the_file_beside_says_what_made_it_and_nothing_of_the_patient(
    folder: Path, tmp_path: Path
) -> None:
    path = written(folder, tmp_path / "out", "both", "edf")
    text = (tmp_path / "out" / "Muster_Hans.edf.json").read_text(encoding="utf-8")
    told = json.loads(text)
    card = find_model(MODEL)
    assert told["file"] == path.name
    assert told["model"]["weights_sha256"] == hashlib.sha256(card.path.read_bytes()).hexdigest()
    assert told["model"]["bandwidth_hz"] == 62.5
    assert (told["ecgview"], told["notice"]) == (__version__, DISCLAIMER)
    assert told["available_leads"] == ["I", "II", "V2"]
    assert told["recording"]["rate_hz"] == 500.0
    assert told["recording"]["format"] == "WFDB"
    assert told["filters"] == {"model_input": "none", "samples": "none"}
    origins = {one["name"]: one["origin"] for one in told["channels"]}
    assert origins["V3"] == "recorded"
    assert origins["V3_rec"] == "reconstructed"
    assert "--include both --format edf" in told["command"]
    assert "Muster" not in text.replace(path.name, "")
    assert "PX9931" not in text
    assert str(tmp_path) not in text


def test_the_command_of_the_sidecar_repeats_the_file(folder: Path, tmp_path: Path) -> None:
    first = written(folder, tmp_path / "out", "both", "csv")
    words = json.loads(first.with_name("Muster_Hans.csv.json").read_text())["command"].split()[1:]
    again = tmp_path / "again"
    words[words.index("RECORDING")], words[words.index("FOLDER")] = str(folder), str(again)
    assert main(words) == 0
    assert (again / first.name).read_bytes() == first.read_bytes()


def test_a_sidecar_is_no_recording_and_is_not_replaced_unasked(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(folder, tmp_path / "out", "both", "edf")
    assert find_recordings([tmp_path / "out"]) == [path]
    path.unlink()
    command = ["reconstruct", str(folder), "--leads", "I", "--model", MODEL, "--format", "edf"]
    assert main([*command, "--output", str(tmp_path / "out")]) == 1
    assert "already holds Muster_Hans.edf.json" in capsys.readouterr().err
    assert not path.exists()
    assert main([*command, "--output", str(tmp_path / "out"), "--overwrite"]) == 0


@pytest.mark.parametrize("include", ["twelve", "reconstruction", "both"])
def test_compare_takes_the_estimates_of_such_a_file(
    folder: Path, tmp_path: Path, include: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(folder, tmp_path / "out", include)
    recording = open_recording(folder / "Muster_Hans.hea")
    estimate = estimate_from(recording, open_recording(path))
    made = reconstruct(recording, ["I", "II", "V2"], MODEL)
    assert estimate.reconstruction.origins == made.origins
    assert estimate.reconstruction.read(["V3"]) == pytest.approx(made.read(["V3"]), abs=2e-3)
    capsys.readouterr()
    assert main(["compare", str(folder / "Muster_Hans.hea"), str(path), "--json"]) == 0
    assert "V3" in capsys.readouterr().out


def test_the_estimate_takes_the_place_of_the_recorded_lead_only_where_it_is_one() -> None:
    wave = np.sin(np.arange(500) / 20)
    both = recording_from_array("both", {"I": wave, "V3": wave}, 100.0)
    channels = (*both.channels[:1], replace(both.channels[1], name="V3_rec", lead=None))
    assert as_estimate(replace(both, channels=channels)).leads == ("I", "V3")
    assert as_estimate(both) is both


def test_leads_that_a_model_does_not_give_are_left_out() -> None:
    recording = recording_from_array("one", {lead: np.zeros(2000) for lead in LEADS}, 500.0)
    made = reconstruct(recording, ["I", "II", "V2"], MODEL)
    lacking = replace(made, absent=("V6",))
    names = [one.name for one in exported_leads(recording, lacking, "both")]
    assert "V6" in names
    assert "V6_rec" not in names
    assert made.origins["V6"] is Origin.RECONSTRUCTED
    leads = exported_leads(recording, lacking, "reconstruction")
    assert exported_mv(recording, lacking, leads).shape == (11, 2000)
