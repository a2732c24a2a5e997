from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ecgview.errors import RecordingError
from ecgview.formats import describe, guard, open_recording, save_recording
from ecgview.formats.inputs import files_of
from ecgview.formats.writers import WRITERS, npz
from ecgview.leads import LEADS
from ecgview.recording import Mark, Patient

FORMATS = sorted(WRITERS)
KEEPS_PATIENTS = ["dicom", "edf", "npz", "wfdb"]
KEEPS_MARKS = ["dicom", "edf", "npz", "wfdb"]


def twelve(n_samples: int = 700) -> np.ndarray:
    time = np.arange(n_samples) / 500
    scale = np.linspace(0.5, 2, 12)[:, np.newaxis]
    return np.rint(1000 * scale * np.sin(6 * time + scale)) / 1000


@pytest.mark.parametrize("format", FORMATS)
def test_samples_gaps_and_comments_come_back(tmp_path: Path, format: str) -> None:
    leads_mv = twelve()
    leads_mv[4, 30:60] = np.nan
    comments = ["I: measured", "V3: reconstructed (5 µV off)", "two\nlines"]
    path = save_recording("demo", leads_mv, 500, tmp_path, format=format, comments=comments)
    recording = open_recording(path)
    assert (recording.fs_hz, recording.leads, recording.name) == (500, LEADS, "demo")
    np.testing.assert_allclose(recording.read_twelve(), leads_mv, rtol=1e-6, atol=1e-7)
    assert {*comments[:2], "two", "lines"} <= {*recording.comments}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("resolution_mv", [0.001, 0.005, 0.0005, 1 / 204.8, 1 / 2048])
def test_resolution_is_kept(tmp_path: Path, format: str, resolution_mv: float) -> None:
    steps = np.random.default_rng(1).integers(-900, 900, (12, 400))
    leads_mv = steps * resolution_mv
    path = save_recording("r", leads_mv, 360, tmp_path, format=format, resolution_mv=resolution_mv)
    read_mv = open_recording(path).read_twelve()
    np.testing.assert_allclose(read_mv, leads_mv, atol=0.51 * min(resolution_mv, 0.001))
    if format in ("wfdb", "dicom"):
        np.testing.assert_allclose(read_mv, leads_mv, rtol=1e-6)


@pytest.mark.parametrize("largest_mv", [32.767, 32.768, 500.0])
@pytest.mark.parametrize("format", [format for format in FORMATS if format != "edf"])
def test_nothing_is_clipped(tmp_path: Path, format: str, largest_mv: float) -> None:
    leads_mv = twelve()
    leads_mv[0, :2] = [largest_mv, -largest_mv]
    path = save_recording("r", leads_mv, 500, tmp_path, format=format)
    np.testing.assert_allclose(
        open_recording(path).read(("I",), 0, 2)[0], [largest_mv, -largest_mv], rtol=1e-6
    )


@pytest.mark.parametrize("format", FORMATS)
def test_large_amplitudes_of_a_coarse_file_come_back(tmp_path: Path, format: str) -> None:
    """In steps of 5 uV, sixteen bits hold five times as much as in those of 1 uV."""
    leads_mv = np.rint(twelve() / 0.005) * 0.005
    leads_mv[0, :3] = [-97.85, 24.7, 0.005]
    facts = {"format": format, "resolution_mv": 0.005}
    path = save_recording("r", leads_mv, 500, tmp_path, **facts)  # type: ignore[arg-type]
    read_mv = open_recording(path).read(("I",), 0, 700)[0]
    np.testing.assert_allclose(read_mv, leads_mv[0], rtol=1e-6, atol=1e-6)


