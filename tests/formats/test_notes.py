"""Notes beside a recording: what comes back, and what is never overwritten."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import wfdb

from ecgview.errors import RecordingError
from ecgview.formats import find_recordings, open_recording, save_recording
from ecgview.formats.notes import (
    _elsewhere,
    merged,
    notes_path,
    read_notes,
    save_notes,
    tidy_note,
)
from ecgview.leads import LEADS
from ecgview.recording import Mark, Recording, recording_from_array

NOTES = (
    Mark(0.01, "start ## here"),
    Mark(1.25, "Wellenform unklar: größer?", 0.16, "V3"),
    Mark(1.25, "心電図"),
    Mark(2.5, "ends like one [0.500 s]"),
    Mark(3.5, "stretch", 1.003),
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder of notes."""
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *args, **kwargs: str(tmp_path / "own"))
    return tmp_path / "own" / "notes"


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    signals_mv = np.zeros((12, 1000))
    path = save_recording("rec", signals_mv, 100.0, tmp_path / "data", format="wfdb", leads=LEADS)
    return open_recording(path)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_notes_come_back_as_they_were(recording: Recording) -> None:
    before = names_in(recording.path.parent)
    kept = save_notes(recording, NOTES)
    assert kept.path == recording.path.with_name("rec.ecgnotes")
    assert kept.beside
    assert names_in(recording.path.parent) - before == {"rec.ecgnotes"}
    assert read_notes(open_recording(recording.path)).notes == NOTES


def test_other_programs_read_the_file(recording: Recording) -> None:
    save_notes(recording, NOTES)
    read = wfdb.rdann(str(recording.path.with_suffix("")), "ecgnotes")
    assert read.fs == 100
    assert list(read.sample) == [1, 125, 125, 250, 350]
    assert set(read.symbol) == {'"'}
    assert read.aux_note[-1] == "stretch [1.003 s]"


def test_notes_are_no_marks_of_the_file_and_no_recording(recording: Recording) -> None:
    save_notes(recording, NOTES)
    assert open_recording(recording.path).marks == ()
    assert find_recordings([recording.path.parent]) == [recording.path]


def test_the_file_goes_with_the_last_note(recording: Recording) -> None:
    kept = save_notes(recording, NOTES)
    assert save_notes(recording, (), kept.notes).notes == ()
    assert not kept.path.exists()


def test_a_foreign_file_of_the_name_is_left_alone(recording: Recording, own_folder: Path) -> None:
    foreign = recording.path.with_name("rec.ecgnotes")
    wfdb.wrann(
        "rec", "ecgnotes", np.array([5, 9]), symbol=["N", "V"], write_dir=str(foreign.parent)
    )
    before = foreign.read_bytes()
    assert read_notes(recording).notes == ()
    kept = save_notes(recording, NOTES)
    assert not kept.beside
    assert kept.path.parent == own_folder
    assert foreign.read_bytes() == before
    assert read_notes(recording).notes == NOTES
    assert [mark.text for mark in open_recording(recording.path).marks] == ["N", "V"]


