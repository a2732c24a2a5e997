"""Waves measured on simulated recordings, with nothing but the samples to go by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import INDEPENDENT_LEADS, LEAD_INDEX
from ecgview.simulate import simulate

FS_HZ = 500
INDEPENDENT = [LEAD_INDEX[lead] for lead in INDEPENDENT_LEADS]
Array = NDArray[np.float64]


@cache
def twelve(case: str, seed: int) -> Array:
    return simulate(case, seed=seed).read_twelve().astype(np.float64)


def speed(leads_mv: Array) -> Array:
    """Spatial velocity: how fast the eight independent leads change together."""
    kernel = np.ones(5) / 5
    smooth = np.stack([np.convolve(lead, kernel, "same") for lead in leads_mv[INDEPENDENT]])
    return np.sqrt((np.gradient(smooth, axis=1) ** 2).sum(axis=0))


def beat_centres(leads_mv: Array) -> NDArray[np.int_]:
    """Samples in the middle of the QRS complexes."""
    velocity = speed(leads_mv)
    energy = np.convolve(velocity, np.ones(50), "same")
    threshold = 0.4 * np.percentile(energy, 99)
    centres, now = [], 0
    while now < len(energy):
        if energy[now] < threshold:
            now += 1
            continue
        peak = now + int(energy[now : now + 125].argmax())
        near = np.arange(max(peak - 50, 0), min(peak + 50, len(energy)))
        weight = velocity[near] ** 2
        centres.append(round(float((weight * near).sum() / weight.sum())))
        now = peak + 140
    return np.array(centres)


@dataclass(frozen=True)
class Beat:
    """The median beat of a recording, against the level just before the QRS complex."""

    leads_mv: Array
    onset: int
    offset: int

    def qrs(self, lead: str) -> Array:
        return self.leads_mv[LEAD_INDEX[lead], self.onset : self.offset]

    def r_mv(self, lead: str) -> float:
        return float(self.qrs(lead).max())

    def s_mv(self, lead: str) -> float:
        return float(-self.qrs(lead).min())

    def t_mv(self, lead: str) -> float:
        wave = self.leads_mv[LEAD_INDEX[lead], self.offset + 20 : self.offset + 190]
        return float(wave[np.abs(wave).argmax()])

    def q(self, lead: str) -> tuple[float, float]:
        """Depth in mV and width in ms of what comes before the R wave."""
        before = self.qrs(lead)[: int(self.qrs(lead).argmax()) + 1]
        return float(-before.min()), float((before < -0.02).sum()) * 1000 / FS_HZ

    @property
    def qrs_ms(self) -> float:
        return (self.offset - self.onset) * 1000 / FS_HZ


@cache
def beat(case: str, seed: int) -> Beat:
    leads_mv = twelve(case, seed)
    centres = [c for c in beat_centres(leads_mv) if 200 < c < leads_mv.shape[1] - 300]
    shape = np.median([leads_mv[:, c - 175 : c + 275] for c in centres], axis=0)

    def best(centre: int) -> int:
        return max(
            range(centre - 6, centre + 7),
            key=lambda c: (
                leads_mv[INDEPENDENT, c - 50 : c + 50] * shape[INDEPENDENT, 125:225]
            ).sum(),
        )

    median = np.median([leads_mv[:, c - 175 : c + 275] for c in map(best, centres)], axis=0)
    velocity = speed(median)
    still = velocity < 0.045 * velocity[135:215].max()
    onset = next(i for i in range(170, 85, -1) if still[i - 6 : i].all())
    offset = next(i for i in range(180, 295) if still[i : i + 6].all())
    return Beat(median - median[:, onset - 5 : onset].mean(axis=1, keepdims=True), onset, offset)


def without_line(stretches: Array) -> Array:
    """Take the straight line out of each row."""
    line = np.stack([np.ones(stretches.shape[1]), np.arange(stretches.shape[1])], axis=1)
    return stretches - (line @ np.linalg.lstsq(line, stretches.T, rcond=None)[0]).T
