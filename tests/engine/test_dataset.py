from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.cli.options import fold_list
from ecgview.engine.dataset import (
    PTB,
    PTB_XL,
    DataSummary,
    choose_entries,
    in_folds,
    list_entries,
    named_in,
    summarise,
)
from ecgview.engine.events import Finished
from ecgview.engine.layouts import hashed_fold
from ecgview.engine.preparation import load
from ecgview.errors import DatasetError
from ecgview.formats import open_recording, save_recording
from ecgview.leads import INDEPENDENT_LEADS
from ecgview.signals.resampling import RateRatio, resample


def write(folder: Path, name: str, seed: int = 0, fs_hz: float = 500.0, **more: object) -> Path:
    duration_s = float(more.pop("duration_s", 10.0))  # type: ignore[arg-type]
    signals_mv = twelve_lead_array(fs_hz, duration_s, seed)
    return save_recording(name, signals_mv, fs_hz, folder, **more)  # type: ignore[arg-type]


def summary_of(*folders: Path) -> DataSummary:
    *_, last = summarise(folders)
    assert isinstance(last, Finished)
    return last.result


@pytest.fixture
def two_rates(tmp_path: Path) -> Path:
    """PTB-XL's layout with both rates of record 1, only 100 Hz of record 2, nothing of record 3."""
    write(tmp_path / "records500/00000", "00001_hr")
    for number in (1, 2):
        write(tmp_path / "records100/00000", f"{number:05d}_lr", fs_hz=100.0)
    with (tmp_path / "ptbxl_database.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["ecg_id", "patient_id", "strat_fold", "filename_lr", "filename_hr"])
        for number in (1, 2, 3):
            names = (f"records100/00000/{number:05d}_lr", f"records500/00000/{number:05d}_hr")
            table.writerow([number, "7.0", 4, *names])
    return tmp_path


def test_ptb_xl_gives_500_hz_where_it_is_there_else_100(two_rates: Path) -> None:
    entries = list_entries(two_rates)
    assert [entry.name for entry in entries] == [
        "records500/00000/00001_hr",
        "records100/00000/00002_lr",
    ]
    assert {(entry.source, entry.fold, entry.split) for entry in entries} == {
        (PTB_XL, 4, "strat_fold")
    }
    data = load(entries, 125.0)
    assert data.signals_mv.shape == (2, 8, 1250)
    summary = summary_of(two_rates)
    assert (summary.recordings, summary.patients, summary.absent) == (2, 1, 1)
    shutil.rmtree(two_rates / "records500")
    shutil.rmtree(two_rates / "records100")
    with pytest.raises(DatasetError, match="lists 3 recordings; none"):
        list_entries(two_rates)


def test_a_table_of_something_else_is_told(tmp_path: Path) -> None:
    (tmp_path / "ptbxl_database.csv").write_text("filename_hr,age\nx,3\n")
    write(tmp_path, "x")
    with pytest.raises(DatasetError, match="not the table of PTB-XL") as caught:
        list_entries(tmp_path)
    assert "strat_fold" in caught.value.hint


def test_ptb_is_cut_into_segments_of_one_patient(tmp_path: Path) -> None:
    write(tmp_path / "patient001", "s0010_re", 1, fs_hz=1000.0, duration_s=30.0)
    write(tmp_path / "patient001", "s0014lre", 2, fs_hz=1000.0, duration_s=12.0)
    write(tmp_path / "patient294", "s0559_re", 3, fs_hz=1000.0, duration_s=5.0)
    entries = list_entries(tmp_path)
    assert [(entry.name, entry.start_s) for entry in entries] == [
        ("patient001/s0010_re", 0.0),
        ("patient001/s0010_re@8.192", 8.192),
        ("patient001/s0010_re@16.384", 16.384),
        ("patient001/s0014lre", 0.0),
        ("patient294/s0559_re", 0.0),
    ]
    assert {(entry.patient, entry.fold) for entry in entries} == {
        ("patient001", hashed_fold("patient001")),
        ("patient294", hashed_fold("patient294")),
    }
    assert {(entry.source, entry.split) for entry in entries} == {(PTB, "patient")}
    summary = summary_of(tmp_path)
    assert (summary.recordings, summary.segments, summary.patients) == (3, 5, 2)

    data = load(entries, 125.0)
    assert data.left_out == (("patient294/s0559_re", "shorter than 10 s"),)
    recording = open_recording(tmp_path / "patient001/s0010_re.hea")
    piece_mv = recording.read(INDEPENDENT_LEADS, 8192, 18192)
    piece_mv -= np.median(piece_mv, axis=1, keepdims=True)
    expected = resample(piece_mv, RateRatio.between(1000.0, 125.0))[:, :1250]
    np.testing.assert_allclose(data.signals_mv[1], expected, atol=1e-6)


def test_the_folds_of_patients_never_change() -> None:
    # Written down once: another hash would move people between training and test.
    names = ("patient001", "patient002", "patient294", "set-a/1002867", "Åse")
    assert [hashed_fold(name) for name in names] == [9, 5, 3, 6, 5]
    counts = Counter(hashed_fold(f"patient{number}") for number in range(2000))
    assert sorted(counts) == list(range(1, 11))
    assert max(counts.values()) < 250


def test_any_folder_is_split_by_patient_where_all_are_named(tmp_path: Path) -> None:
    for seed, (name, patient) in enumerate((("a", "P-1"), ("ward/b", "P-1"), ("c", "P-2"))):
        path = Path(name)
        write(tmp_path / path.parent, path.name, seed, comments=[f"<subject_id>: {patient}"])
    (tmp_path / "broken.hea").write_text("nothing of a header")
    entries = [entry for entry in list_entries(tmp_path) if entry.name != "broken"]
    assert {entry.name: entry.patient for entry in entries} == {
        "a": "P-1",
        "c": "P-2",
        "ward/b": "P-1",
    }
    assert {entry.split for entry in entries} == {"patient"}
    assert entries[0].fold == entries[2].fold == hashed_fold("P-1")

    write(tmp_path, "d", comments=["Patient ID: unknown"])
    entries = list_entries(tmp_path)
    assert {entry.split for entry in entries} == {"file"}
    assert {entry.name: entry.patient for entry in entries}["d"] == "d"
    assert "by file" in summary_of(tmp_path).split


def test_a_summary_adds_data_sets_up(small_data_set: Path, tmp_path: Path) -> None:
    write(tmp_path, "one")
    summary = summary_of(small_data_set, tmp_path)
    assert (summary.recordings, summary.segments, summary.patients) == (13, 13, 7)
    assert summary.sources == {PTB_XL: 12, tmp_path.name: 1}
    folds = Counter({1: 3, 2: 3, 3: 3, 4: 3})
    folds[hashed_fold("one")] += 1
    assert summary.folds == dict(folds)
    assert list(summary.folds) == sorted(summary.folds)
    assert summary.splits == ("strat_fold", "file")
    with pytest.raises(DatasetError, match="no folder"):
        summary_of(tmp_path / "nowhere")


def test_folds_are_chosen_in_every_data_set(small_data_set: Path, tmp_path: Path) -> None:
    names = [f"r{number}" for number in range(12)]
    for seed, name in enumerate(names):
        write(tmp_path, name, seed, duration_s=1.0)
    chosen = choose_entries([small_data_set, tmp_path], (1, 2), None)
    others = [entry.name for entry in chosen if entry.source != PTB_XL]
    assert len(chosen) - len(others) == 6
    assert others == sorted(name for name in names if hashed_fold(name) in (1, 2))
    assert 0 < len(others) < 12
    everything = choose_entries([small_data_set, tmp_path], fold_list("all"), None)
    assert len(everything) == 24
    with pytest.raises(DatasetError, match="fold 8, 9") as caught:
        in_folds(list_entries(small_data_set), (8, 9))
    assert "1 (3), 2 (3), 3 (3), 4 (3)" in caught.value.hint


def test_lists_of_names_that_cannot_serve_are_told(small_data_set: Path, tmp_path: Path) -> None:
    entries = list_entries(small_data_set)
    with pytest.raises(DatasetError, match="cannot be read"):
        named_in(entries, tmp_path / "nowhere.txt")
    (tmp_path / "empty.txt").write_text("\n\n")
    with pytest.raises(DatasetError, match="names no recording"):
        named_in(entries, tmp_path / "empty.txt")


@pytest.mark.real_data
def test_the_real_sets_are_found(data_dir: Path, tmp_path: Path) -> None:
    summary = summary_of(data_dir / "ptb-xl", data_dir / "challenge-2011")
    assert (summary.recordings, summary.absent) == (3050, 0)
    assert list(summary.sources.values()) == [2277, 773]
    ptb_xl = Counter(entry.fold for entry in list_entries(data_dir / "ptb-xl"))
    assert (ptb_xl[8], ptb_xl[9], ptb_xl[10]) == (276, 267, 0)

    shutil.copytree(
        data_dir / "formats/wfdb",
        tmp_path / "patient001",
        ignore=lambda _, names: [name for name in names if not name.startswith("s0010")],
    )
    entries = list_entries(tmp_path)
    assert len(entries) == 4  # 38.4 s
    data = load(entries, 125.0)
    assert data.left_out == ()
    assert data.signals_mv.shape == (4, 8, 1250)
    np.testing.assert_allclose(np.median(data.signals_mv, axis=2), 0, atol=0.01)
    assert 0.3 < np.ptp(data.signals_mv, axis=2).min() < np.ptp(data.signals_mv, axis=2).max() < 5
