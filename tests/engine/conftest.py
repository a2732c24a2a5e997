"""A tiny model, so that the engine's tests take seconds."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ecgview.engine.cards import ModelCard
from ecgview.engine.checkpoint import save_model
from ecgview.engine.models.anylead import AnyLeadUNet
from ecgview.engine.reconstructor import Reconstructor

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
