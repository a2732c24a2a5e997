"""Constructed beats whose every amplitude and time is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import LEADS
from ecgview.recording import Recording, Source, recording_from_array

FS_HZ = 500.0
P_MV, R_MV, S_MV, ST_MV, T_MV = 0.1, 1.234, -0.321, 0.111, 0.456
GAINS = {lead: 1.0 + 0.1 * number for number, lead in enumerate(LEADS)}
Array = NDArray[np.float64]


def beat(fs_hz: float = FS_HZ) -> tuple[Array, int]:
    """One beat from its PR baseline, and the sample of R in it.

    P, then a QRS complex of straight lines, a level ST segment of 120 ms, T, and the baseline.
    """
    corners_s = [
        (0.0, 0.0), (0.04, 0.0), (0.08, P_MV), (0.12, 0.0), (0.2, 0.0), (0.216, -0.08),
        (0.24, R_MV), (0.264, S_MV), (0.288, ST_MV), (0.408, ST_MV), (0.48, T_MV), (0.56, 0.0),
        (0.6, 0.0),
    ]  # fmt: skip
    times_s, values_mv = np.array(corners_s).T
    return np.interp(np.arange(round(0.6 * fs_hz)) / fs_hz, times_s, values_mv), round(0.24 * fs_hz)


def heart(
    peaks: Sequence[int], n_samples: int, fs_hz: float = FS_HZ, *, offset_mv: float = 0.0
) -> Array:
    """A lead with R peaks at some samples, and the baseline between the beats."""
    wave, r_peak = beat(fs_hz)
    lead_mv = np.full(n_samples, offset_mv)
    for peak in peaks:
        first = peak - r_peak
        inside = slice(max(0, first), min(n_samples, first + len(wave)))
        lead_mv[inside] += wave[inside.start - first : inside.stop - first]
    return lead_mv


def regular(rr_s: float, duration_s: float, fs_hz: float = FS_HZ) -> list[int]:
    """R peaks at equal distances, the first after 0.5 s."""
    every = round(rr_s * fs_hz)
    return list(range(round(0.5 * fs_hz), round((duration_s - 0.4) * fs_hz), every))


def recording_of(lead_mv: Array, leads: Sequence[str] = LEADS, fs_hz: float = FS_HZ) -> Recording:
    """The same lead at a known gain in each of some leads, each with an offset of its own."""
    return recording_from_array(
        "made", {lead: GAINS[lead] * lead_mv + 0.3 * LEADS.index(lead) for lead in leads}, fs_hz
    )


class Watched:
    """A source that notes what is read of it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.n_channels, self.n_samples = source.n_channels, source.n_samples
        self.read_of: list[tuple[int, int]] = []

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        self.read_of.append((start, stop))
        return self._source.read(start, stop, channels)
