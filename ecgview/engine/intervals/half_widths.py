"""The half widths of a recording's interval as a source, at the recording's rate."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.estimates import Estimates
from ecgview.leads import LEADS
from ecgview.recording import Recording
from ecgview.signals.resampling import RateRatio


class HalfWidths:
    """Half widths kept at the model's rate, joined by straight lines when they are read.

    It may be written to in one thread and read in others.

    Parameters
    ----------
    recording : Recording
        What is reconstructed.
    available : tuple of str
        Leads that the model sees; a gap in one of them is a gap here.
    rows : sequence of int
        Which of the twelve leads are reconstructed; the half width of others is 0.
    ratio : RateRatio
        Model's rate over recording's rate.
    keep_starts : sequence of int
        First sample of the recording that is kept of each window.
    """

    n_channels = len(LEADS)

    def __init__(
        self,
        recording: Recording,
        available: tuple[str, ...],
        rows: Sequence[int],
        ratio: RateRatio,
        keep_starts: Sequence[int],
    ) -> None:
        self._recording, self._available = recording, available
        self._rows = list(rows)
        self._ratio = ratio
        self._edges = [*keep_starts, recording.n_samples]
        self._first: dict[int, int] = {}
        self._kept = Estimates(dtype=np.float16)

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return self._recording.n_samples

    def put(self, keep_start: int, first: int, half_mv: NDArray[np.floating]) -> None:
        """Keep a window.

        Parameters
        ----------
        keep_start : int
            First sample of the recording that is kept of it.
        first : int
            Where it starts, in samples of the model.
        half_mv : ndarray, shape (12, samples)
            At the model's rate.
        """
        number = bisect_right(self._edges, keep_start) - 1
        self._first[number] = first
        self._kept.put(number, half_mv[self._rows])

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some leads, float32 mV, shape (channels, samples).

        NaN in reconstructed leads where an available one has a gap, or nothing is there yet.
        """
        half_mv = np.zeros((len(channels), max(0, stop - start)), dtype=np.float32)
        wanted = [place for place, row in enumerate(channels) if row in self._rows]
        if wanted and half_mv.size:
            rows = [self._rows.index(channels[place]) for place in wanted]
            gap = np.isnan(self._recording.read(self._available, start, stop)).any(axis=0)
            half_mv[wanted] = np.where(gap, np.nan, self._joined(start, stop, rows))
        return half_mv

    def _joined(self, start: int, stop: int, rows: Sequence[int]) -> NDArray[np.float64]:
        joined = np.full((len(rows), stop - start), np.nan)
        for number in range(max(0, bisect_right(self._edges, start) - 1), len(self._edges) - 1):
            a, b = max(start, self._edges[number]), min(stop, self._edges[number + 1])
            if a >= stop:
                break
            kept = self._kept.get(number)
            if kept is not None and a < b:
                positions = np.arange(a, b) * (self._ratio.up / self._ratio.down)
                positions -= self._first[number]
                at = np.arange(kept.shape[-1])
                for place, row in enumerate(rows):
                    joined[place, a - start : b - start] = np.interp(positions, at, kept[row])
        return joined
