from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ecgview.engine import training
from ecgview.engine.augmentation import (
    OVERSAMPLING,
    draw_windows,
    hide_leads,
    spoil_inputs,
    twelve_leads,
)
from ecgview.engine.cards import read_card
from ecgview.engine.checkpoint import load_model
from ecgview.engine.dataset import choose_entries, list_entries
from ecgview.engine.evaluation import evaluate
from ecgview.engine.events import Finished
from ecgview.engine.losses import amplitude_scaled_error, high_pass
from ecgview.engine.member import MemberTrainer
from ecgview.engine.parameters import TrainingParameters, parameter_table
from ecgview.engine.signal_set import load
from ecgview.engine.training import EpochDone, TrainingTask, train
from ecgview.errors import DatasetError, TrainingError
from ecgview.leads import LIMB_FROM_I_II
from ecgview.signals.filters import clean

SMALL = TrainingParameters(epochs=4, batch_size=4, base_width=2, members=2, window=256)


def task(data: Path, output: Path) -> TrainingTask:
    entries = choose_entries([data], (1, 2, 3), None)
    return TrainingTask("small", entries, output, "cpu", (1, 2, 3), ("ecgview", "train"))


def test_training_learns_saves_and_says_on_what(small_data_set: Path, tmp_path: Path) -> None:
    parameters = TrainingParameters(
        epochs=30, batch_size=4, base_width=8, members=1, window=512, lr=0.005, ema=0.9
    )
    events = list(train(task(small_data_set, tmp_path), parameters))
    assert isinstance(events[-1], Finished)
    card = read_card(tmp_path / "small.safetensors")
    linear = read_card(tmp_path / "small-linear.safetensors")
    assert card.training["recordings"] == 8
    assert card.training["left_out"] == {"flat lead": 1}
    names = (tmp_path / "small.records.txt").read_text().split()
    assert len(names) == 8
    assert "records500/00000/00005_hr" not in names
    data = load(choose_entries([small_data_set], (1, 2, 3), None), 125.0)
    rmse_uv = {}
    for its in (card, linear):
        *_, last = evaluate(its.name, load_model(its), data, [("I",)])
        assert isinstance(last, Finished)
        rmse_uv[its.name] = last.result[0].raw_rmse_uv
    # Training starts from least squares, so that anything better was learnt.
    assert rmse_uv["small"] < 0.97 * rmse_uv["small-linear"]


def test_the_same_seed_gives_the_same_weights(small_data_set: Path, tmp_path: Path) -> None:
    sums = []
    for run, seed in enumerate((1, 1, 2)):
        output = tmp_path / str(run)
        list(train(task(small_data_set, output), replace(SMALL, epochs=2, seed=seed)))
        sums.append(read_card(output / "small.safetensors").sha256)
    assert sums[0] == sums[1] != sums[2]


