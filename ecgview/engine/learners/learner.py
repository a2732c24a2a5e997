"""A network in training: its batches, its loss, its steps and the average of its weights."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim.lr_scheduler import ConstantLR, LRScheduler, OneCycleLR
from torch.optim.swa_utils import AveragedModel

from ecgview.engine.distributed import broadcast, rank, world_size
from ecgview.engine.learners.parallel import in_parallel
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.precision import autocast

_WARM_UP = 0.05


@dataclass(frozen=True)
class Architecture:
    """What a model card says of a trained network.

    Attributes
    ----------
    key : str
        Key of `ecgview.engine.models.ARCHITECTURES`.
    arguments : dict
        Of the architecture.
    title, description : str
        For menus and cards.
    leads, rebuilds : tuple of str
        See `ecgview.engine.cards.ModelCard`.
    """

    key: str
    arguments: dict[str, Any]
    title: str
    description: str
    leads: tuple[str, ...] = ()
    rebuilds: tuple[str, ...] = ()


class Learner(ABC):
    """One network in training: its weights, their average, its optimiser and its own chance.

    A recipe may train several side by side, its *members*; each moves the seed by its number.
    Under ``torchrun`` each process holds all members and takes steps on its share of the
    recordings, with the mean gradient of all processes.

    Parameters
    ----------
    signals_mv : ndarray, shape (recordings, 8, samples)
        Independent leads at the model's rate, medians removed; may be a memory map.
    moments : ndarray, shape (8, 8), or None
        Second moments of these recordings; None for a recipe without least squares.
    parameters : TrainingParameters
        Everything adjustable.
    number : int
        Which member.
    device : str
        Torch device.
    """

    recipe: ClassVar[str]
    corrects_least_squares: ClassVar[bool]

    def __init__(
        self,
        signals_mv: NDArray[np.floating],
        moments: NDArray[np.floating] | None,
        parameters: TrainingParameters,
        number: int,
        device: str,
    ) -> None:
        self.signals_mv = signals_mv
        self.parameters = parameters
        self.device = torch.device(device)
        self.generator = np.random.default_rng((parameters.seed, number))
        torch.manual_seed(parameters.seed + number)
        self.model = self.build(parameters, moments).to(self.device).train()
        self.average = moving_average(self.model, parameters.ema) if parameters.ema else None
        self.network = in_parallel(self.model)
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(),
            lr=parameters.lr,
            weight_decay=parameters.weight_decay,
            fused=self.device.type != "mps",
        )
        self.schedule = self._make_schedule()
        self.order: NDArray[np.intp] = np.empty(0, dtype=np.intp)

    @classmethod
    @abstractmethod
    def architecture(cls, parameters: TrainingParameters) -> Architecture:
        """Say what the card of the model will hold."""

    @classmethod
    @abstractmethod
    def build(
        cls, parameters: TrainingParameters, moments: NDArray[np.floating] | None
    ) -> nn.Module:
        """Make the lead model that one member trains."""

    @classmethod
    def combine(
        cls,
        learners: Sequence[Learner],
        parameters: TrainingParameters,
        moments: NDArray[np.floating] | None,
    ) -> nn.Module:
        """Copy the weights of all members into one lead model."""
        (learner,) = learners
        model = cls.build(parameters, moments)
        model.load_state_dict(learner.weights().state_dict())
        return model.to(learner.device)

    @abstractmethod
    def draw(self, windows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Read the recordings or windows of a batch, (batch, 8, samples)."""

    @abstractmethod
    def loss(self, signals_mv: Tensor) -> Tensor:
        """Loss on a batch that `draw` read."""

    @classmethod
    @abstractmethod
    def validate(
        cls, model: nn.Module, truth_mv: Tensor, parameters: TrainingParameters, batch: int
    ) -> tuple[float, Tensor]:
        """Score a batch of validation windows.

        Parameters
        ----------
        model : torch.nn.Module
            The lead model, in evaluation mode.
        truth_mv : Tensor, shape (batch, 8, window)
            Independent leads, on the model's device.
        parameters : TrainingParameters
            Of the run.
        batch : int
            Number of the batch, so that chance is the same in each epoch.

        Returns
        -------
        loss : float
            Mean over the windows.
        estimate_mv : Tensor, shape (batch, 8, window)
            What the model makes of the reported set of leads; NaN where it gives nothing.
        """

    def estimate(self, signals: Tensor, known: Tensor) -> Tensor:
        """Run the model in training, in the arithmetic chosen; shapes as for lead models."""
        with autocast(self.device, self.parameters.precision):
            return self.network(signals, known).float()

    @staticmethod
    def reported_leads(parameters: TrainingParameters) -> tuple[str, ...]:
        """Available leads that an epoch's figures are for."""
        return parameters.leads or ("I", "II")

    @property
    def n_windows(self) -> int:
        """Windows in an epoch."""
        return len(self.signals_mv)

    @property
    def n_batches(self) -> int:
        """Batches of each process in an epoch."""
        return -(-self._n_own // self.parameters.batch_size)

    @property
    def _n_own(self) -> int:
        return self.n_windows // world_size()

    def shuffle(self) -> None:
        """Draw the order of the next epoch; each of several processes takes its share of it."""
        self.generator.bit_generator.state = broadcast(self.generator.bit_generator.state)
        order = self.generator.permutation(self.n_windows)
        self.order = order[rank() :: world_size()][: self._n_own]
        if rank():
            # Chance of its own for what is done to its share.
            drawn = self.generator.integers(2**63, size=2)
            self.generator = np.random.default_rng((rank(), *drawn))

    def train_on(self, batches: range) -> list[float]:
        """Take a step on some batches of the epoch's order; gives the loss of each."""
        return [self._step(self.order[self._slice(batch)]) for batch in batches]

    def _slice(self, batch: int) -> slice:
        size = self.parameters.batch_size
        return slice(batch * size, (batch + 1) * size)

    def _step(self, windows: NDArray[np.intp]) -> float:
        loss = self.loss(torch.from_numpy(self.draw(windows)))
        self.optimiser.zero_grad()
        loss.backward()
        if self.parameters.clip:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.parameters.clip)
        self.optimiser.step()
        self.schedule.step()
        if self.average is not None:
            self.average.update_parameters(self.model)
        return float(loss.detach())

    def _make_schedule(self) -> LRScheduler:
        if self.parameters.schedule == "constant":
            return ConstantLR(self.optimiser, factor=1.0)
        return OneCycleLR(
            self.optimiser,
            self.parameters.lr,
            total_steps=self.parameters.epochs * self.n_batches,
            pct_start=_WARM_UP,
            cycle_momentum=False,
        )

    def weights(self) -> nn.Module:
        """Give the module whose weights count: the average, if there is one."""
        return self.model if self.average is None else self.average.module


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
