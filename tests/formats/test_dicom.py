from __future__ import annotations

import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from dicom_objects import channel_item, code_item, group_item, mdc, write_object
from pydicom import Dataset, dcmread
from pydicom.uid import (
    BasicTextSRStorage,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    EncapsulatedPDFStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    TwelveLeadECGWaveformStorage,
)

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, find_recordings, open_recording
from ecgview.formats.head import Head
from ecgview.formats.recognise import is_dicom
from ecgview.leads import LEADS
from ecgview.recording import Mark

NUMBERS = {"I": 1, "II": 2, "III": 61, "aVR": 62, "aVL": 63, "aVF": 64} | {
    f"V{n}": n + 2 for n in range(1, 7)
}


def steps_of(n_channels: int, n_samples: int = 1000, dtype: str = "<i2") -> np.ndarray:
    time = np.arange(n_samples) / 500
    rows = [50 * np.sin(9 * time + row) + row for row in range(n_channels)]
    return np.rint(np.array(rows) + (64 if dtype[-2] == "u" else 0)).astype(dtype)


def two_leads(**elements: object) -> list[Dataset]:
    return [channel_item(mdc(1), **elements), channel_item(mdc(2), **elements)]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "ecg.dcm"


def test_amplitudes_follow_sensitivity_correction_and_baseline(target: Path) -> None:
    steps = steps_of(4)
    channels = [
        channel_item(mdc(1), ChannelSensitivity="2.5"),
        channel_item(mdc(2), ("UCUM", "mV", "millivolt"), ChannelSensitivity="0.005"),
        channel_item(mdc(3), ("UCUM", "V", "volt"), ChannelSensitivity="0.000002"),
        channel_item(
            mdc(4),
            ("99X", "u", "microvolt"),
            ChannelSensitivity="2",
            ChannelSensitivityCorrectionFactor="1.5",
            ChannelBaseline="100",
        ),
    ]
    recording = open_recording(write_object(target, [group_item(steps, channels)]))
    expected = [
        steps[0] * 2.5e-3,
        steps[1] * 5e-3,
        steps[2] * 2e-3,
        (steps[3] * 3.0 + 100) * 1e-3,
    ]
    np.testing.assert_allclose(recording.read(["I", "II", "V1", "V2"]), expected, rtol=1e-5)
    assert recording.resolution_mv == pytest.approx(0.005)
    assert recording.derived_leads == ("III", "aVR", "aVL", "aVF")


@pytest.mark.parametrize(
    ("source", "lead"),
    [
        (("MDC", "2:64", "Lead aVF"), "aVF"),
        (("MDC", "MDC_ECG_LEAD_AVF", "x"), "aVF"),
        (("MDC", "131136", "x"), "aVF"),
        (("SCPECG", "5.6.3-9-64", "Lead aVF"), "aVF"),
        (("99PRIVATE", "F", "aVF, augmented voltage, foot"), "aVF"),
        (("99PRIVATE", "12", "Lead V6"), "V6"),
    ],
)
def test_leads_are_known_by_code_or_by_text(
    target: Path, source: tuple[str, str, str], lead: str
) -> None:
    channels = [channel_item(mdc(1)), channel_item(source)]
    recording = open_recording(write_object(target, [group_item(steps_of(2), channels)]))
    assert recording.channels[1].lead == lead


def test_other_leads_keep_their_names(target: Path) -> None:
    channels = [channel_item(mdc(number)) for number in (1, 2, 11, 16, 17, 18, 132)]
    recording = open_recording(write_object(target, [group_item(steps_of(7), channels)]))
    assert [one.name for one in recording.channels[2:7]] == ["V3R", "VX", "VY", "VZ", "AS"]
    assert recording.other_leads == ("VX", "VY", "VZ", "AS")


def test_written_names_win_where_every_code_is_the_same(target: Path) -> None:
    channels = [channel_item(mdc(1, f"Lead {lead}")) for lead in ("II", "V1", "V5")]
    recording = open_recording(write_object(target, [group_item(steps_of(3), channels)]))
    assert recording.leads == ("II", "V1", "V5")


@pytest.mark.parametrize(
    ("dtype", "interpretation"),
    [("<i1", "SB"), ("<u1", "UB"), ("<i2", "SS"), ("<u2", "US"), ("<i4", "SL"), ("<u4", "UL")],
)
def test_widths_of_samples(target: Path, dtype: str, interpretation: str) -> None:
    steps = steps_of(2, 999, dtype)
    group = group_item(steps, two_leads(), interpretation=interpretation)
    recording = open_recording(write_object(target, [group]))
    np.testing.assert_allclose(recording.read(["I", "II"]), steps / 1000, rtol=1e-6)


