from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording
from ecgview.formats.text.inference import preview_csv
from ecgview.formats.text.preview import DELIMITERS
from ecgview.leads import LEADS
from ecgview.recording import Recording


@pytest.fixture
def write(tmp_path: Path):
    def write_text(content: str | bytes, name: str = "ecg.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_text


def table(
    header: str = "I (mV),II (mV)",
    n_rows: int = 100,
    delimiter: str = ",",
    time: str | None = None,
) -> str:
    """Write a text whose lead I is 0.001 mV times the row and lead II is -0.5 mV."""
    rows = []
    for row in range(n_rows):
        cells = [] if time is None else [time.format(row / 500)]
        rows.append(delimiter.join([*cells, f"{row / 1000:.3f}", "-0.500"]))
    return "\n".join([header, *rows]) + "\n"


def measured(recording: Recording) -> tuple[str, ...]:
    """Give the leads that are in the file."""
    return tuple(lead for lead in recording.leads if lead not in recording.derived_leads)


RATE = ImportOptions(rate_hz=500)


def refusal(path: Path, options: ImportOptions | None = None) -> RecordingError:
    with pytest.raises(RecordingError) as caught:
        open_recording(path, options=options)
    assert caught.value.message.endswith(".")
    assert caught.value.hint
    return caught.value


def question(path: Path, options: ImportOptions | None = None) -> NeedsOptions:
    error = refusal(path, options)
    assert isinstance(error, NeedsOptions)
    return error


@pytest.mark.parametrize(
    ("delimiter", "name"),
    [
        (",", "comma"),
        (";", "semicolon"),
        ("\t", "tab"),
        ("|", "bar"),
        (" ", "white space"),
        ("   ", "white space"),
    ],
)
def test_every_delimiter(write, delimiter: str, name: str) -> None:
    path = write(table(delimiter.join(["I_mV", "II_mV"]), delimiter=delimiter))
    assert DELIMITERS[preview_csv(path).delimiter] == name
    recording = open_recording(path, options=RATE)
    assert measured(recording) == ("I", "II")
    np.testing.assert_allclose(recording.read(("I",))[0], np.arange(100) / 1000, rtol=1e-6)
    assert recording.resolution_mv == pytest.approx(0.001)
    assert recording.format_name == "CSV"


@pytest.mark.parametrize(
    ("header", "factor"),
    [
        ("I (mV),II (mV)", 1),
        ("I [uV],II [uV]", 1e-3),
        ("I_uV,II_uV", 1e-3),
        ("Lead I (µV),Lead II (µV)", 1e-3),
        ("i/V,ii/V", 1e3),
        ('"I (mV)","MLII (mV)"', 1),
        ("# I_mV,II_mV", 1),
        ("I,II\nuV,uV", 1e-3),
        ("I,II\n(mV),(mV)", 1),
        ("unit: uV\nI,II", 1e-3),
    ],
)
def test_units_of_the_file(write, header: str, factor: float) -> None:
    recording = open_recording(write(table(header)), options=RATE)
    assert measured(recording) == ("I", "II")
    assert recording.read(("II",))[0, 0] == pytest.approx(-0.5 * factor)


@pytest.mark.parametrize(
    ("line", "factor"),
    [
        ("Gain (digit/millivolt): 200", 1 / 200),
        ("ADC gain = 1000 adu/mV", 1 / 1000),
        ("Resolution: 4.88 uV/LSB", 4.88e-3),
        ("1 LSB = 2.5 µV", 2.5e-3),
    ],
)
def test_a_gain_is_applied_to_converter_steps(write, line: str, factor: float) -> None:
    rows = "".join(f"{row},{-row}\n" for row in range(100))
    recording = open_recording(write(f"{line}\nI,II\n{rows}"), options=RATE)
    assert recording.read(("II",))[0, 50] == pytest.approx(-50 * factor)
    # Numbers such as 0.123 are no converter steps: whether the gain was applied must be asked.
    error = question(write(f"{line}\n" + table("I,II")), RATE)
    assert error.preview.missing == ("unit",)
    assert "A gain is stated" in error.preview.found
    late = write(f"{line}\nI,II\n" + "0.000,0\n" * 1000 + "0.123,0.5\n")
    assert question(late, RATE).preview.missing == ("unit",)


def test_units_may_differ_between_columns(write) -> None:
    path = write("I (mV),V1 (uV),RESP (ohm)\n0.1,100,7\n0.3,200,8\n")
    recording = open_recording(path, options=RATE)
    np.testing.assert_allclose(recording.read(("I", "V1")), [[0.1, 0.3], [0.1, 0.2]], rtol=1e-6)
    assert recording.channels[2].unit == "ohm"
    assert recording.source.read(0, 2, [2]).tolist() == [[7, 8]]


@pytest.mark.parametrize(
    ("unit", "factor"), [("mV", 1), ("uV", 1e-3), ("V", 1e3), ("200/mV", 1 / 200)]
)
def test_the_given_unit_goes_before_that_of_the_file(write, unit: str, factor: float) -> None:
    recording = open_recording(write(table()), options=ImportOptions(rate_hz=500, unit=unit))
    assert recording.read(("II",))[0, 0] == pytest.approx(-0.5 * factor)
    assert f"Unit {unit}: given." in recording.comments


def test_the_rate_is_asked_for_and_never_guessed(write) -> None:
    error = question(write(table()))
    assert error.preview.missing == ("rate_hz",)
    assert "sampling rate" in error.message
    assert "--rate-hz" in error.hint


def test_the_unit_is_asked_for_and_never_guessed(write) -> None:
    error = question(write(table("I,II")), RATE)
    assert error.preview.missing == ("unit",)
    assert "--unit" in error.hint


def test_leads_are_asked_for_where_there_is_no_header(write) -> None:
    text = table().split("\n", 1)[1]
    error = question(write(text))
    assert error.preview.missing == ("leads", "rate_hz", "unit")
    assert error.preview.first_rows[1] == ("0.001", "-0.500")
    recording = open_recording(
        write(text), options=ImportOptions(leads=("V1", "V2"), rate_hz=250, unit="mV")
    )
    assert recording.leads == ("V1", "V2")
    assert recording.duration_s == 0.4


@pytest.mark.parametrize(
    ("header", "time"),
    [
        ("time_s", "{:.3f}"),
        ("Time (s)", "{:.6f}"),
        ("t [sec]", "{:.4f}"),
        ("seconds", "{:.3f}"),
        ("time", "{:.3f}"),
    ],
)
def test_the_rate_of_a_column_in_seconds(write, header: str, time: str) -> None:
    path = write(table(f"{header},I (mV),II (mV)", time=time))
    recording = open_recording(path)
    assert recording.fs_hz == 500
    assert measured(recording) == ("I", "II")
    assert recording.other_channels == ()
    assert "the time column" in preview_csv(path).rate_from


def test_the_rate_of_a_column_in_milliseconds(write) -> None:
    rows = "".join(f"{2 * row},{row},-{row}\n" for row in range(50))
    assert open_recording(write("time (ms),I (uV),II (uV)\n" + rows)).fs_hz == 500
    assert open_recording(write("ms,I (uV),II (uV)\n" + rows)).fs_hz == 500
    # Without a unit, steps of 2 could be milliseconds or anything else.
    assert question(write("time,I (uV),II (uV)\n" + rows)).preview.missing == ("rate_hz",)


@pytest.mark.parametrize("rate_hz", [360.0, 257.31, 1000.0])
def test_rates_from_rounded_times(write, rate_hz: float) -> None:
    decimals = 6 if rate_hz == 257.31 else 3
    rows = "".join(f"{row / rate_hz:.{decimals}f},{row % 7}\n" for row in range(3600))
    recording = open_recording(write("time_s,II_uV\n" + rows))
    assert recording.fs_hz == pytest.approx(rate_hz, rel=1e-6)


def test_a_stated_rate(write) -> None:
    assert open_recording(write(table("fs = 250\nI (mV),II (mV)"))).fs_hz == 250
    assert open_recording(write(table("Sampling frequency: 1 kHz\nI_mV,II_mV"))).fs_hz == 1000
    # The time column says 500 Hz: ask which of the two is right.
    contradiction = write(table("# fs: 250\ntime_s,I_mV,II_mV", time="{:.3f}"))
    assert question(contradiction).preview.missing == ("rate_hz",)
    assert open_recording(contradiction, options=RATE).fs_hz == 500


def test_a_jump_in_time_is_named(write) -> None:
    text = table("time_s,I_mV,II_mV", n_rows=2000, time="{:.3f}")
    lines = text.splitlines()
    del lines[1500]
    error = refusal(write("\n".join(lines)))
    assert "jumps from 2.996 to 3 at sample 1500" in error.message
    assert open_recording(write("\n".join(lines)), options=RATE).n_samples == 1999


def test_a_sample_number_is_no_lead(write) -> None:
    rows = "".join(f"{row},{row % 5}.5,{row % 3}.25\n" for row in range(30))
    named = open_recording(write("sample,I (mV),II (mV)\n" + rows), options=RATE)
    assert measured(named) == ("I", "II")
    unnamed = ImportOptions(leads=("I", "II"), rate_hz=500, unit="mV")
    recording = open_recording(write(rows), options=unnamed)
    assert recording.read(("I",))[0, :6].tolist() == [0.5, 1.5, 2.5, 3.5, 4.5, 0.5]


def test_empty_cells_are_gaps(write) -> None:
    text = "I_mV,II_mV\n0.1,0.2\n,0.3\n0.2,\n0.1,nan\n1e99,inf\n"
    recording = open_recording(write(text), options=RATE)
    np.testing.assert_array_equal(
        np.isnan(recording.read(("I", "II"))), [[0, 1, 0, 0, 1], [0, 0, 1, 1, 1]]
    )
    assert "gap" in [warning.code for warning in recording.warnings]


@pytest.mark.parametrize("header", ["I_mV,II_mV,", "I_mV,II_mV"])
def test_a_delimiter_at_the_end_of_every_line(write, header: str) -> None:
    recording = open_recording(write(header + "\n0.1,0.2,\n0.3,0.4,\n0.5,,\n"), options=RATE)
    assert measured(recording) == ("I", "II")
    assert recording.n_samples == 3


def test_text_cell_is_named_by_line_and_column(write) -> None:
    lines = table().splitlines()
    lines[40] = "0.1,abc"
    error = refusal(write("\n".join(lines)), RATE)
    assert "Line 41, column 2 of ecg.csv reads “abc”" in error.message


def test_text_in_the_first_row_is_named_too(write) -> None:
    error = refusal(write("I_mV,II_mV\noops,1\n1,2\n3,4\n"), RATE)
    assert "Line 2, column 1 of ecg.csv reads “oops”" in error.message


@pytest.mark.parametrize("row", ["0.1", "0.1,0.2,0.3"])
def test_ragged_row_is_named(write, row: str) -> None:
    lines = table(n_rows=600).splitlines()
    lines[500] = row
    error = refusal(write("\n".join(lines)), RATE)
    assert f"Line 501 of ecg.csv has {row.count(',') + 1} cells where 2 are" in error.message


def test_a_file_cut_in_its_last_row(write) -> None:
    assert "Line 101 of ecg.csv has 1 cells" in refusal(write(table()[:-8]), RATE).message


def test_header_and_rows_of_different_delimiters(write) -> None:
    error = refusal(write(table("I;II;III", delimiter=",")), RATE)
    assert "Line 1 of ecg.csv names 3 columns, but the rows have 2" in error.message


def test_header_with_too_few_names(write) -> None:
    assert "names 2 columns" in refusal(write("I,II\n1,2,3,4\n5,6,7,8\n"), RATE).message


@pytest.mark.parametrize("delimiter", [";", "\t", "|", " "])
def test_decimal_commas(write, delimiter: str) -> None:
    path = write(table(f"I_mV{delimiter}II_mV", delimiter=delimiter).replace(".", ","))
    recording = open_recording(path, options=RATE)
    np.testing.assert_allclose(recording.read(("I",))[0], np.arange(100) / 1000, rtol=1e-6)
    assert recording.read(("II",))[0, 0] == -0.5
    assert "decimal commas" in preview_csv(path).found


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is empty"),
        (b"dear reader\nthis is a letter, not a table\n", "no table of numbers"),
        (bytes(range(256)) * 40, "not in a format that ecgview reads"),
        (b"I_mV,II_mV\n", "no table of numbers"),
        (b"I_mV,II_mV\nnan,nan\n,nan\n", "no valid sample"),
    ],
)
def test_garbage(write, content: bytes, part: str) -> None:
    assert part in refusal(write(content), RATE).message


