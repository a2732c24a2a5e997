"""Folders are searched for recordings of every format, known by their content."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.errors import RecordingError
from ecgview.formats import find_recordings, save_recording
from ecgview.formats.search import walk_recordings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two recordings, and files of a kind that lies beside recordings."""
    signals_mv = twelve_lead_array(500.0, 2.0)
    save_recording("a", signals_mv, 500.0, tmp_path / "below")
    save_recording("b", signals_mv, 500.0, tmp_path, format="csv")
    (tmp_path / "below" / "a.atr").write_bytes(b"\x01\x04\x00\x00")
    (tmp_path / "patients.csv").write_text("ecg_id,age,fold\n1,60,2\n2,61,3\n")
    (tmp_path / "RECORDS").write_text("below/a\n")
    (tmp_path / "README.md").write_text("Leads I, II and V1 of three people.\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (tmp_path / "empty.edf").touch()
    (tmp_path / ".b.csv").write_bytes((tmp_path / "b.csv").read_bytes())
    return tmp_path


def test_only_recordings_are_listed(folder: Path) -> None:
    assert find_recordings([folder]) == [folder / "b.csv", folder / "below" / "a.hea"]


def test_a_recording_is_known_whatever_it_is_called(folder: Path) -> None:
    (folder / "b.csv").rename(folder / "b.export")
    assert folder / "b.export" in find_recordings([folder])


def test_segments_belong_to_their_record(tmp_path: Path) -> None:
    for name in ("part1", "part2"):
        save_recording(name, np.zeros((12, 100)), 500.0, tmp_path)
    (tmp_path / "whole.hea").write_text("whole/2 12 500 200\npart1 100\npart2 100\n")
    assert find_recordings([tmp_path]) == [tmp_path / "whole.hea"]


def test_a_folder_that_is_not_there_is_taken_for_a_file(tmp_path: Path) -> None:
    assert find_recordings([tmp_path / "gone"]) == [tmp_path / "gone"]


def test_a_locked_folder_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", locked)
    with pytest.raises(RecordingError, match="may not be read"):
        find_recordings([folder])


@pytest.mark.real_data
def test_real_folders(data_dir: Path) -> None:
    assert len(find_recordings([data_dir / "ptb-xl"])) == 2277
    assert len(find_recordings([data_dir / "challenge-2011"])) == 1000
    clinical = find_recordings([data_dir / "formats"])
    assert {path for path in (data_dir / "formats").iterdir() if path.is_file()} <= {*clinical}
    assert sum(path.suffix == ".hea" for path in clinical) == 4


@pytest.mark.real_data
def test_walking_finds_what_searching_does(data_dir: Path) -> None:
    found = [path for paths in walk_recordings(data_dir / "formats") for path in paths]
    assert sorted(found) == sorted(find_recordings([data_dir / "formats"]))
    assert len(found) > 10
