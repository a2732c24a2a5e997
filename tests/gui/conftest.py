"""Fixtures of the window's tests: an application without a display."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session")
def qapp() -> Iterator[QApplication]:
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(["ecgview-tests"])
    application.setStyle("Fusion")
    yield application
    # The offscreen platform drops its clipboard after Python is gone, and would crash on ours.
    application.clipboard().clear()