@pytest.mark.parametrize("interpretation", ["MB", "AB"])
def test_companded_samples_are_refused(target: Path, interpretation: str) -> None:
    group = group_item(steps_of(2, dtype="<u1"), two_leads(), interpretation=interpretation)
    with pytest.raises(RecordingError, match=f"“{interpretation}” with 8 bits"):
        open_recording(write_object(target, [group]))


@pytest.mark.parametrize(
    "syntax",
    [
        ImplicitVRLittleEndian,
        ExplicitVRLittleEndian,
        ExplicitVRBigEndian,
        DeflatedExplicitVRLittleEndian,
    ],
)
def test_transfer_syntaxes(target: Path, syntax: str) -> None:
    steps = steps_of(2)
    steps[1, 5:9] = -32768
    is_big = syntax == ExplicitVRBigEndian
    pad = b"\x80\0" if is_big else b"\0\x80"
    group = group_item(steps, two_leads(), big_endian=is_big, padding=pad)
    recording = open_recording(write_object(target, [group], syntax=syntax, PatientID="Zoë"))
    expected = steps / 1000
    expected[1, 5:9] = np.nan
    np.testing.assert_allclose(recording.read(["I", "II"]), expected, rtol=1e-6)


def test_a_file_without_preamble_is_known(target: Path) -> None:
    steps = steps_of(2)
    write_object(target, [group_item(steps, two_leads())], preamble=False)
    assert target.read_bytes()[128:132] != b"DICM"
    recording = open_recording(target)
    assert recording.format_name == "DICOM"
    np.testing.assert_allclose(recording.read(["I", "II"]), steps / 1000, rtol=1e-6)


@pytest.mark.parametrize("start", [b"", b"\x08\0", b"# a comment\n", b"SCPECG" * 40, b"\0" * 300])
def test_what_is_no_dicom_is_not_taken_for_it(start: bytes) -> None:
    assert not is_dicom(Head(Path("x.dcm"), start, len(start)))


def test_a_deflate_bomb_is_refused(target: Path) -> None:
    group = group_item(steps_of(2), two_leads())
    write_object(target, [group], syntax=DeflatedExplicitVRLittleEndian)
    content = target.read_bytes()
    begin = 144 + int.from_bytes(content[140:144], "little")
    packer = zlib.compressobj(wbits=-15)
    zeros = b"\0" * 1_000_000
    packed = b"".join([*(packer.compress(zeros) for _ in range(300)), packer.flush()])
    target.write_bytes(content[:begin] + packed)
    with pytest.raises(RecordingError, match="would unpack to"):
        open_recording(target)


def test_the_rhythm_comes_first_and_the_median_beat_is_offered(target: Path) -> None:
    median, rhythm = steps_of(2, 500), steps_of(2, 5000)
    groups = [
        group_item(median, two_leads(), label="AVERAGE BEAT", WaveformOriginality="DERIVED"),
        group_item(rhythm, two_leads(), label="RHYTHM"),
    ]
    path = write_object(target, groups)
    recording = open_recording(path)
    assert (recording.parts, recording.part) == (("rhythm", "median beat"), "rhythm")
    assert recording.n_samples == 5000
    beat = open_recording(path, options=ImportOptions(part="Median beat"))
    assert (beat.part, beat.n_samples) == ("median beat", 500)
    with pytest.raises(RecordingError, match="no part “average”"):
        open_recording(path, options=ImportOptions(part="average"))


def test_a_median_beat_without_a_label_is_known_by_its_length(target: Path) -> None:
    groups = [
        group_item(steps_of(2, 600), two_leads(), label="", WaveformOriginality="DERIVED"),
        group_item(steps_of(2, 5000), two_leads(), label=""),
    ]
    recording = open_recording(write_object(target, groups))
    assert recording.parts == ("rhythm", "median beat")
    assert recording.n_samples == 5000


