"""Networks by name: the built-in one, files of the user, and what is said of bad files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from beats import twelve_lead_array

from ecgview import paths
from ecgview.cli import main
from ecgview.engine import architecture_files
from ecgview.engine.architectures import (
    architecture_arguments,
    build_network,
    find_architecture,
    list_architectures,
)
from ecgview.engine.cards import read_card
from ecgview.engine.checkpoint import load_model
from ecgview.engine.models.unet import UNet
from ecgview.errors import ModelError
from ecgview.leads import CHEST_LEADS, LEADS

EXAMPLE = paths.resources_dir() / "examples" / "dilated.py"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of architectures, empty."""
    found = tmp_path / "architectures"
    found.mkdir()
    monkeypatch.setattr(paths, "user_architectures_dir", lambda: found)
    return found


def write(folder: Path, text: str) -> str:
    file = folder / "mine.py"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_the_built_in_network_is_the_unet(folder: Path) -> None:
    network = build_network("unet", 3, 5, 4)
    assert isinstance(network, UNet)
    assert network(torch.zeros(1, 3, 64)).shape == (1, 5, 64)
    assert [known.name for known in list_architectures()] == ["unet"]
    assert architecture_arguments("unet") == {"architecture": "unet"}


def test_the_example_is_listed_by_its_title_and_reaches_as_far_as_it_says(folder: Path) -> None:
    (folder / EXAMPLE.name).write_bytes(EXAMPLE.read_bytes())
    assert [known.title for known in list_architectures()][1:] == ["Dilated convolutions (example)"]
    network = build_network("dilated", 2, 3, 8).eval()
    reach, middle = int(network.REACH), 300
    assert int(network.STRIDE) == 1
    torch.manual_seed(0)
    signals = torch.randn(4, 2, 600, requires_grad=True)
    network(signals)[..., middle].sum().backward()
    assert signals.grad is not None
    touched = np.flatnonzero(signals.grad.abs().sum((0, 1)).numpy())
    assert (touched[0], touched[-1]) == (middle - reach, middle + reach)


def test_the_example_learns_in_one_epoch(folder: Path) -> None:
    """I, II and V2 in, the other chest leads out: the error falls well below that of silence."""
    inputs, targets = ("I", "II", "V2"), tuple(lead for lead in CHEST_LEADS if lead != "V2")
    recordings = np.stack([twelve_lead_array(125.0, 8.192, seed=seed) for seed in range(24)])
    recordings -= np.median(recordings, axis=-1, keepdims=True)
    signals = torch.from_numpy(recordings.astype(np.float32))
    given = signals[:, [LEADS.index(lead) for lead in inputs]]
    truth = signals[:, [LEADS.index(lead) for lead in targets]]
    torch.manual_seed(1)
    network = build_network(str(EXAMPLE), len(inputs), len(targets), 8)
    optimiser = torch.optim.AdamW(network.parameters(), 1e-2)
    errors = []
    for first in range(0, 24, 2):
        loss = (network(given[first : first + 2]) - truth[first : first + 2]).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        errors.append(loss.item() / truth[first : first + 2].square().mean().item())
    assert np.mean(errors[-3:]) < 0.6 * np.mean(errors[:3])


