"""The samples behind the page: read in blocks, with each lead's median removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer.overlays import NO_OVERLAYS, Overlays
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
        self._levels_mv: NDArray[np.float32] | None = None
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

    def peaks_mv(self) -> NDArray[np.float32]:
        """Give the highest value of each lead in the first 60 s; 0 for a lead without any."""
        return self._levels()[1]

    def _medians(self) -> NDArray[np.float32]:
        return self._levels()[0]

    def _levels(self) -> NDArray[np.float32]:
        if self._levels_mv is None:
            head = self._read(0, min(self.n_samples, round(LEVEL_S * self.fs_hz)))
            self._levels_mv = np.array([_median_and_peak(lead) for lead in head]).T
        return self._levels_mv


@dataclass(frozen=True, eq=False)
class Signals:
    """A recording and, where there is one, its reconstruction, ready to be drawn.

    Attributes
    ----------
    recording : Recording
        Facts about it.
    recorded : LevelledLeads
        Its samples.
    reconstruction : Reconstruction or None
        Facts about it.
    rebuilt : LevelledLeads or None
        Its samples.
    overlays : Overlays
        Other estimates of the recording.
    overlaid : tuple of LevelledLeads
        Their samples.
    """

    recording: Recording
    recorded: LevelledLeads
    reconstruction: Reconstruction | None = None
    rebuilt: LevelledLeads | None = None
    overlays: Overlays = NO_OVERLAYS
    overlaid: tuple[LevelledLeads, ...] = ()

    @classmethod
    def of(
        cls,
        recording: Recording,
        reconstruction: Reconstruction | None = None,
        overlays: Overlays = NO_OVERLAYS,
    ) -> Signals:
        """Make the readers."""
        recorded = LevelledLeads.of_recording(recording)
        return cls(recording, recorded).with_reconstruction(reconstruction, overlays)

    def with_reconstruction(
        self, reconstruction: Reconstruction | None, overlays: Overlays = NO_OVERLAYS
    ) -> Signals:
        """Put another reconstruction, and other estimates, beside the same recording."""
        rebuilt = None
        if reconstruction is not None:
            rebuilt = LevelledLeads.of_reconstruction(reconstruction, self.recording.fs_hz)
        overlaid = tuple(
            LevelledLeads.of_reconstruction(one.reconstruction, self.recording.fs_hz)
            for one in overlays.others
        )
        return Signals(self.recording, self.recorded, reconstruction, rebuilt, overlays, overlaid)

    def read_ahead(self, start_s: float, stop_s: float) -> None:
        """Read a stretch of both at once."""
        fs_hz, n_samples = self.recording.fs_hz, self.recording.n_samples
        start = min(max(0, floor(start_s * fs_hz)), n_samples)
        stop = min(ceil(stop_s * fs_hz), n_samples)
        for leads in (self.recorded, self.rebuilt, *self.overlaid):
            if leads is not None and stop > start:
                leads.window(start, stop)


def _median_and_peak(signal_mv: NDArray[np.float32]) -> tuple[np.float32, np.float32]:
    finite = signal_mv[np.isfinite(signal_mv)]
    if not finite.size:
        return np.float32(0), np.float32(0)
    median = np.float32(np.median(finite))
    return median, finite.max() - median
