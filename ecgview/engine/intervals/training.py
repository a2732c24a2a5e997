"""Training of the network of an interval: a generator of events."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR

from ecgview.engine.events import Event, Progress
from ecgview.engine.intervals.batches import padded
from ecgview.engine.intervals.losses import (
    normal_loss,
    pinball,
    sample_weights,
    segment_loss,
)
from ecgview.engine.intervals.network import SpreadNetwork
from ecgview.engine.intervals.residuals import Batch, UnseenErrors
from ecgview.engine.learners.learner import moving_average
from ecgview.engine.models.anylead import AnyLeadUNet
from ecgview.engine.precision import autocast
from ecgview.errors import ModelError

_WARM_UP = 0.05


@dataclass(frozen=True)
class SpreadParameters:
    """How the network of an interval is trained.

    Attributes
    ----------
    base_width : int
        Width of its U-Net.
    epochs, batch_size : int
        Passes over the recordings, and recordings in a batch.
    lr, weight_decay, ema : float
        AdamW at a one-cycle rate; decay of the moving average of the weights.
    seed : int
        Of everything random.
    """

    base_width: int = 12
    epochs: int = 20
    batch_size: int = 32
    lr: float = 2e-3
    weight_decay: float = 0.02
    ema: float = 0.995
    seed: int = 1


def train_spread(
    errors: UnseenErrors, moments: NDArray[np.floating], parameters: SpreadParameters
) -> Generator[Event, None, SpreadNetwork]:
    """Train the network of an interval.

    Parameters
    ----------
    errors : UnseenErrors
        What it learns from.
    moments : ndarray, shape (8, 8)
        Second moments of the model that it belongs to.
    parameters : SpreadParameters
        How.

    Yields
    ------
    Event
        `Progress` after each pass, with the loss.

    Returns
    -------
    SpreadNetwork
        In evaluation mode, not calibrated.
    """
    torch.manual_seed(parameters.seed)
    model = SpreadNetwork(parameters.base_width, moments).train()
    average = moving_average(model, parameters.ema)
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=parameters.lr, weight_decay=parameters.weight_decay
    )
    schedule = OneCycleLR(
        optimiser,
        parameters.lr,
        total_steps=parameters.epochs * errors.n_batches,
        pct_start=_WARM_UP,
        cycle_momentum=False,
    )
    for epoch in range(1, parameters.epochs + 1):
        losses = []
        for batch in errors.epoch():
            losses.append(_step(model, batch, optimiser))
            schedule.step()
            average.update_parameters(model)
        yield Progress(epoch, parameters.epochs, f"Interval: loss {np.mean(losses):.4f}")
    trained = average.module
    assert isinstance(trained, SpreadNetwork)
    return trained.eval().requires_grad_(False)


def moments_of(model: nn.Module) -> NDArray[np.float32]:
    """Second moments of the least squares that an any-lead model corrects, shape (8, 8).

    Raises
    ------
    ModelError
        If the model is of another kind.
    """
    if not isinstance(model, AnyLeadUNet):
        raise ModelError(
            "Only any-lead networks have intervals.", "Name one that the recipe anylead made."
        )
    return model.linear.moments.cpu().numpy()


def _step(model: SpreadNetwork, batch: Batch, optimiser: torch.optim.Optimizer) -> float:
    n_samples = batch.signals.shape[-1]
    with autocast(torch.device("cpu"), "auto"):
        given = model.spread(padded(batch.signals), batch.known, padded(batch.estimate))
    log_half, segments, normal = (part[..., :n_samples] for part in given)
    weights = sample_weights(batch.segments)
    hidden = weights[:, None] * ~batch.known[:, :, None]
    loss = (
        pinball(log_half, batch.residual_mv, hidden)
        + segment_loss(segments, batch.segments, weights)
        + normal_loss(normal, batch.normal)
    )
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return float(loss.detach())
