"""The interval around a reconstruction: how far the recorded lead may lie from the estimate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import LEAD_INDEX, LEADS
from ecgview.recording import Source

LEVELS = (0.5, 0.8, 0.9)
"""Shares of samples that intervals are meant to hold."""
DEFAULT_LEVEL = 0.9


@dataclass(frozen=True, eq=False)
class Interval:
    """Half widths of the intervals of a reconstruction, sample by sample.

    An interval is the estimate plus and minus its half width. It is calibrated on *clean* signals
    (both high-passed at 0.5 Hz); between raw ones lies wander too, which no model sees: `wander_mv`
    is added in squares.

    Attributes
    ----------
    source : Source
        Twelve channels in standard order: the half width of the clean 90 % interval in mV, at the
        recording's rate; 0 for leads that are not reconstructed, NaN where the estimate is.
    shares : mapping of float to ndarray, shape (12,)
        By level: its half width as a share of that at 90 %, for each lead.
    wander_mv : ndarray, shape (12,)
        Half width of what is added to the raw 90 % interval, for each lead.
    factor : float
        What the half widths of `source` are multiplied by.
    """

    source: Source
    shares: Mapping[float, NDArray[np.float64]]
    wander_mv: NDArray[np.float64]
    factor: float = 1.0

    def half_width(
        self,
        leads: Sequence[str] = LEADS,
        start: int = 0,
        stop: int | None = None,
        *,
        level: float = DEFAULT_LEVEL,
        clean: bool = False,
    ) -> NDArray[np.float32]:
        """Read the half width of the interval of some leads.

        Parameters
        ----------
        leads : sequence of str
            Standard names.
        start, stop : int
            Samples ``[start, stop)``; all by default.
        level : float
            One of `LEVELS`.
        clean : bool
            Whether the interval is for signals high-passed at 0.5 Hz.

        Returns
        -------
        ndarray, shape (leads, samples)
            float32 mV.
        """
        rows = [LEAD_INDEX[lead] for lead in leads]
        half_mv = self.source.read(start, self.source.n_samples if stop is None else stop, rows)
        half_mv = half_mv * np.float32(self.factor)
        share = self.share(leads, level).astype(np.float32)[:, None]
        if not clean:
            wander_mv = self.wander_mv[rows].astype(np.float32)[:, None]
            half_mv = np.where(half_mv > 0, np.hypot(half_mv, wander_mv), half_mv)
        return half_mv * share

    def share(self, leads: Sequence[str], level: float) -> NDArray[np.float64]:
        """Tell what the width at 90 % is multiplied by for a level, shape (leads,)."""
        return self.shares[level][[LEAD_INDEX[lead] for lead in leads]]

    def scaled(self, factor: float) -> Interval:
        """Give the same interval with its clean half widths multiplied by a factor."""
        return replace(self, factor=self.factor * factor)