@pytest.mark.parametrize("rate_hz", [0.0, -500.0, float("nan"), 1e6])
def test_absurd_rate(write, rate_hz: float) -> None:
    assert "sampling rate" in refusal(write(table()), ImportOptions(rate_hz=rate_hz)).message


def test_options_that_make_no_sense(write) -> None:
    error = refusal(write(table()), ImportOptions(leads=("I", "II", "V1"), rate_hz=500))
    assert "3 lead names were given, but ecg.csv has 2 columns" in error.message
    error = refusal(write(table()), ImportOptions(rate_hz=500, unit="adu"))
    assert "“adu” is not a unit" in error.message


def test_names_that_are_no_leads(write) -> None:
    error = question(write(table("ch1,ch2")), ImportOptions(rate_hz=500, unit="mV"))
    assert error.preview.missing == ("leads",)
    assert [column.name for column in error.preview.columns] == ["ch1", "ch2"]


def test_comments_that_mention_leads_are_no_header(write) -> None:
    text = "# measured: I, II, V2\n# I, V1\n" + table("time_s,I_mV,II_mV", time="{:.3f}")
    recording = open_recording(write(text))
    assert measured(recording) == ("I", "II")
    assert recording.comments[:2] == ("measured: I, II, V2", "I, V1")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_encodings_and_line_ends(write, encoding: str) -> None:
    text = table("I (µV),II (µV)").replace("\n", "\r\n")
    recording = open_recording(write(text.encode(encoding), "ecg.tsv"), options=RATE)
    assert recording.n_samples == 100
    assert recording.read(("II",))[0, 0] == pytest.approx(-0.0005)


