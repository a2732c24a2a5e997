from __future__ import annotations

from pathlib import Path

import edfio
import numpy as np
import pytest

from ecgview.errors import RecordingError
from ecgview.formats import open_recording, save_recording
from ecgview.formats.writers.edf import record_layout
from ecgview.leads import LEADS
from ecgview.recording import Mark, Patient


@pytest.fixture
def twelve_mv() -> np.ndarray:
    """Multiples of 1 uV, shape (12, 5001)."""
    steps = np.random.default_rng(2).normal(scale=12, size=(12, 5001)).cumsum(axis=1)
    return np.rint(steps) / 1000


def test_pyedflib_and_edfio_read_the_same(tmp_path: Path, twelve_mv: np.ndarray) -> None:
    pyedflib = pytest.importorskip("pyedflib", reason="has no wheels for Python 3.13")
    path = save_recording(
        "r",
        twelve_mv[:, :5000],
        500,
        tmp_path,
        format="edf",
        patient=Patient("P_1", "63", "female", "Müller, Änne", "1950-02-03"),
        started="2020-05-06T07:08:09",
        comments=["V3: reconstructed"],
        marks=[Mark(1.5, "N", channel="II"), Mark(2, "AF", 3.25)],
    )
    with pyedflib.EdfReader(str(path)) as reader:
        assert reader.getSignalLabels() == [f"ECG {lead}" for lead in LEADS]
        assert {reader.getPhysicalDimension(n) for n in range(12)} == {"uV"}
        assert reader.getSampleFrequencies().tolist() == [500] * 12
        np.testing.assert_allclose(
            [reader.readSignal(n) for n in range(12)], 1000 * twelve_mv[:, :5000], atol=1e-9
        )
        assert (reader.getPatientCode(), reader.getSex()) == ("P 1", "Female")
        assert reader.getPatientName() == "Muller, Anne"
        assert reader.getBirthdate() == "03 feb 1950"
        assert str(reader.getStartdatetime()) == "2020-05-06 07:08:09"
        times, durations, texts = reader.readAnnotations()
    assert times.tolist() == [0, 1.5, 2]
    assert durations.tolist() == [-1, -1, 3.25]
    assert texts.tolist() == ["# V3: reconstructed", "N@@ECG II", "AF"]
    edf = edfio.read_edf(path)
    assert (edf.reserved, edf.num_data_records, edf.data_record_duration) == ("EDF+C", 10, 1)


def test_all_comes_back(tmp_path: Path, twelve_mv: np.ndarray) -> None:
    comments = ("V3: reconstructed (±5 µV)", "a long line " * 40)
    marks = (Mark(0.0, "start"), Mark(1.5, "N", channel="II"), Mark(2.0, "Vorhofflattern ü", 3.25))
    patient = Patient("P_1", "63", "male", "Muller", "1950-02-03")
    path = save_recording(
        "r",
        twelve_mv,
        500,
        tmp_path,
        format="edf",
        patient=patient,
        started="2020-05-06T07:08:09",
        comments=comments,
        marks=marks,
    )
    recording = open_recording(path)
    assert (recording.n_samples, recording.fs_hz) == (5001, 500)
    np.testing.assert_allclose(recording.read(LEADS), twelve_mv, rtol=1e-6, atol=1e-9)
    assert [line.strip() for line in comments] == list(recording.comments)
    assert recording.patient == patient
    assert recording.started == "2020-05-06T07:08:09"
    assert recording.device == "ecgview"
    assert recording.marks == (marks[0], Mark(1.5, "N", channel="ECG II"), marks[2])


