"""The network of an interval: a half width for each lead and sample, and its calibration."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from ecgview.engine.intervals.parts import N_PARTS
from ecgview.engine.models.layers import Conv
from ecgview.engine.models.linear import LeastSquares
from ecgview.engine.models.unet import UNet
from ecgview.leads import INDEPENDENT_LEADS, LEADS, LIMB_FROM_I_II, LIMB_LEADS

N_SEGMENTS = 3
"""QRS, ST-T, baseline."""
N_KINDS = 2 * N_SEGMENTS
"""Kinds of samples that are calibrated apart: each segment of recordings that look pathological,
then of those that look normal."""

_N_LIMB = len(LIMB_LEADS)
_N_LIMB_STATES = _N_LIMB + 2
_N_CHEST_SETS = 2 ** (len(LEADS) - _N_LIMB)
_N_FEATURES = 16
_N_HIDDEN = 32
_SMALLEST_MV, _LARGEST_MV = 1e-3, 5.0
"""Of a half width. Signals like none that was learned from, such as of a loose electrode, would
else be given volts."""
_START = -3.0
"""Training starts from half widths of this logarithm, 50 uV."""


def set_index(known: Tensor) -> tuple[Tensor, Tensor]:
    """Tell sets of known leads by number, as the table of least squares does.

    Parameters
    ----------
    known : Tensor of bool, shape (batch, 12)
        Limb leads come as none, one, or all six.

    Returns
    -------
    tuple of Tensor, shape (batch,)
        Limb state (none, one of six, all) and chest leads as bits (V1 is bit 0).
    """
    n_limb = known[:, :_N_LIMB].sum(1)
    single = known[:, :_N_LIMB].to(torch.int64).argmax(1) + 1
    limb = torch.where(n_limb > 1, _N_LIMB + 1, torch.where(n_limb == 1, single, 0))
    bits = 2 ** torch.arange(len(LEADS) - _N_LIMB, device=known.device)
    return limb, (known[:, _N_LIMB:] * bits).sum(1)


class SpreadNetwork(nn.Module):
    """A U-Net over what is measured, joined sample by sample to what was estimated.

    It does not look around in the estimate: so it reaches as far as the model itself does, and
    runs on the very windows that the model runs on, without a seam.

    Parameters
    ----------
    base_width : int
        Width of the U-Net.
    moments : ndarray, shape (8, 8), optional
        Second moments for the least-squares estimate among its inputs.

    Attributes
    ----------
    log_factors : Tensor, shape (1 + parts, 8, 64, 12, 6)
        Calibration: logarithm of the factor by part left out (0 for none), set of known leads,
        lead, and kind of sample.
    shares : Tensor, shape (1 + parts, 8, 64, 12, 2)
        Half widths at 50 and 80 % as shares of that at 90 %.
    wander_mv : Tensor, shape (1 + parts, 8, 64, 12)
        What raw signals add, see `ecgview.interval.Interval`.
    """

    STRIDE = UNet.STRIDE
    REACH = UNet.REACH
    log_factors: Tensor
    shares: Tensor
    wander_mv: Tensor

    def __init__(self, base_width: int, moments: np.ndarray | None = None) -> None:
        super().__init__()
        n_leads, n_independent = len(LEADS), len(INDEPENDENT_LEADS)
        self.base_width = base_width
        self.linear = LeastSquares(moments)
        self.unet = UNet(2 * n_leads + n_independent, _N_FEATURES, base_width)
        self.head = nn.Sequential(
            Conv(_N_FEATURES + n_leads + n_independent, _N_HIDDEN, 1),
            nn.ReLU(),
            Conv(_N_HIDDEN, _N_HIDDEN, 1),
            nn.ReLU(),
            Conv(_N_HIDDEN, n_leads + N_SEGMENTS + 1, 1),
        )
        sets = (1 + N_PARTS, _N_LIMB_STATES, _N_CHEST_SETS, n_leads)
        self.register_buffer("log_factors", torch.zeros(*sets, N_KINDS))
        self.register_buffer("shares", torch.full((*sets, 2), 0.5))
        self.register_buffer("wander_mv", torch.zeros(sets))

    def spread(
        self, signals: Tensor, known: Tensor, estimate: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Give half widths before calibration.

        Parameters
        ----------
        signals : Tensor, shape (batch, 12, samples)
            As the model sees them.
        known : Tensor of bool, shape (batch, 12)
            Which leads are known.
        estimate : Tensor, shape (batch, 8, samples)
            What the model gave.

        Returns
        -------
        log_half : Tensor, shape (batch, 12, samples)
            Logarithm of the half width in mV.
        segments : Tensor, shape (batch, 3, samples)
            Logits of QRS, ST-T and baseline.
        normal : Tensor, shape (batch, 1, samples)
            Logit of a normal recording.
        """
        linear = self.linear.predict(signals, known)
        flags = known[:, :, None].to(signals.dtype).expand_as(signals)
        features = self.unet(torch.cat([signals, flags, linear], dim=1))
        n_leads = len(LEADS)
        limb = estimate.new_tensor(LIMB_FROM_I_II) @ estimate[:, :2]
        twelve = torch.cat([limb, estimate[:, 2:]], dim=1)
        out = self.head(torch.cat([features, twelve.abs(), (estimate - linear).abs()], dim=1))
        log_half, segments, normal = out.float().split([n_leads, N_SEGMENTS, 1], dim=1)
        return log_half + _START, segments, normal

    def forward(
        self, signals: Tensor, known: Tensor, estimate: Tensor, part: int | Tensor = 0
    ) -> Tensor:
        """Give calibrated half widths of 90 % intervals; arguments as in `spread`.

        Parameters
        ----------
        signals, known, estimate
            See `spread`.
        part : int or Tensor of int, shape (batch,)
            Part of the calibration recordings that is not to have been seen; 0 for none.

        Returns
        -------
        Tensor, shape (batch, 12, samples)
            In mV, 0 for known leads.
        """
        log_half, segments, normal = self.spread(signals, known, estimate)
        factors = self.log_factors[part, *set_index(known)]
        log_half = log_half + factors @ membership(segments, normal)
        return log_half.exp().clamp(_SMALLEST_MV, _LARGEST_MV) * ~known[:, :, None]


def membership(segments: Tensor, normal: Tensor) -> Tensor:
    """Say to which degree samples are of each kind.

    Parameters
    ----------
    segments : Tensor, shape (batch, 3, samples)
        Logits, see `SpreadNetwork.spread`.
    normal : Tensor, shape (batch, 1, samples)
        Logit.

    Returns
    -------
    Tensor, shape (batch, 6, samples)
        Shares that sum to 1.
    """
    shares, normal = segments.softmax(1), normal.sigmoid()
    return torch.cat([shares * (1 - normal), shares * normal], dim=1)
