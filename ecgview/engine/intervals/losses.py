"""The loss of an interval: each recording, lead and segment counts alike."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

LEVEL = 0.9
"""The level that half widths are learned for; others are shares of it."""
_FLOOR_MV = 1e-3
_SEGMENT_WEIGHT = 0.2


def pinball(log_half: Tensor, residual_mv: Tensor, weights: Tensor) -> Tensor:
    """Pinball loss of the logarithm of a half width.

    Quantiles do not mind a logarithm, and on its scale a sample that lies outside counts the same
    in a loud lead and in a quiet one, as it does where coverage is counted (Koenker & Bassett
    1978 for the loss).

    Parameters
    ----------
    log_half : Tensor, shape (batch, 12, samples)
        Logarithm of the half width in mV.
    residual_mv : Tensor, shape (batch, 12, samples)
        Clean errors of the estimate.
    weights : Tensor, shape (batch, 12, samples)
        0 where a lead is known.

    Returns
    -------
    Tensor
        A scalar.
    """
    miss = residual_mv.abs().clamp(min=_FLOOR_MV).log() - log_half
    loss = torch.maximum(LEVEL * miss, (LEVEL - 1) * miss)
    return (loss * weights).sum() / weights.sum()


def interval_loss(
    log_half: Tensor,
    logits: Tensor,
    residual_mv: Tensor,
    hidden: Tensor,
    segments: Tensor,
) -> Tensor:
    """Loss of half widths, and of telling segments apart.

    Parameters
    ----------
    log_half, residual_mv : Tensor, shape (batch, 12, samples)
        See `pinball`.
    logits : Tensor, shape (batch, 3, samples)
        Of QRS, ST-T and baseline.
    hidden : Tensor of bool, shape (batch, 12)
        Leads that are reconstructed.
    segments : Tensor of bool, shape (batch, 3, samples)
        Which segment each sample lies in.

    Returns
    -------
    Tensor
        A scalar.
    """
    flags = segments.to(residual_mv.dtype)
    per_sample = (flags / flags.sum(-1, keepdim=True).clamp(min=1)).sum(1)
    weights = per_sample[:, None] * hidden[:, :, None]
    told = F.cross_entropy(logits, segments.to(torch.uint8).argmax(1), reduction="none")
    told = (told * per_sample).sum() / per_sample.sum()
    return pinball(log_half, residual_mv, weights) + _SEGMENT_WEIGHT * told
