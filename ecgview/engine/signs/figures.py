"""Figures of single leads and of the rhythm that signs rest on: numpy and scipy, no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.signs.stretches import Stretch
from ecgview.leads import LEAD_INDEX
from ecgview.signals.beats import find_beats

_PARTS = 5
_BLOCK_S = 0.096
SPIKE_S = 0.004
"""A pacing spike is over within this time on either side."""
SPIKES = 4
"""So many spikes in ten seconds make a rhythm."""
_APART_S = 0.2
SLOWEST_SAMPLING_HZ = 250.0
"""Below this rate a spike is lost or smeared."""
_FEWEST_INTERVALS = 3


@dataclass(frozen=True)
class LeadFigures:
    """One lead in one stretch.

    Attributes
    ----------
    lead : str
        Its name.
    spread_mv : float
        Spread, between the 2nd and 98th percentile, in the quietest fifth of the stretch.
    noise_mv : float
        Median over blocks of 0.1 s of the second difference's root mean square, at the model's
        rate: QRS complexes fill too few blocks to count.
    wander_mv : float
        Standard deviation of what lies below 0.5 Hz.
    largest_mv : float
        Largest distance from the median.
    """

    lead: str
    spread_mv: float
    noise_mv: float
    wander_mv: float
    largest_mv: float


def lead_figures(stretch: Stretch, available: Sequence[str], lead: str) -> LeadFigures:
    """Work out the figures of a lead of a stretch."""
    row = LEAD_INDEX[lead]
    clean_mv = stretch.clean_mv[row]
    low, high = np.transpose(
        [np.quantile(part, (0.02, 0.98)) for part in np.array_split(clean_mv, _PARTS)]
    )
    second = np.diff(clean_mv, 2)
    block = max(round(_BLOCK_S * stretch.model_fs_hz), 2)
    blocks = second[: len(second) // block * block].reshape(-1, block)
    recorded_mv = stretch.recorded_mv[list(available).index(lead)]
    return LeadFigures(
        lead,
        float((high - low).min()),
        float(np.median(np.sqrt(np.square(blocks).mean(axis=1)))),
        float((stretch.slow_mv[row] - clean_mv).std()),
        float(np.abs(recorded_mv).max()),
    )


def heart_rate_bpm(stretch: Stretch, lead: str) -> float | None:
    """Rate from the median interval between QRS complexes; None where there are too few."""
    (beats,) = find_beats(stretch.clean_mv[LEAD_INDEX[lead]][None], stretch.model_fs_hz)
    intervals_s = np.diff(beats.onsets) / stretch.model_fs_hz
    if len(intervals_s) < _FEWEST_INTERVALS:
        return None
    return 60 / float(np.median(intervals_s))


def spikes_mv(recorded_mv: NDArray[np.floating], fs_hz: float) -> tuple[float, float] | None:
    """Height of the fourth largest spike, and where the largest is.

    A spike stands out, in the same sense, of what is 4 ms before and after it; its height is the
    root mean square over the leads.

    Parameters
    ----------
    recorded_mv : ndarray, shape (leads, samples)
        At the recording's own rate.
    fs_hz : float
        That rate.

    Returns
    -------
    tuple of float, or None
        (height in mV, time in s); None where the rate is too low to tell, or the stretch too short.
    """
    step = max(round(SPIKE_S * fs_hz), 1)
    apart = round(_APART_S * fs_hz)
    if fs_hz < SLOWEST_SAMPLING_HZ or recorded_mv.shape[1] < 2 * SPIKES * apart:
        return None
    middle = recorded_mv[:, step:-step]
    before, after = recorded_mv[:, : -2 * step], recorded_mv[:, 2 * step :]
    up = np.minimum(middle - before, middle - after)
    down = np.minimum(before - middle, after - middle)
    height = np.sqrt(np.square(np.maximum(np.maximum(up, down), 0)).mean(axis=0))
    heights, places = [], []
    for _ in range(SPIKES):
        place = int(height.argmax())
        heights.append(float(height[place]))
        places.append(place)
        height[max(place - apart, 0) : place + apart] = 0
    return heights[-1], (places[0] + step) / fs_hz
