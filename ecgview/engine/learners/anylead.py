"""The any-lead recipe: random sets of available leads, corrections of least squares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ecgview.engine.augmentation import (
    OVERSAMPLING,
    draw_windows,
    hide_leads,
    spoil_inputs,
    twelve_leads,
)
from ecgview.engine.input_sets import draw_known, known_mask
from ecgview.engine.learners.learner import Architecture, Learner
from ecgview.engine.losses import amplitude_scaled_error
from ecgview.engine.models.anylead import AnyLeadUNet
from ecgview.engine.parameters import TrainingParameters
from ecgview.leads import INDEPENDENT_LEADS, LEAD_INDEX
from ecgview.signals.resampling import RateRatio, resample

_INDEPENDENT_ROWS = [LEAD_INDEX[lead] for lead in INDEPENDENT_LEADS]


class AnyLeadLearner(Learner):
    """A U-Net that corrects least squares; see `Learner`."""

    recipe = "anylead"
    corrects_least_squares = True

    @classmethod
    def architecture(cls, parameters: TrainingParameters) -> Architecture:
        """Say what the card of the model will hold."""
        width, members = parameters.base_width, parameters.members
        count = "One U-Net" if members == 1 else f"{members} U-Nets"
        leads = f"leads {', '.join(parameters.leads)}" if parameters.leads else "any set of leads"
        corrects = "corrects" if members == 1 else "correct"
        return Architecture(
            key="anylead-unet",
            arguments={"base_width": width, "members": members},
            title="Any-lead U-Net" if not parameters.leads else "Residual U-Net",
            description=f"{count} of width {width} that {corrects} least squares; {leads} in, all "
            "twelve out.",
            leads=parameters.leads,
        )

    @classmethod
    def build(
        cls, parameters: TrainingParameters, moments: NDArray[np.floating] | None
    ) -> nn.Module:
        """Make the lead model that one member trains."""
        return AnyLeadUNet(parameters.base_width, 1, moments)

    @classmethod
    def combine(
        cls,
        learners: Sequence[Learner],
        parameters: TrainingParameters,
        moments: NDArray[np.floating] | None,
    ) -> nn.Module:
        """Put the members side by side."""
        model = AnyLeadUNet(parameters.base_width, len(learners), moments)
        for member, learner in zip(model.members, learners, strict=True):
            averaged = learner.weights()
            assert isinstance(averaged, AnyLeadUNet)
            member.load_state_dict(averaged.members[0].state_dict())
        return model.to(learners[0].device)

    def draw(self, windows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Read whole recordings at `OVERSAMPLING` times the model's rate."""
        oversampled = resample(np.asarray(self.signals_mv[windows]), RateRatio(OVERSAMPLING, 1))
        return np.ascontiguousarray(oversampled, dtype=np.float32)

    def loss(self, signals_mv: Tensor) -> Tensor:
        """Loss on random windows of some recordings, with random leads hidden."""
        truth = draw_windows(signals_mv, self.parameters, self.generator)
        inputs = spoil_inputs(truth, self.parameters, self.generator)
        signals, known = hide_leads(inputs, self.parameters.leads, self.generator)
        truth, signals, known = (part.to(self.device) for part in (truth, signals, known))
        return _error(self.estimate(signals, known), truth, known, self.parameters)

    @classmethod
    def validate(
        cls, model: nn.Module, truth_mv: Tensor, parameters: TrainingParameters, batch: int
    ) -> tuple[float, Tensor]:
        """Score random sets of leads, always the same; estimate from the reported set."""
        leads, device = parameters.leads, truth_mv.device
        reported = torch.from_numpy(known_mask(cls.reported_leads(parameters)))
        reported = reported.to(device).expand(len(truth_mv), -1)
        drawn = reported
        if not leads:
            chance = np.random.default_rng((parameters.seed, batch))
            drawn = torch.from_numpy(draw_known(len(truth_mv), chance)).to(device)
        twelve = twelve_leads(truth_mv)
        estimate = model(twelve * drawn[:, :, None], drawn)
        loss = float(_error(estimate, truth_mv, drawn, parameters))
        return loss, estimate if leads else model(twelve * reported[:, :, None], reported)


def _error(
    estimate_mv: Tensor, truth_mv: Tensor, known: Tensor, parameters: TrainingParameters
) -> Tensor:
    hidden = ~known[:, _INDEPENDENT_ROWS]
    return amplitude_scaled_error(
        estimate_mv, truth_mv, hidden, parameters.rate_hz, parameters.clean_weight
    )
