"""Fixtures of the window's tests: an application without a display."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(["ecgview-tests"])
    application.setStyle("Fusion")
    return application
