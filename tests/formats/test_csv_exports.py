"""Text as other programs export it, made here after their documentation and public examples."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording
from ecgview.formats.head import HEAD_BYTES, read_head
from ecgview.formats.text.finding import looks_like_samples
from ecgview.leads import LEADS
from ecgview.record_facts import Patient

Write = Callable[..., Path]
N = 300
ECG_UV = np.rint(1000 * twelve_lead_array(500, N / 500))
ONE, TWO = ECG_UV[0] / 1000, ECG_UV[1] / 1000


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_text(text: str, name: str = "ecg.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write_text


def rows(
    *columns: object, delimiter: str = ",", start: str = "", numbers: int = N, end: str = ""
) -> str:
    """Write leads I and II (or the columns given) as text, a row a sample."""
    values = columns or (ONE, TWO)
    lines = []
    for row in range(numbers):
        cells = [start.format(row=row, s=row / 500, ms=2 * row)] if start else []
        cells += [f"{column[row]:.3f}" for column in values]  # type: ignore[index]
        lines.append(delimiter.join(cells) + end)
    return "\n".join(lines) + "\n"


def assert_one_and_two(path: Path, fs_hz: float = 500, options: ImportOptions | None = None):
    recording = open_recording(path, options=options)
    assert recording.fs_hz == pytest.approx(fs_hz)
    np.testing.assert_allclose(recording.read(("I", "II")), [ONE, TWO], atol=1e-6)
    return recording


def question(path: Path, options: ImportOptions | None = None) -> NeedsOptions:
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path, options=options)
    return caught.value


# Programs


def test_physionet_rdsamp(write: Write) -> None:
    head = "'Elapsed time','I','MLII'\n'mm:ss.mmm','mV','mV'\n"
    assert_one_and_two(write(head + rows(start="'0:{s:06.3f}'")))
    numbered = "'sample #','I','MLII'\n" + rows(1000 * ONE, 1000 * TWO, start="{row}")
    options = ImportOptions(rate_hz=500, unit="1000/mV")
    assert question(write(numbered)).preview.missing == ("rate_hz", "unit")
    assert_one_and_two(write(numbered), options=options)


def test_physionet_with_dates(write: Write) -> None:
    head = "'Time and date','I','II'\n'hh:mm:ss.mmm dd/mm/yyyy','mV','mV'\n"
    assert_one_and_two(write(head + rows(start="'[10:15:{s:06.3f} 31/01/2020]'")))


def test_apple_watch(write: Write) -> None:
    head = (
        'Name,Ada Example\nDate of Birth,"Feb 3, 1950"\n'
        "Recorded Date,2020-06-07 08:09:10 +0100\n"
        'Classification,Sinus Rhythm\nSymptoms,\nSoftware Version,1.90\nDevice,"Watch6,7"\n'
        "Sample Rate,512 hertz\n\n\nLead,Lead I\nUnit,µV\n\n"
    )
    recording = open_recording(write(head + rows(1000 * ONE)))
    assert (recording.leads, recording.fs_hz) == (("I",), 512)
    np.testing.assert_allclose(recording.read(("I",))[0], ONE, atol=1e-6)
    assert recording.patient == Patient(name="Ada Example", birth_date="1950-02-03")
    assert (recording.started, recording.device) == ("2020-06-07T08:09:10", "Watch6,7")
    said = " ".join(recording.comments)
    assert "Sinus Rhythm" in said
    assert "Ada" not in said
    assert "1950" not in said
    assert "Ada" not in recording.kind
    commas = rows(1000 * ONE).replace(".000", ",868")
    recording = open_recording(write(head.replace("512 hertz", "512,4 hertz") + "12\n" + commas))
    assert recording.fs_hz == 512.4
    expected = 1000 * ONE[:4] + 0.868 * np.where(np.signbit(ONE[:4]), -1, 1)
    np.testing.assert_allclose(1000 * recording.read(("I",), 1, 5)[0], expected, rtol=1e-4)


@pytest.mark.parametrize("time", ["ms", "min"])
def test_biopac_acqknowledge(write: Write, time: str) -> None:
    step = "{ms}" if time == "ms" else "{s:.3f}"
    scale = 1 if time == "ms" else 60
    head = "file.acq\n2 msec/sample\n2 channels\nLead I\nmV\nLead II\nmV\n"
    body = rows(delimiter="\t", start=step)
    if time == "min":
        body = "".join(
            f"{row / 500 / scale:.9f}\t{ONE[row]:.3f}\t{TWO[row]:.3f}\n" for row in range(N)
        )
    path = write(f"{head}{time}\tCH1\tCH2\n\t{N}\t{N}\n{body}", "ecg.txt")
    recording = assert_one_and_two(path)
    assert recording.n_samples == N


def test_biopac_without_times_and_with_other_names(write: Write) -> None:
    head = "file.acq\n2 msec/sample\n2 channels\nECG - ECG100C\nmV\nRSP\nVolts\nCH1\tCH2\t\n"
    path = write(head + f"{N}\t{N}\t\n" + rows(delimiter="\t", end="\t"))
    preview = question(path).preview
    assert [column.name for column in preview.columns] == ["ECG - ECG100C", "RSP"]
    assert preview.missing == ("leads",)
    recording = open_recording(path, options=ImportOptions(leads=("I", "breath")))
    assert (recording.fs_hz, recording.n_samples) == (500, N)
    np.testing.assert_allclose(recording.read(("I",))[0], ONE, atol=1e-6)


def test_labchart(write: Write) -> None:
    head = (
        "Interval=\t0.002 s\nExcelDateTime=\t4.3e+04\t10/11/19 11:08:37.485584\n"
        "TimeFormat=\tStartOfBlock\nDateFormat=\t\nChannelTitle=\tI\tLead II\n"
        "Range=\t10.000 mV\t10.000 mV\nUnitName=\t*\tmV\nTopValue=\t*\t*\n"
    )
    assert_one_and_two(write(head + rows(delimiter="\t", start="{s:.3f}")))


@pytest.mark.parametrize("first", ['"sep=\t"\n', ""])
def test_shimmer(write: Write, first: str) -> None:
    names = ["Timestamp_Unix", "ECG_LA-RA_24BIT", "ECG_LL-RA_24BIT"]
    head = first + "\t".join(f"Shimmer_B64E_{name}_CAL" for name in names) + "\t\n"
    head += "CAL\tCAL\tCAL\t\nms\tmV\tmV\t\n"
    body = "".join(
        f"{1600000000000 + 2 * row}.0\t{ONE[row]:.3f}\t{TWO[row]:.3f}\t\n" for row in range(N)
    )
    recording = assert_one_and_two(write(head + body))
    assert [channel.name for channel in recording.channels[:2]] == ["I", "II"]


def test_edfbrowser(write: Write) -> None:
    path = write("Time,1,2\n" + rows(start="{s:.6f}"))
    preview = question(path).preview
    assert preview.missing == ("leads", "unit")
    assert preview.rate_hz == 500
    assert_one_and_two(path, options=ImportOptions(leads=("I", "II"), unit="mV"))


def test_lines_below_the_table(write: Write) -> None:
    steps = "\n".join(" ".join(f"{value:.0f}" for value in row) for row in ECG_UV.T)
    below = "Sampling Rate (Hz): 500\nGain (digit/millivolt): 1000\n" + ",".join(LEADS) + "\n"
    recording = open_recording(write(f"\nRhythm signal: {N} X 12\n\n{steps}\n\n{below}"))
    assert (recording.fs_hz, recording.n_samples) == (500, N)
    np.testing.assert_allclose(recording.read_twelve(), ECG_UV / 1000, atol=1e-6)
    assert f"Sampling rate 500 Hz: line {N + 5}." in recording.comments


def test_pandas_and_r_number_their_rows(write: Write) -> None:
    options = ImportOptions(rate_hz=500, unit="mV")
    assert_one_and_two(write(",I,II\n" + rows(start="{row}")), options=options)
    assert_one_and_two(write("I II\n" + rows(delimiter=" ", start="{row}")), options=options)


# Numbers, times, names


def test_points_between_thousands(write: Write) -> None:
    text = "I_uV;II_uV\n0,5;1.234,5\n-1.000;2\n1.234.567,25;3\n"
    recording = open_recording(write(text), options=ImportOptions(rate_hz=500))
    found = 1000 * recording.read(("I", "II"))
    np.testing.assert_allclose(found, [[0.5, -1000, 1234567.25], [1234.5, 2, 3]], rtol=1e-6)


def test_one_lead_with_decimal_commas(write: Write) -> None:
    text = "fs: 500\nI (mV)\n" + rows(ONE).replace(".", ",")
    np.testing.assert_allclose(open_recording(write(text)).read(("I",))[0], ONE, atol=1e-6)


def test_quoted_decimal_commas_between_commas(write: Write) -> None:
    body = "".join(f'"{one:.3f}";"{two:.3f}"\n' for one, two in zip(ONE, TWO, strict=True))
    text = '"I_mV","II_mV"\n' + body.replace(".", ",").replace(";", ",")
    assert_one_and_two(write(text), options=ImportOptions(rate_hz=500))


def test_decimal_commas_with_gaps_and_times(write: Write) -> None:
    text = "Time (s);I (mV);II (mV)\n" + rows(delimiter=";", start="{s}")
    lines = text.replace(".", ",").splitlines()
    lines[5] = lines[5].split(";")[0] + ";;0,25"
    recording = open_recording(write("\n".join(lines)))
    found = recording.read(("I", "II"), 4, 5)[:, 0]
    assert np.isnan(found[0])
    assert found[1] == 0.25
    assert recording.fs_hz == 500


@pytest.mark.parametrize(
    "start",
    [
        "10:15:{s:06.3f}",
        "0:{s:06.3f}",
        "2020-01-31 10:15:{s:06.3f}",
        "2020-01-31T10:15:{s:06.3f}Z",
        "31.01.2020 10:15:{s:06.3f}",
        "2020-01-31,10:15:{s:06.3f}",
    ],
)
def test_clock_times(write: Write, start: str) -> None:
    names = ["Date", "Time"][1 - start.count(",") :]
    recording = assert_one_and_two(write(",".join([*names, "I_mV", "II_mV\n"]) + rows(start=start)))
    is_dated = start.startswith("2020") and "," not in start
    assert recording.started == ("2020-01-31T10:15:00" if is_dated else "")


def test_a_jump_of_the_clock_is_named(write: Write) -> None:
    lines = ("Time,I_mV,II_mV\n" + rows(start="10:15:{s:06.3f}")).splitlines()
    del lines[200:220]
    assert question(write("\n".join(lines))).preview.missing == ("rate_hz",)
    long = "Time,I_mV\n" + "".join(f"00:00:{row / 500:06.3f},0.1\n" for row in range(1000))
    cut = long.splitlines()
    del cut[900]
    with pytest.raises(RecordingError, match=r"jumps from 1\.796 to 1\.8 at sample 900"):
        open_recording(write("\n".join(cut)))


@pytest.mark.parametrize(
    ("unit", "factor"), [("us", 2000), ("µs", 2000), ("ns", 2_000_000), ("min", 1 / 30_000)]
)
def test_units_of_time(write: Write, unit: str, factor: float) -> None:
    body = "".join(f"{row * factor:.12g},{ONE[row]:.3f},{TWO[row]:.3f}\n" for row in range(N))
    assert_one_and_two(write(f"time [{unit}],I_mV,II_mV\n{body}"))


@pytest.mark.parametrize(
    "head",
    [
        "I {mV},II {mV}",
        "I in mV,II in mV",
        "I - mV,II - mV",
        "Lead I: mV,Lead II: mV",
        "ECG_I_mV,ECG_II_mV",
        "LeadI (mV),LeadII (mV)",
        "Channel I [mV],Channel II [mV]",
        "signal_1.I (mV),signal_1.II (mV)",
        "I;II\nmV;mV",
        "I\tII\t\nUnit: mV",
    ],
)
def test_heads(write: Write, head: str) -> None:
    assert_one_and_two(write(head + "\n" + rows()), options=ImportOptions(rate_hz=500))


def test_heads_with_spaces(write: Write) -> None:
    head = "Time (s)   I (mV)   II (mV)\n"
    assert_one_and_two(write(head + rows(delimiter="   ", start="{s:.3f}")))


@pytest.mark.parametrize(
    ("line", "fs_hz"),
    [
        ("Sampling interval: 2 ms", 500),
        ("Interval = 0.004 s", 250),
        ("1 msec/sample", 1000),
        ("SampleRate=360", 360),
        ("Sampling Frequency [Hz];257", 257),
        ("Abtastrate: 0.5 kHz", 500),
    ],
)
def test_statements_of_the_rate(write: Write, line: str, fs_hz: float) -> None:
    assert_one_and_two(write(f"{line}\nI_mV,II_mV\n{rows()}"), fs_hz)


def test_who_and_when_above_the_table(write: Write) -> None:
    head = (
        "# Patient ID: 4711\n# Patient name: Ada Example\n# Age: 61\n# Gender: F\n"
        "# Date: 2020-06-07\n# Filter: off\nI_mV,II_mV\n"
    )
    recording = assert_one_and_two(write(head + rows()), options=ImportOptions(rate_hz=500))
    assert recording.patient == Patient("4711", "61", "female", "Ada Example")
    assert recording.started == "2020-06-07"
    assert recording.comments[0] == "Filter: off"


@pytest.mark.parametrize(
    "line", ["Patient: Ada Example", "Vorname;Ada", "Geburtsdatum: 03.02.1950", "Name,Ada"]
)
def test_lines_about_the_patient_are_no_comments(write: Write, line: str) -> None:
    recording = assert_one_and_two(write(f"{line}\nfs: 500\nI_mV,II_mV\n{rows()}"))
    assert not any("Ada" in comment or "1950" in comment for comment in recording.comments)
    assert recording.patient != Patient()


# Tables that lie otherwise


@pytest.mark.parametrize("delimiter", [",", ";", "\t", " "])
def test_leads_in_rows(write: Write, delimiter: str) -> None:
    long = [(f"{lead}_mV", ECG_UV[place] / 1000) for place, lead in enumerate(LEADS)]
    text = "\n".join(
        delimiter.join([name, *(f"{value:.3f}" for value in row)]) for name, row in long
    )
    recording = open_recording(write(f"fs: 500 Hz\n{text}\n"))
    assert recording.fs_hz == 500
    np.testing.assert_allclose(recording.read_twelve(), ECG_UV / 1000, atol=1e-6)
    assert looks_like_samples(read_head(write(text)))


def test_leads_in_rows_without_names(write: Write) -> None:
    text = "\n".join(",".join(f"{value:.0f}" for value in row) for row in ECG_UV)
    preview = question(write(text)).preview
    assert preview.missing == ("leads", "rate_hz", "unit")
    assert len(preview.columns) == 12
    recording = open_recording(write(text), options=ImportOptions(LEADS, 500, "uV"))
    np.testing.assert_allclose(recording.read_twelve(), ECG_UV / 1000, atol=1e-6)


@pytest.mark.parametrize(
    ("n_rows", "row", "part"),
    [
        (1, "1," * 3_000_000, "has a line of 6 MB"),
        (12, "0.25," * 300_000, "too large to be turned"),
        (300, "0.25," * 1000, "has 1001 columns"),
    ],
)
def test_rows_without_end_are_refused(write: Write, n_rows: int, row: str, part: str) -> None:
    with pytest.raises(RecordingError, match=part):
        open_recording(write(f"{row}\n" * n_rows))


def test_long_format_is_refused(write: Write) -> None:
    body = "".join(f"7,{lead},{row},{row / 9:.3f}\n" for lead in LEADS for row in range(30))
    with pytest.raises(RecordingError, match="long format") as caught:
        open_recording(write("id,lead,sample,mV\n" + body))
    assert "pivot" in caught.value.hint


# Kinds, and files that are no recordings


def test_files_of_one_layout_are_of_one_kind(write: Write) -> None:
    def kind(text: str) -> str:
        path = write(text)
        try:
            return open_recording(path).kind
        except NeedsOptions as asked:
            return asked.preview.kind

    short, long = rows(), rows(numbers=200)
    assert kind("I,II\n" + short) == kind("I,II\n" + long)
    others = {
        kind(head + short) for head in ("I,II\n", "I_mV,II_mV\n", "", "V1,V2\n", "Model: X\n")
    }
    assert len(others) == 5
    assert kind(short.replace(",", ";")) not in others


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("I,II\n" + rows(), True),
        ("Rhythm signal: 300 X 2\n\n" + rows(delimiter=" "), True),
        ("Sampling rate: 500 Hz\n" + rows(), True),
        (rows(), False),
        ("x,y\n" + rows(), False),
        ("record,label\n1,0\n2,1\n3,0\n", False),
        ("# ECG viewer\n\nReads many files.\n", False),
        ("", False),
    ],
)
def test_which_texts_in_a_folder_are_recordings(write: Write, text: str, is_found: bool) -> None:
    assert looks_like_samples(read_head(write(text))) is is_found


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "is_found"),
    [
        ("formats/csv_500hz.csv", True),
        ("formats/muse_export.txt", True),
        ("ptb-xl/ptbxl_database.csv", False),
        ("ptb-xl/scp_statements.csv", False),
        ("challenge-2011/quality.csv", False),
    ],
)
def test_which_real_texts_are_recordings(data_dir: Path, name: str, is_found: bool) -> None:
    head = read_head(data_dir / name)
    assert len(head.start) <= HEAD_BYTES
    assert looks_like_samples(head) is is_found


@pytest.mark.real_data
def test_a_real_muse_export_says_what_is_likely(data_dir: Path) -> None:
    """It states neither names nor rate nor unit; the numbers themselves tell of two of them."""
    preview = question(data_dir / "formats" / "muse_export.txt").preview
    assert preview.missing == ("leads", "rate_hz", "unit")
    assert "the standard order is likely" in preview.found
    assert "likely microvolts" in preview.found
    assert preview.kind == "CSV; white space; 12 columns; Rhythm signal"
