"""The core paper's recipe: one network for one set of leads, mean squared error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from ecgview.engine.architectures import architecture_arguments, find_architecture
from ecgview.engine.augmentation import twelve_leads
from ecgview.engine.input_sets import known_mask
from ecgview.engine.learners.learner import Architecture, Learner
from ecgview.engine.models.lead_set import LeadSetUNet, rebuilt_leads
from ecgview.engine.parameters import TrainingParameters
from ecgview.leads import INDEPENDENT_LEADS


class LeadSetLearner(Learner):
    """One network from the available leads to the other chest leads; see `Learner`.

    Recordings are cut into as many consecutive windows as fit.
    """

    recipe = "gradowski2025"
    corrects_least_squares = False

    @classmethod
    def architecture(cls, parameters: TrainingParameters) -> Architecture:
        """Say what the card of the model will hold."""
        leads = ", ".join(parameters.leads)
        arguments = {
            "leads": list(parameters.leads),
            "base_width": parameters.base_width,
            **architecture_arguments(parameters.architecture),
        }
        found = find_architecture(parameters.architecture)
        network = "U-Net" if found.path is None else found.title
        return Architecture(
            key="lead-set-unet",
            arguments=arguments,
            title=f"{network} for {leads}",
            description=f"{network} of width {parameters.base_width} from {leads} to the other "
            "chest leads, by the recipe of Gradowski & Buchner (2025).",
            leads=parameters.leads,
            rebuilds=rebuilt_leads(parameters.leads),
        )

    @classmethod
    def build(
        cls, parameters: TrainingParameters, moments: NDArray[np.floating] | None
    ) -> nn.Module:
        """Make the lead model."""
        return LeadSetUNet(parameters.leads, parameters.base_width, parameters.architecture)

    @property
    def n_windows(self) -> int:
        """Windows in an epoch."""
        return len(self.signals_mv) * self._windows_in_recording

    @property
    def _windows_in_recording(self) -> int:
        return max(1, self.signals_mv.shape[-1] // self.parameters.window)

    def draw(self, windows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Read windows."""
        length = self.parameters.window
        recordings, numbers = np.divmod(windows, self._windows_in_recording)
        cut = [
            self.signals_mv[recording, :, number * length : (number + 1) * length]
            for recording, number in zip(recordings, numbers, strict=True)
        ]
        return np.stack(cut)

    def loss(self, signals_mv: Tensor) -> Tensor:
        """Mean squared error over the rebuilt leads."""
        truth = signals_mv.to(self.device)
        return _squared_error(
            _estimate(self.estimate, truth, self.parameters), truth, self.parameters
        )

    @classmethod
    def validate(
        cls, model: nn.Module, truth_mv: Tensor, parameters: TrainingParameters, batch: int
    ) -> tuple[float, Tensor]:
        """Mean squared error and the estimates it is of."""
        estimate = _estimate(model, truth_mv, parameters)
        return float(_squared_error(estimate, truth_mv, parameters)), estimate


def _estimate(
    model: Callable[[Tensor, Tensor], Tensor], truth_mv: Tensor, parameters: TrainingParameters
) -> Tensor:
    known = torch.from_numpy(known_mask(parameters.leads)).to(truth_mv.device)
    return model(twelve_leads(truth_mv) * known[:, None], known.expand(len(truth_mv), -1))


def _squared_error(estimate: Tensor, truth: Tensor, parameters: TrainingParameters) -> Tensor:
    rows = [INDEPENDENT_LEADS.index(lead) for lead in rebuilt_leads(parameters.leads)]
    return F.mse_loss(estimate[:, rows], truth[:, rows])
