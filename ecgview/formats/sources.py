"""Sources around a source: amplitudes multiplied, limb leads completed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.recording import Source


@dataclass(frozen=True)
class ScaledSource:
    """A source whose channels are multiplied by factors.

    Parameters
    ----------
    source : Source
        Where the samples come from.
    factors : tuple of float
        One for each of its channels.
    """

    source: Source
    factors: tuple[float, ...]

    @property
    def n_channels(self) -> int:
        """Number of channels."""
        return self.source.n_channels

    @property
    def n_samples(self) -> int:
        """Number of samples of each channel."""
        return self.source.n_samples

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some channels, float32, shape (channels, samples)."""
        factors = np.array([self.factors[channel] for channel in channels], dtype=np.float32)
        return self.source.read(start, stop, channels) * factors[:, np.newaxis]


@dataclass(frozen=True, eq=False)
class CompletedSource:
    """A source with channels added that are weighted sums of two of its own.

    Parameters
    ----------
    source : Source
        Where the samples come from.
    pair : tuple of int
        The two channels that the added ones are made of.
    weights : ndarray, shape (added channels, 2)
        The weights of the two in each added channel.
    """

    source: Source
    pair: tuple[int, int]
    weights: NDArray[np.float64]

    @property
    def n_channels(self) -> int:
        """Number of channels, with those added."""
        return self.source.n_channels + len(self.weights)

    @property
    def n_samples(self) -> int:
        """Number of samples of each channel."""
        return self.source.n_samples

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some channels, float32 mV, shape (channels, samples)."""
        n_own = self.source.n_channels
        own = [channel for channel in channels if channel < n_own]
        if len(own) == len(channels):
            return self.source.read(start, stop, channels)
        signals_mv = self.source.read(start, stop, [*own, *self.pair])
        weights = self.weights.astype(np.float32)
        rows = iter(signals_mv[: len(own)])
        return np.stack(
            [
                next(rows) if channel < n_own else weights[channel - n_own] @ signals_mv[-2:]
                for channel in channels
            ]
        )
