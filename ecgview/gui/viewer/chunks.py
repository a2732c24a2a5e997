"""Samples read in pieces of fixed places and kept, the latest used; bounded in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ecgview.signals.pyramid import Extremes, Rows, extremes

CHUNK = 16384
"""Samples of a piece: 0.8 MB of twelve leads."""
MOST_CHUNKS = 48
BIN = 8
"""Samples of the narrowest bins, which each piece makes when they are asked for."""


@dataclass(frozen=True, eq=False)
class _Chunk:
    """A piece of twelve leads in mV."""

    signal_mv: NDArray[np.float32]

    @cached_property
    def bins(self) -> Extremes:
        """Extremes of every eight samples, shape (12, bins)."""
        return extremes(self.signal_mv, np.arange(0, self.signal_mv.shape[1], BIN))


class Chunks:
    """Twelve leads, read as far as they are looked at.

    Parameters
    ----------
    read : callable
        ``read(start, stop)`` gives float32 mV, shape (12, samples), NaN for absent leads.
    n_samples : int
        Length of the whole.
    """

    def __init__(self, read: Callable[[int, int], NDArray[np.float32]], n_samples: int) -> None:
        self._read = read
        self._n_samples = n_samples
        self._kept: OrderedDict[int, _Chunk] = OrderedDict()
        self._joined_at = (0, 0)
        self._joined: NDArray[np.float32] | None = None

    def window(self, start: int, stop: int) -> NDArray[np.float32]:
        """Give samples ``[start, stop)``, shape (12, samples); do not change the array."""
        first, last = start // CHUNK, max(start, stop - 1) // CHUNK
        if self._joined is None or not self._joined_at[0] <= first <= last <= self._joined_at[1]:
            pieces = [self._chunk(number).signal_mv for number in range(first, last + 1)]
            self._joined = pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=1)
            self._joined_at = first, last
        begin = self._joined_at[0] * CHUNK
        return self._joined[:, start - begin : stop - begin]

    def bins(self, leads: Rows, first: int, stop: int) -> Extremes:
        """Give the bins ``[first, stop)`` of some leads, each of `BIN` samples."""
        per_chunk = CHUNK // BIN
        low, high, holed = [], [], []
        for number in range(first // per_chunk, -(-stop // per_chunk)):
            bins, begin = self._chunk(number).bins, number * per_chunk
            place = slice(max(0, first - begin), max(0, stop - begin))
            low.append(bins.lowest[leads, place])
            high.append(bins.highest[leads, place])
            holed.append(bins.holed[leads, place])
        return Extremes(
            np.concatenate(low, axis=-1),
            np.concatenate(high, axis=-1),
            np.concatenate(holed, axis=-1),
        )

    def forget(self, start: int, stop: int) -> None:
        """Read samples ``[start, stop)`` again when they are next asked for."""
        for number in range(start // CHUNK, -(-stop // CHUNK)):
            self._kept.pop(number, None)
        self._joined = None

    def _chunk(self, number: int) -> _Chunk:
        chunk = self._kept.pop(number, None)
        if chunk is None:
            start = number * CHUNK
            chunk = _Chunk(self._read(start, min(start + CHUNK, self._n_samples)))
            while len(self._kept) >= MOST_CHUNKS:
                self._kept.popitem(last=False)
        self._kept[number] = chunk
        return chunk
