"""Files take their places whole, also where someone else has them open."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecgview import storing


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    made: list[float] = []
    monkeypatch.setattr(storing.time, "sleep", made.append)
    return made


def refuse(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let the system refuse to replace files so many times, as Windows does while they are read."""
    replace, refusals = Path.replace, iter([PermissionError(13, "Access is denied")] * times)

    def refusing(draft: Path, path: Path) -> Path:
        if refusal := next(refusals, None):
            raise refusal
        return replace(draft, path)

    monkeypatch.setattr(Path, "replace", refusing)


def test_a_file_that_is_read_for_a_moment_is_replaced_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(storing, "READERS_HOLD", True)
    refuse(monkeypatch, 3)

    storing.put_whole(path, b"new")

    assert path.read_bytes() == b"new"
    assert len(pauses) == 3
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("readers_hold", "tries"), [(True, 20), (False, 1)])
def test_a_file_that_stays_open_is_left_as_it_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pauses: list[float],
    readers_hold: bool,
    tries: int,
) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(storing, "READERS_HOLD", readers_hold)
    refuse(monkeypatch, 1000)

    with pytest.raises(PermissionError):
        storing.put_whole(path, b"new")

    assert path.read_bytes() == b"old"
    assert len(pauses) == tries - 1
    assert 0 < sum(pauses, start=0.01) < 2
    assert sorted(tmp_path.iterdir()) == [path]
