"""Weights on disk: safetensors with a matching card, and nothing else is ever loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from ecgview.engine.cards import ModelCard, write_card_part
from ecgview.engine.models import ARCHITECTURES
from ecgview.engine.models.onnx_model import ONNX, load_onnx
from ecgview.errors import ModelError
from ecgview.storing import put_in_place


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
    content = _serialised(model.state_dict())
    card = replace(card, sha256=hashlib.sha256(content).hexdigest())
    card.path.parent.mkdir(parents=True, exist_ok=True)
    # Both new files are complete before either takes its place; `read_card` knows what to do
    # about a process that is killed between the two.
    new_card = write_card_part(card)
    _replace(card.path, content)
    put_in_place(new_card, card.path.with_suffix(".json"))
    return card


def write_weights(path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> None:
    """Write tensors with text beside them, whole or not at all.

    Parameters
    ----------
    path : Path
        A ``.safetensors`` file, replaced if it is there.
    tensors : Mapping of str to Tensor
        On any device.
    metadata : dict of str to str
        For the file's header.

    Raises
    ------
    ModelError
        If it cannot be written; what was there before is untouched.
    """
    _replace(path, _serialised(tensors, metadata))


def _serialised(tensors: Mapping[str, Tensor], metadata: dict[str, str] | None = None) -> bytes:
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    return save(plain, metadata)


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(f"{path.suffix}.part")
    try:
        temporary.write_bytes(content)
        put_in_place(temporary, path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise ModelError(
            f"{path} could not be written: {error.strerror or error}.",
            "What was there before is untouched.",
        ) from error


def read_weights(path: Path, sha256: str) -> bytes:
    """Read a file of weights.

    Raises
    ------
    ModelError
        If it cannot be read, or is another one than its card was written for.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(
            f"The weights {path.name} do not match their card.",
            "One of the two files was changed or damaged; install the model again.",
        )
    return content


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
    content = read_weights(card.path, card.sha256)
    if card.architecture == ONNX:
        return load_onnx(card, content).eval()
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
