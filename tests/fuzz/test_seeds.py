"""A few hundred damaged files with fixed seeds; ``run.py`` tries as many as one likes."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from attempt import Input, attempt, check_memory, damaged_input
from memory import peak_memory
from seeds import Seed, made_seeds, real_seeds
from watch import Watch


@pytest.fixture(scope="module")
def made() -> list[Seed]:
    return made_seeds()


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    """Watch a folder; Python's own writing of what it has compiled would be noted as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        yield Watch(tmp_path_factory.mktemp("damaged"))


def try_many(
    numbers: range, run_seed: int, made: list[Seed], real: list[Seed], watch: Watch
) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    folder = Path(watch.folder)
    for number in numbers:
        given = damaged_input(number, run_seed, made, real)
        watch.seen.clear()
        with peak_memory() as rise:
            watch.is_on = True
            try:
                outcomes[attempt(given, folder)] += 1
            finally:
                watch.is_on = False
        check_memory(given, rise[0])
        assert watch.seen == [], (number, given.seed.name)
    return outcomes


@pytest.mark.parametrize("block", range(6))
def test_damaged_files_are_opened_or_refused(made: list[Seed], watch: Watch, block: int) -> None:
    """Of every format, whatever a damaged file raises is a sentence, and nothing else happens."""
    numbers = range(100 * block, 100 * block + 100)
    outcomes = try_many(numbers, 2026, made, [], watch)
    assert min(outcomes["opened"], outcomes["refused"]) >= 10


@pytest.mark.real_data
@pytest.mark.parametrize("block", range(2))
def test_damaged_real_files(data_dir: Path, watch: Watch, block: int) -> None:
    real = real_seeds(data_dir / "formats")
    outcomes = try_many(range(100 * block, 100 * block + 100), 2027, real, real, watch)
    assert min(outcomes["opened"], outcomes["refused"]) >= 10


def test_the_files_are_valid_before_they_are_damaged(made: list[Seed], tmp_path: Path) -> None:
    outcomes = {
        seed.name: attempt(Input(seed, seed.files, seed.options), tmp_path) for seed in made
    }
    assert set(outcomes.values()) == {"opened"}, outcomes


def test_the_watch_sees_what_it_should(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / "outside").write_text("x")
    watch.seen.clear()
    watch.is_on = True
    (tmp_path / "outside").read_text()
    (tmp_path / "new").write_text("x")
    (Path(watch.folder) / "inside").write_text("x")
    os.rename(tmp_path / "new", tmp_path / "newer")  # noqa: PTH104 (audited under its own name)
    watch.is_on = False
    (Path(watch.folder) / "inside").unlink()
    assert [seen.split()[0] for seen in watch.seen] == ["reads", "writes", "os.rename"]
