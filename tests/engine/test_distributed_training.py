"""One run in two processes: the same gradients, the same weights, one set of files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from launch import side_by_side, torchrun

from ecgview.cli import main
from ecgview.engine.cards import read_card
from ecgview.engine.checkpoint import load_model
from ecgview.engine.runs import read_run

LEARN = """
import copy, hashlib, json, sys
from pathlib import Path
import numpy as np
import torch
from torch import nn
from ecgview.engine import distributed as d
from ecgview.engine.learners.lead_set import LeadSetLearner
from ecgview.engine.recipes import RECIPES

torch.set_num_threads(1)
recipe = RECIPES["gradowski2025"]
parameters = recipe.parameters(
    base_width=4, batch_size=8, window=64, precision="fp32", lr=0.02, seed=5
)
rng = np.random.default_rng(0)
signals_mv = (rng.normal(size=(8, 2)) @ rng.normal(size=(33, 2, 64))).astype(np.float32)


def learner():
    return LeadSetLearner(signals_mv, np.eye(8), parameters, 0, "cpu")


def gradients(one, windows):
    for module in one.network.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.eval()
    one.loss(torch.from_numpy(one.draw(windows))).backward()
    return [tensor.grad for tensor in one.model.parameters()]


with d.joined("cpu"):
    shared = learner()
    shared.shuffle()
    own = gradients(shared, shared.order[:8])
    alone = learner()
    alone.network = copy.deepcopy(shared.model)
    alone.model = alone.network
    alone.optimiser.zero_grad()
    for tensor in alone.model.parameters():
        tensor.grad = None
    everyone = d.broadcast(d.gather(shared.order.tolist()))
    both = gradients(alone, np.array(everyone[:16]))
    result = {
        "difference": max(float((a - b).abs().max()) for a, b in zip(own, both)),
        "largest": max(float(b.abs().max()) for b in both),
        "order": shared.order.tolist(),
        "everyone": everyone,
    }
    shared = learner()
    losses = []
    for _ in range(12):
        shared.shuffle()
        losses.append(float(np.mean(d.average(shared.train_on(range(shared.n_batches))))))
    weights = b"".join(tensor.detach().numpy().tobytes() for tensor in shared.model.parameters())
    result |= {"losses": losses, "weights": hashlib.sha256(weights).hexdigest()}
    result["chance"] = float(shared.generator.random())
Path(sys.argv[1], f"{d.rank()}.json").write_text(json.dumps(result))
"""


def test_two_processes_learn_as_one_with_batches_twice_as_large(tmp_path: Path) -> None:
    script = tmp_path / "learn.py"
    script.write_text(LEARN)
    done = side_by_side(str(script), str(tmp_path))
    assert done.returncode == 0, done.stderr
    first, second = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1))
    # With norm layers frozen, the gradients are those of both batches at once.
    for result in (first, second):
        assert result["largest"] > 0.01
        assert result["difference"] < 1e-5
    # Nothing is seen twice in an epoch, and both take as many steps.
    assert len(first["order"]) == len(second["order"]) == 16
    assert len({*first["order"], *second["order"]}) == 32
    assert set(first["everyone"][:16]) == {*first["order"][:8], *second["order"][:8]}
    # With batch norm the weights stay the same, and the network learns.
    assert first["weights"] == second["weights"]
    assert first["losses"][-1] < 0.7 * first["losses"][0]
    assert first["chance"] != second["chance"]


def train(data: Path, output: Path, *words: str) -> list[str]:
    small = ["--base-width", "2", "--batch-size", "2", "--window", "256", "--device", "cpu"]
    folds = ["--folds", "1,2,3", "--validation-folds", "4", "--no-cache"]
    return [
        *("train", "--data", str(data), "--output", str(output), "--name", "small"),
        *small,
        *folds,
        *words,
    ]


def test_a_run_in_two_processes_leaves_one_set_of_files_and_goes_on(
    small_data_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    recipe = ["--recipe", "gradowski2025", "--leads", "I,II"]
    for output, epochs in ((whole, "3"), (broken, "2"), (broken, "3")):
        words = train(small_data_set, output, *recipe, "--epochs", epochs, "--resume")
        done = side_by_side("-m", "ecgview", *words)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("epoch 2/") == (0 if "going on" in done.stdout else 1)
        assert done.stdout.count("Model: ") == 1
    run = read_run(whole / "small.run.json")
    assert (run.state, len(run.history)) == ("finished", 3)
    assert run.history[0].validation_loss is not None
    cards = [read_card(folder / "small.safetensors") for folder in (whole, broken)]
    load_model(cards[0])
    assert cards[0].sha256 == cards[1].sha256
    assert not list(whole.glob("*.part"))
    alone = train(small_data_set, whole, *recipe, "--epochs", "4", "--resume")
    assert main(alone) == 1
    assert "started with 2 process(es), not 1" in capsys.readouterr().err


def test_members_train_side_by_side_in_two_processes(small_data_set: Path, tmp_path: Path) -> None:
    words = train(small_data_set, tmp_path, "--members", "2", "--epochs", "2")
    done = side_by_side("-m", "ecgview", *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("epoch 2/2") == 1
    load_model(read_card(tmp_path / "small.safetensors"))


TROUBLE = """
import sys
from ecgview.cli import main
from ecgview.engine import distributed, training
from ecgview.engine.learners import Learner
from ecgview.errors import TrainingError

kind, rank, words = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
step = Learner._step


def trouble(self, windows):
    # From the second epoch on: eight recordings in batches of two, in two processes.
    if distributed.rank() != rank or self.schedule.last_epoch < 2:
        return step(self, windows)
    if kind == "nan":
        step(self, windows)
        return float("nan")
    raise TrainingError("The bus caught fire.")


Learner._step = trouble
sys.exit(main(words))
"""


@pytest.mark.parametrize(
    ("kind", "rank", "sentence"),
    [
        ("nan", 1, "The loss is no longer a number in epoch 2"),
        ("fire", 1, "ecgview (process 1): The bus caught fire."),
        ("fire", 0, "ecgview (process 0): The bus caught fire."),
    ],
)
def test_trouble_in_one_process_ends_all_and_keeps_the_weights(
    small_data_set: Path, tmp_path: Path, kind: str, rank: int, sentence: str
) -> None:
    script = tmp_path / "trouble.py"
    script.write_text(TROUBLE)
    words = train(small_data_set, tmp_path / "out", "--members", "1", "--epochs", "4")
    done = torchrun(str(script), kind, str(rank), *words)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert done.stdout.count("epoch 1/4") == 1
    assert "epoch 2/4" not in done.stdout
    load_model(read_card(tmp_path / "out" / "small.safetensors"))
    assert len(read_run(tmp_path / "out" / "small.run.json").history) == 1