def test_gaps_of_single_leads_come_back_and_no_other_sample_is_one(
    tmp_path: Path, twelve_mv: np.ndarray
) -> None:
    twelve_mv[3, 100:200] = np.nan
    twelve_mv[:, 4990:] = np.nan
    twelve_mv[7] = np.nan
    twelve_mv[0, 0] = -32.767
    path = save_recording("r", twelve_mv, 500, tmp_path, format="edf")
    read_mv = open_recording(path).read(LEADS)
    np.testing.assert_array_equal(np.isnan(read_mv), np.isnan(twelve_mv))
    np.testing.assert_allclose(read_mv, twelve_mv, rtol=1e-6, atol=1e-9)
    signals = edfio.read_edf(path).signals
    assert signals[3].transducer_type == "missing sample: -32768"
    assert signals[3].digital[100:200].tolist() == [-32768] * 100


@pytest.mark.parametrize("offset_mv", [0.0, 31.0, -250.0, 800.0])
def test_a_lead_far_from_zero_keeps_its_resolution(
    tmp_path: Path, twelve_mv: np.ndarray, offset_mv: float
) -> None:
    path = save_recording("r", twelve_mv + offset_mv, 500, tmp_path, format="edf")
    read_mv = open_recording(path).read(LEADS)
    # Half a step of 1 uV, and the rounding of float32 at 800 mV.
    np.testing.assert_allclose(read_mv, twelve_mv + offset_mv, atol=0.0005 + 3.1e-5)


def test_more_than_16_bits_are_refused(tmp_path: Path, twelve_mv: np.ndarray) -> None:
    twelve_mv[2, :2] = [-40, 40]
    with pytest.raises(RecordingError) as caught:
        save_recording("r", twelve_mv, 500, tmp_path, format="edf")
    assert "III of r reaches from -40 to 40 mV" in caught.value.message
    assert "WFDB" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("n_samples", "fs_hz", "samples", "duration_s"),
    [
        (5000, 500, 500, 1.0),
        (5001, 500, 1667, 3.334),
        (10007, 500, 10007, 20.014),
        (2570, 257, 257, 1.0),
        (1000, 1000 / 3, 250, 0.75),
        (43_200_000, 500, 500, 1.0),
        (7, 500, 7, 0.014),
    ],
)
def test_data_records_that_divide_the_samples(
    n_samples: int, fs_hz: float, samples: int, duration_s: float
) -> None:
    layout = record_layout(n_samples, fs_hz, 12)
    assert (layout.samples, layout.duration_s) == (samples, duration_s)
    assert layout.n_records * layout.samples == n_samples


def test_a_length_that_nothing_divides_is_padded_and_says_so(tmp_path: Path) -> None:
    n_samples = 50_021  # a prime, and more than a data record should hold
    ramp_mv = np.arange(n_samples)[np.newaxis] % 1000 / 1000
    path = save_recording("r", np.repeat(ramp_mv, 12, axis=0), 500, tmp_path, format="edf")
    recording = open_recording(path)
    assert recording.n_samples == 50_500
    assert recording.comments == ("479 missing samples follow the last one, to fill a data record",)
    leads_mv = recording.read(LEADS)
    np.testing.assert_allclose(leads_mv[11, :n_samples], ramp_mv[0], rtol=1e-6, atol=1e-9)
    assert np.isnan(leads_mv[:, n_samples:]).all()


@pytest.mark.parametrize("started", ["1970-01-01T00:00:00", "2090-01-01", "yesterday", ""])
def test_starts_that_edf_cannot_hold_are_left_out(
    tmp_path: Path, twelve_mv: np.ndarray, started: str
) -> None:
    path = save_recording("r", twelve_mv, 500, tmp_path, format="edf", started=started)
    assert open_recording(path).started == ""


def test_texts_that_are_too_long_for_the_patient_field(tmp_path: Path, twelve_mv) -> None:
    patient = Patient("x" * 200, "1" * 50, "female", "ß é " * 90, "1950-02-03")
    path = save_recording("r", twelve_mv, 500, tmp_path, format="edf", patient=patient)
    read = open_recording(path).patient
    assert read.identifier == "x" * 20
    assert read.name.startswith("ss e ss e")
    assert (read.sex, read.birth_date) == ("female", "1950-02-03")
