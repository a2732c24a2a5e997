"""Intervals made by us for tests of what is shown and written of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ecgview.interval import Interval
from ecgview.leads import LEADS
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource


def with_interval(
    reconstruction: Reconstruction,
    half_mv: float | NDArray[np.floating] = 0.2,
    wander_mv: float = 0.0,
) -> Reconstruction:
    """Put an interval around the reconstructed leads; at 50 and 80 % a half and 0.8 of it."""
    n_samples = reconstruction.source.n_samples
    widths_mv = np.zeros((len(LEADS), n_samples), dtype=np.float32)
    for lead in reconstruction.reconstructed_leads:
        widths_mv[LEADS.index(lead)] = half_mv
    widths_mv[~np.isfinite(reconstruction.read(LEADS))] = np.nan
    one = np.ones(len(LEADS))
    shares = {0.5: 0.5 * one, 0.8: 0.8 * one, 0.9: one}
    return replace(
        reconstruction, interval=Interval(ArraySource(widths_mv), shares, wander_mv * one)
    )
