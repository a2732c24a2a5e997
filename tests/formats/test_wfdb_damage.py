from __future__ import annotations

import os
import socket
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording


def refusal(path: Path | str) -> RecordingError:
    """Open a bad file and give the error, which must be a sentence with a hint."""
    with pytest.raises(RecordingError) as caught:
        open_recording(path)
    assert caught.value.message.endswith((".", "?"))
    assert caught.value.hint
    return caught.value


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_keywords: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_a_layout_opened_by_itself(tmp_path: Path) -> None:
    header = tmp_path / "r_layout.hea"
    header.write_text("r_layout 2 125 0\n~ 0 0 0 0 0 0 0 II\n~ 0 0 0 0 0 0 0 V\n")
    error = refusal(header)
    assert "segments" in error.message
    assert "whole record" in error.hint


def test_missing_signal_file(write_record, wave) -> None:
    header = write_record(wave)
    (header.parent / "rec.dat").unlink()
    error = refusal(header)
    assert "rec.dat, which is not there" in error.message
    assert str(header.parent) in error.hint


@pytest.mark.parametrize("fmt", ["16", "212"])
def test_truncated_signal_file_is_shown_as_far_as_it_goes(write_record, wave, fmt: str) -> None:
    header = write_record(wave)
    header.write_text(header.read_text().replace(" 16 1000", f" {fmt} 1000"))
    signal_file = header.parent / "rec.dat"
    signal_file.write_bytes(signal_file.read_bytes()[:1203])
    recording = open_recording(header)
    there = {"16": 300, "212": 401}[fmt]
    assert recording.n_samples == there
    assert recording.read(("I", "II")).shape == (2, there)
    (warning,) = (found for found in recording.warnings if found.code == "truncated")
    assert "1000 samples" in warning.message
    assert f"after {there}" in warning.message


def test_empty_signal_file(write_record, wave) -> None:
    header = write_record(wave)
    (header.parent / "rec.dat").write_bytes(b"")
    assert "announces 1000 samples; its signal file has none" in refusal(header).message


def test_zero_samples(write_record) -> None:
    assert "holds no samples" in refusal(write_record(np.empty((2, 0)), length="0")).message


def test_nothing_but_gaps(write_record) -> None:
    assert "no valid sample" in refusal(write_record(np.full((2, 50), -32768))).message


@pytest.mark.parametrize("rate", ["0", "-500", "nan", "inf", "1e9", "250000", "abc"])
def test_absurd_rate(write_record, wave, rate: str) -> None:
    assert "sampling rate" in refusal(write_record(wave, fs=rate)).message


def test_negative_length(write_record, wave) -> None:
    assert "number of samples reads “-5”" in refusal(write_record(wave, length="-5")).message


@pytest.mark.parametrize(
    "name",
    [
        "../outside.dat",
        "..",
        "/etc/passwd",
        "sub/inside.dat",
        "C:\\secret.dat",
        "..\\outside.dat",
        "https://example.org/x.dat",
        "s3://bucket/x.dat",
        "file:///etc/passwd",
    ],
)
def test_a_header_may_not_name_files_elsewhere(write_record, wave, no_network, name: str) -> None:
    header = write_record(wave)
    (header.parent.parent / "outside.dat").write_bytes(bytes(4000))
    header.write_text(header.read_text().replace("rec.dat", name))
    error = refusal(header)
    assert name in error.message
    assert "not a file of its own folder" in error.message


@pytest.mark.parametrize("name", ["../rec", "/tmp/rec", "https://example.org/rec"])
def test_a_segment_may_not_lie_elsewhere(tmp_path: Path, no_network, name: str) -> None:
    (tmp_path / "m.hea").write_text(f"m/2 2 250 200\n{name} 100\nrec 100\n")
    assert name in refusal(tmp_path / "m.hea").message


def test_a_folder_that_reads_like_a_chain_of_addresses(
    tmp_path: Path, write_record, wave, no_network
) -> None:
    header = write_record(wave)
    folder = tmp_path / "zip::here"
    folder.mkdir()
    assert "address" in refusal(header.rename(folder / "rec.hea")).message


def test_an_address_is_no_recording(no_network) -> None:
    assert "no file" in refusal("https://example.org/rec.hea").message


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is empty"),
        (b"\n\n# only a comment\n", "no record line"),
        (b"this is not a header at all\n", "first line"),
        (bytes(range(256)) * 20, "binary data"),
        (b"rec 2 500 1000\nrec.dat 16 1000/mV 16 0 0 0 0 I\n", "announces 2 lines and has 1"),
        (b"rec 0 500 1000\n", "announces 0 lines"),
        (b"rec 1 500 1000\nrec.dat sixteen\n", "signal line"),
        (b"rec 1 500 1000\nrec.dat 16 1e+/mV 16 0 0 0 0 I\n", "a number in it cannot be read"),
        (b"rec 1 500 1000\nrec.dat 16 1000(-)/mV 16 - 0 0 0 I\n", "a number in it cannot be read"),
        (b"rec 1 500 1000\nrec.dat 16 1e-300/mV 16 0 0 0 0 I\n", "a gain reads “1e-300()”"),
        (b"rec 1 500 1000\nrec.dat 16:999999999 1/mV 16 0 0 0 0 I\n", "skewed by 999999999"),
        (b"rec " + b"9" * 5000 + b" 500 1000\nrec.dat 16 1/mV 16 0 0 0 0 I\n", "a number in it"),
        (b"rec 1 500 1000\nrec.dat 99 1000/mV 16 0 0 0 0 I\n", "signal format 99"),
        (b"rec/1 1 500 1000\nnothing\n", "segment line"),
        (b"rec/1 1 500 1000\nabsent 1000\n", "which is not there"),
        (b"rec/1 1 500 1000\nrec 1000\n", "has segments itself"),
        (b"rec/1 1 500 1000\n~ 1000\n", "no segment with samples"),
    ],
)
def test_damaged_headers(write_record, wave, content: bytes, part: str) -> None:
    header = write_record(wave)
    header.write_bytes(content)
    assert part in refusal(header).message


