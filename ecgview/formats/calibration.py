"""The calibration pulse that some electrocardiographs append to every lead."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LONGEST_TAIL_S = 2.0
"""No pulse with its baseline is longer."""
SHORTEST_FLAT_S = 0.02
PLATEAU_S = (0.08, 0.6)
"""A pulse of 1 mV lasts 0.2 s (100 ms to 500 ms where a recorder bends that)."""
HEIGHT_MV = 1.0
TOLERANCE_MV = 0.02


def _runs(samples: NDArray[np.floating]) -> tuple[NDArray[np.intp], NDArray[np.floating]]:
    """Give starts and values of the constant stretches of a signal."""
    starts = np.flatnonzero(np.abs(np.diff(samples)) > TOLERANCE_MV / 4) + 1
    starts = np.concatenate(([0], starts))
    return starts, samples[starts]


def _pulse_start(samples: NDArray[np.floating], fs_hz: float) -> int | None:
    """Tell where baseline, plateau and baseline begin with which one lead ends."""
    if not np.isfinite(samples).all() or samples.size == 0:
        return None
    starts, values = _runs(samples)
    if len(starts) < 3:
        return None
    before, plateau, after = starts[-3:]
    lengths_s = np.array([plateau - before, after - plateau, samples.size - after]) / fs_hz
    is_flat = min(lengths_s[0], lengths_s[2]) >= SHORTEST_FLAT_S
    is_plateau = PLATEAU_S[0] <= lengths_s[1] <= PLATEAU_S[1]
    height_mv = values[-2] - values[-3]
    returns = abs(values[-1] - values[-3]) <= TOLERANCE_MV
    if is_flat and is_plateau and returns and abs(abs(height_mv) - HEIGHT_MV) <= TOLERANCE_MV:
        return int(before)
    return None


def calibration_start(signals_mv: NDArray[np.floating], fs_hz: float) -> int | None:
    """Find the calibration pulse that a recording ends in.

    Parameters
    ----------
    signals_mv : ndarray, shape (leads, samples)
        Leads as recorded; leads that were computed by a program have no pulse of 1 mV.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    int or None
        The first sample that is not ECG: the start of the flat baseline before the pulse. None
        unless every lead ends in the same pulse at the same instant: flat, 1 mV up (or down) for
        0.08 to 0.6 s, and flat again.
    """
    n_samples = signals_mv.shape[1]
    first = max(n_samples - round(LONGEST_TAIL_S * fs_hz), 0)
    tails = signals_mv[:, first:]
    starts = [_pulse_start(tail, fs_hz) for tail in tails]
    found = [start for start in starts if start is not None]
    if not found or len(found) < len(starts):
        return None
    # A lead whose last ECG samples lie on the baseline seems to end earlier than the others.
    start = max(found)
    pulse = tails[:, start:]
    same = np.abs(pulse - pulse[0]).max() <= TOLERANCE_MV
    return first + start if same else None
