from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array
from ecgdatakit.parsing.parsers.dicom_waveform import DICOMWaveformParser
from pydicom import dcmread
from pydicom.uid import UID

from ecgview.errors import RecordingError
from ecgview.formats import open_recording, save_recording
from ecgview.leads import LEADS
from ecgview.recording import Mark, Patient


def signals_mv(n_leads: int = 12, n_samples: int = 1000) -> np.ndarray:
    steps = np.random.default_rng(7).integers(-9000, 9000, (n_leads, n_samples))
    return steps / 1000


def save(folder: Path, leads_mv: np.ndarray, fs_hz: float = 500, **facts: object) -> Path:
    names = (*LEADS, *(f"E{number}" for number in range(len(leads_mv) - 12)))[: len(leads_mv)]
    return save_recording("r", leads_mv, fs_hz, folder, format="dicom", leads=names, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("n_leads", "n_samples", "fs_hz", "largest_mv", "kind"),
    [
        (12, 5000, 500, 9, "12-lead ECG Waveform Storage"),
        (13, 16_384, 200, 9, "12-lead ECG Waveform Storage"),
        (1, 5000, 1000, 9, "12-lead ECG Waveform Storage"),
        (12, 16_385, 500, 9, "General ECG Waveform Storage"),
        (14, 5000, 500, 9, "General ECG Waveform Storage"),
        (12, 5000, 128, 9, "Ambulatory ECG Waveform Storage"),
        (3, 20_000, 50, 9, "Ambulatory ECG Waveform Storage"),
        (12, 5000, 500, 33, "General 32-bit ECG Waveform Storage"),
        (12, 5000, 2000, 9, "General 32-bit ECG Waveform Storage"),
        (15, 5000, 128, 9, "General 32-bit ECG Waveform Storage"),
    ],
)
def test_the_class_is_one_whose_limits_hold(
    tmp_path: Path, n_leads: int, n_samples: int, fs_hz: float, largest_mv: float, kind: str
) -> None:
    leads_mv = signals_mv(n_leads, n_samples)
    leads_mv[0, 0] = largest_mv
    path = save(tmp_path, leads_mv, fs_hz)
    assert UID(dcmread(path).SOPClassUID).name == kind
    recording = open_recording(path)
    rows = range(n_leads)
    np.testing.assert_allclose(recording.source.read(0, n_samples, rows), leads_mv, rtol=1e-6)


def test_steps_of_the_file_go_before_32_bits(tmp_path: Path) -> None:
    leads_mv = np.rint(signals_mv() / 0.005) * 0.005
    leads_mv[0, 0] = 150
    dataset = dcmread(save(tmp_path, leads_mv, resolution_mv=0.005))
    assert UID(dataset.SOPClassUID).name == "12-lead ECG Waveform Storage"
    assert dataset.WaveformSequence[0].ChannelDefinitionSequence[0].ChannelSensitivity == 5


def test_more_than_any_class_holds(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="DICOM cannot hold r: 97 leads"):
        save(tmp_path, np.zeros((97, 100)))
    with pytest.raises(RecordingError, match="up to 5e"):
        save(tmp_path, np.full((1, 10), 5e9))


def test_leads_that_one_group_cannot_hold_go_into_another_of_the_same_time(tmp_path: Path) -> None:
    leads_mv = np.vstack([signals_mv(), signals_mv(), signals_mv(3)])
    mark = Mark(1.0, text="here", channel="E13")
    path = save(tmp_path, leads_mv, marks=[mark])
    groups = dcmread(path).WaveformSequence
    assert [group.NumberOfWaveformChannels for group in groups] == [24, 3]
    recording = open_recording(path)
    assert recording.parts == ()
    assert [channel.name for channel in recording.channels][12:] == [f"E{n}" for n in range(15)]
    read_mv = recording.source.read(0, recording.n_samples, range(27))
    np.testing.assert_allclose(read_mv, leads_mv, rtol=1e-6)
    assert [(one.text, one.channel) for one in recording.marks] == [("here", "E13")]


