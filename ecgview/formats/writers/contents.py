"""What is to be written, whatever the format."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

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

    @property
    def steps_per_mv(self) -> float:
        """Steps to write in: a whole fraction of the resolution, and at most 1 uV each."""
        return math.ceil(self.resolution_mv / FINEST_MV - 1e-9) / self.resolution_mv