def test_stopping_in_the_middle_leaves_good_weights(
    small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_EPOCHS_BETWEEN_SAVES", 1)
    running = train(task(small_data_set, tmp_path), SMALL)
    threads = torch.get_num_threads()
    next(event for event in running if isinstance(event, EpochDone) and event.epoch == 2)
    running.close()
    assert torch.get_num_threads() == threads
    load_model(read_card(tmp_path / "small.safetensors"))
    assert not list(tmp_path.glob("*.part"))


def test_a_loss_that_is_not_a_number_ends_training_and_names_the_weights(
    small_data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_number(self: MemberTrainer, recordings: torch.Tensor) -> torch.Tensor:
        return next(self.model.parameters()).sum() * float("nan")

    monkeypatch.setattr(MemberTrainer, "loss", no_number)
    with pytest.raises(TrainingError, match="no longer a number") as caught:
        list(train(task(small_data_set, tmp_path), SMALL))
    assert "small.safetensors" in caught.value.hint


def test_records_can_be_named(small_data_set: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("records500/00000/00010_hr\nrecords500/00000/00002_hr\n")
    chosen = choose_entries([small_data_set], (1,), names)
    assert [entry.fold for entry in chosen] == [4, 1]
    names.write_text("records500/00000/99999_hr\n")
    with pytest.raises(DatasetError, match="99999_hr"):
        choose_entries([small_data_set], (1,), names)
    with pytest.raises(DatasetError, match="fold 10"):
        choose_entries([small_data_set], (10,), None)


def test_patients_stay_on_one_side(small_data_set: Path) -> None:
    by_fold: dict[int | None, set[str]] = {}
    for entry in list_entries(small_data_set):
        by_fold.setdefault(entry.fold, set()).add(entry.patient)
    assert len(by_fold) == 4
    assert all(by_fold.values())


@pytest.mark.parametrize("name", [name for name, _ in parameter_table()])
def test_parameters_outside_their_limits_are_refused(name: str) -> None:
    limits = dict(parameter_table())[name]
    assert limits.high is not None
    with pytest.raises(TrainingError, match=name.replace("_", "-")):
        replace(SMALL, **{name: limits.high * 2 + 1})


def test_windows_without_chance_are_the_recording() -> None:
    still = replace(SMALL, time_stretch=0.0, gain_jitter=0.0)
    time_s = torch.arange(2500) / 250
    recording = torch.sin(2 * torch.pi * 8 * time_s).expand(1, 8, -1)
    window = draw_windows(recording, still, np.random.default_rng(0))
    assert window.shape == (1, 8, 256)
    # A window at the model's rate is the same tone, wherever it starts.
    spectrum = torch.fft.rfft(window[0, 0] * torch.hann_window(256)).abs()
    assert abs(float(spectrum.argmax()) * 125 / 256 - 8) < 0.5
    assert float(window.abs().max()) == pytest.approx(1, abs=0.01)
    assert OVERSAMPLING == 2


def test_spoiled_inputs_keep_limb_leads_and_add_little() -> None:
    truth = torch.randn(16, 8, 256)
    quiet = replace(SMALL, input_noise_uv=0.0, electrode_jitter=0.1)
    spoiled = spoil_inputs(truth, quiet, np.random.default_rng(0))
    assert torch.equal(spoiled[:, :2], truth[:, :2])
    change = (spoiled[:, 2:] - truth[:, 2:]).std() / truth.std()
    assert 0.05 < float(change) < 0.3


def test_hidden_leads_are_zero_and_known_limb_leads_complete() -> None:
    truth = torch.randn(64, 8, 32)
    signals, known = hide_leads(truth, np.random.default_rng(0))
    assert torch.equal(signals != 0, known[..., None].expand_as(signals))
    np.testing.assert_allclose(
        twelve_leads(truth)[:, :6], LIMB_FROM_I_II @ truth[:, :2].numpy(), atol=1e-5
    )


def test_high_pass_of_the_loss_is_close_to_clean() -> None:
    generator = np.random.default_rng(0)
    signal = generator.normal(size=(1, 4096)).cumsum(axis=1) * np.hanning(4096)
    ours = high_pass(torch.from_numpy(signal), 125.0).numpy()
    assert np.std(ours - clean(signal, 125.0)) < 0.05 * np.std(ours)


def test_loss_counts_hidden_leads_alone_and_weighs_small_recordings_up() -> None:
    truth = (
        torch.sin(torch.arange(512) / 5).expand(2, 8, -1) * torch.tensor([1.0, 0.1])[:, None, None]
    )
    estimate = truth.clone()
    estimate[:, 3] += 5
    hidden = torch.ones(2, 8, dtype=torch.bool)
    hidden[:, 3] = False
    nothing = amplitude_scaled_error(truth, truth, hidden, 125.0, 0.7)
    assert amplitude_scaled_error(estimate, truth, hidden, 125.0, 0.7) == nothing
    error = torch.sin(torch.arange(512) / 3) * 0.2
    one = [
        amplitude_scaled_error(truth[k : k + 1] + error, truth[k : k + 1], hidden[:1], 125.0, 0.7)
        for k in (0, 1)
    ]
    assert float(one[1] / one[0]) == pytest.approx(10**0.5, rel=0.05)


def test_cards_are_plain_json(small_data_set: Path, tmp_path: Path) -> None:
    list(train(task(small_data_set, tmp_path), replace(SMALL, epochs=1)))
    content = json.loads((tmp_path / "small.json").read_text())
    assert content["training"]["parameters"]["base_width"] == 2
    assert len(content["sha256"]) == 64
