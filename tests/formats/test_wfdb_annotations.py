from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import wfdb

from ecgview.formats import ImportOptions, open_recording
from ecgview.recording import Mark


def write_annotations(folder: Path, annotator: str, **fields) -> Path:
    """Let wfdb write an annotation file of the record ``rec``; fields as of `wfdb.wrann`."""
    samples = fields.pop("samples")
    symbols = fields.pop("symbols")
    wfdb.wrann("rec", "x", np.array(samples), symbols, write_dir=str(folder), **fields)
    return (folder / "rec.x").rename(folder / f"rec.{annotator}")


def codes(recording) -> list[str]:
    return [warning.code for warning in recording.warnings]


def test_reference_annotations(tmp_path: Path, write_record, wave) -> None:
    header = write_record(wave)
    write_annotations(
        tmp_path,
        "atr",
        samples=[10, 250, 400, 999],
        symbols=["+", "N", '"', "V"],
        aux_note=["(AFIB\0", "", "a note: größer".encode().decode("latin-1"), "R on T"],
    )
    assert open_recording(header).marks == (
        Mark(0.02, "(AFIB"),
        Mark(0.5, "N"),
        Mark(0.8, "a note: größer"),
        Mark(1.998, "V R on T"),
    )


def test_annotators_are_found_by_content_and_told_apart(tmp_path: Path, write_record, wave) -> None:
    header = write_record(wave)
    write_annotations(tmp_path, "qrs", samples=[252], symbols=["N"])
    write_annotations(tmp_path, "atr", samples=[250], symbols=["N"])
    write_annotations(tmp_path, "my_own7", samples=[500], symbols=["p"])
    (tmp_path / "rec.txt").write_text("not an annotation file, but of the same name\n")
    (tmp_path / "rec.zip").write_bytes(np.random.default_rng(0).bytes(400))
    (tmp_path / "rec.zero").write_bytes(bytes(40))
    write_annotations(tmp_path, "atr2", samples=[1], symbols=["N"]).rename(tmp_path / "rec2.atr")
    recording = open_recording(header)
    assert recording.marks == (Mark(0.5, "N"), Mark(0.504, "N [qrs]"), Mark(1.0, "p [my_own7]"))
    assert "annotations" not in codes(recording)


def test_annotators_of_leads_mark_their_leads(tmp_path: Path, write_record, wave) -> None:
    header = write_record(wave, names=("i", "v1"))
    write_annotations(tmp_path, "i", samples=[100, 120], symbols=["(", "p"])
    write_annotations(tmp_path, "v1", samples=[110], symbols=["N"])
    assert open_recording(header).marks == (
        Mark(0.2, "(", channel="i"),
        Mark(0.22, "N", channel="v1"),
        Mark(0.24, "p", channel="i"),
    )


def test_channels_that_annotations_tell(tmp_path: Path, write_record, wave) -> None:
    header = write_record(wave)
    write_annotations(
        tmp_path, "ari", samples=[1, 2, 3], symbols=["N"] * 3, chan=np.array([0, 1, 7])
    )
    assert [mark.channel for mark in open_recording(header).marks] == ["I", "II", ""]


def test_a_resolution_of_its_own(tmp_path: Path, write_record, wave) -> None:
    header = write_record(wave)
    write_annotations(tmp_path, "atr", samples=[100], symbols=["N"], fs=1000)
    assert open_recording(header).marks == (Mark(0.1, "N"),)


def test_marks_keep_to_the_samples_when_the_rate_is_corrected(
    tmp_path: Path, write_record, wave
) -> None:
    header = write_record(wave)
    write_annotations(tmp_path, "atr", samples=[100, 900], symbols=["N"] * 2)
    recording = open_recording(header, options=ImportOptions(rate_hz=250))
    assert recording.marks == (Mark(0.4, "N"), Mark(3.6, "N"))


def test_annotations_outside_the_record_are_left_out(tmp_path: Path, write_record, wave) -> None:
    header = write_record(wave)
    write_annotations(tmp_path, "atr", samples=[999, 5000, 2_000_000], symbols=["N"] * 3)
    assert open_recording(header).marks == (Mark(1.998, "N"),)


def test_annotations_of_several_samples_a_frame_count_frames(tmp_path: Path) -> None:
    (tmp_path / "rec.dat").write_bytes(np.arange(400).astype("<i2").tobytes())
    (tmp_path / "rec.hea").write_text("rec 1 125 100\nrec.dat 16x4 100 16 0 0 0 0 II\n")
    write_annotations(tmp_path, "atr", samples=[50], symbols=["N"])
    recording = open_recording(tmp_path / "rec.hea")
    assert recording.fs_hz == 500
    assert recording.marks == (Mark(0.4, "N"),)


@pytest.mark.parametrize("keep", [1, 3, 7, -1, -2])
def test_damaged_annotations_give_a_sentence(tmp_path: Path, write_record, wave, keep) -> None:
    header = write_record(wave)
    path = write_annotations(
        tmp_path, "atr", samples=[10, 900], symbols=["N", '"'], aux_note=["", "some text"]
    )
    path.write_bytes(path.read_bytes()[:keep])
    recording = open_recording(header)
    assert recording.marks == ()
    (warning,) = (found for found in recording.warnings if found.code == "annotations")
    assert warning.message == "rec.atr cannot be read as annotations."


def test_no_bytes_crash_the_annotations(tmp_path: Path, write_record, wave) -> None:
    header = write_record(wave)
    path = write_annotations(
        tmp_path,
        "atr",
        samples=[10, 400, 900],
        symbols=["N", "+", '"'],
        aux_note=["", "(N", "text"],
    )
    sound, random = path.read_bytes(), np.random.default_rng(4)
    n_marks = set()
    for _ in range(300):
        bent = bytearray(sound)
        for place in random.integers(0, len(bent), 2):
            bent[place] = random.integers(0, 256)
        path.write_bytes(bent)
        marks = open_recording(header).marks
        assert all(0 <= mark.start_s <= 2 for mark in marks)
        n_marks.add(len(marks))
    assert len(n_marks) > 2


def test_marks_that_vanish_before_they_are_read(tmp_path: Path, write_record, wave) -> None:
    header = write_record(wave)
    path = write_annotations(tmp_path, "atr", samples=[10], symbols=["N"])
    recording = open_recording(header)
    path.unlink()
    assert recording.marks == ()


def test_a_long_pause_before_a_beat(tmp_path: Path, write_record, wave) -> None:
    header = write_record(np.tile(wave, (1, 100)))
    skip = struct.pack("<3H", 59 << 10, 1, 14464)  # 80,000 as two words, the high one first
    (tmp_path / "rec.atr").write_bytes(skip + struct.pack("<2H", 1 << 10, 0))
    assert open_recording(header).marks == (Mark(160.0, "N"),)


@pytest.mark.real_data
def test_ludb_marks_every_lead(data_dir: Path) -> None:
    recording = open_recording(data_dir / "formats/wfdb/ludb_1.hea")
    theirs = wfdb.rdann(str(data_dir / "formats/wfdb/ludb_1"), "avf")
    ours = [mark for mark in recording.marks if mark.channel == "avf"]
    assert [mark.text for mark in ours] == theirs.symbol
    np.testing.assert_allclose([mark.start_s for mark in ours], theirs.sample / 500)
    assert len(recording.marks) == 576
    assert {mark.channel for mark in recording.marks} == {
        channel.name for channel in recording.channels
    }
