"""The recipe of an interval on a few simulated recordings, from networks to report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ecgview.cli import main
from ecgview.engine import crossfit
from ecgview.engine.cards import ModelCard
from ecgview.engine.checkpoint import save_model
from ecgview.engine.dataset import list_entries
from ecgview.engine.events import Finished
from ecgview.engine.intervals import calibration
from ecgview.engine.intervals.cards import find_interval, interval_path
from ecgview.engine.intervals.coverage import SEGMENTS
from ecgview.engine.intervals.training import SpreadParameters
from ecgview.engine.models.anylead import AnyLeadUNet
from ecgview.engine.recipes import RECIPES
from ecgview.engine.training_events import EpochDone
from ecgview.errors import DatasetError
from ecgview.studies.intervals import IntervalTask, study


@pytest.fixture
def model(tmp_path: Path) -> ModelCard:
    card = ModelCard(
        name="small",
        title="Small",
        description="For tests.",
        architecture="anylead-unet",
        arguments={"base_width": 2, "members": 1},
        fs_hz=125.0,
        bandwidth_hz=62.5,
        path=tmp_path / "small.safetensors",
    )
    return save_model(AnyLeadUNet(2, 1, np.eye(8) / 100), card)


@pytest.fixture
def task(
    model: ModelCard, small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> IntervalTask:
    parameters = RECIPES["anylead"].parameters(members=1, base_width=2, epochs=1, batch_size=4)
    monkeypatch.setattr(crossfit, "crossfit_parameters", lambda: parameters)
    monkeypatch.setattr(calibration, "distinct_sets", lambda: [("I",), ("I", "II"), ("V1", "V2")])
    names = [entry.name for entry in list_entries(small_data_set) if entry.fold != 4]
    records = tmp_path / "records.txt"
    records.write_text("\n".join(names))
    return IntervalTask(
        data_dirs=(small_data_set,),
        records=records,
        output=tmp_path / "out",
        model=str(model.path),
        folds=(4,),
        into_model=True,
        device="cpu",
        command=("ecgview", "study", "intervals"),
        parameters=SpreadParameters(base_width=2, epochs=1, batch_size=4),
    )


def test_each_recording_is_left_out_by_one_network(small_data_set: Path) -> None:
    entries = list_entries(small_data_set)
    numbers = [crossfit.left_out_by(entry) for entry in entries]
    assert numbers == [1 + (entry.fold - 1) // 2 for entry in entries]
    # Folds 9 and 10, of data sets that have their own by chance, go with 1 and 2.
    assert crossfit.left_out_by(replace(entries[0], fold=9)) == 1


def test_the_recipe_ends_in_an_interval_and_goes_on_where_it_stopped(
    task: IntervalTask, model: ModelCard
) -> None:
    events = list(study(task))
    assert sum(isinstance(event, EpochDone) for event in events) == crossfit.COUNT
    last = events[-1]
    assert isinstance(last, Finished)
    cells = last.result.coverage["calibration"]
    assert {cell.segment for cell in cells} == set(SEGMENTS)
    assert all(0 <= cell.coverage <= 1 and cell.width_uv > 0 for cell in cells)
    found = find_interval(model)
    assert found is not None
    assert found.sha256 == last.result.card.sha256
    assert found.calibration["folds"] == [4]
    facts = json.loads(interval_path(model).with_suffix(".json").read_text())["coverage"]
    assert facts["calibration"]["cells"] == len(cells)

    again = list(study(task))
    assert not [event for event in again if isinstance(event, EpochDone)]
    assert isinstance(again[-1], Finished)
    assert again[-1].result.card.sha256 == found.sha256


def test_without_recordings_to_calibrate_on_there_is_no_interval(task: IntervalTask) -> None:
    with pytest.raises(DatasetError, match="left to calibrate"):
        list(study(replace(task, folds=(9,))))


def test_evaluate_tells_coverage_and_can_do_without(
    task: IntervalTask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    list(study(task))
    capsys.readouterr()
    command = ["evaluate", "--data", str(task.data_dirs[0]), "--folds", "4", "--no-cache"]
    command += ["--model", str(task.model), "--inputs", "I,II"]
    assert main([*command, "--output", str(tmp_path / "tables")]) == 0
    assert "share of samples inside" in capsys.readouterr().out
    rows = (tmp_path / "tables" / "coverage.csv").read_text().splitlines()
    assert len(rows) == 1 + 6 * len(SEGMENTS)
    assert main([*command, "--no-interval"]) == 0
    assert "share of samples inside" not in capsys.readouterr().out
