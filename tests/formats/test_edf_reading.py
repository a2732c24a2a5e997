from __future__ import annotations

import tracemalloc
from datetime import date, datetime, time
from pathlib import Path

import edfio
import numpy as np
import pytest
from edf_bytes import EdfFile, Signal, annotations

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording
from ecgview.formats.edf import reader as edf_reader
from ecgview.formats.edf import source as edf_source
from ecgview.leads import LEADS
from ecgview.recording import Mark

FS_HZ = 250


def codes(recording) -> list[str]:
    return [warning.code for warning in recording.warnings]


@pytest.fixture
def steps() -> np.ndarray:
    """Steps of two leads in six records of a second, shape (2, 6, 250)."""
    place = np.arange(6 * FS_HZ)
    waves = np.rint([900 * np.sin(place / 40), 700 * np.cos(place / 31)]).astype(int)
    return waves.reshape(2, 6, FS_HZ)


@pytest.fixture
def two_leads(steps: np.ndarray) -> EdfFile:
    return EdfFile([Signal(steps[0], label="ECG II"), Signal(steps[1], label="ECG V5")])


@pytest.mark.real_data
def test_a_real_file_equals_edfio_and_its_dead_chest_leads_are_told(data_dir: Path) -> None:
    path = data_dir / "formats/edf_800hz_flat_chest.edf"
    recording = open_recording(path)
    assert (recording.fs_hz, recording.n_samples) == (800, 37855)
    assert recording.leads == LEADS
    assert recording.started == "2020-11-16T21:44:39"
    theirs = np.array([signal.data for signal in edfio.read_edf(path).signals])
    np.testing.assert_allclose(recording.read(LEADS), theirs, rtol=1e-6, atol=1e-6)
    (flat,) = (warning for warning in recording.warnings if warning.code == "flat-lead")
    assert "V1, V2, V3, V4, V5, V6" in flat.message
    assert recording.resolution_mv == pytest.approx(2000 / 65535)