def test_groups_recorded_in_turn_share_a_time_line(target: Path) -> None:
    """Four times three leads for 2.5 s, and lead II all along, as PS3.3 A.34.3 describes."""
    sets = (("I", "II", "III"), ("aVR", "aVL", "aVF"), ("V1", "V2", "V3"), ("V4", "V5", "V6"))
    groups = [
        group_item(
            steps_of(3, 1250),
            [channel_item(mdc(NUMBERS[lead])) for lead in leads],
            MultiplexGroupTimeOffset=str(2500 * number),
        )
        for number, leads in enumerate(sets)
    ]
    long_two = steps_of(1, 5000)
    groups.append(group_item(long_two, [channel_item(mdc(2))], MultiplexGroupTimeOffset="0"))
    recording = open_recording(write_object(target, groups))
    assert (recording.leads, recording.parts, recording.n_samples) == (LEADS, (), 5000)
    np.testing.assert_allclose(recording.read(["II"])[0], long_two[0] / 1000, rtol=1e-6)
    v4_mv = recording.read(["V4"])[0]
    assert np.isnan(v4_mv[:3750]).all()
    np.testing.assert_allclose(v4_mv[3750:], steps_of(3, 1250)[0] / 1000, rtol=1e-6)
    assert {warning.code for warning in recording.warnings} >= {"gap", "duplicate-lead"}


def test_skewed_channels_are_put_in_time(target: Path) -> None:
    steps = steps_of(2)
    channels = [channel_item(mdc(1)), channel_item(mdc(2), ChannelTimeSkew="0.004")]
    recording = open_recording(write_object(target, [group_item(steps, channels)]))
    one_mv, two_mv = recording.read(["I", "II"])
    assert recording.n_samples == 1002
    np.testing.assert_allclose(one_mv[:1000], steps[0] / 1000, rtol=1e-6)
    np.testing.assert_allclose(two_mv[2:], steps[1] / 1000, rtol=1e-6)
    assert np.isnan(two_mv[:2]).all()


@pytest.mark.parametrize(
    "channel",
    [
        channel_item(mdc(2), ChannelSensitivity=None),
        channel_item(mdc(2), None),
        channel_item(mdc(2), ("UCUM", "1", "no units")),
        channel_item(mdc(2), ChannelSensitivity="0"),
    ],
)
def test_an_unknown_unit_is_asked_for(target: Path, channel: Dataset) -> None:
    steps = steps_of(2)
    path = write_object(target, [group_item(steps[:1], [channel])])
    with pytest.raises(NeedsOptions) as question:
        open_recording(path)
    preview = question.value.preview
    assert preview.missing == ("unit",)
    assert [column.name for column in preview.columns] == ["II"]
    answered = open_recording(path, options=ImportOptions(unit="1000/mV"))
    np.testing.assert_allclose(answered.read(["II"])[0], steps[0] / 1000, rtol=1e-6)
    assert answered.kind == preview.kind
    # Beside leads in a known unit it is left out: one answer would hold for all.
    write_object(target, [group_item(steps, [channel_item(mdc(1)), channel])])
    recording = open_recording(target)
    assert recording.leads == ("I",)
    assert "unknown-unit" in [warning.code for warning in recording.warnings]


@pytest.mark.parametrize("source", [None, ("99X", "1", "Channel A"), ("MDC", "2:3000", "")])
def test_unknown_leads_are_asked_for(target: Path, source: tuple[str, str, str] | None) -> None:
    channels = [channel_item(source), channel_item(source)]
    path = write_object(target, [group_item(steps_of(2), channels)])
    with pytest.raises(NeedsOptions) as question:
        open_recording(path)
    assert question.value.preview.missing == ("leads",)
    recording = open_recording(path, options=ImportOptions(leads=("V1", "V2")))
    assert recording.leads == ("V1", "V2")


def test_waveforms_without_leads_are_not_asked_about(target: Path) -> None:
    audio = group_item(steps_of(1, dtype="<u1"), [channel_item(None, None)], interpretation="UB")
    sound = "1.2.840.10008.5.1.4.1.1.9.4.1"
    with pytest.raises(RecordingError, match="none of the twelve leads") as refusal:
        open_recording(write_object(target, [audio], sop_class=sound))
    assert not isinstance(refusal.value, NeedsOptions)
    pressure = [channel_item(("99X", "P", "Aorta"), ("UCUM", "mm[Hg]", "pressure"))]
    with pytest.raises(RecordingError, match="none of the twelve leads"):
        open_recording(write_object(target, [group_item(steps_of(1), pressure)]))


