"""What headers tell besides samples, and how a header is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import wfdb

from ecgview.formats import open_recording
from ecgview.formats.head import Head
from ecgview.formats.recognise import is_wfdb
from ecgview.recording import Patient


@pytest.mark.parametrize(
    ("words", "started"),
    [
        ("08:09:10 07/06/2010", "2010-06-07T08:09:10"),
        ("8:09:10.250 7/6/2010", "2010-06-07T08:09:10"),
        ("23-Mar-2021 20:20:47", "2021-03-23T20:20:47"),
        ("2014-05-08 05:05:15", "2014-05-08T05:05:15"),
        ("05:05:15", ""),
        ("2006", ""),
        ("12:00:00 31/02/2010", ""),
        ("99:00:00 01/02/2010", "2010-02-01"),
    ],
)
def test_starts(write_record, wave, words: str, started: str) -> None:
    recording = open_recording(write_record(wave, length=f"1000 {words}"))
    assert recording.started == started
    assert recording.n_samples == 1000


@pytest.mark.parametrize(
    ("comments", "patient"),
    [
        (("Age: 60", "Sex: F"), Patient(age="60", sex="female")),
        (("<age>: 51", "<sex>: M", "<diagnoses>:"), Patient(age="51", sex="male")),
        (("<age>: 65 <sex>: F <diagnoses> Acute MI",), Patient(age="65", sex="female")),
        (("Age: 62  Sex: M", "Mixed angina"), Patient(age="62", sex="male")),
        (("Age: 21 Sex: F",), Patient(age="21", sex="female")),
        (("69 M 1085 1629 x1", "Aldomet, Inderal"), Patient(age="69", sex="male")),
        (
            ("Patient ID: P 7", "Name: Doe, Jane", "Date of birth: 03/02/1950", "Gender: w"),
            Patient("P 7", "", "female", "Doe, Jane", "1950-02-03"),
        ),
        (("subject_id=10000032", "Age: NaN", "Sex: Unknown"), Patient("10000032")),
        (("Dosage: 5 mg", "Drug name: x", "1 Mitral valve"), Patient()),
        ((), Patient()),
    ],
)
def test_patients(write_record, wave, comments: tuple[str, ...], patient: Patient) -> None:
    assert open_recording(write_record(wave, comments=comments)).patient == patient


@pytest.mark.parametrize(
    ("record_line", "fmt"),
    [("23-Mar-2021 20:20:47", "212"), ("2006", "516"), ("08:09:10 07/06/2010", "24")],
)
def test_any_date_with_any_signal_format(tmp_path: Path, record_line: str, fmt: str) -> None:
    steps = np.rint(900 * np.sin(np.arange(3000) / 40)).astype(int)[:, np.newaxis]
    wfdb.wrsamp(
        "r",
        fs=250,
        units=["uV"],
        sig_name=["II"],
        d_signal=steps,
        fmt=[fmt],
        adc_gain=[2.0],
        baseline=[4],
        write_dir=str(tmp_path),
    )
    header = tmp_path / "r.hea"
    text = header.read_text().replace("r 1 250 3000", f"r 1 250 3000 {record_line}")
    header.write_text(text.replace("/uV", "/µV"), encoding="latin-1")
    recording = open_recording(header)
    np.testing.assert_allclose(
        recording.read(("II",), 100, 2000)[0], (steps[100:2000, 0] - 4) / 2000, rtol=1e-6
    )


@pytest.mark.parametrize(
    ("fmt", "invalid"),
    [("80", -128), ("212", -2048), ("24", -(2**23)), ("32", -(2**31)), ("16", -(2**15))],
)
def test_invalid_samples_of_each_format_are_gaps(tmp_path: Path, fmt: str, invalid: int) -> None:
    steps = np.full((200, 2), 7)
    steps[50:60, 1] = invalid
    wfdb.wrsamp(
        "r",
        fs=250,
        units=["mV"] * 2,
        sig_name=["I", "V1"],
        d_signal=steps,
        fmt=[fmt] * 2,
        adc_gain=[100.0] * 2,
        baseline=[0, 5],
        write_dir=str(tmp_path),
    )
    leads_mv = open_recording(tmp_path / "r.hea").read(("I", "V1"))
    assert np.flatnonzero(np.isnan(leads_mv[1])).tolist() == list(range(50, 60))
    np.testing.assert_allclose(leads_mv[0], 0.07, rtol=1e-6)


@pytest.mark.parametrize("fmt", ["8", "80", "508", "16", "212"])
@pytest.mark.parametrize("baseline", [-120, 2000, 70_000])
def test_a_baseline_beyond_the_bits_of_a_sample(tmp_path: Path, fmt: str, baseline: int) -> None:
    steps = np.array([100, 50, 0, -50, -100])
    content = np.diff(steps, prepend=0).astype(np.int8) if fmt == "8" else steps
    if fmt == "8":
        (tmp_path / "r.dat").write_bytes(content.tobytes())
    else:
        keywords = {"units": ["mV"], "sig_name": ["I"], "fmt": [fmt], "write_dir": str(tmp_path)}
        wfdb.wrsamp(
            "r", fs=250, d_signal=steps[:, None], adc_gain=[100.0], baseline=[0], **keywords
        )
    (tmp_path / "r.hea").write_text(f"r 1 250 5\nr.dat {fmt} 100({baseline})/mV 8 0 0 0 0 I\n")
    lead_mv = open_recording(tmp_path / "r.hea").read(("I",))[0]
    np.testing.assert_allclose(lead_mv, (steps - baseline) / 100, rtol=1e-6)


def test_a_header_of_windows(write_record, wave) -> None:
    header = write_record(wave, comments=("Age: 60",))
    text = header.read_text().replace("\n", " \t\r\n").replace(" II", "\tLead II")
    header.write_bytes(b"\xef\xbb\xbf\r\n" + text.encode())
    recording = open_recording(header)
    np.testing.assert_allclose(recording.read(("I", "II")), wave / 1000, rtol=1e-6)
    assert recording.patient.age == "60"


def test_a_signal_file_in_capitals(write_record, wave) -> None:
    header = write_record(wave)
    header.with_name("rec.dat").rename(header.with_name("REC.DAT"))
    np.testing.assert_allclose(open_recording(header).read(("I",))[0], wave[0] / 1000, rtol=1e-6)


def test_folders_in_the_names_of_a_header_are_passed_over(
    tmp_path: Path, write_record, wave
) -> None:
    header = write_record(wave)
    text = header.read_text().replace("rec 2", "median_beats/rec 2")
    header.write_text(text.replace("rec.dat", "median_beats/rec.dat"))
    np.testing.assert_allclose(open_recording(header).read(("I",))[0], wave[0] / 1000, rtol=1e-6)


@pytest.mark.parametrize("ending", ["d24", "xyz", "DAT", "mat", "atr", "i"])
def test_any_file_of_a_record_opens_it(tmp_path: Path, write_record, wave, ending: str) -> None:
    header = write_record(wave)
    other = tmp_path / f"rec.{ending}"
    other.write_bytes((tmp_path / "rec.dat").read_bytes())
    assert open_recording(other).path == header


def matlab_4(steps: np.ndarray) -> bytes:
    """Write what the Challenges distribute: a matrix ``val`` behind 24 bytes."""
    head = np.array([30, *steps.shape, 0, 4], dtype="<i4").tobytes()
    return head + b"val\0" + steps.T.astype("<i2").tobytes()


@pytest.mark.parametrize("name", ["c.hea", "c.mat", "c"])
def test_records_of_the_challenges(tmp_path: Path, wave, name: str) -> None:
    (tmp_path / "c.mat").write_bytes(matlab_4(wave))
    (tmp_path / "c.hea").write_text(
        "c 2 500 1000 05-May-2020 09:49:17\n"
        "c.mat 16+24 1000/mV 16 0 0 0 0 I\nc.mat 16+24 1000/mV 16 0 0 0 0 V2\n"
        "#Age: 71\n#Sex: Female\n#Dx: 270492004\n"
    )
    recording = open_recording(tmp_path / name)
    np.testing.assert_allclose(recording.read(("I", "V2")), wave / 1000, rtol=1e-6)
    assert recording.started == "2020-05-05T09:49:17"
    assert recording.patient == Patient(age="71", sex="female")


@pytest.mark.parametrize("name", ["rec.txt", "header", "rec.hea.txt", "rec.HEA"])
@pytest.mark.parametrize("fmt", ["16", "61"])
def test_a_header_of_another_name(write_record, wave, name: str, fmt: str) -> None:
    header = write_record(wave)
    header.write_text(header.read_text().replace(" 16 1000", f" {fmt} 1000"))
    moved = header.rename(header.with_name(name))
    recording = open_recording(moved)
    assert (recording.format_name, recording.n_samples) == ("WFDB", 1000)
    steps = wave[0].astype("<i2").view(">i2" if fmt == "61" else "<i2").astype(float)
    steps[steps == -(2**15)] = np.nan
    np.testing.assert_allclose(recording.read(("I",))[0], steps / 1000, rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "is_header"),
    [
        ("100 2 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n100.dat 212 200\n", True),
        ("# by hand\n\nr 1 500 10\nr.dat 16+24 1000/mV 16 0 0 0 0 I\n", True),
        ("m/3 2 250 350\nm_layout 0\nm_1 100\n~ 50\n", True),
        ("r 1 500 10\n", False),
        ("r 2 500 10\nr.dat 16 1000/mV\n", False),
        ("r 1 500 10\nr.dat 17 1000/mV\n", False),
        ("0 1 2\n5 16 7\n8 16 9\n", False),
        ("I II V1\n1 2 3\n", False),
        ("time 2 3\n0.001 16 3\n0.002 16 4\n", False),
        ("1 2\n3 16\n4 16\n", False),
        ("Report 1 of 2\nsee file.dat 16 times\n", False),
        ("", False),
        ("#\n", False),
    ],
)
def test_what_is_taken_for_a_header(text: str, is_header: bool) -> None:
    content = text.encode()
    assert is_wfdb(Head(Path("x.txt"), content, len(content))) == is_header


def test_a_header_longer_than_what_is_looked_at() -> None:
    lines = ["r 400 500 10"] + [f"r.dat 16 1000/mV 16 0 0 0 0 x{n}" for n in range(400)]
    content = "\n".join(lines).encode()
    assert len(content) > 8192
    assert is_wfdb(Head(Path("x.txt"), content[:8192], len(content)))
