"""Weights on disk: safetensors with a matching card, and nothing else is ever loaded."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import nn

from ecgview.engine.cards import ModelCard, write_card
from ecgview.engine.models import ARCHITECTURES
from ecgview.errors import ModelError


def save_model(model: nn.Module, card: ModelCard) -> ModelCard:
    """Write the weights of a model and its card.

    Parameters
    ----------
    model : torch.nn.Module
        An architecture of `ARCHITECTURES`.
    card : ModelCard
        Its `path` says where; its checksum is filled in.

    Returns
    -------
    ModelCard
        The card as written.
    """
    tensors = {
        name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()
    }
    content = save(tensors)
    card.path.parent.mkdir(parents=True, exist_ok=True)
    temporary = card.path.with_suffix(".safetensors.part")
    temporary.write_bytes(content)
    temporary.replace(card.path)
    card = replace(card, sha256=hashlib.sha256(content).hexdigest())
    write_card(card)
    return card


def load_model(card: ModelCard, device: str = "cpu") -> nn.Module:
    """Load a model for inference.

    Parameters
    ----------
    card : ModelCard
        From `ecgview.engine.cards.find_model`.
    device : str
        Torch device.

    Returns
    -------
    torch.nn.Module
        In evaluation mode, without gradients.

    Raises
    ------
    ModelError
        If the weights are not safetensors, do not match the card, or the architecture is unknown.
    """
    try:
        content = card.path.read_bytes()
    except OSError as error:
        raise ModelError(f"{card.path} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(content).hexdigest() != card.sha256:
        raise ModelError(
            f"The weights {card.path.name} do not match their card.",
            "One of the two files was changed or damaged; install the model again.",
        )
    if card.architecture not in ARCHITECTURES:
        raise ModelError(
            f"{card.name} is of an unknown kind, “{card.architecture}”.",
            "It may need a newer ecgview.",
        )
    try:
        model = ARCHITECTURES[card.architecture](**card.arguments)
        model.load_state_dict(load(content))
    except (SafetensorError, RuntimeError, TypeError) as error:
        raise ModelError(
            f"The weights of {card.name} do not fit its architecture.",
            "The card and the weights belong to different models.",
        ) from error
    return model.eval().requires_grad_(False).to(torch.device(device))