def test_a_read_only_folder_keeps_them_in_the_users(
    recording: Recording, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.write_bytes

    def refused(path: Path, content: bytes) -> int:
        if path.parent == recording.path.parent:
            raise PermissionError(13, "Permission denied")
        return real(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", refused)
        kept = save_notes(recording, NOTES[:2])
    assert not kept.beside
    assert kept.path.parent == own_folder
    assert read_notes(recording).notes == NOTES[:2]
    # The folder can be written to again: the notes move there.
    assert save_notes(recording, NOTES, kept.notes).beside
    assert list(own_folder.iterdir()) == []
    assert read_notes(recording).notes == NOTES


def test_nothing_is_lost_when_nothing_can_be_written(
    recording: Recording, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_notes(recording, NOTES[:2])

    def full(*args: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(RecordingError, match="No space left on device"):
            save_notes(recording, NOTES, NOTES[:2])
    assert read_notes(recording).notes == NOTES[:2]


def test_what_another_window_wrote_stays(recording: Recording) -> None:
    ours, theirs, gone = Mark(1.0, "ours"), Mark(2.0, "theirs"), Mark(3.0, "gone")
    save_notes(recording, (gone,))
    save_notes(recording, (theirs,), (gone,))
    assert save_notes(recording, (gone, ours), (gone,)).notes == (ours, theirs)
    assert merged((gone,), (), (gone, theirs)) == (theirs,)


def test_notes_move_back_beside_those_of_others(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = Mark(1.0, "ours"), Mark(2.0, "theirs")
    with monkeypatch.context() as patch:
        patch.setattr("ecgview.formats.notes.notes_path", lambda _: Path("/nowhere/rec.ecgnotes"))
        away = save_notes(recording, (ours,))
    assert not away.beside
    beside = save_notes(recording, (theirs,))
    own = away.path.with_name(_elsewhere(beside.path).name)
    away.path.rename(own)
    assert read_notes(recording).notes == (ours,)
    kept = save_notes(recording, (ours,), (ours,))
    assert (kept.notes, kept.beside, own.exists()) == ((ours, theirs), True, False)
    assert read_notes(recording).notes == (ours, theirs)


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_notes_are_as_private_as_the_user_has_it(recording: Recording) -> None:
    before = os.umask(0o077)
    try:
        kept = save_notes(recording, NOTES)
    finally:
        os.umask(before)
    assert kept.path.stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_is_told_and_kept(recording: Recording) -> None:
    kept = save_notes(recording, NOTES)
    content = kept.path.read_bytes()
    kept.path.write_bytes(content[:60])
    with pytest.raises(RecordingError, match=r"rec\.ecgnotes"):
        save_notes(recording, (Mark(1.0, "new"),))
    assert kept.path.read_bytes() == content[:60]


def test_definitions_that_the_library_waits_at_for_ever_are_refused(recording: Recording) -> None:
    for annotator, text in (("atr", "## whatever"), ("ecgnotes", "# ecgview notes")):
        wfdb.wrann(
            "rec", annotator, np.array([0, 0, 9]), symbol=['"', '"', "N"],
            aux_note=[text, "## whatever", ""], write_dir=str(recording.path.parent),
        )  # fmt: skip
    opened = open_recording(recording.path)
    assert opened.marks == ()
    assert any("rec.atr cannot be read" in warning.message for warning in opened.warnings)
    with pytest.raises(RecordingError, match=r"rec\.ecgnotes cannot be read"):
        read_notes(opened)


def test_each_part_of_a_file_has_its_own(tmp_path: Path) -> None:
    rhythm = replace(
        recording_from_array("ecg", {"I": np.zeros(100)}, 100.0),
        path=tmp_path / "ecg.xml", parts=("rhythm", "median beat"), part="rhythm",
    )  # fmt: skip
    median = replace(rhythm, part="median beat")
    assert notes_path(rhythm).name == "ecg.xml.ecgnotes"
    assert notes_path(median).name == "ecg.xml.median-beat.ecgnotes"
    save_notes(rhythm, NOTES[:1])
    assert read_notes(median).notes == ()


def test_a_recording_in_memory_keeps_none() -> None:
    memory = recording_from_array("demo", {"I": np.zeros(100)}, 100.0)
    assert read_notes(memory).notes == ()
    with pytest.raises(RecordingError, match="demo has no file"):
        save_notes(memory, NOTES)


def test_a_note_is_brought_to_what_the_file_holds() -> None:
    long = tidy_note(Mark(1.0004, "a\n b\t" + "ä" * 300, 0.12345, "V1"), 360.0)
    assert long.start_s == 360 / 360.0
    assert long.duration_s == 0.123
    assert long.text.startswith("a b ää")
    assert tidy_note(Mark(-1.0, "## heading"), 100.0) == Mark(0.01, "# heading")
    assert len(long.text.encode()) <= 200


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["edf_800hz_flat_chest.edf", "wfdb/ludb_1.hea", "muse.xml"])
def test_real_files_stay_as_they_are(data_dir: Path, tmp_path: Path, name: str) -> None:
    source = (data_dir / "formats" / name).parent
    stem = Path(name).stem
    for path in source.glob(f"{stem}.*"):
        shutil.copy(path, tmp_path)
    path = tmp_path / Path(name).name
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()}
    recording = open_recording(path)
    marks = recording.marks
    notes = tuple(tidy_note(note, recording.fs_hz) for note in NOTES)
    save_notes(recording, notes)
    after = open_recording(path)
    assert read_notes(after).notes == notes
    assert after.marks == marks
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
