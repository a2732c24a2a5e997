"""One U-Net in training: its batches, its loss, its steps and the average of its weights."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from ecgview.engine.augmentation import draw_windows, hide_leads, spoil_inputs
from ecgview.engine.losses import amplitude_scaled_error
from ecgview.engine.models.anylead import AnyLeadUNet
from ecgview.engine.parameters import TrainingParameters
from ecgview.leads import INDEPENDENT_LEADS, LEAD_INDEX

_INDEPENDENT_ROWS = [LEAD_INDEX[lead] for lead in INDEPENDENT_LEADS]
_WARM_UP = 0.05
_LARGEST_GRADIENT = 1.0


class MemberTrainer:
    """One U-Net in training: its weights, their average, its optimiser and its own chance.

    Parameters
    ----------
    signals : Tensor, shape (recordings, 8, samples)
        Independent leads in mV at `OVERSAMPLING` times the model's rate.
    moments : ndarray, shape (8, 8)
        Second moments for least squares.
    parameters : TrainingParameters
        Everything adjustable.
    number : int
        Which member; it moves the seed.
    device : str
        Torch device.
    """

    def __init__(
        self,
        signals: Tensor,
        moments: NDArray[np.floating],
        parameters: TrainingParameters,
        number: int,
        device: str,
    ) -> None:
        self.signals = signals
        self.parameters = parameters
        self.generator = np.random.default_rng((parameters.seed, number))
        torch.manual_seed(parameters.seed + number)
        self.model = AnyLeadUNet(parameters.base_width, 1, moments).to(device).train()
        self.average = moving_average(self.model, parameters.ema)
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=parameters.lr, weight_decay=parameters.weight_decay
        )
        n_batches = -(-len(signals) // parameters.batch_size)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser,
            parameters.lr,
            total_steps=parameters.epochs * n_batches,
            pct_start=_WARM_UP,
            cycle_momentum=False,
        )

    def run_epoch(self) -> float:
        """Pass once over the recordings and give the mean loss."""
        order = self.generator.permutation(len(self.signals))
        losses = []
        for first in range(0, len(order), self.parameters.batch_size):
            loss = self.loss(self.signals[order[first : first + self.parameters.batch_size]])
            self.optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), _LARGEST_GRADIENT)
            self.optimiser.step()
            self.schedule.step()
            self.average.update_parameters(self.model)
            losses.append(float(loss.detach()))
        return float(np.mean(losses))

    def loss(self, recordings: Tensor) -> Tensor:
        """Loss on random windows of some recordings, with random leads hidden."""
        truth = draw_windows(recordings, self.parameters, self.generator)
        inputs = spoil_inputs(truth, self.parameters, self.generator)
        signals, known = hide_leads(inputs, self.generator)
        device = self.model.linear.moments.device
        truth, signals, known = truth.to(device), signals.to(device), known.to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16_pays(device.type)):
            (estimate,) = self.model.each(signals, known)
        hidden = ~known[:, _INDEPENDENT_ROWS]
        return amplitude_scaled_error(
            estimate.float(), truth, hidden, self.parameters.rate_hz, self.parameters.clean_weight
        )

    def weights(self) -> dict[str, Tensor]:
        """Averaged weights of the U-Net."""
        averaged = self.average.module
        assert isinstance(averaged, AnyLeadUNet)
        return averaged.members[0].state_dict()


def bf16_pays(device_type: str) -> bool:
    """Tell whether bfloat16 training is faster than float32 on this device."""
    if device_type == "cpu":
        return bool(torch.cpu._is_avx512_bf16_supported())
    return device_type == "cuda" and torch.cuda.is_bf16_supported()


def moving_average(model: nn.Module, decay: float) -> AveragedModel:
    """Follow the weights and the batch-norm statistics of a model.

    Parameters
    ----------
    model : torch.nn.Module
        The model in training.
    decay : float
        Weight of the past once the average has run in; a shorter memory before, so that the
        first steps are soon forgotten.

    Returns
    -------
    AveragedModel
        To be updated after each step.
    """

    def follow(averaged: Tensor, current: Tensor, count: Tensor | int) -> Tensor:
        share = 1 - min(decay, (1 + float(count)) / (10 + float(count)))
        return averaged + share * (current - averaged)

    return AveragedModel(model, avg_fn=follow, use_buffers=True)
