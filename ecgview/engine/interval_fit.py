"""How wide the intervals of a reconstruction are, and how much of the recorded leads they hold.

Medians are taken off both signals in each window of about `WINDOW_S`, as they are where intervals
are calibrated: over hours a baseline goes farther than any interval reaches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ecgview.interval import DEFAULT_LEVEL, LEVELS
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filters import median
from ecgview.signals.zero_phase import FilteredSource

WINDOW_S = 10.0


@dataclass(frozen=True)
class IntervalFit:
    """The interval of one level of a lead.

    Attributes
    ----------
    level : float
        Share of samples that it is meant to hold.
    width_uv : float
        Mean distance between its ends in microvolts.
    coverage : float or None
        Share of the recorded lead's samples inside; None where it was not recorded, or is flat.
    """

    level: float
    width_uv: float
    coverage: float | None = None


def has_wander(recording: Recording, *, clean: bool) -> bool:
    """Tell whether wander is left in what is compared: no filter has taken it out."""
    source = recording.source
    is_filtered = isinstance(source, FilteredSource) and source.filters.removes_wander
    return not clean and not is_filtered


class IntervalTally:
    """Adds up widths and samples inside, stretch by stretch.

    Parameters
    ----------
    recording, reconstruction : Recording, Reconstruction
        What is compared; nothing is counted where the reconstruction has no interval.
    clean : bool
        Whether signals are high-passed at 0.5 Hz before they are counted.
    """

    def __init__(
        self, recording: Recording, reconstruction: Reconstruction, *, clean: bool
    ) -> None:
        self._interval = reconstruction.interval
        self._clean = not has_wander(recording, clean=clean)
        self.leads = reconstruction.reconstructed_leads if self._interval is not None else ()
        self._window = max(1, round(WINDOW_S * recording.fs_hz))
        n_leads = len(self.leads)
        self._widths_mv, self._samples = np.zeros(n_leads), np.zeros(n_leads)
        self._compared = np.zeros(n_leads)
        self._inside = np.zeros((n_leads, len(LEVELS)))

    def add(
        self,
        start: int,
        compared: Sequence[str],
        truth_mv: NDArray[np.floating],
        estimate_mv: NDArray[np.floating],
    ) -> None:
        """Count a stretch.

        Parameters
        ----------
        start : int
            Its first sample in the recording.
        compared : sequence of str
            Leads of the signals.
        truth_mv, estimate_mv : ndarray, shape (leads, samples)
            Recorded and rebuilt, filtered as said; NaN in gaps.
        """
        n_samples = truth_mv.shape[1]
        if not self.leads or not n_samples:
            return
        # Of one length, so that no short rest is levelled by itself.
        count = max(1, round(n_samples / self._window))
        edges = np.linspace(0, n_samples, count + 1).astype(int)
        for first, stop in pairwise(edges):
            part = slice(first, stop)
            self._add_window(start + first, compared, truth_mv[:, part], estimate_mv[:, part])

    def _add_window(
        self,
        start: int,
        compared: Sequence[str],
        truth_mv: NDArray[np.floating],
        estimate_mv: NDArray[np.floating],
    ) -> None:
        assert self._interval is not None
        stop = start + truth_mv.shape[1]
        half_mv = self._interval.half_width(self.leads, start, stop, clean=self._clean)
        self._widths_mv += 2 * np.nansum(half_mv, axis=1, dtype=np.float64)
        self._samples += np.isfinite(half_mv).sum(axis=1)
        places = [place for place, lead in enumerate(self.leads) if lead in compared]
        if not places:
            return
        rows = [compared.index(self.leads[place]) for place in places]
        error_mv = np.abs(_levelled_error(truth_mv[rows], estimate_mv[rows]))
        self._compared[places] += np.isfinite(error_mv).sum(axis=1)
        for number, level in enumerate(LEVELS):
            shares = self._shares(level)[places, None]
            # A comparison with NaN is false.
            self._inside[places, number] += (error_mv <= shares * half_mv[places]).sum(axis=1)

    def _shares(self, level: float) -> NDArray[np.float64]:
        """Widths of a level as shares of those of the usual one, for each lead."""
        assert self._interval is not None
        return self._interval.share(self.leads, level) / self._interval.share(
            self.leads, DEFAULT_LEVEL
        )

    def fits(self) -> Mapping[str, tuple[IntervalFit, ...]]:
        """Give the intervals of each reconstructed lead that samples were counted of."""
        return {
            lead: tuple(
                IntervalFit(level, self._width_uv(row, level), self._coverage(row, number))
                for number, level in enumerate(LEVELS)
            )
            for row, lead in enumerate(self.leads)
            if self._samples[row]
        }

    def _width_uv(self, row: int, level: float) -> float:
        return float(1000 * self._shares(level)[row] * self._widths_mv[row] / self._samples[row])

    def _coverage(self, row: int, number: int) -> float | None:
        compared = self._compared[row]
        return float(self._inside[row, number] / compared) if compared else None


def _levelled_error(
    truth_mv: NDArray[np.floating], estimate_mv: NDArray[np.floating]
) -> NDArray[np.floating]:
    """Give the difference of two signals, each with its median over what both know removed."""
    missing = ~(np.isfinite(truth_mv) & np.isfinite(estimate_mv))
    if not missing.any():
        return (truth_mv - median(truth_mv)[:, None]) - (estimate_mv - median(estimate_mv)[:, None])
    error_mv = np.full(truth_mv.shape, np.nan)
    for row, gone in enumerate(missing):
        if not gone.all():
            truth, estimate = truth_mv[row, ~gone], estimate_mv[row, ~gone]
            error_mv[row, ~gone] = truth - np.median(truth) - (estimate - np.median(estimate))
    return error_mv
