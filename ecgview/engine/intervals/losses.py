"""The loss of an interval: each recording, lead and segment counts alike."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

LEVEL = 0.9
"""The level that half widths are learned for; others are shares of it."""
_FLOOR_MV = 1e-3
_SEGMENT_WEIGHT = 0.2
_NORMAL_WEIGHT = 0.2


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


def segment_loss(logits: Tensor, segments: Tensor, weights: Tensor) -> Tensor:
    """Cross entropy of telling segments apart.

    Parameters
    ----------
    logits : Tensor, shape (batch, 3, samples)
        Of QRS, ST-T and baseline.
    segments : Tensor of bool, shape (batch, 3, samples)
        Which one each sample lies in.
    weights : Tensor, shape (batch, samples)
        Of samples.
    """
    loss = F.cross_entropy(logits, segments.to(torch.uint8).argmax(1), reduction="none")
    return _SEGMENT_WEIGHT * (loss * weights).sum() / weights.sum()


def normal_loss(logit: Tensor, normal: Tensor) -> Tensor:
    """Cross entropy of telling normal recordings, sample by sample.

    Parameters
    ----------
    logit : Tensor, shape (batch, 1, samples)
        Of normal.
    normal : Tensor, shape (batch,)
        1 or 0, NaN where it is not known.
    """
    told = torch.isfinite(normal)
    if not told.any():
        return logit.sum() * 0
    truth = normal[told, None, None].expand_as(logit[told])
    return _NORMAL_WEIGHT * F.binary_cross_entropy_with_logits(logit[told], truth)


def sample_weights(segments: Tensor) -> Tensor:
    """Let each segment of each recording weigh the same, shape (batch, samples)."""
    flags = segments.float()
    return (flags / flags.sum(-1, keepdim=True).clamp(min=1)).sum(1)