def test_pressures_are_kept_beside_leads(target: Path) -> None:
    channels = [
        channel_item(mdc(2)),
        channel_item(
            ("99X", "P", "Aorta"), ("UCUM", "mm[Hg]", "pressure"), ChannelSensitivity="0.5"
        ),
    ]
    steps = steps_of(2)
    recording = open_recording(write_object(target, [group_item(steps, channels)]))
    assert recording.leads == ("II",)
    assert (recording.channels[1].name, recording.channels[1].unit) == ("Aorta", "mm[Hg]")
    np.testing.assert_allclose(recording.source.read(0, 1000, [1])[0], steps[1] / 2, rtol=1e-6)


def test_patient_time_and_recorder(target: Path) -> None:
    path = write_object(
        target,
        [group_item(steps_of(2), two_leads())],
        SpecificCharacterSet="ISO_IR 192",
        PatientName="Müller^Ada^Maria^Dr",
        PatientID="4711",
        PatientBirthDate="19500203",
        PatientSex="F",
        PatientAge="060Y",
        AcquisitionDateTime="20100607080910.5+0200",
        Manufacturer="Maker",
        ManufacturerModelName="Model 1",
    )
    recording = open_recording(path)
    patient = recording.patient
    assert (patient.name, patient.identifier) == ("Müller, Ada Maria Dr", "4711")
    assert (patient.birth_date, patient.age, patient.sex) == ("1950-02-03", "60", "female")
    assert recording.started == "2010-06-07T08:09:10.500"
    assert recording.device == "Maker Model 1"


@pytest.mark.parametrize(
    ("elements", "started"),
    [
        ({"StudyDate": "20100607", "StudyTime": "0809"}, "2010-06-07T08:09:00"),
        ({"ContentDate": "20100607", "StudyDate": "20110101"}, "2010-06-07T00:00:00"),
        ({"AcquisitionDateTime": "20109999"}, ""),
        ({"AcquisitionDateTime": "19000101000000"}, ""),
        ({}, ""),
    ],
)
def test_when_it_was_recorded(target: Path, elements: dict[str, str], started: str) -> None:
    path = write_object(target, [group_item(steps_of(2), two_leads())], **elements)
    assert open_recording(path).started == started


def annotation(text: str, **elements: object) -> Dataset:
    item = Dataset()
    item.ReferencedWaveformChannels = [1, 0]
    item.UnformattedTextValue = text
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return item


def test_annotations_become_marks_and_comments(target: Path) -> None:
    measured = Dataset()
    measured.ReferencedWaveformChannels = [1, 0]
    measured.ConceptNameCodeSequence = [code_item(("MDC", "2:16160", "QT interval"))]
    measured.NumericValue = "368"
    measured.MeasurementUnitsCodeSequence = [code_item(("UCUM", "ms", "milliseconds"))]
    items = [
        annotation("sinus\r\nrhythm"),
        measured,
        annotation("beat", TemporalRangeType="POINT", ReferencedSamplePositions=[1]),
        annotation(
            "run",
            TemporalRangeType="SEGMENT",
            ReferencedSamplePositions=[101, 201],
            ReferencedWaveformChannels=[1, 2],
        ),
        annotation("late", TemporalRangeType="POINT", ReferencedTimeOffsets=["1.25"]),
        annotation("clock", TemporalRangeType="POINT", ReferencedDateTime="20100607080911.5"),
        annotation("other group", ReferencedSamplePositions=[5], ReferencedWaveformChannels=[2, 0]),
        annotation("after the end", ReferencedSamplePositions=[99999]),
    ]
    path = write_object(
        target,
        [group_item(steps_of(2), two_leads())],
        WaveformAnnotationSequence=items,
        AcquisitionDateTime="20100607080910",
    )
    recording = open_recording(path)
    assert recording.comments == ("sinus rhythm", "QT interval: 368 ms")
    assert recording.marks == (
        Mark(0.0, "beat"),
        Mark(0.2, "run", 0.2, "II"),
        Mark(1.25, "late"),
        Mark(1.5, "clock"),
    )


@pytest.mark.parametrize(
    ("sop_class", "words"),
    [
        (CTImageStorage, "CT Image Storage"),
        (EncapsulatedPDFStorage, "Encapsulated PDF Storage"),
        ("1.2.840.10008.1.3.10", "Media Storage Directory Storage"),
    ],
)
def test_what_is_no_waveform_says_what_it_is(target: Path, sop_class: str, words: str) -> None:
    path = write_object(target, [], sop_class=sop_class)
    with pytest.raises(RecordingError, match=words):
        open_recording(path)


