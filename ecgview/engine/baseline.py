"""The slow baseline of a recording: what a model is not shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecgview.recording import Recording
from ecgview.signals.filters import median

_BLOCK_S = 10.0


class Baseline:
    """Medians of ten-second blocks, joined by straight lines; taken where they are first needed.

    Parameters
    ----------
    recording : Recording
        Any length, any rate.
    leads : tuple of str
        Leads of the recording.
    """

    def __init__(self, recording: Recording, leads: tuple[str, ...]) -> None:
        self._recording, self._leads = recording, leads
        n_samples = recording.n_samples
        count = max(1, round(n_samples / recording.fs_hz / _BLOCK_S))
        self._edges = np.linspace(0, n_samples, count + 1).round().astype(int)
        self._centres = (self._edges[:-1] + self._edges[1:]) / 2
        self._medians = np.zeros((len(leads), count))
        self._is_known = np.zeros(count, dtype=bool)
        self._know(0, 1)

    def between(self, start: int, stop: int) -> NDArray[np.float32]:
        """Baseline of each lead, shape (leads, samples), or (leads, 1) where it is constant."""
        if len(self._centres) == 1:
            return self._medians.astype(np.float32)
        first = max(0, int(np.searchsorted(self._centres, start, side="right")) - 1)
        last = min(len(self._centres), int(np.searchsorted(self._centres, stop)) + 1)
        self._know(first, last)
        part = slice(first, last)
        positions = np.arange(start, stop)
        lines = [
            np.interp(positions, self._centres[part], medians[part]) for medians in self._medians
        ]
        return np.stack(lines).astype(np.float32)

    def _know(self, first: int, last: int) -> None:
        for block in range(first, last):
            if not self._is_known[block]:
                start, stop = int(self._edges[block]), int(self._edges[block + 1])
                self._medians[:, block] = median(self._recording.read(self._leads, start, stop))
                self._is_known[block] = True
