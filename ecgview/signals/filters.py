"""Filters on arrays: zero phase, so that no wave moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CLEAN_CUTOFF_HZ = 0.5


def fill_gaps(signals: NDArray[np.floating]) -> NDArray[np.floating]:
    """Bridge NaN samples by straight lines, so that a filter can run across them.

    Parameters
    ----------
    signals : ndarray, shape (leads, samples)
        NaN where there is a gap.

    Returns
    -------
    ndarray, shape (leads, samples)
        The same array if it has no gap, else a copy; a lead of nothing but NaN becomes zero.
    """
    gaps = ~np.isfinite(signals)
    if not gaps.any():
        return signals
    filled = signals.copy()
    positions = np.arange(signals.shape[-1])
    for lead, gap in zip(filled, gaps, strict=True):
        if gap.all():
            lead[:] = 0
        elif gap.any():
            lead[gap] = np.interp(positions[gap], positions[~gap], lead[~gap])
    return filled


def clean(signals: NDArray[np.floating], fs_hz: float) -> NDArray[np.floating]:
    """Remove baseline wander: 0.5 Hz Butterworth high-pass of order 2, forward and backward.

    This is the *clean* of every table that ecgview prints.

    Parameters
    ----------
    signals : ndarray, shape (leads, samples)
        Gaps are NaN.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    ndarray, shape (leads, samples)
        Filtered signals, with the same gaps.
    """
    # scipy.signal takes most of a second to import: not before it is needed.
    from scipy.signal import butter, sosfiltfilt

    if signals.shape[-1] < 2 or fs_hz <= 2 * CLEAN_CUTOFF_HZ:
        return signals - signals.mean(axis=-1, keepdims=True)
    sections = butter(2, CLEAN_CUTOFF_HZ, "highpass", fs=fs_hz, output="sos")
    # As filtfilt's default, but never longer than the signal.
    padding = min(9, signals.shape[-1] - 1)
    filtered = sosfiltfilt(sections, fill_gaps(signals), axis=-1, padlen=padding)
    filtered = filtered.astype(signals.dtype, copy=False)
    filtered[~np.isfinite(signals)] = np.nan
    return filtered


def median(signals: NDArray[np.floating]) -> NDArray[np.floating]:
    """Median of each lead without its gaps; 0 for a lead that is all gap.

    Parameters
    ----------
    signals : ndarray, shape (leads, samples)
        Gaps are NaN.

    Returns
    -------
    ndarray, shape (leads,)
        Medians.
    """
    if np.isfinite(signals).all():
        return np.median(signals, axis=-1)
    finite = [lead[np.isfinite(lead)] for lead in signals]
    return np.array([np.median(lead) if lead.size else 0.0 for lead in finite], signals.dtype)
