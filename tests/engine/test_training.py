from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ecgview.engine import trainer
from ecgview.engine.cards import list_models, read_card
from ecgview.engine.checkpoint import load_model
from ecgview.engine.dataset import choose_entries
from ecgview.engine.evaluation import evaluate_models
from ecgview.engine.events import Event, Finished
from ecgview.engine.learners import Learner
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.recipes import RECIPES
from ecgview.engine.runs import discard_run, list_runs, read_run
from ecgview.engine.split import split_entries
from ecgview.engine.training import TrainingTask, train
from ecgview.engine.training_events import BatchDone, EpochDone, Started, TrainingResult
from ecgview.engine.validation import Validation
from ecgview.errors import EcgviewError, TrainingError

SMALL = TrainingParameters(epochs=4, batch_size=4, base_width=2, members=2, window=256)
PAPER = RECIPES["gradowski2025"].parameters(base_width=2, batch_size=4, epochs=3, window=256)


def task(data: Path, output: Path, recipe: str = "anylead", **changes: object) -> TrainingTask:
    training_entries, validation = split_entries([data], (1, 2, 3), (4,))
    made = TrainingTask(
        name="small",
        recipe=recipe,
        entries=training_entries,
        validation_entries=validation,
        output=output,
        device="cpu",
        folds=(1, 2, 3),
        command=("ecgview", "train"),
        cache=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def result_of(events: Iterator[Event]) -> TrainingResult:
    *_, last = events
    assert isinstance(last, Finished)
    return last.result


def epochs_of(events: Iterator[Event]) -> list[EpochDone]:
    return [event for event in events if isinstance(event, EpochDone)]


def test_training_learns_saves_and_says_on_what(small_data_set: Path, tmp_path: Path) -> None:
    parameters = TrainingParameters(
        epochs=30, batch_size=4, base_width=8, members=1, window=512, lr=0.005, ema=0.9
    )
    whole = task(small_data_set, tmp_path, validation_entries=())
    result_of(train(whole, parameters))
    card = read_card(tmp_path / "small.safetensors")
    linear = read_card(tmp_path / "small-linear.safetensors")
    assert card.training["recordings"] == 8
    assert card.training["left_out"] == {"flat lead": 1}
    names = (tmp_path / "small.records.txt").read_text().split()
    assert len(names) == 8
    assert "records500/00000/00005_hr" not in names
    entries = choose_entries([small_data_set], (1, 2, 3), None)
    *_, last = evaluate_models((card, linear), entries, [("I",)], "cpu", cache=False)
    assert isinstance(last, Finished)
    rmse_uv = {score.model: score.raw_rmse_uv for score in last.result.scores}
    # Training starts from least squares, so that anything better was learnt.
    assert rmse_uv["small"] < 0.97 * rmse_uv["small-linear"]


def test_events_come_in_order(small_data_set: Path, tmp_path: Path) -> None:
    kinds = [
        type(event)
        for event in train(task(small_data_set, tmp_path), replace(SMALL, epochs=2))
        if isinstance(event, Started | BatchDone | EpochDone | Finished)
    ]
    assert kinds == [Started, BatchDone, EpochDone, BatchDone, EpochDone, Finished]


def test_an_epoch_tells_loss_correlations_and_an_example(
    small_data_set: Path, tmp_path: Path
) -> None:
    parameters = replace(PAPER, leads=("I", "II", "V3"))
    first = epochs_of(train(task(small_data_set, tmp_path, "gradowski2025"), parameters))[0]
    assert list(first.record.pcc) == ["V1", "V2", "V4", "V5", "V6"]
    assert first.record.validation_loss is not None
    assert first.is_best
    assert first.example is not None
    assert first.example.truth_mv.shape == first.example.estimate_mv.shape == (12, 256)
    assert first.example.available == ("I", "II", "V3")
    run = read_run(tmp_path / "small.run.json")
    # One of the three in fold 4 is of a patient of fold 3.
    assert run.validation_recordings == 2
    assert run.history[0] == first.record


def test_the_same_seed_gives_the_same_weights(small_data_set: Path, tmp_path: Path) -> None:
    sums = []
    for run, seed in enumerate((1, 1, 2)):
        output = tmp_path / str(run)
        list(train(task(small_data_set, output), replace(SMALL, epochs=2, seed=seed)))
        sums.append(read_card(output / "small.safetensors").sha256)
    assert sums[0] == sums[1] != sums[2]


@pytest.mark.parametrize("recipe", ["anylead", "gradowski2025"])
def test_a_run_that_was_broken_off_goes_on_bit_for_bit(
    small_data_set: Path, tmp_path: Path, recipe: str
) -> None:
    parameters = SMALL if recipe == "anylead" else replace(PAPER, epochs=4)
    whole = result_of(train(task(small_data_set, tmp_path / "whole", recipe), parameters))
    running = train(task(small_data_set, tmp_path / "broken", recipe), parameters)
    batches = [event for event in running_until(running, epoch=3) if isinstance(event, BatchDone)]
    assert batches[-1].epoch == 3  # in the middle of the third
    running.close()
    again = task(small_data_set, tmp_path / "broken", recipe, resume=True)
    rest = list(train(again, parameters))
    assert [event.record.epoch for event in epochs_of(iter(rest))] == [3, 4]
    resumed = rest[-1].result
    assert resumed.card.sha256 == whole.card.sha256
    last = [
        load_tensors(folder / "small.last.safetensors")
        for folder in (whole.run.folder, again.output)
    ]
    assert last[0].keys() == last[1].keys()
    assert all(torch.equal(last[0][name], last[1][name]) for name in last[0])


def test_an_installed_program_is_of_no_checkout(
    small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = replace(SMALL, epochs=1)
    beside = result_of(train(task(small_data_set, tmp_path / "a"), parameters)).card
    # It may lie below a folder that somebody else keeps in a repository.
    monkeypatch.setattr("sys.frozen", True, raising=False)
    frozen = result_of(train(task(small_data_set, tmp_path / "b"), parameters)).card
    assert frozen.training["commit"] == ""
    assert {**beside.training, "commit": ""} == frozen.training


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="mapped files are not listed here")
def test_a_resumed_run_leaves_its_state_file_free_to_be_replaced(
    small_data_set: Path, tmp_path: Path
) -> None:
    running = train(task(small_data_set, tmp_path), SMALL)
    assert list(running_until(running, epoch=2))
    running.close()
    again = train(task(small_data_set, tmp_path, resume=True), SMALL)
    assert any(isinstance(event, BatchDone) for event in again)
    mapped = Path("/proc/self/maps").read_text()
    again.close()
    # Windows replaces no file that is mapped.
    assert "python" in mapped
    assert "small.last.safetensors" not in mapped


def running_until(events: Iterator[Event], epoch: int) -> Iterator[Event]:
    for event in events:
        yield event
        if isinstance(event, BatchDone) and event.epoch == epoch:
            return


def load_tensors(path: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return load_file(path)


def test_a_longer_run_goes_on_from_a_finished_one(small_data_set: Path, tmp_path: Path) -> None:
    list(train(task(small_data_set, tmp_path / "a", "gradowski2025"), PAPER))
    longer = replace(PAPER, epochs=5)
    again = task(small_data_set, tmp_path / "a", "gradowski2025", resume=True)
    assert [event.record.epoch for event in epochs_of(train(again, longer))] == [4, 5]
    # Nothing is left to do, nothing is read and nothing changes.
    kinds = [type(event) for event in train(again, longer)]
    assert kinds == [Started, Finished]


def test_a_run_is_neither_overwritten_nor_mixed_up(small_data_set: Path, tmp_path: Path) -> None:
    running = train(task(small_data_set, tmp_path), SMALL)
    list(running_until(running, epoch=2))
    running.close()
    before = read_card(tmp_path / "small.safetensors").sha256
    with pytest.raises(TrainingError, match="already a run") as caught:
        list(train(task(small_data_set, tmp_path), SMALL))
    assert "--resume" in caught.value.hint
    with pytest.raises(TrainingError, match=r"lr 0\.001, not 0\.5"):
        other = replace(SMALL, lr=0.5)
        list(train(task(small_data_set, tmp_path, resume=True), other))
    assert read_card(tmp_path / "small.safetensors").sha256 == before
    list(train(task(small_data_set, tmp_path, resume=True), SMALL))
    with pytest.raises(TrainingError, match=r"lr 0\.001, not 0\.5"):  # finished, too
        list(train(task(small_data_set, tmp_path, resume=True), other))


@pytest.mark.parametrize("name", ["", "a/b", ".."])
def test_a_name_that_files_cannot_have_is_refused(
    name: str, small_data_set: Path, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match="cannot be the name of a model"):
        next(train(task(small_data_set, tmp_path, name=name), SMALL))


def test_a_place_that_cannot_be_written_to_is_refused_before_the_work(
    small_data_set: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    for output in (file, file / "below"):
        with pytest.raises(EcgviewError, match="is not a folder"):
            next(train(task(small_data_set, output), SMALL))
    assert file.read_text() == "mine"


@pytest.mark.parametrize("window", [250, 1264])
@pytest.mark.parametrize("recipe", ["anylead", "gradowski2025"])
def test_a_window_that_the_network_cannot_take_is_refused(
    recipe: str, window: int, small_data_set: Path, tmp_path: Path
) -> None:
    parameters = replace(SMALL if recipe == "anylead" else PAPER, window=window)
    with pytest.raises(TrainingError, match=f"window is {window}") as caught:
        list(train(task(small_data_set, tmp_path / "new", recipe), parameters))
    assert "multiple of 16, and at most the 1250 samples" in caught.value.hint
    assert not (tmp_path / "new").exists()


def test_a_run_goes_on_on_its_own_recordings_alone(small_data_set: Path, tmp_path: Path) -> None:
    running = train(task(small_data_set, tmp_path), SMALL)
    list(running_until(running, epoch=2))
    running.close()
    fewer, _ = split_entries([small_data_set], (1, 2), (4,))
    with pytest.raises(TrainingError, match="other recordings") as caught:
        list(train(task(small_data_set, tmp_path, resume=True, entries=fewer), SMALL))
    assert "small.records.txt" in caught.value.hint


def test_cancelling_in_the_middle_leaves_good_weights(small_data_set: Path, tmp_path: Path) -> None:
    running = train(task(small_data_set, tmp_path), SMALL)
    threads = torch.get_num_threads()
    next(e for e in running if isinstance(e, EpochDone) and e.record.epoch == 2)
    running.close()
    assert torch.get_num_threads() == threads
    load_model(read_card(tmp_path / "small.safetensors"))
    (run,) = list_runs(tmp_path)
    assert (run.state, len(run.history)) == ("stopped", 2)
    discard_run(run)
    assert not tmp_path.exists()


def test_stopping_keeps_the_best_so_far(small_data_set: Path, tmp_path: Path) -> None:
    its = task(small_data_set, tmp_path)
    kinds: list[type[Event]] = []
    for event in train(its, SMALL):
        kinds.append(type(event))
        if isinstance(event, EpochDone):
            its.stop.set()
    assert kinds[-3:] == [EpochDone, BatchDone, Finished]
    assert event.result.run.state == "stopped"
    assert event.result.card.training["epoch"] == 1
    load_model(event.result.card)


def test_stopping_in_the_first_epoch_leaves_a_model(small_data_set: Path, tmp_path: Path) -> None:
    its = task(small_data_set, tmp_path)
    its.stop.set()
    load_model(result_of(train(its, SMALL)).card)


def scripted(losses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    remaining = iter(losses)

    def validate(*_: object) -> Validation:
        return Validation(next(remaining), {"V1": 0.5}, None)  # type: ignore[arg-type]

    monkeypatch.setattr(trainer, "validate", validate)


def test_the_weights_of_the_best_epoch_are_kept(
    small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted([3.0, 1.0, 2.0], monkeypatch)
    whole = result_of(train(task(small_data_set, tmp_path / "3", "gradowski2025"), PAPER))
    scripted([3.0, 1.0], monkeypatch)
    short = replace(PAPER, epochs=2)
    second = result_of(train(task(small_data_set, tmp_path / "2", "gradowski2025"), short))
    assert whole.card.training["epoch"] == 2
    assert whole.card.sha256 == second.card.sha256


def test_training_stops_early_when_validation_gets_no_better(
    small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted([3.0, 2.0, 2.5, 2.5, 1.0], monkeypatch)
    patient = replace(PAPER, epochs=5, patience=2)
    result = result_of(train(task(small_data_set, tmp_path, "gradowski2025"), patient))
    assert (result.run.state, len(result.run.history)) == ("stopped early", 4)
    assert result.card.training["epoch"] == 2


def test_a_loss_that_is_not_a_number_ends_training_and_names_the_weights(
    small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = train(task(small_data_set, tmp_path), SMALL)
    next(event for event in running if isinstance(event, EpochDone))
    monkeypatch.setattr(Learner, "_step", lambda self, windows: float("nan"))
    with pytest.raises(TrainingError, match="no longer a number in epoch 2") as caught:
        list(running)
    assert "small.safetensors" in caught.value.hint
    load_model(read_card(tmp_path / "small.safetensors"))
    assert read_run(tmp_path / "small.run.json").state == "failed"


def test_an_interrupt_says_what_is_left(
    small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = train(task(small_data_set, tmp_path), SMALL)
    next(event for event in running if isinstance(event, EpochDone))

    def interrupt(self: Learner, batches: range) -> list[float]:
        raise KeyboardInterrupt

    monkeypatch.setattr(Learner, "train_on", interrupt)
    with pytest.raises(TrainingError, match="Stopped") as caught:
        list(running)
    assert "--resume goes on after epoch 1" in caught.value.hint
    load_model(read_card(tmp_path / "small.safetensors"))


def test_a_full_disk_leaves_the_last_good_weights(
    small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = train(task(small_data_set, tmp_path), SMALL)
    next(event for event in running if isinstance(event, EpochDone))
    write = Path.write_bytes

    def full(self: Path, content: bytes) -> int:
        write(self, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(TrainingError, match="No space left") as caught:
        list(running)
    assert f"The weights of epoch 1 are in {tmp_path / 'small.safetensors'}" in caught.value.hint
    monkeypatch.undo()
    card = read_card(tmp_path / "small.safetensors")
    load_model(card)
    # What could not be saved is not counted.
    assert len(read_run(tmp_path / "small.run.json").history) == 1
    assert not list(tmp_path.glob("*.part"))
    again = result_of(train(task(small_data_set, tmp_path, resume=True), SMALL))
    assert len(again.run.history) == 4


def test_a_damaged_state_is_told(small_data_set: Path, tmp_path: Path) -> None:
    running = train(task(small_data_set, tmp_path), SMALL)
    next(event for event in running if isinstance(event, EpochDone))
    running.close()
    state = tmp_path / "small.last.safetensors"
    state.write_bytes(state.read_bytes()[:100])
    with pytest.raises(TrainingError, match="not the state of a training run"):
        list(train(task(small_data_set, tmp_path, resume=True), SMALL))


def test_runs_of_the_window_are_in_the_model_list(
    small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecgview.paths.user_runs_dir", lambda: tmp_path)
    result_of(train(task(small_data_set, tmp_path / "run", "gradowski2025"), PAPER))
    (card,) = [card for card in list_models() if card.name == "small"]
    assert card.leads == ("I", "II")
    assert not card.takes(("I", "II", "V2"))
    assert card.takes(("aVR", "III"))


def test_cards_are_plain_json(small_data_set: Path, tmp_path: Path) -> None:
    list(train(task(small_data_set, tmp_path), replace(SMALL, epochs=1)))
    content = json.loads((tmp_path / "small.json").read_text())
    assert content["training"]["parameters"]["base_width"] == 2
    assert len(content["sha256"]) == 64
