"""The icon of the window, as title bars and task bars draw it."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon

from ecgview.gui.app import make_application
from ecgview.paths import resources_dir


def drawn(name: str, side_px: int) -> bytes:
    icon = QIcon(str(resources_dir() / "icons" / name))
    return bytes(icon.pixmap(QSize(side_px, side_px), 1.0).toImage().constBits())


def test_title_bars_get_the_small_drawing_and_task_bars_the_other() -> None:
    icon = make_application().windowIcon()
    sizes = {side_px: icon.pixmap(QSize(side_px, side_px), 1.0) for side_px in (16, 48)}

    assert bytes(sizes[16].toImage().constBits()) == drawn("ecgview-small.svg", 16)
    assert bytes(sizes[48].toImage().constBits()) == drawn("ecgview.svg", 48)
    # Systems ask for the sizes they like as long as the icon names none of its own.
    assert icon.availableSizes() == []


def test_the_dock_keeps_the_icon_of_the_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[QIcon] = []
    application = make_application()
    monkeypatch.setattr(type(application), "setWindowIcon", lambda _, icon: given.append(icon))
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    make_application()

    assert given == []
