from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecgview.cli import main
from ecgview.engine.cards import read_card
from ecgview.engine.checkpoint import load_model
from ecgview.engine.demonstration import simulated_data_set
from ecgview.engine.events import Event
from ecgview.engine.learners import Learner
from ecgview.engine.runs import list_runs, read_run
from ecgview.paths import user_cache_dir

Output = pytest.CaptureFixture[str]


@pytest.fixture
def command(small_data_set: Path, tmp_path: Path) -> list[str]:
    words = ["train", "--data", str(small_data_set), "--recipe", "gradowski2025"]
    words += ["--leads", "I,II,V2", "--folds", "1,2,3", "--validation-folds", "4", "--epochs", "1"]
    return [*words, "--base-width", "2", "--batch-size", "4", "--output", str(tmp_path / "out")]


def test_a_model_trained_for_one_set_is_used_for_that_set_alone(
    command: list[str], small_data_set: Path, tmp_path: Path, capsys: Output
) -> None:
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "8 recordings to learn from, 2 to validate on" in printed
    assert "left out: 1 flat lead" in printed
    assert "epoch 1/1" in printed
    model = str(tmp_path / "out" / "gradowski2025-I-II-V2.safetensors")
    record = str(small_data_set / "records500" / "00000" / "00001_hr.hea")
    use = ["reconstruct", record, "--model", model, "--json", "--device", "cpu"]
    assert main([*use, "--leads", "I,II,V2"]) == 0
    leads = json.loads(capsys.readouterr().out)["leads"]
    assert leads["V3"]["pcc"] is not None
    assert leads["V2"]["origin"] == "measured"
    assert main([*use, "--leads", "I,II"]) == 1
    assert "takes I, II, V2" in capsys.readouterr().err


def test_training_into_the_same_folder_needs_resume(command: list[str], capsys: Output) -> None:
    assert main(command) == 0
    assert main(command) == 1
    assert "--resume" in capsys.readouterr().err
    longer = [*command, "--resume"]
    longer[longer.index("--epochs") + 1] = "2"
    assert main(longer) == 0
    printed = capsys.readouterr().out
    assert "going on after epoch 1" in printed
    assert "epoch 2/2" in printed


def test_an_interrupt_has_a_status_of_its_own(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    def interrupt(self: Learner, batches: range) -> list[float]:
        raise KeyboardInterrupt

    monkeypatch.setattr(Learner, "train_on", interrupt)
    assert main(command) == 130
    assert capsys.readouterr().err.endswith("ecgview: Stopped.\n  Nothing was saved yet.\n")


def test_output_that_nobody_reads_any_more_is_no_error(small_data_set: Path) -> None:
    program = [sys.executable, "-m", "ecgview", "info", *[str(small_data_set)] * 200]
    with subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_validation_folds_whose_patients_are_all_learned_from_are_told(
    command: list[str], capsys: Output
) -> None:
    command[command.index("--validation-folds") + 1] = "3"
    assert main(command) == 1
    assert "No recording is left to validate on" in capsys.readouterr().err


def test_folds_that_run_backwards_are_no_folds(command: list[str], capsys: Output) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--folds", "3-1"])
    assert ended.value.code == 2
    assert "3-1 is not a list of folds" in capsys.readouterr().err


def test_the_help_of_a_study_names_the_parameters_of_its_recipe_only(capsys: Output) -> None:
    with pytest.raises(SystemExit):
        main(["study", "gradowski2025", "--help"])
    shown = capsys.readouterr().out
    assert "--base-width" in shown
    assert "--members" not in shown


def test_a_parameter_that_a_recipe_has_not_is_told(command: list[str], capsys: Output) -> None:
    assert main([*command, "--members", "2"]) == 1
    assert "gradowski2025 has no members" in capsys.readouterr().err


def test_a_demonstration_needs_nothing_and_is_kept_among_the_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr("ecgview.engine.demonstration.demonstration_folder", few_simulated)
    monkeypatch.setattr("ecgview.cli.train.user_runs_dir", lambda: tmp_path / "runs")
    assert main(["train", "--demo", "--epochs", "1", "--base-width", "2"]) == 0
    # Two of the twelve lie in folds 9 and 10.
    assert "9 recordings to learn from, 1 to validate on" in capsys.readouterr().out
    (run,) = list_runs(tmp_path / "runs")
    assert (run.name, run.recipe, run.state) == ("demonstration", "gradowski2025", "finished")
    assert read_card(run.weights).training["data"] == {"few": 9}


def few_simulated() -> Iterator[Event]:
    yield from simulated_data_set(user_cache_dir() / "few", 12)


def test_training_says_what_it_needs(capsys: Output) -> None:
    assert main(["train", "--output", "somewhere"]) == 1
    assert "--data DIR" in capsys.readouterr().err


def test_a_killed_process_leaves_a_model_and_a_run_that_goes_on(
    command: list[str], tmp_path: Path, capsys: Output
) -> None:
    command[command.index("--epochs") + 1] = "2000"
    program = [sys.executable, "-m", "ecgview", *command]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if line.startswith("epoch 2/"))
        process.kill()
    model = tmp_path / "out" / "gradowski2025-I-II-V2.safetensors"
    load_model(read_card(model))
    done = len(read_run(tmp_path / "out" / "gradowski2025-I-II-V2.run.json").history)
    assert 2 <= done < 2000
    command[command.index("--epochs") + 1] = str(done + 2)
    assert main([*command, "--resume"]) == 0
    assert f"epoch {done + 2}/{done + 2}" in capsys.readouterr().out


@pytest.mark.real_data
def test_real_recordings_train_a_model_that_learns(
    data_dir: Path, tmp_path: Path, capsys: Output
) -> None:
    words = ["train", "--data", str(data_dir / "ptb-xl"), "--recipe", "gradowski2025"]
    words += ["--leads", "I,II,V2,V4", "--folds", "1", "--validation-folds", "8", "--epochs", "4"]
    words += ["--base-width", "8", "--lr", "0.003", "--output", str(tmp_path), "--device", "cpu"]
    assert main(words) == 0
    run = json.loads((tmp_path / "gradowski2025-I-II-V2-V4.run.json").read_text())
    assert (run["recordings"], run["validation_recordings"]) == (207, 275)
    losses = [epoch["validation_loss"] for epoch in run["history"]]
    assert min(losses) < 0.6 * losses[0]
    assert run["history"][-1]["pcc"]["V3"] > 0.6
