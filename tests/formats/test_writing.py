from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ecgview.errors import RecordingError
from ecgview.formats import describe, find_recordings, open_recording, save_recording
from ecgview.leads import LEADS


def twelve(n_samples: int = 700) -> np.ndarray:
    time = np.arange(n_samples) / 500
    scale = np.linspace(0.5, 2, 12)[:, np.newaxis]
    return np.rint(1000 * scale * np.sin(6 * time + scale)) / 1000


@pytest.mark.parametrize("format", ["wfdb", "csv"])
def test_samples_gaps_and_comments_come_back(tmp_path: Path, format: str) -> None:
    leads_mv = twelve()
    leads_mv[4, 30:60] = np.nan
    comments = ["I: measured", "V3: reconstructed (5 µV off)", "two\nlines"]
    path = save_recording("demo", leads_mv, 500, tmp_path, format=format, comments=comments)
    recording = open_recording(path)
    assert (recording.fs_hz, recording.leads, recording.name) == (500, LEADS, "demo")
    np.testing.assert_allclose(recording.read_twelve(), leads_mv, rtol=1e-6)
    assert recording.comments[:4] == (*comments[:2], "two", "lines")


@pytest.mark.parametrize("format", ["wfdb", "csv"])
@pytest.mark.parametrize("resolution_mv", [0.001, 0.005, 0.0005, 1 / 204.8, 1 / 2048])
def test_resolution_is_kept(tmp_path: Path, format: str, resolution_mv: float) -> None:
    steps = np.random.default_rng(1).integers(-900, 900, (12, 400))
    leads_mv = steps * resolution_mv
    path = save_recording("r", leads_mv, 360, tmp_path, format=format, resolution_mv=resolution_mv)
    read_mv = open_recording(path).read_twelve()
    np.testing.assert_allclose(read_mv, leads_mv, atol=0.51 * min(resolution_mv, 0.001))
    if format == "wfdb":
        np.testing.assert_allclose(read_mv, leads_mv, rtol=1e-6)


@pytest.mark.parametrize("largest_mv", [32.767, 32.768, 500.0])
def test_nothing_is_clipped(tmp_path: Path, largest_mv: float) -> None:
    leads_mv = twelve()
    leads_mv[0, :2] = [largest_mv, -largest_mv]
    path = save_recording("r", leads_mv, 500, tmp_path)
    np.testing.assert_allclose(
        open_recording(path).read(("I",), 0, 2)[0], [largest_mv, -largest_mv], rtol=1e-6
    )


def test_beyond_what_wfdb_can_hold(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="more than WFDB can hold"):
        save_recording("r", twelve() * 1e8, 500, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fs_hz", [250, 360.0, 257.31, 1000])
@pytest.mark.parametrize("format", ["wfdb", "csv"])
def test_rates_come_back(tmp_path: Path, format: str, fs_hz: float) -> None:
    path = save_recording("r", twelve(), fs_hz, tmp_path, format=format)
    assert open_recording(path).fs_hz == pytest.approx(fs_hz, rel=1e-9)


def test_an_absent_lead_stays_absent(tmp_path: Path) -> None:
    path = save_recording("r", twelve()[[0, 6]], 500, tmp_path, leads=("I", "V1"))
    assert open_recording(path).leads == ("I", "V1")


def test_targets(tmp_path: Path) -> None:
    leads_mv = twelve(50)
    assert save_recording("a b/ä", leads_mv, 500, tmp_path).name == "a_b_.hea"
    deep = tmp_path / "new" / "folder"
    assert save_recording("x", leads_mv, 500, deep, format="csv") == deep / "x.csv"
    assert save_recording("x", leads_mv, 500, tmp_path / "named.hea") == tmp_path / "named.hea"


@pytest.mark.parametrize(("format", "ending"), [("wfdb", ".dat"), ("csv", ".csv")])
def test_nothing_is_overwritten_unasked(tmp_path: Path, format: str, ending: str) -> None:
    precious = tmp_path / f"r{ending}"
    precious.write_text("precious")
    with pytest.raises(RecordingError, match=rf"already holds r\{ending}"):
        save_recording("r", twelve(), 500, tmp_path, format=format)
    assert [file.name for file in tmp_path.iterdir()] == [precious.name]
    assert precious.read_text() == "precious"
    path = save_recording("r", twelve(), 500, tmp_path, format=format, overwrite=True)
    assert open_recording(path).n_samples == 700


def test_a_target_that_cannot_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="cannot be written"):
        save_recording("r", twelve(), 500, tmp_path / "file")
    with pytest.raises(RecordingError, match="not a format that ecgview writes"):
        save_recording("r", twelve(), 500, tmp_path, format="edf")


@pytest.mark.real_data
@pytest.mark.parametrize("format", ["wfdb", "csv"])
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
    np.testing.assert_allclose(open_recording(path).read_twelve(), leads_mv, rtol=1e-6, atol=1e-7)


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
    assert facts["patient"] == {"identifier": "", "age": "60", "sex": "F"}
    assert facts["comments"] == ["Age: 60", "Sex: F"]
    assert [warning["code"] for warning in facts["warnings"]] == ["other-channels"]


def test_recordings_are_found_in_folders(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z", "a", "b/c", "m", "m_1", "m_2"):
        (tmp_path / f"{name}.hea").write_text("x 1 500 10\n")
    (tmp_path / "m.hea").write_text("m/3 1 500 20\nm_1 10\n~ 5\nm_2 10\n")
    (tmp_path / "notes.csv").write_text("")
    other = tmp_path / "given.csv"
    found = find_recordings([other, tmp_path, tmp_path / "a.hea"])
    expected = [other, *(tmp_path / f"{name}.hea" for name in ("a", "b/c", "m", "z"))]
    assert found == expected


@pytest.mark.real_data
def test_every_recording_of_the_data_sets_is_found(data_dir: Path) -> None:
    assert len(find_recordings([data_dir / "ptb-xl"])) == 2277
    assert len(find_recordings([data_dir / "challenge-2011", data_dir / "formats"])) == 1004


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch) -> None:
    def refuse(path: Path):
        raise PermissionError(13, "Permission denied", str(path))

    # The tests may run as root, whom no permission stops.
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(RecordingError, match="may not be read"):
        find_recordings([tmp_path])
