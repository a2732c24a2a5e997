from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from map_engine import MapEngine
    from PySide6.QtWidgets import QApplication

    from ecgview.gui.main_window import MainWindow


@pytest.fixture
def engine() -> MapEngine:
    from map_engine import MapEngine

    return MapEngine()


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, engine: MapEngine) -> Iterator[MainWindow]:
    """A window on the viewer, with nothing open."""
    from stand_ins import main_window

    with main_window(tmp_path, engine) as made:
        yield made
        engine.free.set()