def test_damaged_flac(tmp_path: Path) -> None:
    (tmp_path / "r.dat").write_bytes(b"not FLAC at all")
    (tmp_path / "r.hea").write_text("r 1 500 1000\nr.dat 516 1000/mV 16 0 0 0 0 I\n")
    assert "FLAC" in refusal(tmp_path / "r.hea").message


def test_flac_that_ends_early(tmp_path: Path) -> None:
    import wfdb

    wfdb.wrsamp(
        "r",
        fs=500,
        units=["mV"],
        sig_name=["I"],
        d_signal=np.random.default_rng(0).integers(-99, 99, (20_000, 1)),
        fmt=["516"],
        adc_gain=[1000.0],
        baseline=[0],
        write_dir=str(tmp_path),
    )
    signal_file = tmp_path / "r.dat"
    signal_file.write_bytes(signal_file.read_bytes()[:8000])
    assert "cannot be read as WFDB" in refusal(tmp_path / "r.hea").message


def test_all_leads_in_an_unknown_unit_are_asked_for(write_record, wave) -> None:
    header = write_record(wave, units="adu")
    with pytest.raises(NeedsOptions) as question:
        open_recording(header)
    assert question.value.preview.missing == ("unit",)
    recording = open_recording(header, options=ImportOptions(unit="500/mV"))
    np.testing.assert_allclose(recording.read(("I", "II")), wave / 500, rtol=1e-6)


def test_signals_that_are_only_numbered_are_asked_for(write_record, wave) -> None:
    header = write_record(wave, names=("ECG1", "ECG2"))
    with pytest.raises(NeedsOptions) as question:
        open_recording(header)
    assert question.value.preview.missing == ("leads",)
    assert question.value.preview.rate_hz == 500
    assert question.value.preview.first_rows[0] == ("0", "0.5")
    recording = open_recording(header, options=ImportOptions(leads=("II", "V5")))
    np.testing.assert_allclose(recording.read(("II", "V5")), wave / 1000, rtol=1e-6)


def test_no_voltage_among_the_signals(write_record, wave) -> None:
    error = refusal(write_record(wave, names=("ART", "RESP"), units=("mmHg", "l/min")))
    assert "none of the twelve leads; its signals are ART, RESP" in error.message


def test_units_that_change_between_segments(tmp_path: Path, write_record, wave) -> None:
    write_record(wave, name="a")
    write_record(wave, name="b", units="adu")
    (tmp_path / "m.hea").write_text("m/2 2 500 2000\na 1000\nb 1000\n")
    assert "I in mV in one segment and in adu in another" in refusal(tmp_path / "m.hea").message


def test_missing_file_folder_and_foreign_format(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(bytes(100))
    assert "There is no file" in refusal(tmp_path / "nowhere.hea").message
    assert "is a folder" in refusal(tmp_path).message
    assert "not in a format" in refusal(tmp_path / "x.bin").message


def test_a_folder_is_named_so_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_args: object, **_keywords: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "is a folder" in refusal(tmp_path).message


@pytest.mark.parametrize("name", ["rec.hea", "rec.dat"])
def test_files_that_may_not_be_read(write_record, wave, monkeypatch, name: str) -> None:
    header = write_record(wave)
    locked = header.parent / name
    # The tests may run as root, whom no permission stops.
    true_open, true_stat = Path.open, Path.stat

    def refuse(path: Path, *args, **keywords):
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return true_open(path, *args, **keywords)

    def refuse_stat(path: Path, *args, **keywords):
        if path == locked and name == "rec.dat":
            raise PermissionError(13, "Permission denied", str(path))
        return true_stat(path, *args, **keywords)

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "stat", refuse_stat)
    assert "may not be read" in refusal(header).message


def test_a_2_gb_record_is_read_by_window(tmp_path: Path) -> None:
    n_samples = 2**31 // 24
    lines = [
        f"r.dat 16 1000/mV 16 0 0 0 0 {lead}"
        for lead in ("I", "II", *[f"V{i}" for i in range(1, 7)])
    ]
    lines += [f"r.dat 16 1000/mV 16 0 0 0 0 x{i}" for i in range(4)]
    (tmp_path / "r.hea").write_text("\n".join([f"r 12 500 {n_samples}", *lines]) + "\n")
    with (tmp_path / "r.dat").open("wb") as file:
        file.truncate(n_samples * 24)  # a sparse file: it takes no room on the disk
        file.seek((n_samples - 1) * 24)
        file.write(np.arange(12, dtype="<i2").tobytes())
    tracemalloc.start()
    recording = open_recording(tmp_path / "r.hea")
    last = recording.read(("II", "V6"), n_samples - 2, n_samples)
    largest_mb = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    np.testing.assert_allclose(last, [[0, 0.001], [0, 0.007]])
    assert recording.n_samples == n_samples
    assert "checked-part" in [warning.code for warning in recording.warnings]
    assert largest_mb < 20


def test_a_signal_file_that_shrinks_after_opening(tmp_path: Path, write_record, wave) -> None:
    header = write_record(np.tile(wave, (1, 1500)))
    recording = open_recording(header)
    os.truncate(tmp_path / "rec.dat", 1000)
    with pytest.raises(RecordingError, match=r"rec\.dat cannot be read"):
        recording.read(("I",), 5000, 6000)
