from __future__ import annotations

import csv
from pathlib import Path

import pytest
from launch import side_by_side

from ecgview.cli import main
from ecgview.engine.training_events import BatchDone, EpochDone
from ecgview.studies.gradowski2025 import RECIPE, SetDone, SetStarted, StudyTask, study

SETS = (("I",), ("I", "II", "V3"))
PARAMETERS = RECIPE.parameters(base_width=2, batch_size=4, epochs=2, window=256)


def task(data: Path, output: Path) -> StudyTask:
    return StudyTask(
        data_dirs=(data,),
        output=output,
        input_sets=SETS,
        folds=(1, 2),
        validation_folds=(3,),
        test_folds=(4,),
        device="cpu",
        command=("ecgview", "study"),
        cache=False,
    )


def test_a_study_stopped_in_the_middle_goes_on_where_it_was(
    small_data_set: Path, tmp_path: Path
) -> None:
    running = study(task(small_data_set, tmp_path), PARAMETERS)
    started = 0
    for event in running:
        started += isinstance(event, SetStarted)
        if started == 2 and isinstance(event, BatchDone):
            break
    running.close()
    again = list(study(task(small_data_set, tmp_path), PARAMETERS))
    kinds = [type(event) for event in again if isinstance(event, SetStarted | EpochDone | SetDone)]
    # The first set is finished already; of the second nothing was saved.
    assert kinds == [SetStarted, SetDone, SetStarted, EpochDone, EpochDone, SetDone]
    done = [event.result for event in again if isinstance(event, SetDone)]
    assert [result.card.leads for result in done] == list(SETS)
    report = again[-1].result.report
    rows = {(score.model, score.available) for score in report.scores}
    assert rows == {
        ("gradowski2025", SETS[0]),
        ("gradowski2025", SETS[1]),
        ("gradowski2025-linear", SETS[0]),
        ("gradowski2025-linear", SETS[1]),
    }
    with (tmp_path / "runs.csv").open() as file:
        table = list(csv.DictReader(file))
    assert [row["available"] for row in table] == ["I", "I,II,V3"]
    assert {row["epochs"] for row in table} == {"2"}
    assert {row["base_width"] for row in table} == {"2"}


def test_the_study_runs_from_the_command_line(
    small_data_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["study", "gradowski2025", "--data", str(small_data_set), "--output", str(tmp_path)]
    command += ["--only", "I,II", "--folds", "1,2", "--validation-folds", "3", "--test-folds", "4"]
    command += ["--epochs", "1", "--base-width", "2", "--batch-size", "4", "--device", "cpu"]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "set 1 of 1: I, II" in printed
    assert (tmp_path / "leads.csv").is_file()
    assert list(tmp_path.glob("*.svg"))


def test_two_processes_share_a_study(small_data_set: Path, tmp_path: Path) -> None:
    words = ["study", "gradowski2025", "--data", str(small_data_set), "--output", str(tmp_path)]
    words += ["--only", "I,II;I", "--folds", "1,2", "--validation-folds", "3", "--test-folds", "4"]
    words += ["--epochs", "1", "--base-width", "2", "--batch-size", "4", "--device", "cpu"]
    done = side_by_side("-m", "ecgview", *words, "--no-cache")
    assert done.returncode == 0, done.stderr
    rows = [line.split()[:2] for line in done.stdout.splitlines() if line.startswith(RECIPE.name)]
    assert rows[-4:] == [
        ["gradowski2025", "I,II"],
        ["gradowski2025", "I"],
        ["gradowski2025-linear", "I,II"],
        ["gradowski2025-linear", "I"],
    ]
    assert len(list(tmp_path.glob("*.run.json"))) == 2
