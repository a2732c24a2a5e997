"""MATLAB and Parquet files as laboratory recorders and data frames lay them out."""

from __future__ import annotations

import datetime
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from beats import twelve_lead_array
from scipy.io import savemat

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording

ECG_MV = twelve_lead_array(500, 4)
HALF = ECG_MV.shape[1] // 2


def labchart(**changes: Any) -> dict[str, Any]:
    """Lay out leads I and II and a breathing belt of half the rate in two blocks."""
    belt = np.linspace(0, 1, HALF // 2)
    pieces = [ECG_MV[0, :HALF], ECG_MV[1, :HALF], belt, ECG_MV[0, HALF:], ECG_MV[1, HALF:], belt]
    ends = np.cumsum([len(piece) for piece in pieces])
    starts = np.concatenate([[1], ends[:-1] + 1])
    said = {
        "data": np.concatenate(pieces)[np.newaxis] / 1000,  # in V: LabChart exports base units
        "datastart": starts.reshape(2, 3).T.astype(float),
        "dataend": ends.reshape(2, 3).T.astype(float),
        "samplerate": np.array([[500.0, 500.0], [500.0, 500.0], [250.0, 250.0]]),
        "titles": np.array(["Lead I ", "Lead II", "Belt   "]),
        "unittext": np.array(["V   ", "mmHg"]),
        "unittextmap": np.array([[1.0, 1.0], [1.0, 1.0], [2.0, 2.0]]),
        "blocktimes": np.array([[738000.5, 738000.6]]),
    }
    return said | changes


def test_labchart_blocks_are_parts_with_their_channels(tmp_path: Path) -> None:
    path = tmp_path / "r.mat"
    savemat(path, labchart())
    recording = open_recording(path)
    assert recording.fs_hz == 500
    assert recording.part == "block 1 at 500 Hz"
    assert recording.parts == ("block 1 at 500 Hz", "block 2 at 500 Hz")
    first = recording.source.read(0, HALF, [0, 1])
    assert np.allclose(first, ECG_MV[:2, :HALF], atol=1e-6)
    second = open_recording(path, options=ImportOptions(part="block 2 at 500 Hz"))
    assert np.allclose(second.source.read(0, HALF, [0, 1]), ECG_MV[:2, HALF:], atol=1e-6)


def test_labchart_steps_are_scaled_and_empty_channels_passed_over(tmp_path: Path) -> None:
    size_v, offset = 5e-7, 200
    steps = np.round(ECG_MV[1] / 1000 / size_v) - offset
    path = tmp_path / "r.mat"
    said = labchart(
        data=steps[np.newaxis].astype(np.int16),
        datastart=np.array([[-1.0], [1.0]]),
        dataend=np.array([[-1.0], [float(steps.size)]]),
        samplerate=np.array([[0.0], [500.0]]),
        titles=np.array(["Lead I ", "Lead II"]),
        unittextmap=np.array([[-1.0], [1.0]]),
        scaleunits=np.array([[0.0], [size_v]]),
        scaleoffset=np.array([[0.0], [float(offset)]]),
    )
    savemat(path, said)
    recording = open_recording(path)
    assert recording.leads == ("II",)
    read = recording.source.read(0, ECG_MV.shape[1], [0])[0]
    assert np.allclose(read, ECG_MV[1], atol=0.001)


def test_one_labchart_channel_of_two_blocks_is_no_two_channels(tmp_path: Path) -> None:
    n_samples = ECG_MV.shape[1]
    path = tmp_path / "r.mat"
    said = labchart(
        data=ECG_MV[1:2] / 1000,
        datastart=np.array([[1.0, HALF + 1.0]]),
        dataend=np.array([[float(HALF), float(n_samples)]]),
        samplerate=np.array([[500.0, 500.0]]),
        titles=np.array(["Lead II"]),
        unittextmap=np.array([[1.0, 1.0]]),
    )
    savemat(path, said)
    recording = open_recording(path)
    assert recording.parts == ("block 1 at 500 Hz", "block 2 at 500 Hz")
    assert recording.leads == ("II",)
    assert recording.n_samples == HALF


def test_labchart_samples_beyond_the_end_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.mat"
    savemat(path, labchart(data=np.zeros((1, 700))))
    with pytest.raises(RecordingError, match="ends before the last sample"):
        open_recording(path)


@pytest.mark.parametrize(("isi", "unit"), [(2.0, "ms"), (0.002, "s")])
def test_acqknowledge_states_an_interval_and_labels(tmp_path: Path, isi: float, unit: str) -> None:
    path = tmp_path / "r.mat"
    savemat(
        path,
        {
            "data": ECG_MV[:2].T,
            "isi": isi,
            "isi_units": unit,
            "labels": np.array(["ECG I (.5 - 35 Hz) ", "ECG II (.5 - 35 Hz)"]),
            "units": np.array(["mV", "mV"]),
            "start_sample": 0.0,
        },
    )
    recording = open_recording(path)
    assert recording.fs_hz == 500
    assert np.allclose(recording.source.read(0, 100, [1])[0], ECG_MV[1, :100], atol=1e-6)


def test_acqknowledge_of_one_channel(tmp_path: Path) -> None:
    path = tmp_path / "r.mat"
    said = {"data": ECG_MV[1:2].T, "isi": 2.0, "isi_units": "ms", "labels": "Lead II"}
    savemat(path, {**said, "units": "mV"})
    assert open_recording(path).leads == ("II",)
    savemat(path, {**said, "units": "Volts", "isi_units": "kHz"})
    with pytest.raises(NeedsOptions, match="sampling rate"):
        open_recording(path)


@pytest.mark.skipif(importlib.util.find_spec("pyarrow") is None, reason="needs pyarrow")
def test_dates_of_a_parquet_file_give_rate_and_start(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    start = datetime.datetime(2024, 5, 6, 7, 8, 9)
    moments = [start + datetime.timedelta(milliseconds=2 * n) for n in range(ECG_MV.shape[1])]
    table = {"when": pa.array(moments, pa.timestamp("us")), "I [mV]": ECG_MV[0]}
    path = tmp_path / "r.parquet"
    parquet.write_table(pa.table(table), path)
    recording = open_recording(path)
    assert recording.fs_hz == 500
    assert recording.started == "2024-05-06T07:08:09"


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (1.0, "Their size fits mV."),
        (1000.0, "Their size fits uV, if they are no converter steps."),
        (0.001, None),
        (100.0, None),
    ],
)
def test_the_unit_that_fits_is_said_and_not_taken(
    tmp_path: Path, factor: float, said: str | None
) -> None:
    path = tmp_path / "r.npy"
    np.save(path, ECG_MV * factor)
    with pytest.raises(NeedsOptions, match="unit") as asked:
        open_recording(path)
    assert ("size fits" in asked.value.hint) == (said is not None)
    assert (said or "the standard order is likely") in asked.value.hint


def test_the_question_names_the_number_of_parts(tmp_path: Path) -> None:
    path = tmp_path / "r.npy"
    np.save(path, np.stack([ECG_MV] * 7))
    with pytest.raises(NeedsOptions) as asked:
        open_recording(path)
    assert "one of 7 parts" in asked.value.hint
    assert "--part" not in asked.value.preview.found
