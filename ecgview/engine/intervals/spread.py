"""The interval of a model, loaded and ready to run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import load
from torch import Tensor

from ecgview.engine.cards import ModelCard
from ecgview.engine.checkpoint import read_weights, write_weights
from ecgview.engine.input_sets import known_mask
from ecgview.engine.intervals.batches import padded
from ecgview.engine.intervals.cards import IntervalCard, find_interval, write_interval_card
from ecgview.engine.intervals.network import SpreadNetwork, set_index
from ecgview.errors import ModelError

_MADE_OF = "made of"
_STORED = torch.float16
"""A thousandth is close enough for half widths and their calibration."""


class Spread:
    """Half widths of a model's estimates.

    Parameters
    ----------
    card : IntervalCard
        Of the interval.
    network : SpreadNetwork
        In evaluation mode.
    """

    def __init__(self, card: IntervalCard, network: SpreadNetwork) -> None:
        self.card = card
        self.network = network

    def half_widths(
        self, signals: Tensor, known: Tensor, independent: Tensor, part: int | Tensor = 0
    ) -> NDArray[np.float32]:
        """Run on windows of any length.

        Parameters
        ----------
        signals : Tensor, shape (batch, 12, samples)
            Known leads in mV, zero elsewhere.
        known : Tensor of bool, shape (batch, 12)
            Which are known.
        independent : Tensor, shape (batch, 8, samples)
            What the model made of them.
        part : int or Tensor of int
            See `SpreadNetwork.forward`.

        Returns
        -------
        ndarray, shape (batch, 12, samples)
            Of clean 90 % intervals, in mV; 0 for known leads.
        """
        device = self.network.log_factors.device
        with torch.inference_mode():
            half = self.network(
                padded(signals).to(device), known.to(device), padded(independent).to(device), part
            )
        return half[..., : signals.shape[-1]].cpu().numpy()

    def shares(self, available: tuple[str, ...], part: int = 0) -> dict[float, NDArray[np.float64]]:
        """Give `ecgview.interval.Interval.shares` for a set of available leads."""
        of_set = self._of_set(self.network.shares, available, part)
        return {0.5: of_set[:, 0], 0.8: of_set[:, 1], 0.9: np.ones(len(of_set))}

    def wander_mv(self, available: tuple[str, ...], part: int = 0) -> NDArray[np.float64]:
        """Give `ecgview.interval.Interval.wander_mv` for a set of available leads."""
        return self._of_set(self.network.wander_mv, available, part)

    @staticmethod
    def _of_set(table: Tensor, available: tuple[str, ...], part: int) -> NDArray[np.float64]:
        limb, chest = set_index(torch.from_numpy(known_mask(available))[None])
        # To double precision after the transfer: Apple's GPUs have none.
        return table[part, int(limb), int(chest)].cpu().numpy().astype(np.float64)


def load_spread(model: ModelCard, device: str = "cpu") -> Spread | None:
    """Load the interval of a model.

    Parameters
    ----------
    model : ModelCard
        Any model.
    device : str
        Torch device.

    Returns
    -------
    Spread or None
        None where the model has none of its own.

    Raises
    ------
    ModelError
        If its files cannot be read, or do not match each other.
    """
    card = find_interval(model)
    if card is None:
        return None
    content = read_weights(card.path, card.sha256)
    try:
        network = SpreadNetwork(card.base_width)
        network.load_state_dict({name: each.float() for name, each in load(content).items()})
    except (SafetensorError, RuntimeError, TypeError) as error:
        raise ModelError(
            f"{card.path.name} does not fit the network of an interval.",
            "It may come from another version of ecgview.",
        ) from error
    return Spread(card, network.eval().requires_grad_(False).to(torch.device(device)))


def save_spread(network: SpreadNetwork, card: IntervalCard) -> IntervalCard:
    """Write the network of an interval and its card; gives the card with its checksum.

    Raises
    ------
    ModelError
        If they cannot be written.
    """
    write_weights(card.path, _tensors(network, _STORED), {})
    card = replace(card, sha256=hashlib.sha256(card.path.read_bytes()).hexdigest())
    write_interval_card(card)
    return card


def as_stored(network: SpreadNetwork) -> SpreadNetwork:
    """Give the network as it will be when it is loaded again: calibrate that one."""
    stored = SpreadNetwork(network.base_width)
    stored.load_state_dict(
        {name: tensor.float() for name, tensor in _tensors(network, _STORED).items()}
    )
    return stored.eval().requires_grad_(False)


def save_stage(path: Path, network: SpreadNetwork, made_of: Mapping[str, Any]) -> None:
    """Keep a trained network that is not calibrated yet, with what it was made of."""
    write_weights(path, _tensors(network, torch.float32), {_MADE_OF: json.dumps(made_of)})


def read_stage(path: Path, base_width: int, made_of: Mapping[str, Any]) -> SpreadNetwork | None:
    """Read what `save_stage` kept; None where there is nothing made of the same."""
    try:
        with safe_open(path, "pt") as file:
            if json.loads((file.metadata() or {}).get(_MADE_OF, "{}")) != made_of:
                return None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, ValueError):
        return None
    network = SpreadNetwork(base_width)
    network.load_state_dict(tensors)
    return network.eval().requires_grad_(False)


def _tensors(network: SpreadNetwork, dtype: torch.dtype) -> dict[str, Tensor]:
    return {
        name: tensor.to(dtype)
        for name, tensor in network.state_dict().items()
        if "num_batches_tracked" not in name
    }
