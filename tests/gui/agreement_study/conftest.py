from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_data_set import make_ptb_xl

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from study_engine import StudyEngine

    from ecgview.gui.main_window import MainWindow


@pytest.fixture(scope="session")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five recordings in PTB-XL's layout."""
    return make_ptb_xl(tmp_path_factory.mktemp("agreement") / "mini")


@pytest.fixture
def engine() -> StudyEngine:
    from study_engine import StudyEngine

    return StudyEngine()


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, engine: StudyEngine) -> Iterator[MainWindow]:
    """A window on the agreement page, with no folder chosen."""
    from stand_ins import main_window

    with main_window(tmp_path, engine) as made:
        made.session.update(page="agreement")
        yield made
        engine.free.set()
