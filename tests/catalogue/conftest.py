from __future__ import annotations

from pathlib import Path

import pytest
from made_data_set import make_ptb_xl

from ecgview.catalogue.reading import read_catalogue
from ecgview.catalogue.shelf import Shelf


@pytest.fixture(scope="session")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five recordings in PTB-XL's layout."""
    return make_ptb_xl(tmp_path_factory.mktemp("catalogue") / "mini", flat=3)


@pytest.fixture(scope="session")
def shelf(mini: Path) -> Shelf:
    return Shelf(read_catalogue(mini))


@pytest.fixture(scope="session")
def real_shelf(data_dir: Path) -> Shelf:
    return Shelf(read_catalogue(data_dir / "ptb-xl"))
