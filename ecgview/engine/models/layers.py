"""One-dimensional layers that also take signals laid out as images one pixel high.

On CPUs oneDNN runs two-dimensional convolutions of batches with the channels of a sample side by
side in memory (``channels_last``) faster than one-dimensional ones. So a network may lift its
signals with `lift` and lower its result with `lower`; the layers between take either shape, hold
the weights of their one-dimensional parents, and compute the same. How much it brings is measured
by tests/benchmarks/bench_training.py.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_HEIGHT = 2
"""The axis that lifted signals have in addition, of length 1."""

_FEWEST = 8
"""Smaller batches are not worth it: arranging the weights costs more than is won."""


def lift(signals: Tensor) -> Tensor:
    """Lay signals out as images where that is faster: batches on CPUs.

    Parameters
    ----------
    signals : Tensor, shape (batch, channels, samples)
        On any device.

    Returns
    -------
    Tensor, shape (batch, channels, 1, samples), or as given
        Channels side by side in memory.
    """
    if signals.device.type != "cpu" or len(signals) < _FEWEST:
        return signals
    image = signals.unsqueeze(_HEIGHT)
    # `contiguous` would leave a single channel as it is, in a layout that could mean either.
    return torch.empty_like(image, memory_format=torch.channels_last).copy_(image)


def lower(signals: Tensor) -> Tensor:
    """Undo `lift`: signals of shape (batch, channels, samples)."""
    return signals.squeeze(_HEIGHT).contiguous() if _is_lifted(signals) else signals


def halve(signals: Tensor) -> Tensor:
    """Keep the larger of each two neighbouring samples."""
    return F.max_pool2d(signals, (1, 2)) if _is_lifted(signals) else F.max_pool1d(signals, 2)


class Conv(nn.Conv1d):
    """`torch.nn.Conv1d` for either shape."""

    def forward(self, signals: Tensor) -> Tensor:
        """Convolve (batch, channels, samples) or the same lifted."""
        if not _is_lifted(signals):
            return super().forward(signals)
        return F.conv2d(
            signals, self.weight.unsqueeze(_HEIGHT), self.bias, padding=(0, int(self.padding[0]))
        )


class Double(nn.ConvTranspose1d):
    """`torch.nn.ConvTranspose1d` of 2 with stride 2 for either shape."""

    def __init__(self, n_inputs: int, n_outputs: int) -> None:
        super().__init__(n_inputs, n_outputs, 2, stride=2)

    def forward(self, signals: Tensor, output_size: list[int] | None = None) -> Tensor:
        """Make two samples of each."""
        if not _is_lifted(signals):
            return super().forward(signals, output_size)
        weight = self.weight.unsqueeze(_HEIGHT)
        return F.conv_transpose2d(signals, weight, self.bias, stride=(1, 2))


class Norm(nn.BatchNorm1d):
    """`torch.nn.BatchNorm1d` for either shape."""

    def _check_input_dim(self, input: Tensor) -> None:
        if not _is_lifted(input):
            super()._check_input_dim(input)


def _is_lifted(signals: Tensor) -> bool:
    return signals.ndim == 4