def test_a_card_names_the_file_and_keeps_a_copy_for_loading(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "dilated.py"
    elsewhere.write_bytes(EXAMPLE.read_bytes())
    arguments = architecture_arguments(str(elsewhere))
    elsewhere.unlink()
    network = build_network(**arguments, n_inputs=1, n_outputs=2, base_width=4)
    assert network(torch.zeros(1, 1, 50)).shape == (1, 2, 50)


def test_a_copy_never_replaces_another_file_of_that_name(folder: Path, tmp_path: Path) -> None:
    (folder / "dilated.py").write_text("TITLE = 'mine'\n")
    arguments = architecture_arguments(str(EXAMPLE))
    assert find_architecture("dilated").title == "mine"
    assert build_network(**arguments, n_inputs=1, n_outputs=1, base_width=4)
    architecture_arguments(str(EXAMPLE))
    assert len(list(folder.glob("*.py"))) == 2


@pytest.mark.parametrize("changed", [False, True])
def test_a_model_whose_file_is_gone_or_changed_says_so(folder: Path, changed: bool) -> None:
    arguments = architecture_arguments(str(EXAMPLE))
    kept = folder / EXAMPLE.name
    if changed:
        kept.write_text(kept.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    else:
        kept.unlink()
    with pytest.raises(ModelError, match="was changed" if changed else "which is not there"):
        build_network(**arguments, n_inputs=1, n_outputs=2, base_width=4)


def test_a_card_cannot_make_ecgview_run_a_file_from_elsewhere(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    elsewhere = write(tmp_path, f"open({str(mark)!r}, 'w').close()\n")
    sha256 = find_architecture(elsewhere).sha256
    with pytest.raises(ModelError, match="is not there"):
        build_network(elsewhere, 1, 1, 4, architecture_sha256=sha256)
    assert not mark.exists()


def test_listing_runs_nothing(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    write(folder, f"open({str(mark)!r}, 'w').close()\nTITLE = 'Mine'\n")
    assert list_architectures()[1].title == "Mine"
    assert not mark.exists()


NET = "from torch import nn\nclass Net(nn.Module):\n    pass\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "defines no function build"),
        ("def build(:\n", "line 1: SyntaxError"),
        ("import torch\n\nraise ValueError('bad day')\n", "line 3: ValueError: bad day"),
        ("def build(a, b, c):\n    return 1 / 0\n", "line 2: ZeroDivisionError"),
        ("def build(a):\n    return a\n", "TypeError"),
        ("def build(a, b, c):\n    return 'net'\n", "gave a str"),
        (
            "from torch import nn\ndef build(a, b, c):\n    return nn.Conv1d(a, b, 3)\n",
            "gave (2, 5, 254) for an input of (2, 3, 256)",
        ),
        (
            "from torch import nn\ndef build(a, b, c):\n    return nn.LSTM(3, 5)\n",
            "RuntimeError",
        ),
        (
            "STRIDE = 0\ndef build(a, b, c):\n    pass\n",
            "STRIDE in",
        ),
        (
            NET + "    def forward(self, x):\n        return x[:, :1].expand(-1, 5, -1)\n"
            "def build(a, b, c):\n    return Net()\n",
            "no weights to train",
        ),
    ],
)
def test_bad_files_are_told_with_the_reason(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ModelError, match=re.escape(message)) as caught:
        build_network(write(tmp_path, text), 3, 5, 4)
    assert "mine.py" in str(caught.value)


def test_a_stride_lengthens_the_dry_run(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "from torch import nn\nSTRIDE = 100\n"
        "def build(a, b, c):\n"
        "    return nn.Sequential(nn.Conv1d(a, c, 100, 100), nn.ConvTranspose1d(c, b, 100, 100))\n",
    )
    network = build_network(file, 1, 1, 2)
    assert int(network.STRIDE) == 100
    assert int(network.REACH) == architecture_files.DEFAULT_REACH


def test_an_unknown_name_lists_the_known_ones(folder: Path) -> None:
    with pytest.raises(ModelError, match="There are unet; your own files belong"):
        build_network("vnet", 1, 1, 4)


def test_a_file_is_trained_for_an_epoch_and_its_model_reconstructs(
    folder: Path, tmp_path: Path, small_data_set: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", "--data", str(small_data_set), "--folds", "1-3", "--output", str(tmp_path)]
    recipe = ["--recipe", "gradowski2025", "--leads", "I,II,V2", "--architecture", str(EXAMPLE)]
    size = ["--epochs", "1", "--base-width", "4", "--batch-size", "4", "--name", "mine"]
    assert main([*command, *recipe, *size, "--no-cache", "--device", "cpu"]) == 0
    weights = tmp_path / "mine.safetensors"
    card = read_card(weights)
    assert card.title == "Dilated convolutions (example) for I, II, V2"
    assert card.arguments["architecture_sha256"] == find_architecture(str(EXAMPLE)).sha256
    record = str(small_data_set / "records500" / "00000" / "00011_hr.hea")
    reconstruct = ["reconstruct", record, "--model", str(weights), "--json", "--device", "cpu"]
    capsys.readouterr()
    assert main(reconstruct) == 0
    leads = json.loads(capsys.readouterr().out)["leads"]
    assert [lead for lead in leads if leads[lead]["pcc"] is not None] == list(card.rebuilds)
    (folder / "dilated.py").unlink()
    with pytest.raises(ModelError, match=r"needs the architecture file dilated\.py"):
        load_model(card)
