from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecgview.cli import main
from ecgview.engine.cache import CacheSlot, clear_cache, list_cached
from ecgview.engine.cards import list_models
from ecgview.engine.dataset import list_entries
from ecgview.engine.events import Progress
from ecgview.engine.preparation import load, prepare_events
from ecgview.errors import DatasetError

Output = pytest.CaptureFixture[str]
ROW_BYTES = 8 * 1250 * 4


@pytest.fixture
def filled(small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with the set at 125 and 100 Hz, and an unfinished one at 50 Hz."""
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path))
    entries = list_entries(small_data_set)
    load(entries, 125.0, cache=True)
    load(entries, 100.0, cache=True)
    unfinished = prepare_events(entries * 4, 50.0)
    while not (isinstance(event := next(unfinished), Progress) and event.done):
        pass
    unfinished.close()  # type: ignore[attr-defined]
    return tmp_path / "prepared"


def test_what_is_kept_is_listed(filled: Path, capsys: Output) -> None:
    by_rate = {cached.facts.fs_hz: cached for cached in list_cached() if cached.facts}
    assert sorted(by_rate) == [100.0, 125.0]
    assert by_rate[125.0].recordings == 11
    assert 11 * ROW_BYTES < by_rate[125.0].size_bytes < 11 * ROW_BYTES + 4000
    assert main(["cache"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("11 ready, 1 left out") == 2
    assert printed.count("not finished") == 1
    assert f"{by_rate[125.0].path}\n" in printed
    assert "PTB-XL" in printed
    assert main(["cache", "--json"]) == 0
    facts = {fact["fs_hz"]: fact for fact in json.loads(capsys.readouterr().out)}
    assert facts[125.0]["name"].startswith("ptb-xl-125hz-")
    assert facts[125.0]["size_bytes"] == by_rate[125.0].size_bytes
    assert facts[None]["recordings"] == 0


def test_one_is_removed_by_the_beginning_of_its_name(filled: Path, capsys: Output) -> None:
    assert main(["cache", "--clear", "ptb-xl-100hz"]) == 0
    assert "removed 1, 0.4 MB freed" in capsys.readouterr().out
    assert sorted(cached.name[:12] for cached in list_cached()) == ["ptb-xl-125hz", "ptb-xl-50hz-"]
    assert main(["cache", "--clear", "ptb-xl-125hz", "mystery"]) == 1
    assert "mystery" in capsys.readouterr().err
    assert len(list_cached()) == 2


def test_all_is_removed_but_what_is_being_prepared(filled: Path, capsys: Output) -> None:
    (busy,) = [cached for cached in list_cached() if cached.facts is None]
    slot = CacheSlot(filled / busy.name.removesuffix(".part"))
    assert slot.lock()
    assert main(["cache", "--clear"]) == 0
    printed = capsys.readouterr().out
    assert "removed 2, 0.8 MB freed" in printed
    assert "kept 1, which another ecgview is preparing" in printed
    slot.unlock()
    (removed,) = clear_cache()
    assert removed.name == busy.name
    assert list(filled.iterdir()) == []
    assert main(["cache"]) == 0
    assert capsys.readouterr().out == "nothing is kept\n"


def test_what_cannot_be_removed_is_told(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_use(path: Path) -> None:
        raise PermissionError(13, "in use", str(path))

    monkeypatch.setattr("shutil.rmtree", in_use)
    with pytest.raises(DatasetError, match="in use"):
        clear_cache()
    assert len(list_cached()) == 3


@pytest.mark.skipif(not list_models(), reason="no model is bundled")
def test_no_cache_leaves_the_users_folder_alone(
    small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
    command = ["evaluate", "--data", str(small_data_set), "--folds", "1", "--model"]
    command += ["anylead-linear", "--inputs", "I,II", "--device", "cpu"]
    assert main([*command, "--no-cache"]) == 0
    assert not (tmp_path / "cache").exists()
    assert main(command) == 0
    assert [cached.recordings for cached in list_cached()] == [3]
