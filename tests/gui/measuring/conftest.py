"""A window to measure in, and the mouse over its paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from paper import Paper
from stand_ins import main_window


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder of notes."""
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *args, **kwargs: str(tmp_path / "own"))
    return tmp_path / "own" / "notes"


@pytest.fixture
def paper(qapp: object, tmp_path: Path) -> Iterator[Paper]:
    with main_window(tmp_path) as window:
        yield Paper(window)