def test_other_readers_read_the_same(tmp_path: Path) -> None:
    leads_mv = twelve_lead_array(500.0, 10.0)
    leads_mv[3, 100:200] = np.nan
    path = save(tmp_path, leads_mv, resolution_mv=1 / 204.8)

    parsed = DICOMWaveformParser().parse(path)
    assert [lead.label for lead in parsed.leads] == list(LEADS)
    assert {(lead.sampling_rate, lead.resolution_unit) for lead in parsed.leads} == {(500, "uV")}
    their_mv = np.array([lead.samples * lead.resolution for lead in parsed.leads]) / 1000
    np.testing.assert_allclose(their_mv, leads_mv, atol=0.00051)

    dataset = dcmread(path)
    array_uv = dataset.waveform_array(0)
    present = np.isfinite(leads_mv.T)
    np.testing.assert_allclose(array_uv[present] / 1000, leads_mv.T[present], atol=0.00051)


FILLED = (
    "SOPClassUID SOPInstanceUID StudyInstanceUID SeriesInstanceUID Modality InstanceNumber "
    "ContentDate ContentTime AcquisitionDateTime WaveformSequence"
)
EMPTY = (
    "PatientName PatientID PatientBirthDate PatientSex StudyDate StudyTime ReferringPhysicianName "
    "StudyID AccessionNumber SeriesNumber Manufacturer AcquisitionContextSequence"
)
FILLED_IN_GROUPS = (
    "WaveformOriginality NumberOfWaveformChannels NumberOfWaveformSamples SamplingFrequency "
    "WaveformBitsAllocated WaveformSampleInterpretation WaveformData WaveformPaddingValue"
)


def test_required_elements_are_there(tmp_path: Path) -> None:
    """Type 1 has a value, type 2 may be empty (PS3.3 C.7.1.1 to C.10.9)."""
    dataset = dcmread(save(tmp_path, signals_mv()))
    group = dataset.WaveformSequence[0]
    assert [keyword for keyword in FILLED.split() if not dataset[keyword].value] == []
    assert [keyword for keyword in EMPTY.split() if dataset[keyword].value] == []
    assert [keyword for keyword in FILLED_IN_GROUPS.split() if not group[keyword].value] == []
    channel = group.ChannelDefinitionSequence[3]
    source = channel.ChannelSourceSequence[0]
    assert (source.CodingSchemeDesignator, source.CodeValue) == ("MDC", "2:62")
    assert channel.ChannelSensitivityUnitsSequence[0].CodeValue == "uV"
    assert channel.ChannelSensitivity == 1


def test_every_object_has_numbers_of_its_own(tmp_path: Path) -> None:
    numbers = set()
    for name in ("a", "b"):
        dataset = dcmread(save(tmp_path / name, signals_mv()))
        numbers |= {dataset.SOPInstanceUID, dataset.StudyInstanceUID, dataset.SeriesInstanceUID}
    assert len(numbers) == 6
    assert all(number.startswith("2.25.") and len(number) <= 64 for number in numbers)


def test_estimates_are_said_to_be_derived(tmp_path: Path) -> None:
    made = {
        comment: dcmread(save(tmp_path / str(number), signals_mv(), comments=[comment]))
        for number, comment in enumerate(["derived: III", "reconstructed: V1", "V1: reconstructed"])
    }
    originality = [one.WaveformSequence[0].WaveformOriginality for one in made.values()]
    assert originality == ["ORIGINAL", "DERIVED", "DERIVED"]


def test_text_that_dicom_gives_a_meaning_is_made_plain(tmp_path: Path) -> None:
    patient = Patient("A\\B^C", "6 months", "male", "O'Hara^X, Ann=Ä\\n", "1950-02-03")
    marks = [Mark(0.2, "a\\b", channel="V1"), Mark(0.5, "x" * 2000, 0.25)]
    path = save(tmp_path, signals_mv(), patient=patient, comments=["one\\two = ä"], marks=marks)
    recording = open_recording(path)
    assert recording.patient == Patient(
        "A B C", "6 months", "male", "O'Hara X, Ann Ä n", "1950-02-03"
    )
    assert recording.comments == ("one\\two = ä",)
    assert recording.marks == (Mark(0.2, "a\\b", channel="V1"), Mark(0.5, "x" * 1024, 0.25))