def test_pictures_are_not_read(target: Path) -> None:
    path = write_object(target, [], sop_class=CTImageStorage)
    # Pixel data that announces four gigabytes and has none: reading it would ask for them.
    path.write_bytes(path.read_bytes() + b"\xe0\x7f\x10\0OW\0\0\xfe\xff\xff\xff")
    with pytest.raises(RecordingError, match="CT Image Storage"):
        open_recording(path)


def test_large_elements_are_passed_over(target: Path) -> None:
    group = group_item(steps_of(2), two_leads())
    path = write_object(target, [group], EncapsulatedDocument=bytes(30_000_000))
    open_recording(path)
    tracemalloc.start()
    recording = open_recording(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert recording.leads[:2] == ("I", "II")
    assert peak < 5_000_000


def test_only_waveforms_are_found_in_folders(tmp_path: Path) -> None:
    ecg = write_object(tmp_path / "ecg", [group_item(steps_of(2), two_leads())])
    write_object(tmp_path / "ct.dcm", [], sop_class=CTImageStorage)
    report = {"ReferencedSOPClassUID": TwelveLeadECGWaveformStorage}
    write_object(tmp_path / "sr.dcm", [], sop_class=BasicTextSRStorage, **report)
    assert find_recordings([tmp_path]) == [ecg]


def test_a_file_cut_off_shows_what_is_there(target: Path) -> None:
    steps = steps_of(2)
    group = group_item(steps, two_leads(), data=steps.T.tobytes()[:2402])
    recording = open_recording(write_object(target, [group]))
    assert recording.n_samples == 600
    assert [w.code for w in recording.warnings if not w.is_note] == ["truncated"]


@pytest.mark.parametrize(
    "damage",
    [
        {"NumberOfWaveformChannels": 60000},
        {"WaveformBitsAllocated": 12},
        {"SamplingFrequency": "0"},
        {"SamplingFrequency": "1e9"},
    ],
)
def test_damage_has_a_sentence(target: Path, damage: dict[str, object]) -> None:
    group = group_item(steps_of(2), two_leads())
    for keyword, value in damage.items():
        setattr(group, keyword, value)
    with pytest.raises(RecordingError, match=r"ecg\.dcm"):
        open_recording(write_object(target, [group]))


def test_values_that_break_the_standard_are_taken_silently(
    target: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_object(target, [group_item(steps_of(2), two_leads())], PatientAge="060Y")
    content = path.read_bytes().replace(b"060Y", b"Mr.X")
    path.write_bytes(content.replace(b"\x10\0\x10\x10AS", b"\x10\0\x10\x10UI"))
    path.write_bytes(
        path.read_bytes().replace(b"10008.5.1.4.1.1.9.1.1", b"10008.5.1.4.1.1.9.1.\x80")
    )
    assert open_recording(path).patient.age == "Mr.X"
    assert caplog.text == ""


@pytest.mark.real_data
def test_real_recording(data_dir: Path) -> None:
    path = data_dir / "formats" / "dicom_1000hz.dcm"
    recording = open_recording(path)
    assert (recording.fs_hz, recording.n_samples, recording.leads) == (1000, 10_000, LEADS)
    assert recording.parts == ("rhythm", "median beat")
    assert recording.warnings == ()
    raw = dcmread(path).WaveformSequence[0].WaveformData
    steps = np.frombuffer(raw, "<i2").reshape(-1, 12).T
    order = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
    np.testing.assert_allclose(recording.read(order), steps * 0.00125, rtol=1e-6, atol=1e-9)
    assert "QT Interval: 368 ms" in recording.comments
    onsets_s = [mark.start_s for mark in recording.marks if mark.text == "QRS Onset"]
    assert len(onsets_s) == 10
    assert np.diff(onsets_s) == pytest.approx([0.98] * 9, abs=0.06)


@pytest.mark.real_data
def test_fiducial_points_of_a_real_median_beat_belong_to_it(data_dir: Path) -> None:
    """The recorder files them under the rhythm; they fit the beat that triggers at sample 501."""
    path = data_dir / "formats" / "dicom_1000hz.dcm"
    beat = open_recording(path, options=ImportOptions(part="median beat"))
    assert beat.n_samples == 1200
    assert Mark(0.5, "Fiducial Point") in beat.marks
    assert len(beat.marks) == 6
    rhythm = open_recording(path)
    assert len(rhythm.marks) == 60
    correlations = np.corrcoef(beat.read(["V5"])[0, 100:900], rhythm.read(["V5"])[0, 126:926])
    assert correlations[0, 1] > 0.95
