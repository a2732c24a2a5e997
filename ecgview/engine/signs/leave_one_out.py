"""Each available lead predicted from the other available ones, and held against itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from ecgview.engine.augmentation import twelve_leads
from ecgview.engine.input_sets import known_mask
from ecgview.leads import (
    CHEST_LEADS,
    INDEPENDENT_LEADS,
    LEAD_INDEX,
    LIMB_LEADS,
    best_limb_pair,
    in_order,
)

LIMB_PAIR = ("I", "II")
_LEAST_MV2 = 1e-6
"""Added to mean squares, of 1 uV: two flat leads fit each other."""

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LeadFits:
    """How leads fit what the others predict.

    Attributes
    ----------
    leads : tuple of str
        Those left out, one after another.
    own, predicted, both : ndarray, shape (recordings, leads)
        Mean squares of the lead and of its prediction, and their mean product, in mV squared.
    """

    leads: tuple[str, ...]
    own: Values
    predicted: Values
    both: Values

    @property
    def ratio(self) -> Values:
        """Logarithm of the lead's mean square over its prediction's, (recordings, leads)."""
        return np.log((self.own + _LEAST_MV2) / (self.predicted + _LEAST_MV2))

    @property
    def misfit(self) -> Values:
        """Mean square of the difference over the sum of both mean squares.

        Returns
        -------
        ndarray, shape (recordings, leads)
            0 for a perfect prediction, 1 for leads that have nothing in common, 2 for the opposite.
        """
        total = self.own + self.predicted
        return (total - 2 * self.both + _LEAST_MV2) / (total + _LEAST_MV2)


def basis(available: Sequence[str]) -> tuple[str, ...]:
    """Reduce leads to those that say something of their own: I and II stand for two limb leads."""
    if best_limb_pair(available) is None:
        return in_order(available)
    return ("I", "II", *(lead for lead in in_order(available) if lead in CHEST_LEADS))


def leave_one_out(
    model: nn.Module, signals_mv: Tensor | NDArray[np.floating], available: Sequence[str]
) -> LeadFits:
    """Predict each lead from the others.

    Parameters
    ----------
    model : torch.nn.Module
        A lead model that takes any set, in evaluation mode.
    signals_mv : ndarray or Tensor, shape (recordings, 12, samples)
        Clean leads at the model's rate. Only the available ones are looked at; where two limb
        leads are, all six are taken from I and II.
    available : sequence of str
        What is known.

    Returns
    -------
    LeadFits
        Of no lead, where a single one is available.
    """
    leads = basis(available)
    signals_mv = torch.as_tensor(signals_mv, dtype=torch.float32)
    if set(LIMB_PAIR) <= set(leads):
        signals_mv = twelve_leads(signals_mv[:, [LEAD_INDEX[lead] for lead in INDEPENDENT_LEADS]])
    if len(leads) < 2:
        nothing = np.zeros((len(signals_mv), 0))
        return LeadFits((), nothing, nothing, nothing)
    rests = [tuple(other for other in leads if other != lead) for lead in leads]
    found = [
        fits_from(model, signals_mv, rest, (lead,)) for rest, lead in zip(rests, leads, strict=True)
    ]
    return LeadFits(
        leads,
        np.concatenate([one.own for one in found], axis=1),
        np.concatenate([one.predicted for one in found], axis=1),
        np.concatenate([one.both for one in found], axis=1),
    )


def fits_from(
    model: nn.Module,
    signals_mv: Tensor | NDArray[np.floating],
    rest: tuple[str, ...],
    leads: tuple[str, ...],
) -> LeadFits:
    """Predict some leads from others.

    Parameters
    ----------
    model, signals_mv
        As in `leave_one_out`.
    rest : tuple of str
        What the model is given.
    leads : tuple of str
        What is compared.

    Returns
    -------
    LeadFits
        Of `leads`.
    """
    device = next((one.device for one in model.state_dict().values()), torch.device("cpu"))
    rows = [LEAD_INDEX[lead] for lead in leads]
    known = torch.from_numpy(known_mask(rest)).to(device)
    with torch.inference_mode():
        recorded = torch.as_tensor(signals_mv, dtype=torch.float32, device=device)
        n_samples = recorded.shape[-1]
        padded = F.pad(recorded * known[:, None], (0, -n_samples % int(model.STRIDE)))  # type: ignore[arg-type]
        made = twelve_leads(model(padded, known.expand(len(padded), -1)).float())
        one, other = recorded[:, rows], made[:, rows, :n_samples]
        products = [(one * one), (other * other), (one * other)]
        # Apple's GPUs have no numbers of double precision: those are made after the transfer.
        means = (part.mean(dim=-1).cpu().numpy() for part in products)
        own, predicted, both = (part.astype(np.float64) for part in means)
    return LeadFits(leads, own, predicted, both)


def pairs_of_rest_and_lead() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """All rests that leaving one lead out can leave, each with the leads that may be left out.

    Returns
    -------
    list of tuple
        (what is given, what is predicted); limb leads alone, or I and II, as in `basis`.
    """
    pairs = []
    chests = [
        tuple(lead for bit, lead in enumerate(CHEST_LEADS) if mask >> bit & 1) for mask in range(64)
    ]
    for limb in ((), *((lead,) for lead in LIMB_LEADS), ("I", "II")):
        for chest in chests:
            left = tuple(lead for lead in CHEST_LEADS if lead not in chest)
            more = {(): LIMB_LEADS, ("I",): ("II",), ("II",): ("I",)}.get(limb, ())
            if (limb or chest) and (*more, *left):
                pairs.append(((*limb, *chest), (*more, *left)))
    return pairs
