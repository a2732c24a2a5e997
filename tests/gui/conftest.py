"""Fixtures of the window's tests: an application without a display."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _own_corrections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what tests remember out of the user's corrections, and those out of the tests."""
    folder = str(tmp_path / "config")
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *args, **kwargs: folder)


@pytest.fixture(autouse=True)
def _slots_raise_nothing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail where a slot has raised: Qt would only print it."""
    raised: list[BaseException] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, traceback: raised.append(error))
    yield
    if raised:
        raise raised[0]


@pytest.fixture(scope="session")
def qapp() -> Iterator[QApplication]:
    from PySide6.QtWidgets import QApplication

    from ecgview.gui.system_files import Application

    application = QApplication.instance() or Application(["ecgview-tests"])
    application.setStyle("Fusion")
    yield application
    # The offscreen platform drops its clipboard after Python is gone, and would crash on ours.
    application.clipboard().clear()
