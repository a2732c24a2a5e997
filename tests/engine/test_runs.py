from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ecgview.engine.runs import EpochRecord, Run, discard_run, list_runs, read_run, write_run
from ecgview.errors import TrainingError


def epoch(number: int, validation_loss: float | None) -> EpochRecord:
    return EpochRecord(number, 0.5, validation_loss, {"V1": 0.25, "V2": 0.75}, 60.0, 10.0 * number)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    history = (epoch(1, 0.3), epoch(2, 0.1), epoch(3, 0.2))
    return Run(
        name="one",
        folder=tmp_path,
        recipe="anylead",
        started="2026-11-21T10:00:00",
        state="finished",
        parameters={"epochs": 3, "leads": []},
        device="cpu",
        recordings=10,
        validation_recordings=2,
        data={"PTB-XL": 10},
        history=history,
    )


def test_a_run_comes_back_as_it_was_written(run: Run) -> None:
    write_run(run)
    assert vars(read_run(run.file)) == vars(run)
    assert [file.name for file in run.folder.iterdir()] == ["one.run.json"]


def test_the_best_epoch_is_that_of_the_least_validation_loss(run: Run) -> None:
    assert run.best is run.history[1]
    assert run.best.mean_pcc == 0.5
    blind = replace(run, history=(epoch(1, None), epoch(2, None)))
    assert blind.best is blind.history[1]
    assert replace(run, history=()).best is None


def test_runs_are_listed_newest_first_without_damaged_ones(run: Run, tmp_path: Path) -> None:
    later = replace(run, folder=tmp_path / "below", name="two", started="2026-11-21T11:00:00")
    later.folder.mkdir()
    for its in (run, later):
        write_run(its)
    (tmp_path / "bad.run.json").write_text('{"name": "bad"')
    assert [its.name for its in list_runs(tmp_path)] == ["two", "one"]
    with pytest.raises(TrainingError, match="not a training run"):
        read_run(tmp_path / "bad.run.json")


def test_discarding_a_run_leaves_the_files_of_others(run: Run, tmp_path: Path) -> None:
    write_run(run)
    names = ["one.safetensors", "one.json", "one.last.safetensors", "one-linear.json"]
    for name in (*names, "other.safetensors"):
        (tmp_path / name).touch()
    discard_run(run)
    assert [file.name for file in tmp_path.iterdir()] == ["other.safetensors"]
