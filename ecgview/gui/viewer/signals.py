"""The samples behind the page: read in blocks, with each lead's median removed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import LEADS
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

LEVEL_S = 60.0
"""Each lead's zero line is its median over this many seconds from the start."""


class LevelledLeads:
    """Twelve leads of a recording or a reconstruction, each with its median removed.

    The offset of an electrode is not ECG, and a reconstructed lead has none; without it
    the two can be drawn over each other. The medians are taken once, over the first 60 s.

    Parameters
    ----------
    read : callable
        ``read(start, stop)`` gives float32 mV, shape (12, samples), NaN for absent leads.
    n_samples : int
        Length of the whole.
    fs_hz : float
        Sampling rate.
    """

    def __init__(
        self, read: Callable[[int, int], NDArray[np.float32]], n_samples: int, fs_hz: float
    ) -> None:
        self._read = read
        self.n_samples = n_samples
        self.fs_hz = fs_hz
        self._medians_mv: NDArray[np.float32] | None = None
        self._block_start = 0
        self._block = np.empty((len(LEADS), 0), dtype=np.float32)

    @classmethod
    def of_recording(cls, recording: Recording) -> LevelledLeads:
        """Twelve leads of a recording."""
        return cls(recording.read_twelve, recording.n_samples, recording.fs_hz)

    @classmethod
    def of_reconstruction(cls, reconstruction: Reconstruction, fs_hz: float) -> LevelledLeads:
        """Twelve leads of a reconstruction at the rate of its recording."""
        return cls(
            lambda start, stop: reconstruction.read(LEADS, start, stop),
            reconstruction.source.n_samples,
            fs_hz,
        )

    def window(self, start: int, stop: int) -> NDArray[np.float32]:
        """Give samples ``[start, stop)`` of the twelve leads in mV; do not change the array."""
        if start < self._block_start or stop > self._block_start + self._block.shape[1]:
            self._fetch(start, stop)
        return self._block[:, start - self._block_start : stop - self._block_start]

    def _fetch(self, start: int, stop: int) -> None:
        # A page to either side, so that panning seldom reads again.
        margin = stop - start
        block_start = max(0, start - margin)
        block = self._read(block_start, min(self.n_samples, stop + margin))
        self._block = block - self._medians()[:, None]
        self._block_start = block_start

    def _medians(self) -> NDArray[np.float32]:
        if self._medians_mv is None:
            head = self._read(0, min(self.n_samples, round(LEVEL_S * self.fs_hz)))
            self._medians_mv = np.array([_median(lead) for lead in head], dtype=np.float32)
        return self._medians_mv


def _median(signal_mv: NDArray[np.float32]) -> float:
    finite = signal_mv[np.isfinite(signal_mv)]
    return float(np.median(finite)) if finite.size else 0.0
