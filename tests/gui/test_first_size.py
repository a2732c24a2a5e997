"""The size of the window at its first start."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ecgview.gui.app import run
from ecgview.gui.main_window import FIRST_SIZE_PX, MainWindow
from ecgview.gui.settings import Settings


def test_the_first_window_is_not_larger_than_the_screen(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[MainWindow] = []

    def look() -> int:
        windows = qapp.topLevelWidgets()
        shown.extend(one for one in windows if isinstance(one, MainWindow) and one.isVisible())
        return 0

    monkeypatch.setattr(Settings, "of_user", Settings.forgetful)
    monkeypatch.setattr(qapp, "exec", look)
    room = QGuiApplication.primaryScreen().availableGeometry()
    assert room.height() < FIRST_SIZE_PX[1]

    run([])

    assert [window.height() <= room.height() for window in shown] == [True]
    shown[0].close()
    shown[0].deleteLater()
