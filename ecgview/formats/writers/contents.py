"""What is to be written, whatever the format."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ecgview.recording import Mark, Patient

FINEST_MV = 0.001
"""Files are written with steps of at most 1 uV, whatever the resolution of the input."""


@dataclass(frozen=True, eq=False)
class Contents:
    """A recording about to be written.

    Attributes
    ----------
    name : str
        Name of the record, safe as a file name.
    leads : tuple of str
        Names of the rows.
    leads_mv : ndarray, shape (leads, samples)
        Samples in mV, NaN where one is missing.
    fs_hz : float
        Sampling rate.
    resolution_mv : float
        One unit of the last digit of the recording that the samples come from.
    comments : tuple of str
        Single lines for the header.
    patient : Patient
        Empty unless the user has asked for it to be written.
    started : str
        ISO 8601; empty unless the user has asked for it to be written.
    marks : tuple of Mark
        Annotations.
    finest_mv : float
        The largest step to write in, where the resolution is coarser.
    """

    name: str
    leads: tuple[str, ...]
    leads_mv: NDArray[np.floating]
    fs_hz: float
    resolution_mv: float = FINEST_MV
    comments: tuple[str, ...] = ()
    patient: Patient = field(default_factory=Patient)
    started: str = ""
    marks: tuple[Mark, ...] = ()
    finest_mv: float = FINEST_MV

    @property
    def steps_per_mv(self) -> float:
        """Steps to write in: a whole fraction of the resolution, and at most 1 uV each."""
        return math.ceil(self.resolution_mv / self.finest_mv - 1e-9) / self.resolution_mv

    @property
    def coarser(self) -> Contents:
        """The same in steps of the resolution itself, for formats that hold few bits."""
        return replace(self, finest_mv=max(FINEST_MV, self.resolution_mv))

    @property
    def largest_step(self) -> float:
        """The largest magnitude in steps; 0 where every sample is missing."""
        peaks_mv = [
            np.abs(lead_mv[np.isfinite(lead_mv)]).max(initial=0) for lead_mv in self.leads_mv
        ]
        return float(np.rint(float(max(peaks_mv, default=0)) * self.steps_per_mv))

    def stored(self, kind: type[np.signedinteger]) -> NDArray[np.signedinteger]:
        """Give the samples in steps, lead by lead, so that no wide copy of all is made.

        Parameters
        ----------
        kind : type
            Whole numbers to store; `largest_step` must fit. The lowest stands for NaN.

        Returns
        -------
        ndarray, shape (samples, leads)
        """
        missing = np.iinfo(kind).min
        stored = np.empty(self.leads_mv.shape[::-1], dtype=kind)
        for row, lead_mv in enumerate(self.leads_mv):
            steps = np.rint(lead_mv.astype(np.float64) * self.steps_per_mv)
            steps[np.isnan(steps)] = missing
            stored[:, row] = steps
        return stored