def test_a_large_archive_opens_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flat leads would be packed more tightly than the reader allows."""
    monkeypatch.setattr(guard, "SMALLEST_LIMIT", 1_000_000)
    monkeypatch.setattr(npz, "SMALLEST_LIMIT", 1_000_000)
    leads_mv = np.tile(twelve(50_000)[:1], (12, 1))
    leads_mv[:, 1000:] = 0
    path = save_recording("r", leads_mv, 500, tmp_path, format="npz")
    assert open_recording(path).n_samples == 50_000


def test_beyond_what_wfdb_can_hold(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="more than WFDB can hold"):
        save_recording("r", twelve() * 1e8, 500, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fs_hz", [250, 360.0, 257.31, 1000])
@pytest.mark.parametrize("format", FORMATS)
def test_rates_come_back(tmp_path: Path, format: str, fs_hz: float) -> None:
    path = save_recording("r", twelve(), fs_hz, tmp_path, format=format)
    # EDF states the length of a data record in eight characters.
    tolerance = 1e-7 if format == "edf" else 1e-9
    assert open_recording(path).fs_hz == pytest.approx(fs_hz, rel=tolerance)


@pytest.mark.parametrize("format", FORMATS)
def test_leads_come_back_by_name(tmp_path: Path, format: str) -> None:
    leads = ("I", "V1", "V3R", "VX", "VY", "VZ", "Lead of mine")
    leads_mv = twelve()[:7]
    path = save_recording("r", leads_mv, 500, tmp_path, format=format, leads=leads)
    recording = open_recording(path)
    assert recording.leads == ("I", "V1")
    assert recording.other_leads == ("VX", "VY", "VZ")
    written = [channel.name for channel in recording.channels]
    assert [name.removeprefix("ECG ") for name in written] == list(leads)
    rows = range(len(leads))
    read_mv = recording.source.read(0, 700, rows)
    np.testing.assert_allclose(read_mv, leads_mv, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("format", FORMATS)
def test_a_patient_comes_back_where_one_is_given(tmp_path: Path, format: str) -> None:
    patient = Patient("P-4711", "60", "female", "Example, Ada", "1950-02-03")
    path = save_recording(
        "r",
        twelve(),
        500,
        tmp_path,
        format=format,
        patient=patient,
        started="2010-06-07T08:09:10",
    )
    recording = open_recording(path)
    assert recording.patient.identifier == "P-4711"
    assert recording.patient.sex == "female"
    assert {*recording.patient.name.replace(",", "").split()} == {"Ada", "Example"}
    assert recording.started == "2010-06-07T08:09:10"


@pytest.mark.parametrize("format", KEEPS_MARKS)
def test_marks_come_back(tmp_path: Path, format: str) -> None:
    marks = (Mark(0.2, "N"), Mark(0.5, "V"), Mark(1.0, "note: a long one, é"))
    path = save_recording("r", twelve(), 500, tmp_path, format=format, marks=marks)
    read = open_recording(path).marks
    assert [mark.start_s for mark in read] == pytest.approx([0.2, 0.5, 1.0], abs=0.0011)
    assert [mark.text for mark in read] == [mark.text for mark in marks]


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_said_of_a_patient_who_is_not_given(tmp_path: Path, format: str) -> None:
    recording = open_recording(save_recording("r", twelve(), 500, tmp_path, format=format))
    assert recording.patient == Patient()
    assert recording.started == ""


def test_targets(tmp_path: Path) -> None:
    leads_mv = twelve(50)
    assert save_recording("a b/ä", leads_mv, 500, tmp_path).name == "a_b_a.hea"
    deep = tmp_path / "new" / "folder"
    assert save_recording("x", leads_mv, 500, deep, format="csv") == deep / "x.csv"
    assert save_recording("x", leads_mv, 500, tmp_path / "named.hea") == tmp_path / "named.hea"


ENDINGS = {name: writer.ending for name, writer in WRITERS.items()} | {"wfdb": ".dat"}


@pytest.mark.parametrize(("format", "ending"), sorted(ENDINGS.items()))
def test_nothing_is_overwritten_unasked(tmp_path: Path, format: str, ending: str) -> None:
    precious = tmp_path / f"r{ending}"
    precious.write_text("precious")
    with pytest.raises(RecordingError, match=rf"already holds r\{ending}"):
        save_recording("r", twelve(), 500, tmp_path, format=format)
    assert [file.name for file in tmp_path.iterdir()] == [precious.name]
    assert precious.read_text() == "precious"
    path = save_recording("r", twelve(), 500, tmp_path, format=format, overwrite=True)
    assert open_recording(path).n_samples == 700


@pytest.mark.parametrize("format", FORMATS)
def test_inputs_are_never_replaced(tmp_path: Path, format: str) -> None:
    path = save_recording("r", twelve(), 500, tmp_path, format=format)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(RecordingError, match="that is being read"):
        save_recording(
            "r", twelve(), 500, path, format=format, overwrite=True, inputs=files_of(path)
        )
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_target_that_cannot_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="cannot be written"):
        save_recording("r", twelve(), 500, tmp_path / "file")
    with pytest.raises(RecordingError, match="not a format that ecgview writes"):
        save_recording("r", twelve(), 500, tmp_path, format="pdf")


@pytest.mark.real_data
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "record",
    ["formats/wfdb/s0010_re", "ptb-xl/records500/00000/00034_hr", "challenge-2011/set-a/1443107"],
)
def test_real_recordings_come_back_exactly(
    data_dir: Path, tmp_path: Path, record: str, format: str
) -> None:
    recording = open_recording(data_dir / record)
    leads_mv = recording.read_twelve()
    path = save_recording(
        recording.name,
        leads_mv,
        recording.fs_hz,
        tmp_path,
        format=format,
        resolution_mv=recording.resolution_mv,
    )
    again = open_recording(path)
    atol = 0.51 / 1000 if format in ("edf", "csv") else 1e-7
    np.testing.assert_allclose(
        again.read_twelve(0, recording.n_samples), leads_mv, rtol=1e-6, atol=atol
    )


def test_describe_is_ready_for_json(write_record, wave) -> None:
    header = write_record(
        wave, names=("I", "RESP"), units=("mV", "NU"), comments=("Age: 60", "Sex: F")
    )
    facts = json.loads(json.dumps(describe(open_recording(header)), allow_nan=False))
    assert facts["path"] == str(header)
    assert (facts["name"], facts["format"], facts["simulated"]) == ("rec", "WFDB", False)
    assert (facts["fs_hz"], facts["n_samples"], facts["duration_s"]) == (500, 1000, 2)
    assert facts["leads"] == ["I"]
    assert facts["absent_leads"] == list(LEADS[1:])
    assert facts["other_channels"] == [{"name": "RESP", "unit": "NU"}]
    assert facts["resolution_uv"] == pytest.approx(1)
    assert facts["patient"] == {
        "identifier": "",
        "age": "60",
        "sex": "female",
        "name": "",
        "birth_date": "",
    }
    assert facts["comments"] == ["Age: 60", "Sex: F"]
    assert [warning["code"] for warning in facts["warnings"]] == ["other-channels"]
