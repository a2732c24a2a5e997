from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.engine import preparation, reading, signal_set
from ecgview.engine.cache import CacheSlot, list_cached
from ecgview.engine.dataset import Entry, list_entries
from ecgview.engine.events import Event, Failed, Finished, Progress
from ecgview.engine.preparation import load, prepare_events
from ecgview.engine.signal_set import SignalSet, clean_second_moments, second_moments
from ecgview.errors import DatasetError, RecordingError
from ecgview.formats import open_recording, save_recording
from ecgview.signals.filters import clean

PROGRAM = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from ecgview.engine.dataset import list_entries
from ecgview.engine.preparation import load
from ecgview.errors import DatasetError
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    data = load(list_entries(folder), 125.0, cache=True)
    print(data.signals_mv.shape, float(np.abs(data.signals_mv).sum(dtype=float)))
except DatasetError as error:
    print(error)
"""


@pytest.fixture
def cache_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, and several chunks in a dozen recordings."""
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
    monkeypatch.setattr(reading, "_AT_ONCE", 2)
    return tmp_path / "cache"


@pytest.fixture
def data_set(small_data_set: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil: twelve recordings, number 5 with a flat V3."""
    return Path(shutil.copytree(small_data_set, tmp_path / "data"))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The recordings opened so far."""
    paths: list[Path] = []

    def note(path: Path) -> Any:
        paths.append(path)
        return open_recording(path)

    monkeypatch.setattr(reading, "open_recording", note)
    return paths


def prepared(entries: Sequence[Entry], fs_hz: float = 125.0) -> tuple[list[Event], SignalSet]:
    *events, last = prepare_events(entries, fs_hz)
    assert isinstance(last, Finished)
    return events, last.result


def same(first: SignalSet, second: SignalSet) -> bool:
    return (
        np.array_equal(first.signals_mv, second.signals_mv)
        and first.entries == second.entries
        and first.left_out == second.left_out
    )


def test_the_second_time_no_recording_is_opened(
    data_set: Path, cache_dir: Path, opened: list[Path]
) -> None:
    entries = list_entries(data_set)
    plain = load(entries, 125.0)
    assert not cache_dir.exists()
    assert len(opened) == 12
    events, first = prepared(entries)
    assert len(opened) == 24
    assert [event.done for event in events if isinstance(event, Progress)][-1] == 12
    _, second = prepared(entries)
    assert len(opened) == 24
    assert same(plain, first)
    assert same(first, second)
    assert first.reasons() == {"flat lead": 1}
    assert first.signals_mv.shape == (11, 8, 1250)
    assert first.signals_mv.dtype == np.float32
    assert isinstance(second.signals_mv, np.memmap)
    # Another rate or choice of recordings is another set.
    assert prepared(entries, 100.0)[1].signals_mv.shape == (11, 8, 1000)
    assert len(prepared(entries[:3])[1].entries) == 3
    assert len(opened) == 24 + 12 + 3


def test_writing_to_the_signals_leaves_the_cache_as_it_is(data_set: Path, cache_dir: Path) -> None:
    entries = list_entries(data_set)[:3]
    first = prepared(entries)[1].signals_mv
    before = first.copy()
    first[:] = 0
    assert np.array_equal(prepared(entries)[1].signals_mv, before)


def test_a_changed_file_is_read_anew(data_set: Path, cache_dir: Path) -> None:
    entries = list_entries(data_set)
    before = prepared(entries)[1]
    save_recording(
        entries[0].path.stem,
        2 * twelve_lead_array(500.0, 10.0, seed=0),
        500.0,
        entries[0].path.parent,
        overwrite=True,
    )
    after = prepared(entries)[1]
    np.testing.assert_allclose(after.signals_mv[0], 2 * before.signals_mv[0], atol=5e-3)
    assert np.array_equal(after.signals_mv[1:], before.signals_mv[1:])


def test_a_broken_file_is_told_at_the_end_each_time(
    data_set: Path, cache_dir: Path, opened: list[Path]
) -> None:
    entries = list_entries(data_set)
    signals = entries[2].path.with_suffix(".dat")
    content, times = signals.read_bytes(), signals.stat()
    signals.unlink()
    for _ in range(2):
        events, data = prepared(entries)
        (failed,) = [event for event in events if isinstance(event, Failed)]
        assert events[-1] is failed
        assert failed.item == entries[2].name
        assert signals.name in failed.message
        assert data.reasons() == {"flat lead": 1, "unreadable": 1}
    assert len(opened) == 12 + 1
    # A disk that was away for a while: the files are as they were, so is what tells them apart.
    signals.write_bytes(content)
    os.utime(signals, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert prepared(entries)[1].reasons() == {"flat lead": 1}


def test_a_set_with_a_file_that_could_not_be_read_is_tried_again(
    data_set: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = list_entries(data_set)

    def locked(path: Path) -> Any:
        if path == entries[0].path:
            raise RecordingError("may not be read")
        return open_recording(path)

    with monkeypatch.context() as patch:
        patch.setattr(reading, "open_recording", locked)
        assert prepared(entries)[1].reasons()["unreadable"] == 1
    assert prepared(entries)[1].reasons() == {"flat lead": 1}


def interrupted(entries: Sequence[Entry], at_least: int) -> Path:
    """Prepare some of the recordings and break off; give the folder that is left."""
    events = prepare_events(entries, 125.0)
    for event in events:
        if isinstance(event, Progress) and event.done >= at_least:
            break
    events.close()  # type: ignore[attr-defined]
    (left,) = list_cached()
    assert left.facts is None
    return left.path


def test_an_interrupted_preparation_goes_on(
    data_set: Path, cache_dir: Path, opened: list[Path]
) -> None:
    entries = list_entries(data_set)
    interrupted(entries, 7)
    opened.clear()
    _, data = prepared(entries)
    assert sorted(opened) == [entry.path for entry in entries[8:]]
    assert same(data, load(entries, 125.0))
    assert [cached.recordings for cached in list_cached()] == [11]


@pytest.mark.parametrize("file", ["signals.npy", "progress.jsonl"])
@pytest.mark.parametrize("damage", ["cut", "changed", "longer", "gone"])
def test_what_a_killed_process_left_half_written_is_written_again(
    data_set: Path, cache_dir: Path, opened: list[Path], file: str, damage: str
) -> None:
    entries = list_entries(data_set)
    part = interrupted(entries, 8)
    content = (part / file).read_bytes()
    changed = bytearray(content)
    changed[len(content) * 3 // 4] ^= 0xFF
    spoiled = {
        "cut": content[:-7],
        "changed": bytes(changed),
        "longer": content + b"{half",
        "gone": b"",
    }
    (part / file).write_bytes(spoiled[damage])
    opened.clear()
    assert same(prepared(entries)[1], load(entries, 125.0))
    assert (len(opened) == 4 + 12) is (damage == "longer")


@pytest.mark.parametrize("file", ["signals.npy", "set.json"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_set_is_prepared_anew(
    data_set: Path, cache_dir: Path, opened: list[Path], file: str, damage: str
) -> None:
    entries = list_entries(data_set)
    first = prepared(entries)[1]
    expected = SignalSet(first.entries, first.signals_mv.copy(), 125.0, first.left_out)
    del first
    (cached,) = list_cached()
    content = (cached.path / file).read_bytes()
    middle = len(content) // 2
    changed = content[:middle] + b"\xff" + content[middle + 1 :]
    if damage == "gone":
        (cached.path / file).unlink()
    else:
        (cached.path / file).write_bytes(content[:middle] if damage == "cut" else changed)
    opened.clear()
    assert same(prepared(entries)[1], expected)
    assert len(opened) == 12
    opened.clear()
    assert same(prepared(entries)[1], expected)
    assert opened == []


def test_two_at_once_share_the_work(data_set: Path, cache_dir: Path, opened: list[Path]) -> None:
    entries = list_entries(data_set)
    both = threading.Barrier(2)
    results: list[SignalSet] = []

    def run() -> None:
        both.wait()
        results.append(prepared(entries)[1])

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert same(*results)
    assert len(opened) == 12


def test_nobody_waits_for_one_who_stands_still(
    data_set: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = list_entries(data_set)
    standing = prepare_events(entries, 125.0)
    while not (isinstance(event := next(standing), Progress) and event.done):
        pass
    monkeypatch.setattr(preparation, "_PATIENCE_S", 0.0)
    events, data = prepared(entries)
    assert any(isinstance(event, Progress) and "waiting" in event.message for event in events)
    *_, last = standing
    assert isinstance(last, Finished)
    assert same(data, last.result)
    assert len(list_cached()) == 1


def test_processes_prepare_the_same_set_at_once(data_set: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(data_set), "0"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "shared")}
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(said) == 1
    assert said.pop().startswith("(11, 8, 1250)")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on the size of files")
def test_a_disk_that_fills_up_leaves_nothing_behind(data_set: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(data_set), "100000"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "shared")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "cannot be written" in done.stdout
    assert "They take up to 0 MB" in done.stdout
    assert "--no-cache" in done.stdout
    assert not list((tmp_path / "shared").rglob("*.npy"))


def test_a_disk_that_is_too_full_is_told_before_anything_is_read(
    data_set: Path, cache_dir: Path, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(data_set)._replace(free=400_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    entries = list_entries(data_set)
    with pytest.raises(DatasetError, match="too full") as caught:
        list(prepare_events(entries, 125.0))
    assert "ecgview cache --clear" in caught.value.hint
    assert opened == []
    assert list_cached() == []
    assert len(load(entries[:9], 125.0).entries) == 8  # 360 kB


def test_a_file_where_the_cache_should_be_is_left_alone(data_set: Path, cache_dir: Path) -> None:
    expected = load(list_entries(data_set), 125.0)
    cache_dir.write_text("a file where the folder should be")
    prepared = load(list_entries(data_set), 125.0, cache=True)
    assert np.array_equal(prepared.signals_mv, expected.signals_mv)
    assert cache_dir.read_text() == "a file where the folder should be"


def test_a_user_without_a_home_to_write_in_does_without_the_cache(
    data_set: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = load(list_entries(data_set), 125.0)

    def refuse(slot: CacheSlot) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(CacheSlot, "lock", refuse)
    prepared = load(list_entries(data_set), 125.0, cache=True)

    assert np.array_equal(prepared.signals_mv, expected.signals_mv)
    assert not cache_dir.exists()


def test_temporary_files_are_gone_at_once(
    data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    entries = list_entries(data_set)
    data = load(entries, 125.0)
    events = prepare_events(entries, 125.0, cache=False)
    next(events)
    assert len(list(scratch.iterdir())) >= 1
    events.close()  # type: ignore[attr-defined]
    if os.name != "nt":
        assert list(scratch.iterdir()) == []
    assert float(np.abs(data.signals_mv).max()) > 0.5


def test_if_nothing_can_be_used_the_first_reason_is_told(data_set: Path, cache_dir: Path) -> None:
    flat = [entry for entry in list_entries(data_set) if entry.name.endswith("00005_hr")]
    with pytest.raises(DatasetError, match="None of the recordings") as caught:
        list(prepare_events(flat, 125.0))
    assert "flat lead" in caught.value.hint
    with pytest.raises(DatasetError, match="no recording"):
        list(prepare_events([], 125.0))


def test_memory_does_not_grow_with_the_set(
    data_set: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal_set, "_BLOCK", 8)
    twelve = list_entries(data_set)

    def largest_bytes(rounds: int) -> int:
        # The same files again and again, under other names.
        entries = [
            Entry(e.source, f"{e.name}/{k}", e.path, e.patient, e.fold)
            for k in range(rounds)
            for e in twelve
        ]
        tracemalloc.start()
        try:
            data = prepared(entries)[1]
            clean_second_moments(data.signals_mv, 125.0)
            assert len(data.entries) == 11 * rounds
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    clean_second_moments(load(twelve, 125.0).signals_mv, 125.0)  # imports what it needs
    more_bytes = largest_bytes(10) - largest_bytes(3)
    held_bytes = 7 * 11 * 8 * 1250 * 4
    assert more_bytes < held_bytes / 8


def test_second_moments_by_blocks_are_those_of_the_whole(data_set: Path) -> None:
    signals_mv = np.tile(load(list_entries(data_set), 125.0).signals_mv, (7, 1, 1))
    signals_mv *= np.linspace(0.5, 2, len(signals_mv), dtype=np.float32)[:, None, None]
    whole = second_moments(clean(signals_mv, 125.0))
    np.testing.assert_allclose(clean_second_moments(signals_mv, 125.0), whole, rtol=1e-6, atol=1e-9)
    assert np.trace(whole) == pytest.approx(1)


def test_leads_that_are_missing_and_recordings_that_end_early_are_counted(
    tmp_path: Path, cache_dir: Path
) -> None:
    whole = twelve_lead_array(500.0, 12.0)
    save_recording("whole", whole, 500.0, tmp_path / "set")
    save_recording("short", whole[:, :4000], 500.0, tmp_path / "set")
    gap = whole.copy()
    gap[7, 100:200] = np.nan
    save_recording("gap", gap, 500.0, tmp_path / "set")
    swapped = whole.copy()
    swapped[2] *= -1
    save_recording("swapped", swapped, 500.0, tmp_path / "set")
    late = whole.copy()
    late[8, 5500] = np.nan  # after the ten seconds that are taken
    save_recording("late", late, 500.0, tmp_path / "set")
    lines = ["I,II,V1"] + [f"{k % 7},{k % 5},{k % 3}" for k in range(5000)]
    (tmp_path / "set" / "few.csv").write_text("\n".join(lines))
    _, data = prepared(list_entries(tmp_path / "set"))
    assert [entry.name for entry in data.entries] == ["late", "whole"]
    reasons = {"has gaps": 1, "limb leads disagree": 1, "shorter than 10 s": 1}
    assert data.reasons() == reasons | {"unreadable": 1}  # the table does not say its rate


@pytest.mark.real_data
def test_real_recordings_are_left_out_for_the_reasons_that_the_cards_name(
    data_dir: Path, cache_dir: Path
) -> None:
    entries = [e for e in list_entries(data_dir / "ptb-xl") if e.fold == 9]
    _, data = prepared(entries)
    assert len(data.entries) == 265
    assert data.reasons() == {"chest lead beyond 6 mV": 2}
    (cached,) = list_cached()
    facts = json.loads((cached.path / "set.json").read_text())
    assert facts["sources"] == {entries[0].source: 267}
    assert cached.recordings == 265


def test_files_that_lack_a_statement_are_to_be_converted_first(tmp_path: Path) -> None:
    np.save(tmp_path / "batch.npy", np.stack([twelve_lead_array(500, 12)] * 2).astype("f4"))
    chunk = reading.read_chunk(list_entries(tmp_path), 125.0)
    words = chunk.failed[0][1]
    assert "does not state its lead names, sampling rate and unit" in words
    assert "ecgview convert IN OUT --lead-names standard" in words
    assert "--part all" in words
