"""One network for every set of known leads: U-Nets that correct least squares."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ecgview.engine.models.linear import LeastSquares, restore_known
from ecgview.engine.models.unet import UNet
from ecgview.leads import INDEPENDENT_LEADS, LEADS


class AnyLeadUNet(nn.Module):
    """The mean of a few U-Nets, added to the least-squares estimate.

    Each U-Net sees 12 signal channels (zero where unknown), 12 availability channels, and the
    eight leads that least squares gives.

    Parameters
    ----------
    base_width : int
        Width of each U-Net.
    members : int
        Number of U-Nets; they are trained side by side and averaged.
    moments : ndarray, shape (8, 8), optional
        Second moments of the training recordings, in mV squared.
    """

    STRIDE = UNet.STRIDE
    REACH = UNet.REACH

    def __init__(
        self, base_width: int, members: int = 1, moments: NDArray[np.floating] | None = None
    ) -> None:
        super().__init__()
        n_leads, n_outputs = len(LEADS), len(INDEPENDENT_LEADS)
        self.linear = LeastSquares(moments)
        unets = [UNet(2 * n_leads + n_outputs, n_outputs, base_width) for _ in range(members)]
        for unet in unets:
            # Training starts from least squares, not from noise around it.
            for tensor in unet.head.parameters():
                nn.init.zeros_(tensor)
        self.members = nn.ModuleList(unets)

    def each(self, signals: Tensor, known: Tensor) -> list[Tensor]:
        """Estimates of the members one by one, each (batch, 8, samples)."""
        linear = self.linear.predict(signals, known)
        flags = known[:, :, None].to(signals.dtype).expand_as(signals)
        inputs = torch.cat([signals, flags, linear], dim=1)
        return [
            restore_known(linear + member(inputs).float(), signals, known)
            for member in self.members
        ]

    def forward(self, signals: Tensor, known: Tensor) -> Tensor:
        """Rebuild the eight independent leads.

        Parameters
        ----------
        signals : Tensor, shape (batch, 12, samples)
            Known leads in mV with their medians removed, zero elsewhere; limb leads completed.
            The number of samples is a multiple of `STRIDE`.
        known : Tensor of bool, shape (batch, 12)
            Which leads are known: limb leads come as none, one, or all six.

        Returns
        -------
        Tensor, shape (batch, 8, samples)
            The independent leads in mV; known leads as they came.
        """
        return torch.stack(self.each(signals, known)).mean(0)
