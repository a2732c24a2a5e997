"""What the checks look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ecgview.recording import Recording

Signals = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Evidence:
    """The first minute of a recording that has just been opened.

    Attributes
    ----------
    recording : Recording
        The whole.
    leads : tuple of str
        Those of the file that have samples, in standard order; derived leads are not among them.
    signals_mv : ndarray, shape (leads, samples)
        Their samples; gaps are NaN.
    resolution_mv : mapping of str to float
        One unit of the last digit of each lead.
    has_gaps : bool
        Whether there is a NaN.
    tops, bottoms : ndarray, shape (leads,)
        Where the first of the largest and of the least samples of each lead is.
    """

    recording: Recording
    leads: tuple[str, ...]
    signals_mv: Signals
    resolution_mv: Mapping[str, float]
    has_gaps: bool
    tops: NDArray[np.intp]
    bottoms: NDArray[np.intp]

    @cached_property
    def largest_mv(self) -> Signals:
        """Largest sample of each lead."""
        return self.signals_mv[np.arange(len(self.leads)), self.tops]

    @cached_property
    def least_mv(self) -> Signals:
        """Least sample of each lead."""
        return self.signals_mv[np.arange(len(self.leads)), self.bottoms]

    @cached_property
    def spreads_mv(self) -> list[float]:
        """Largest less least sample of each lead."""
        spreads_mv: list[float] = (self.largest_mv - self.least_mv).tolist()
        return spreads_mv

    @property
    def n_samples(self) -> int:
        """Number of samples looked at."""
        return int(self.signals_mv.shape[1])