@pytest.mark.parametrize(("kind", "limit"), [("edf", 2**15), ("bdf", 2**23)])
def test_files_written_by_pyedflib(
    tmp_path: Path, steps: np.ndarray, kind: str, limit: int
) -> None:
    pyedflib = pytest.importorskip("pyedflib", reason="has no wheels for Python 3.13")
    path = str(tmp_path / f"p.{kind}")
    file_type = {"edf": pyedflib.FILETYPE_EDFPLUS, "bdf": pyedflib.FILETYPE_BDFPLUS}[kind]
    writer = pyedflib.EdfWriter(path, 3, file_type=file_type)
    head = {"dimension": "mV", "sample_frequency": FS_HZ, "physical_min": -5, "physical_max": 5}
    head |= {"digital_min": -limit, "digital_max": limit - 1, "prefilter": "HP:0.05Hz LP:100Hz"}
    labels = ("ECG I", "II", "EKG V4-Ref")
    writer.setSignalHeaders([{**head, "label": label, "transducer": "AgAgCl"} for label in labels])
    writer.setPatientCode("MCH-0234567")
    writer.setSex(0)
    writer.setBirthdate(date(1951, 5, 2))
    writer.setPatientName("Haagse_Harry")
    writer.setEquipment("Holter_7")
    writer.setTechnician("BK/JOP")
    writer.setStartdatetime(datetime(2002, 3, 2, 17, 6, 10))
    truth_mv = np.stack([*steps.reshape(2, -1) / 1000, steps[0].ravel() / 500])
    writer.writeSamples(list(truth_mv))
    writer.writeAnnotation(1.5, 0.25, "Extrasystole")
    writer.writeAnnotation(3.0, -1, "Ereignis größer")
    writer.close()
    recording = open_recording(path)
    assert recording.format_name == f"{kind.upper()}+C"
    with pyedflib.EdfReader(path) as reader:
        theirs_mv = np.array([reader.readSignal(number) for number in range(3)])
    leads_mv = recording.read(("I", "II", "V4"))
    np.testing.assert_allclose(leads_mv, theirs_mv, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(leads_mv, truth_mv, atol=10 / (2 * limit) + 1e-6)
    assert [channel.name for channel in recording.channels[:3]] == ["ECG I", "II", "EKG V4-Ref"]
    patient = recording.patient
    assert (patient.identifier, patient.sex) == ("MCH-0234567", "female")
    assert (patient.name, patient.birth_date) == ("Haagse Harry", "1951-05-02")
    assert recording.started == "2002-03-02T17:06:10"
    assert recording.device == "Holter 7"
    assert recording.comments == ("BK/JOP", "Filters: HP:0.05Hz LP:100Hz")
    assert recording.marks == (Mark(1.5, "Extrasystole", 0.25), Mark(3.0, "Ereignis größer"))


def test_a_file_written_by_edfio(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    signals = [
        edfio.EdfSignal(rng.normal(size=1280), 256, label=lead, physical_dimension="uV")
        for lead in ("I", "V2")
    ]
    patient = edfio.Patient(code="X", sex="M", birthdate=None, name="X")
    edf = edfio.Edf(
        signals,
        patient=patient,
        recording=edfio.Recording(startdate=date(2021, 3, 4)),
        starttime=time(5, 6, 7),
        annotations=[edfio.EdfAnnotation(2, None, "VT@@V2")],
    )
    edf.write(tmp_path / "e.edf")
    recording = open_recording(tmp_path / "e.edf")
    theirs_mv = np.stack([signal.data for signal in edf.signals]) / 1000
    np.testing.assert_allclose(recording.read(("I", "V2")), theirs_mv, rtol=1e-5, atol=1e-9)
    assert (recording.patient.sex, recording.patient.name) == ("male", "")
    assert recording.started == "2021-03-04T05:06:07"
    assert recording.marks == (Mark(2.0, "VT", channel="V2"),)


def test_every_window_equals_a_part_of_the_whole(
    tmp_path: Path, two_leads: EdfFile, steps: np.ndarray, monkeypatch
) -> None:
    monkeypatch.setattr(edf_reader, "SAMPLES_IN_MEMORY", 0)
    monkeypatch.setattr(edf_source, "BLOCK_BYTES", 2500)  # two records and a half
    recording = open_recording(two_leads.write(tmp_path / "a.edf"))
    assert isinstance(recording.source, edf_source.EdfSource)
    whole_mv = steps.reshape(2, -1) / 1000
    for start, stop in [(0, 1500), (0, 0), (249, 251), (700, 1499), (1499, 1500), (250, 500)]:
        np.testing.assert_allclose(
            recording.read(("V5", "II"), start, stop), whole_mv[::-1, start:stop], rtol=1e-6
        )


def test_one_record_of_the_whole_file_is_not_read_at_once(tmp_path: Path, monkeypatch) -> None:
    n_samples = 12_000_000
    path = tmp_path / "long.edf"
    row = np.zeros((1, 1), dtype=int)
    EdfFile([Signal(row, label="I"), Signal(row, label="V1")], record_s="24000").write(path)
    content = bytearray(path.read_bytes()[:768])
    content[256 + 2 * 216 : 256 + 2 * 216 + 16] = f"{n_samples:<8}{n_samples:<8}".encode()
    with path.open("wb") as file:
        file.write(content)
        file.truncate(768 + 4 * n_samples)  # a sparse file: it takes no room on the disk
        file.seek(768 + 2 * (2 * n_samples - 1))
        file.write(np.array([1234], dtype="<i2").tobytes())
    tracemalloc.start()
    recording = open_recording(path)
    last_mv = recording.read(("I", "V1"), n_samples - 1, n_samples)
    largest_mb = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    np.testing.assert_allclose(last_mv, [[0], [1.234]], rtol=1e-6)
    assert recording.fs_hz == 500
    assert largest_mb < 20


def gappy(steps: np.ndarray, onsets: list[str], plus: str = "EDF+D") -> EdfFile:
    texts = [f"+{onset}||~+{onset}|record {n}|" for n, onset in enumerate(onsets)]
    signals = [Signal(steps[0], label="ECG II"), Signal(steps[1], label="ECG V5")]
    return EdfFile([*signals, annotations(texts)], reserved=plus)


@pytest.mark.parametrize("in_memory", [True, False])
def test_gaps_of_a_discontinuous_file_are_gaps(
    tmp_path: Path, steps: np.ndarray, in_memory: bool, monkeypatch
) -> None:
    if not in_memory:
        monkeypatch.setattr(edf_reader, "SAMPLES_IN_MEMORY", 0)
    onsets = ["0.5", "1.5", "4.1", "5.1", "6.1", "8"]
    recording = open_recording(gappy(steps, onsets).write(tmp_path / "d.edf"))
    assert recording.n_samples == round(8.5 * FS_HZ)
    expected_mv = np.full((2, recording.n_samples), np.nan)
    for record, onset in enumerate(onsets):
        first = round((float(onset) - 0.5) * FS_HZ)
        expected_mv[:, first : first + FS_HZ] = steps[:, record] / 1000
    for start, stop in [(0, recording.n_samples), (480, 520), (520, 880), (600, 700), (2100, 2125)]:
        np.testing.assert_allclose(
            recording.read(("II", "V5"), start, stop), expected_mv[:, start:stop], rtol=1e-6
        )
    assert "gap" in codes(recording)
    assert [(mark.start_s, mark.text) for mark in recording.marks] == [
        (pytest.approx(float(onset) - 0.5), f"record {n}") for n, onset in enumerate(onsets)
    ]


def test_a_file_that_only_says_it_is_continuous(tmp_path: Path, steps: np.ndarray) -> None:
    file = gappy(steps, ["0", "1", "2", "13", "14", "15"], plus="EDF+C")
    recording = open_recording(file.write(tmp_path / "c.edf"))
    assert recording.duration_s == 16
    assert np.isnan(recording.read(("II",), 3 * FS_HZ, 13 * FS_HZ)).all()


def test_small_drifts_of_the_clock_are_no_gaps(tmp_path: Path, steps: np.ndarray) -> None:
    file = gappy(steps, ["0", "1.001", "2.003", "3.004", "4.005", "5.006"])
    recording = open_recording(file.write(tmp_path / "d.edf"))
    assert recording.n_samples == 6 * FS_HZ
    assert codes(recording) == []


def test_records_that_go_back_in_time_follow_each_other(tmp_path: Path, steps: np.ndarray) -> None:
    file = gappy(steps, ["0", "1", "0.5", "3", "4", "9"])
    recording = open_recording(file.write(tmp_path / "d.edf"))
    assert recording.duration_s == 10
    np.testing.assert_allclose(recording.read(("II",), 500, 750)[0], steps[0, 2] / 1000, rtol=1e-6)
    (warning,) = (found for found in recording.warnings if found.code == "record-times")
    assert warning.message.startswith("1 data records")


def test_a_discontinuous_file_without_times(tmp_path: Path, two_leads: EdfFile) -> None:
    recording = open_recording(two_leads.write(tmp_path / "d.edf", reserved="EDF+D"))
    assert recording.duration_s == 6
    assert "record-times" in codes(recording)


def test_events_days_apart_are_parts(tmp_path: Path, steps: np.ndarray) -> None:
    onsets = ["0", "1", "2", "864000", "864001", "9000000"]
    told = "Startdate 02-MAR-2021 X X X"
    path = gappy(steps, onsets).write(tmp_path / "events.edf", recording=told)
    recording = open_recording(path)
    assert recording.parts == (
        "stretch 1 (at 0 s)",
        "stretch 2 (at 864000 s)",
        "stretch 3 (at 9000000 s)",
    )
    assert (recording.part, recording.duration_s) == (recording.parts[0], 3)
    second = open_recording(path, options=ImportOptions(part=recording.parts[1]))
    np.testing.assert_allclose(second.read(("II",))[0], steps[0, 3:5].ravel() / 1000, rtol=1e-6)
    assert second.marks == (Mark(0.0, "record 3"), Mark(1.0, "record 4"))
    assert (recording.started, second.started) == ("2021-03-02T10:11:12", "2021-03-12T10:11:12")
    with pytest.raises(RecordingError, match="no part"):
        open_recording(path, options=ImportOptions(part="stretch 9"))


def test_other_rates_are_held_and_leads_keep_the_fastest(tmp_path: Path, steps) -> None:
    pulse = np.arange(6 * 5).reshape(6, 5)
    slow = steps[1, :, ::2]
    signals = [
        Signal(pulse, label="SpO2", unit="%"),
        Signal(steps[0], label="ECG II"),
        Signal(slow, label="ECG V5"),
    ]
    recording = open_recording(EdfFile(signals).write(tmp_path / "m.edf"))
    assert (recording.fs_hz, recording.n_samples) == (250, 1500)
    np.testing.assert_allclose(recording.read(("II",))[0], steps[0].ravel() / 1000, rtol=1e-6)
    held = np.repeat(slow.reshape(-1), 2) / 1000
    np.testing.assert_allclose(recording.read(("V5",))[0], held, rtol=1e-6)
    assert recording.source.read(0, 1500, [0])[0].tolist() == np.repeat(pulse, 50).tolist()
    (warning,) = (found for found in recording.warnings if found.code == "mixed-rates")
    assert "SpO2 (5 Hz), ECG V5 (125 Hz)" in warning.message


def test_several_annotation_signals_and_texts(tmp_path: Path, steps: np.ndarray) -> None:
    first = annotations(["+0||~+0.2^0.1|one|two|", "+1||", "+2||", "+3||", "+4||", "+5||"])
    second = annotations(["+4.5|in another record|", "", "noise", "+99|late|", "", "-1|early|"])
    signals = [Signal(steps[0]), first, second]
    recording = open_recording(EdfFile(signals, reserved="EDF+C").write(tmp_path / "t.edf"))
    assert recording.marks == (
        Mark(0.2, "one", 0.1),
        Mark(0.2, "two", 0.1),
        Mark(4.5, "in another record"),
    )


def test_annotations_alone_are_no_recording(tmp_path: Path) -> None:
    file = EdfFile([annotations(["+0||~+30^30|Sleep stage W|"])], reserved="EDF+C", record_s="0")
    with pytest.raises(RecordingError, match="annotations only"):
        open_recording(file.write(tmp_path / "h.edf"))


def test_numbered_channels_are_asked_for(tmp_path: Path, steps: np.ndarray) -> None:
    signals = [Signal(steps[0], label="chan 1"), Signal(steps[1], label="chan 2")]
    path = EdfFile([*signals, Signal(steps[0], label="Pos", unit="")]).write(tmp_path / "h.edf")
    with pytest.raises(NeedsOptions) as question:
        open_recording(path)
    preview = question.value.preview
    assert (preview.missing, preview.rate_hz) == (("leads",), 250)
    assert [column.name for column in preview.signals] == ["chan 1", "chan 2", "Pos"]
    assert preview.first_rows[1] == ("0.022", "0.7", "22")
    recording = open_recording(path, options=ImportOptions(leads=("II", "V5", "Pos")))
    np.testing.assert_allclose(recording.read(("V5",))[0], steps[1].ravel() / 1000, rtol=1e-6)
    assert recording.kind == preview.kind


def test_electrodes_of_the_head_are_no_chest_leads(tmp_path: Path, steps: np.ndarray) -> None:
    def leads_of(*labels: str) -> tuple[str, ...]:
        signals = [Signal(steps[0], label=label) for label in labels]
        return open_recording(EdfFile(signals).write(tmp_path / "psg.edf")).leads

    assert leads_of("C3", "C4", "O1", "ECG II") == ("II",)
    assert leads_of("C3-Ref", "EEG Cz-Ref", "ECG II") == ("II",)
    assert leads_of("C1", "C4", "ECG II") == ("II", "V1", "V4")
    assert leads_of("ECG C4", "O2") == ("V4",)


@pytest.mark.parametrize(
    ("label", "lead"),
    [
        ("ECG LA-RA", "I"),
        ("ECG LL-RA", "II"),
        ("LL-LA", "III"),
        ("V2-WCT", "V2"),
        ("ECG aVF-Ref", "aVF"),
        ("EKGV6", "V6"),
        ("ECG_Lead_I", "I"),
    ],
)
def test_labels_of_leads(tmp_path: Path, steps: np.ndarray, label: str, lead: str) -> None:
    path = EdfFile([Signal(steps[0], label=label)]).write(tmp_path / "l.edf")
    assert open_recording(path).leads == (lead,)


@pytest.mark.parametrize("label", ["RA-LA", "ECG", "ECG1", "EKG 2", "V1-V2", "I-II", "EEG C3-A2"])
def test_labels_of_no_lead(tmp_path: Path, steps: np.ndarray, label: str) -> None:
    path = EdfFile([Signal(steps[0], label=label)]).write(tmp_path / "l.edf")
    with pytest.raises(NeedsOptions):
        open_recording(path)


def test_a_file_that_shrinks_after_opening(tmp_path: Path, two_leads, monkeypatch) -> None:
    monkeypatch.setattr(edf_reader, "SAMPLES_IN_MEMORY", 0)
    path = two_leads.write(tmp_path / "s.edf")
    recording = open_recording(path)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(RecordingError, match=r"s\.edf cannot be read"):
        recording.read(("II",), 1000, 1500)
