"""How much later one recording of the same heart began than another: cross-correlation of leads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.signals.filters import fill_gaps

FARTHEST_S = 2.0
"""Largest shift that is looked for between signals of one length."""
LEAST_OVERLAP_S = 1.0
"""Signals that share less than this are not compared."""
LEAST_CORRELATION = 0.5
"""Signals that agree less are not shifted.

The best of all shifts up to 2 s made 120 pairs of different people in PTB-XL correlate with up
to 0.38.
"""
_CUTOFF_HZ = 2.0
_LONGEST_CUT_S = 600.0
_LOOKED_AT_S = 120.0
_CLEAR_GAIN = 0.05
_LEAST_GAIN = 0.002


@dataclass(frozen=True)
class Alignment:
    """Where an estimate lies beside its recording.

    Attributes
    ----------
    lag : int
        Sample ``i`` of the recording belongs to sample ``i + lag`` of the estimate; positive
        where the estimate comes late.
    correlation : float
        Median over the leads of the correlation at that lag; NaN where all leads are flat.
    unshifted : float
        The same without a shift.
    """

    lag: int
    correlation: float
    unshifted: float


def align(
    truth_mv: NDArray[np.floating], estimate_mv: NDArray[np.floating], fs_hz: float
) -> Alignment:
    """Find the shift between two recordings of the same leads.

    Both are high-passed at 2 Hz, so that neither offsets nor wander count, and every lead has
    one vote. There is a shift only where it makes the leads agree clearly better than none. It
    leaves the shorter of the two within the longer one, of which it may have been cut out, unless
    they agree clearly better where it sticks out by up to 2 s.

    Parameters
    ----------
    truth_mv, estimate_mv : ndarray, shape (leads, samples)
        The same leads at the same rate; their lengths may differ; gaps are NaN.
    fs_hz : float
        The rate of both.

    Returns
    -------
    Alignment
        No shift, and the correlation without one, where nothing better is found.
    """
    truth_mv, estimate_mv = _to_look_at(truth_mv, estimate_mv, fs_hz)
    lags, correlations = _correlations(truth_mv, estimate_mv, fs_hz)
    longer = estimate_mv.shape[1] - truth_mv.shape[1]
    unshifted = best = float(correlations[lags == 0][0])
    lag = 0
    for reach in (0.0, FARTHEST_S * fs_hz):
        allowed = (lags >= min(0, longer) - reach) & (lags <= max(0, longer) + reach)
        if not np.isfinite(correlations[allowed]).any():
            continue
        at = int(np.where(allowed & np.isfinite(correlations), correlations, -np.inf).argmax())
        # Where a cut piece sticks out, fewer samples have to agree, and may by chance.
        fine = not reach or not longer
        if _is_clearly_better(float(correlations[at]), best, fine=fine):
            lag, best = int(lags[at]), float(correlations[at])
    return Alignment(lag, best, unshifted)


def _to_look_at(
    truth_mv: NDArray[np.floating], estimate_mv: NDArray[np.floating], fs_hz: float
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Cut long signals to the same two minutes."""
    n_truth, n_estimate = truth_mv.shape[1], estimate_mv.shape[1]
    if max(n_truth, n_estimate) <= _LONGEST_CUT_S * fs_hz:
        return truth_mv, estimate_mv
    half, middle = round(_LOOKED_AT_S * fs_hz / 2), min(n_truth, n_estimate) // 2
    part = slice(max(0, middle - half), min(middle + half, n_truth, n_estimate))
    return truth_mv[:, part], estimate_mv[:, part]


def _high_passed(signals_mv: NDArray[np.floating], fs_hz: float) -> NDArray[np.float64]:
    """Remove wander, zero phase; gaps stay.

    The cut-off is higher than that of the tables: what it leaves at the ends is as much shorter.
    """
    from scipy.signal import butter, sosfiltfilt

    if fs_hz <= 2 * _CUTOFF_HZ:
        return np.asarray(signals_mv, dtype=np.float64)
    sections = butter(2, _CUTOFF_HZ, "highpass", fs=fs_hz, output="sos")
    padding = min(9, signals_mv.shape[-1] - 1)
    passed = sosfiltfilt(sections, fill_gaps(signals_mv.astype(np.float64)), padlen=padding)
    passed[~np.isfinite(signals_mv)] = np.nan
    return np.asarray(passed)


def _correlations(
    truth_mv: NDArray[np.floating], estimate_mv: NDArray[np.floating], fs_hz: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Median correlation of the leads at every lag, over the samples that both then have.

    NaN at lags where they share too few samples, or where every lead is flat.
    """
    size = truth_mv.shape[1] + estimate_mv.shape[1]
    lags = np.arange(-truth_mv.shape[1] + 1, estimate_mv.shape[1])
    least = max(LEAST_OVERLAP_S * fs_hz, min(truth_mv.shape[1], estimate_mv.shape[1]) / 2)
    leads = []
    passed = (_high_passed(signals_mv, fs_hz) for signals_mv in (truth_mv, estimate_mv))
    for a, b in zip(*passed, strict=True):
        has_a, has_b = np.isfinite(a).astype(float), np.isfinite(b).astype(float)
        a, b = np.nan_to_num(a), np.nan_to_num(b)
        if not a.any() or not b.any():
            continue
        together = _at_lags(a, b, size, lags)
        power = _at_lags(a * a, has_b, size, lags) * _at_lags(has_a, b * b, size, lags)
        enough = _at_lags(has_a, has_b, size, lags) > least - 0.5
        # Rounding of the transforms leaves a little power where there is none.
        enough &= power > 1e-9 * (a @ a) * (b @ b)
        leads.append(np.where(enough, together / np.sqrt(np.where(enough, power, 1)), np.nan))
    if not leads:
        return lags, np.full(lags.size, np.nan)
    missing = np.isnan(leads).all(axis=0)
    values = np.full(lags.size, np.nan)
    values[~missing] = np.nanmedian(np.array(leads)[:, ~missing], axis=0)
    return lags, values


def _at_lags(
    a: NDArray[np.float64], b: NDArray[np.float64], size: int, lags: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sum of ``a[i] * b[i + lag]`` over all samples that both have, for each lag."""
    from scipy.fft import irfft, next_fast_len, rfft

    length = next_fast_len(size, real=True)
    summed = irfft(np.conj(rfft(a, length)) * rfft(b, length), length)
    return np.asarray(summed[lags % length])


def _is_clearly_better(best: float, unshifted: float, *, fine: bool) -> bool:
    """Tell whether a shift is worth it: much better or, if `fine`, what disagreed nearly gone."""
    if best < LEAST_CORRELATION:
        return False
    if np.isnan(unshifted):
        return True
    gain = best - unshifted
    nearly_gone = gain > _LEAST_GAIN and 1 - best < (1 - unshifted) / 4
    return gain > _CLEAR_GAIN or (fine and nearly_gone)
