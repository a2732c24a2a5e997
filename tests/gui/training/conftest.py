"""Each test has runs of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecgview import paths


@pytest.fixture(autouse=True)
def runs_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runs"
    monkeypatch.setattr(paths, "user_runs_dir", lambda: folder)
    return folder