def test_a_2_gb_text_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(table(n_rows=2000).encode())
        file.truncate(2**31)  # a sparse file: it takes no room on the disk
    error = refusal(path, RATE)
    assert "larger than 200 MB" in error.message
    assert "WFDB" in error.hint


def test_a_preview_reads_the_start_only(write) -> None:
    preview = preview_csv(write(table("time_s,I (µV),II (µV)", n_rows=20_000, time="{:.3f}")))
    assert [(column.name, column.role, column.unit) for column in preview.columns] == [
        ("time", "time", "s"),
        ("I", "signal", "µV"),
        ("II", "signal", "µV"),
    ]
    assert (preview.data_line, preview.columns_from, preview.rate_hz) == (2, "line 1", 500)
    assert preview.missing == ()
    assert len(preview.first_rows) == 20


@pytest.mark.real_data
def test_a_real_export_states_rate_and_gain_above_its_columns(data_dir: Path) -> None:
    path = data_dir / "formats" / "csv_500hz.csv"
    preview = preview_csv(path)
    assert (preview.rate_hz, preview.rate_from) == (500, "line 1")
    assert (preview.unit, preview.unit_from) == ("2048/millivolt", "line 2")
    recording = open_recording(path)
    assert recording.leads == LEADS
    assert recording.n_samples == 5000
    first = np.array([50, -100, -150, 25, 100, -125, 10, -250, -170, -130, -80, -220]) / 2048
    np.testing.assert_allclose(recording.read_twelve(0, 1)[:, 0], first, rtol=1e-6)
    assert recording.warnings == ()
    # The gain is right: every number is a whole multiple of GE's 4.88 uV, rounded to a digit.
    measured_uv = 1000 * recording.read(("I", "II", "V1", "V2", "V3", "V4", "V5", "V6"))
    off_uv = np.abs(measured_uv - 4.88 * np.rint(measured_uv / 4.88))
    assert off_uv.max() < 0.501 / 2.048


@pytest.mark.real_data
def test_a_real_export_without_names_needs_all_options(data_dir: Path) -> None:
    path = data_dir / "formats" / "muse_export.txt"
    preview = question(path).preview
    assert preview.missing == ("leads", "rate_hz", "unit")
    assert (preview.delimiter, len(preview.columns)) == (None, 12)
    options = ImportOptions(leads=LEADS, rate_hz=500, unit="uV")
    recording = open_recording(path, options=options)
    assert recording.n_samples == 5000
    np.testing.assert_allclose(recording.read(("I", "II"), 0, 1)[:, 0], [-0.068, -0.117], rtol=1e-6)
    assert recording.warnings == ()
