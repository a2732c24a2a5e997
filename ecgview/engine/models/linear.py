"""Least squares for every set of known leads, from one matrix of second moments."""

from __future__ import annotations

from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ecgview.leads import INDEPENDENT_LEADS, LEADS, LIMB_FROM_I_II, LIMB_LEADS

RIDGE = 1e-4
"""Penalty, as a share of the mean lead power; it only keeps the inverse well conditioned."""

_N_LIMB = len(LIMB_LEADS)
_N_CHEST = len(LEADS) - _N_LIMB
_ALL_LIMB = _N_LIMB + 1


def _feature_rows(limb_state: int) -> list[int]:
    """Limb leads that serve as features: none, one of the six, or I and II for all."""
    return [] if limb_state == 0 else [0, 1] if limb_state == _ALL_LIMB else [limb_state - 1]


def least_squares_table(moments: NDArray[np.floating]) -> NDArray[np.float32]:
    """Solve least squares for all 512 sets of known leads.

    Parameters
    ----------
    moments : ndarray, shape (8, 8)
        Mean products of the eight independent leads, in mV squared.

    Returns
    -------
    ndarray, shape (8, 64, 8, 12)
        Weights that give the eight independent leads from the twelve channels, by limb state
        (none, one of the six, all) and by the chest leads as bits (V1 is bit 0).
    """
    of_twelve = np.zeros((len(LEADS), len(INDEPENDENT_LEADS)))
    of_twelve[:_N_LIMB, :2] = LIMB_FROM_I_II
    of_twelve[_N_LIMB:, 2:] = np.eye(_N_CHEST)
    penalty = RIDGE * np.trace(moments) / len(moments)
    table = np.zeros((_ALL_LIMB + 1, 2**_N_CHEST, len(INDEPENDENT_LEADS), len(LEADS)))
    for limb_state, chest_bits in product(range(_ALL_LIMB + 1), range(2**_N_CHEST)):
        chest = [_N_LIMB + bit for bit in range(_N_CHEST) if chest_bits >> bit & 1]
        rows = _feature_rows(limb_state) + chest
        features = of_twelve[rows]
        within = features @ moments @ features.T + penalty * np.eye(len(rows))
        table[limb_state, chest_bits][:, rows] = np.linalg.solve(within, features @ moments).T
    return table.astype(np.float32)


def restore_known(estimate: Tensor, signals: Tensor, known: Tensor) -> Tensor:
    """Make an estimate of the eight independent leads agree with the known leads.

    Known leads replace their estimates. If exactly one limb lead is known, estimated I and II are
    projected onto its equation (least change), so that the twelve leads obey the identities.

    Parameters
    ----------
    estimate : Tensor, shape (batch, 8, samples)
        Estimates in mV.
    signals : Tensor, shape (batch, 12, samples)
        Known leads in mV, zero elsewhere.
    known : Tensor of bool, shape (batch, 12)
        Which leads are known: limb leads come as none, one, or all six.

    Returns
    -------
    Tensor, shape (batch, 8, samples)
        The estimate, mended.
    """
    limb_known = known[:, :_N_LIMB].to(signals.dtype)
    one_limb = (limb_known.sum(1) == 1).to(signals.dtype)
    weights = (limb_known @ signals.new_tensor(LIMB_FROM_I_II)) * one_limb[:, None]
    measured = signals[:, :_N_LIMB].sum(1) * one_limb[:, None]
    miss = measured - (weights[:, :, None] * estimate[:, :2]).sum(1)
    norm = weights.square().sum(1).clamp(min=1e-6)
    limb = estimate[:, :2] + (weights / norm[:, None])[:, :, None] * miss[:, None]
    mended = torch.cat([limb, estimate[:, 2:]], dim=1)
    independent = [LEADS.index(lead) for lead in INDEPENDENT_LEADS]
    return torch.where(known[:, independent, None], signals[:, independent], mended)


class LeastSquares(nn.Module):
    """Weights for any set of known leads, looked up in a table.

    Parameters
    ----------
    moments : ndarray, shape (8, 8), optional
        Second moments of the training recordings; loaded from a checkpoint if not given.
    """

    STRIDE = 1
    REACH = 0
    moments: Tensor
    table: Tensor

    def __init__(self, moments: NDArray[np.floating] | None = None) -> None:
        super().__init__()
        if moments is None:
            moments = np.eye(len(INDEPENDENT_LEADS))
        self.register_buffer("moments", torch.tensor(moments, dtype=torch.float32))
        self.register_buffer("table", torch.empty(0), persistent=False)
        self.register_load_state_dict_post_hook(lambda module, _: module.solve())
        self.solve()

    def solve(self) -> None:
        """Compute the table from the moments."""
        table = least_squares_table(self.moments.cpu().double().numpy())
        self.table = torch.from_numpy(table).to(self.moments.device)

    def predict(self, signals: Tensor, known: Tensor) -> Tensor:
        """Least-squares estimate of the eight leads, known or not, (batch, 8, samples)."""
        n_limb = known[:, :_N_LIMB].sum(1)
        single = known[:, :_N_LIMB].to(torch.int64).argmax(1) + 1
        limb_state = torch.where(n_limb > 1, _ALL_LIMB, torch.where(n_limb == 1, single, 0))
        bits = 2 ** torch.arange(_N_CHEST, device=known.device)
        chest_bits = (known[:, _N_LIMB:] * bits).sum(1)
        return self.table[limb_state, chest_bits] @ signals

    def forward(self, signals: Tensor, known: Tensor) -> Tensor:
        """Rebuild the eight independent leads; shapes as in `restore_known`."""
        return restore_known(self.predict(signals, known), signals, known)
