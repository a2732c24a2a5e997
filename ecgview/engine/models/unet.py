"""The one-dimensional U-Net of Gradowski & Buchner (2025)."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from ecgview.engine.models.layers import Conv, Double, Norm, halve, lift, lower


def _block(n_in: int, n_out: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for width in (n_in, n_out):
        layers += [Conv(width, n_out, 3, padding=1), Norm(n_out), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """Encoder of four blocks, bottleneck, decoder of four blocks, skips by concatenation.

    A block is twice (convolution of 3, batch norm, ReLU); down by max-pooling of 2, up by
    transposed convolution of 2, a convolution of 1 as the head.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Channels in and out.
    base_width : int
        Channels of the first block; each deeper block doubles them (64 in the paper).
    """

    STRIDE = 16
    """The number of samples must be a multiple of this."""
    REACH = 128
    """No output sample depends on inputs farther away than this many samples."""

    def __init__(self, n_inputs: int, n_outputs: int, base_width: int) -> None:
        super().__init__()
        widths = [base_width * 2**level for level in range(5)]
        self.encoder = nn.ModuleList(_block(a, b) for a, b in pairwise([n_inputs, *widths]))
        upward = list(pairwise(reversed(widths)))
        self.up = nn.ModuleList(Double(a, b) for a, b in upward)
        self.decoder = nn.ModuleList(_block(2 * b, b) for _, b in upward)
        self.head = Conv(base_width, n_outputs, 1)

    def forward(self, signals: Tensor) -> Tensor:
        """Map (batch, n_inputs, samples) to (batch, n_outputs, samples)."""
        skips: list[Tensor] = []
        features = lift(signals)
        for level, block in enumerate(self.encoder):
            if level:
                features = halve(features)
            features = block(features)
            skips.append(features)
        skips.pop()
        for up, block in zip(self.up, self.decoder, strict=True):
            features = block(torch.cat([skips.pop(), up(features)], dim=1))
        return lower(self.head(features))
