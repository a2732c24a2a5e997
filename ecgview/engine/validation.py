"""How a network in training does on recordings that it does not learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ecgview.engine.augmentation import twelve_leads
from ecgview.engine.learners import Learner
from ecgview.engine.metrics import correlation
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.signal_set import SignalSet
from ecgview.engine.training_events import Example
from ecgview.leads import CHEST_LEADS, INDEPENDENT_LEADS

_BATCH = 64


@dataclass(frozen=True, eq=False)
class Validation:
    """Result of one pass over the validation recordings.

    Attributes
    ----------
    loss : float
        Mean loss.
    pcc : dict of str to float
        Mean raw PCC of each rebuilt chest lead.
    example : Example
        The first recording.
    """

    loss: float
    pcc: dict[str, float]
    example: Example


def validate(
    learner: type[Learner], model: nn.Module, data: SignalSet, parameters: TrainingParameters
) -> Validation:
    """Score a lead model on the first window of each validation recording.

    Parameters
    ----------
    learner : type of Learner
        Of the recipe; it knows the loss.
    model : torch.nn.Module
        The lead model; it is in evaluation mode afterwards.
    data : SignalSet
        The recordings, at the model's rate.
    parameters : TrainingParameters
        Of the run.

    Returns
    -------
    Validation
        Loss, correlations and an example.
    """
    device = next(iter(model.state_dict().values())).device
    losses: list[float] = []
    pcc: list[NDArray[np.float64]] = []
    example: Example | None = None
    model.eval()
    for batch, first in enumerate(range(0, len(data.signals_mv), _BATCH)):
        cut = np.array(data.signals_mv[first : first + _BATCH, :, : parameters.window])
        truth = torch.from_numpy(cut).to(device)
        with torch.inference_mode():
            loss, estimate = learner.validate(model, truth, parameters, batch)
        losses += [loss] * len(truth)
        pcc.append(correlation(cut, estimate.cpu().numpy()))
        if example is None:
            leads = learner.reported_leads(parameters)
            example = Example(
                data.entries[0].name,
                data.fs_hz,
                leads,
                twelve_leads(truth[:1])[0].cpu().numpy(),
                twelve_leads(estimate[:1])[0].cpu().numpy(),
            )
    assert example is not None  # a SignalSet is never empty
    rebuilt = [lead for lead in CHEST_LEADS if lead not in example.available]
    rows = [INDEPENDENT_LEADS.index(lead) for lead in rebuilt]
    means = np.nanmean(np.concatenate(pcc)[:, rows], axis=0)
    return Validation(
        float(np.mean(losses)), dict(zip(rebuilt, means.tolist(), strict=True)), example
    )
