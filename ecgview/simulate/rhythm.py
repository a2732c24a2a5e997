"""When the heart beats: sinus rhythm with its variability, and atrial fibrillation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecgview.simulate.heart import Array

_SHORTEST_RR_S, _LONGEST_RR_S = 0.36, 1.6


@dataclass(frozen=True)
class Rhythm:
    """Timing of one person's beats.

    Attributes
    ----------
    rr_s : float
        Mean interval between beats.
    respiration_hz : float
        Breathing rate; the heart beats faster while breathing in.
    respiratory_depth, slow_depth, jitter : float
        Relative size of the respiratory, the slow (0.1 Hz, blood pressure) and the
        beat-to-beat part of the variability.
    phases : tuple of float
        Phase in radians of the respiratory and of the slow part.
    fibrillation : bool
        Atrial fibrillation: intervals without order.
    irregularity : float
        Relative spread of the intervals in fibrillation.
    """

    rr_s: float
    respiration_hz: float
    respiratory_depth: float = 0.03
    slow_depth: float = 0.02
    jitter: float = 0.006
    phases: tuple[float, float] = (0.0, 0.0)
    fibrillation: bool = False
    irregularity: float = 0.24

    def breath(self, time_s: Array | float) -> Array:
        """Depth of breath from -1 (out) to 1 (in) at some times."""
        return np.sin(2 * np.pi * self.respiration_hz * np.asarray(time_s) + self.phases[0])


def beat_times(rhythm: Rhythm, duration_s: float, rng: np.random.Generator) -> Array:
    """Draw the times of ventricular activation.

    Parameters
    ----------
    rhythm : Rhythm
        The person's timing.
    duration_s : float
        Length of the recording.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    ndarray, shape (beats,)
        Ascending times in seconds; they begin before 0 and end after `duration_s`, so that no
        wave is missing at either end.
    """
    count = int((duration_s + 4) / min(rhythm.rr_s, 0.5)) + 4
    spread = _without_order(rhythm, count, rng) if rhythm.fibrillation else None
    times = np.empty(count)
    now = -1.5 - rng.uniform(0, rhythm.rr_s)
    for beat in range(count):
        times[beat] = now
        ratio = _sinus_ratio(rhythm, now, rng) if spread is None else spread[beat]
        now += float(np.clip(rhythm.rr_s * ratio, _SHORTEST_RR_S, _LONGEST_RR_S))
    return times[times < duration_s + 1]


def _sinus_ratio(rhythm: Rhythm, time_s: float, rng: np.random.Generator) -> float:
    slow = np.sin(2 * np.pi * 0.1 * time_s + rhythm.phases[1])
    breath = rhythm.breath(time_s)
    variation = rhythm.slow_depth * slow - rhythm.respiratory_depth * breath
    return float(1 + variation + rhythm.jitter * rng.standard_normal())


def _without_order(rhythm: Rhythm, count: int, rng: np.random.Generator) -> Array:
    """Intervals relative to their mean, log-normal, each stretch of six covering the spread."""
    sixths = np.concatenate([rng.permutation(6) for _ in range(-(-count // 6))])[:count]
    level = (sixths + rng.uniform(0.1, 0.9, count)) / 6
    return np.exp(rhythm.irregularity * _normal_quantile(level))


def _normal_quantile(level: Array) -> Array:
    """Approximate quantiles of the normal distribution (Tukey's lambda)."""
    return (level**0.135 - (1 - level) ** 0.135) / 0.1975
