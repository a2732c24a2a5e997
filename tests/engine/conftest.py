"""A tiny model and tiny data sets, so that the engine's tests take seconds."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from beats import twelve_lead_array

from ecgview.engine.cards import ModelCard
from ecgview.engine.checkpoint import save_model
from ecgview.engine.models.anylead import AnyLeadUNet
from ecgview.engine.reconstruct import Reconstructor
from ecgview.formats import save_recording
from ecgview.leads import LEADS

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_card(tmp_path_factory: pytest.TempPathFactory) -> ModelCard:
    """Card of an untrained any-lead network whose output is not just least squares."""
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    mixing = rng.normal(size=(8, 8))
    model = AnyLeadUNet(base_width=4, members=2, moments=mixing @ mixing.T / 100)
    for member in model.members:
        torch.nn.init.normal_(member.head.weight, std=0.2)
    card = ModelCard(
        name="tiny",
        title="Tiny",
        description="For tests.",
        architecture="anylead-unet",
        arguments={"base_width": 4, "members": 2},
        fs_hz=125.0,
        bandwidth_hz=62.5,
        path=tmp_path_factory.mktemp("models") / "tiny.safetensors",
    )
    return save_model(model, card)


@pytest.fixture(scope="session")
def tiny(tiny_card: ModelCard) -> Reconstructor:
    return Reconstructor(tiny_card, "cpu")


@pytest.fixture(scope="session")
def small_data_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve simulated recordings in PTB-XL's layout, folds 1 to 4, one of them with a flat V3."""
    folder = tmp_path_factory.mktemp("data") / "ptb-xl"
    rows = []
    for number in range(12):
        signals_mv = twelve_lead_array(500.0, 10.0, seed=number)
        if number == 5:
            signals_mv[LEADS.index("V3")] = 0
        name = f"records500/00000/{number:05d}_hr"
        save_recording(Path(name).name, signals_mv, 500.0, folder / Path(name).parent)
        rows.append((name, f"{number // 2}.0", number // 3 + 1))
    with (folder / "ptbxl_database.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["filename_hr", "patient_id", "strat_fold"])
        table.writerows(rows)
    return folder
