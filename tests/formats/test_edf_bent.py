"""Headers that break the standard as those of real recorders do, around sound samples."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import edfio
import numpy as np
import pytest
from edf_bytes import EdfFile, Signal, annotations

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording
from ecgview.formats.head import Head
from ecgview.formats.recognise import is_edf
from ecgview.recording import Patient


@pytest.fixture
def steps() -> np.ndarray:
    """Steps of a lead in four records of a second, shape (4, 200)."""
    return np.rint(900 * np.sin(np.arange(800) / 40)).astype(int).reshape(4, 200)


@pytest.fixture
def one_lead(steps: np.ndarray) -> EdfFile:
    return EdfFile([Signal(steps)])


def codes(recording) -> list[str]:
    return [warning.code for warning in recording.warnings]


def with_signal(file: EdfFile, **changes: object) -> EdfFile:
    return replace(file, signals=[replace(file.signals[0], **changes)])  # type: ignore[arg-type]


def edfio_refuses(path: Path) -> bool:
    """Tell whether the library for well-formed files fails on the header, samples or start."""
    try:
        edf = edfio.read_edf(path)
        return not (edf.signals[0].data.size and edf.startdatetime)
    except Exception:
        return True


@pytest.mark.parametrize(
    "changes",
    [
        {"header_bytes": " "},
        {"header_bytes": "9999"},
        {"header_bytes": "0"},
        {"n_signals": " "},
        {"record_s": "1,0"},
        {"record_s": " 1.000 "},
        {"record_s": "1\0\0\0"},
        {"date": "00.00.00"},
        {"date": "ab.cd.ef"},
        {"time": "25.61.99"},
        {"version": b"0\0\0\0\0\0\0\0"},
        {"version": b"\xd8       "},
        {"patient": "Müller  1234 \xa0".encode("latin-1")},
        {"recording": b"\xff\xfe\0\0 Holter"},
        {"n_records": "4\0\0\0"},
    ],
)
def test_bent_main_headers(tmp_path: Path, one_lead, steps, changes: dict[str, object]) -> None:
    recording = open_recording(one_lead.write(tmp_path / "bent.edf", **changes))
    assert recording.fs_hz == 200
    np.testing.assert_allclose(recording.read(("II",))[0], steps.ravel() / 1000, rtol=1e-6)
    assert recording.started in ("2021-03-02T10:11:12", "2021-03-02", "")
    assert codes(recording) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"low": "-32768,0", "high": "32767,0"},
        {"low": "- 32768", "high": "+32767"},
        {"low_step": "-32768.0", "high_step": "32767.0"},
        {"low": "-3.277e4", "low_step": "-32770", "high": "32767\0\0"},
        {"unit": "uV  "},
        {"unit": "UV"},
        {"unit": b"\xb5V"},  # Latin-1
        {"unit": "µV".encode()},
        {"unit": "μV".encode()},
        {"unit": b"\x83\xcaV"},  # Shift-JIS
        {"unit": b"\xe6V"},  # DOS
        {"unit": "?V"},
        {"unit": "uVolt"},
        {"unit": "microV", "low": "-32768", "transducer": "x"},
        {"label": b"EKG\xa0II"},
        {"label": "ECG II-Ref"},
        {"label": "Lead II"},
        {"label": "ECGII"},
        {"label": "II\0\0\0"},
        {"prefilter": "HP:0.05Hz"},
    ],
)
def test_bent_signal_headers(tmp_path: Path, one_lead, steps, changes: dict[str, object]) -> None:
    recording = open_recording(with_signal(one_lead, **changes).write(tmp_path / "bent.edf"))
    np.testing.assert_allclose(recording.read(("II",))[0], steps.ravel() / 1000, rtol=1e-6)
    assert codes(recording) == []


def test_what_the_library_for_well_formed_files_refuses(tmp_path: Path, one_lead) -> None:
    """Should edfio come to read all of these, this reader could leave its header to it."""
    sound = replace(one_lead, recording="Startdate 02-MAR-2021 X X X")
    assert not edfio_refuses(sound.write(tmp_path / "sound.edf"))
    for changes in ({"header_bytes": " "}, {"record_s": "1,0"}, {"date": "00.00.00"}):
        assert edfio_refuses(sound.write(tmp_path / "bent.edf", **changes)), changes


def test_a_longer_header_that_the_size_proves(tmp_path: Path, one_lead, steps) -> None:
    content = one_lead.write(tmp_path / "a.edf", header_bytes="1024").read_bytes()
    (tmp_path / "a.edf").write_bytes(content[:512] + bytes(512) + content[512:])
    recording = open_recording(tmp_path / "a.edf")
    np.testing.assert_allclose(recording.read(("II",))[0], steps.ravel() / 1000, rtol=1e-6)


@pytest.mark.parametrize("stated", ["-1", "0", " ", "abc"])
def test_a_length_that_is_not_stated(tmp_path: Path, one_lead, stated: str) -> None:
    recording = open_recording(one_lead.write(tmp_path / "a.edf", n_records=stated))
    assert recording.n_samples == 800
    assert codes(recording) == ["unstated-length"]


def test_a_file_cut_short(tmp_path: Path, one_lead, steps) -> None:
    path = one_lead.write(tmp_path / "a.edf")
    path.write_bytes(path.read_bytes()[:-500])
    recording = open_recording(path)
    np.testing.assert_allclose(recording.read(("II",))[0], steps[:2].ravel() / 1000, rtol=1e-6)
    (warning,) = recording.warnings
    assert warning.code == "truncated"
    assert "announces 4 data records, the file ends after 2" in warning.message


def test_bytes_after_the_last_record(tmp_path: Path, one_lead) -> None:
    recording = open_recording(one_lead.write(tmp_path / "a.edf", tail=bytes(1000)))
    assert recording.n_samples == 800
    assert codes(recording) == ["trailing-bytes"]


@pytest.mark.parametrize(
    "changes", [{"high": "-32768"}, {"high_step": "-32768"}, {"low": "abc"}, {"high": "1e999"}]
)
def test_a_lead_without_a_scale_is_asked_for(tmp_path: Path, one_lead, steps, changes) -> None:
    path = with_signal(one_lead, **changes).write(tmp_path / "a.edf")
    with pytest.raises(NeedsOptions) as question:
        open_recording(path)
    assert question.value.preview.missing == ("unit",)
    recording = open_recording(path, options=ImportOptions(unit="500/mV"))
    np.testing.assert_allclose(recording.read(("II",))[0], steps.ravel() / 500, rtol=1e-6)


def test_a_dead_channel_without_a_scale_does_no_harm(tmp_path: Path, steps) -> None:
    dead = Signal(steps * 0, label="-", unit="", low="0", high="0", low_step="0", high_step="0")
    recording = open_recording(EdfFile([dead, Signal(steps)]).write(tmp_path / "a.edf"))
    assert recording.leads == ("II",)
    assert codes(recording) == ["other-channels"]


def test_a_digital_range_turned_round_is_told(tmp_path: Path, one_lead, steps) -> None:
    turned = with_signal(one_lead, low_step="32767", high_step="-32768")
    recording = open_recording(turned.write(tmp_path / "a.edf"))
    np.testing.assert_allclose(recording.read(("II",))[0], -(steps.ravel() + 1) / 1000, rtol=1e-6)
    (warning,) = recording.warnings
    assert warning.code == "reversed-range"
    assert warning.suggestion == ImportOptions(gains=(-1.0,))
    righted = open_recording(tmp_path / "a.edf", options=warning.suggestion)
    np.testing.assert_allclose(righted.read(("II",))[0], (steps.ravel() + 1) / 1000, rtol=1e-6)


def test_a_physical_range_turned_round_is_an_inverted_signal(tmp_path: Path, one_lead, steps):
    turned = with_signal(one_lead, low="32768", high="-32767")
    recording = open_recording(turned.write(tmp_path / "a.edf"))
    np.testing.assert_allclose(recording.read(("II",))[0], -steps.ravel() / 1000, rtol=1e-6)


@pytest.mark.parametrize("duration", ["0", "-1", " ", "x"])
def test_a_rate_that_is_not_stated_is_asked_for(tmp_path: Path, one_lead, duration: str) -> None:
    path = one_lead.write(tmp_path / "a.edf", record_s=duration)
    with pytest.raises(NeedsOptions) as question:
        open_recording(path)
    assert question.value.preview.missing == ("rate_hz",)
    recording = open_recording(path, options=ImportOptions(rate_hz=200))
    assert recording.duration_s == 4


def test_a_duration_rounded_to_eight_characters(tmp_path: Path, steps) -> None:
    file = EdfFile([Signal(steps.reshape(-1, 1))], record_s="0.003906")
    recording = open_recording(file.write(tmp_path / "a.edf"))
    assert recording.fs_hz == 256


def test_a_signal_without_samples_is_left_out(tmp_path: Path, steps) -> None:
    empty = Signal(np.zeros((4, 0), dtype=int), label="I")
    recording = open_recording(EdfFile([empty, Signal(steps)]).write(tmp_path / "a.edf"))
    assert [channel.name for channel in recording.channels] == ["ECG II"]


def test_damaged_annotations_are_passed_over(tmp_path: Path, steps) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (4, 120)).astype(np.uint8)
    texts = replace(annotations([""] * 4), steps=noise)
    file = EdfFile([Signal(steps), texts], reserved="EDF+C")
    recording = open_recording(file.write(tmp_path / "a.edf"))
    assert recording.n_samples == 800
    assert recording.marks == ()


@pytest.mark.parametrize(
    ("field", "patient"),
    [
        ("X X X X", Patient()),
        ("", Patient()),
        ("X X X", Patient()),
        ("dd-MMM-yyyy", Patient()),
        ("1234 F 02-MAY-1951 Doe_Jane", Patient("1234", "", "female", "Doe Jane", "1951-05-02")),
        ("X M X X", Patient(sex="male")),
        ("12 m 31-feb-1951 Doe", Patient("12 m 31-feb-1951 Doe")),
        ("12 M X Doe Age=63", Patient("12", "63", "male", "Doe")),
        ("DOE  JANE 19510502", Patient("DOE JANE 19510502")),
    ],
)
def test_patient_fields(tmp_path: Path, one_lead, field: str, patient: Patient) -> None:
    recording = open_recording(one_lead.write(tmp_path / "a.edf", patient=field))
    assert recording.patient == patient


@pytest.mark.parametrize(
    ("changes", "started"),
    [
        ({"date": "01.01.00", "time": "00.00.00"}, "2000-01-01T00:00:00"),
        ({"date": "31/12/99", "time": "23:59:58"}, "1999-12-31T23:59:58"),
        ({"date": "01.01.85", "time": "00.00.00", "recording": ""}, ""),
        ({"date": "01.01.85", "recording": "Startdate X X X X"}, ""),
        ({"date": "02.03.yy", "recording": "Startdate 02-MAR-2090 X X X"}, "2090-03-02T10:11:12"),
        ({"date": "02.03.21", "time": "x", "recording": "Holter"}, "2021-03-02"),
    ],
)
def test_starts(tmp_path: Path, one_lead, changes: dict[str, object], started: str) -> None:
    file = replace(one_lead, recording="Holter")
    assert open_recording(file.write(tmp_path / "a.edf", **changes)).started == started


def test_the_recorder_and_remarks(tmp_path: Path, one_lead) -> None:
    plus = "Startdate 02-MAR-2002 EMG561 BK/JOP Sony_7 a remark"
    recording = open_recording(one_lead.write(tmp_path / "a.edf", recording=plus))
    assert recording.device == "Sony 7"
    assert recording.comments == ("EMG561", "BK/JOP", "a remark")
    recording = open_recording(one_lead.write(tmp_path / "b.edf", recording="Holter 5, ward 3"))
    assert (recording.device, recording.comments) == ("", ("Holter 5, ward 3",))


@pytest.mark.parametrize(
    ("content_of", "part"),
    [
        (lambda sound: sound[:300], "ends within its header"),
        (lambda sound: sound[:512], "no whole data record"),
        (lambda sound: sound[:600], "no whole data record"),
        (lambda sound: sound[:472] + b"x       " + sound[480:], "samples"),
        (lambda sound: sound[:472] + b"-5      " + sound[480:], "samples"),
        (lambda sound: sound[:472] + b"0       " + sound[480:], "no samples"),
        (lambda sound: sound[:472] + b"99999999" + sound[480:], "no whole data record"),
        (lambda sound: sound[:252] + b"9999" + sound[256:], "ends within its header"),
        (lambda sound: sound[:252] + b"-1  " + sound[256:], "not in a format"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, one_lead, content_of, part: str) -> None:
    path = one_lead.write(tmp_path / "a.edf")
    path.write_bytes(content_of(path.read_bytes()))
    with pytest.raises(RecordingError) as caught:
        open_recording(path)
    assert part in caught.value.message
    assert caught.value.hint


def test_what_is_taken_for_edf(tmp_path: Path, one_lead) -> None:
    def takes(content: bytes) -> bool:
        return is_edf(Head(tmp_path / "x.edf", content[:8192], len(content)))

    sound = one_lead.content()
    assert takes(sound)
    assert takes(b"\xffBIOSEMI" + sound[8:])
    assert takes(b"garbage!" + sound[8:])
    assert not takes(sound[:100])
    assert not takes(b"0       1.5     2.5\n" * 40)
    assert not takes(b"0       " + b"1       " * 100)
    assert not takes(b"")
