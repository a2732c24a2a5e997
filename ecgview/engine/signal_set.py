"""The signals of many recordings at one rate, ready for training or evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.layouts import DURATION_S, Entry
from ecgview.leads import CHEST_LEADS, INDEPENDENT_LEADS
from ecgview.recording import Recording
from ecgview.signals.filters import clean, median
from ecgview.signals.resampling import RateRatio, resample

LARGEST_CHEST_MV = 6.0
FLAT_MV = 1e-4
_BLOCK = 64


@dataclass(frozen=True, eq=False)
class SignalSet:
    """Recordings of a data set, ready for training or evaluation.

    Attributes
    ----------
    entries : tuple of Entry
        The recordings that were kept, in order.
    signals_mv : ndarray, shape (recordings, 8, samples)
        The eight independent leads at `fs_hz`, float32, each lead's median removed. A
        `numpy.memmap` that may be larger than the memory: read it block by block, do not write.
    fs_hz : float
        Sampling rate.
    left_out : tuple of (str, str)
        Names of recordings that were left out, each with the reason.
    """

    entries: tuple[Entry, ...]
    signals_mv: NDArray[np.float32]
    fs_hz: float
    left_out: tuple[tuple[str, str], ...]

    def reasons(self) -> dict[str, int]:
        """Count the recordings left out by reason."""
        return dict(sorted(Counter(reason for _, reason in self.left_out).items()))


def row_shape(fs_hz: float) -> tuple[int, int]:
    """Leads and samples of a prepared recording."""
    return len(INDEPENDENT_LEADS), round(DURATION_S * fs_hz)


def prepared_leads(
    recording: Recording, start_s: float, fs_hz: float
) -> tuple[NDArray[np.float32], str]:
    """Cut ten seconds of the independent leads and bring them to a rate.

    Parameters
    ----------
    recording : Recording
        The recording.
    start_s : float
        Where to start.
    fs_hz : float
        The rate wanted.

    Returns
    -------
    leads_mv : ndarray, shape (8, samples)
        Medians removed; empty if there is a fault.
    fault : str
        Why the recording cannot serve, empty if it can.
    """
    nothing = np.empty((0, 0), dtype=np.float32)
    absent = [lead for lead in INDEPENDENT_LEADS if lead not in recording.leads]
    if absent:
        return nothing, f"no lead {', '.join(absent)}"
    if recording.duration_s - start_s < DURATION_S:
        return nothing, f"shorter than {DURATION_S:g} s"
    start = round(start_s * recording.fs_hz)
    stop = min(recording.n_samples, start + round(DURATION_S * recording.fs_hz))
    leads_mv = recording.read(INDEPENDENT_LEADS, start, stop)
    leads_mv -= median(leads_mv)[:, None]
    if reason := fault(recording, leads_mv):
        return nothing, reason
    resampled = resample(leads_mv, RateRatio.between(recording.fs_hz, fs_hz))
    return resampled.astype(np.float32, copy=False)[:, : row_shape(fs_hz)[1]], ""


def fault(recording: Recording, leads_mv: NDArray[np.floating]) -> str:
    """Say why ten seconds of a recording cannot serve, or nothing if they can.

    Parameters
    ----------
    recording : Recording
        The recording.
    leads_mv : ndarray, shape (8, samples)
        The independent leads at its own rate, medians removed.

    Returns
    -------
    str
        Empty, or the reason in a few words.
    """
    if not np.isfinite(leads_mv).all():
        return "has gaps"
    if (np.ptp(leads_mv, axis=1) < FLAT_MV).any():
        return "flat lead"
    if np.abs(leads_mv[-len(CHEST_LEADS) :]).max() > LARGEST_CHEST_MV:
        return f"chest lead beyond {LARGEST_CHEST_MV:g} mV"
    if any(warning.code == "limb-identity" for warning in recording.warnings):
        return "limb leads disagree"
    return ""


def second_moments(signals_mv: NDArray[np.floating]) -> NDArray[np.float64]:
    """Mean products of the leads over recordings, each recording weighing the same.

    Parameters
    ----------
    signals_mv : ndarray, shape (recordings, leads, samples)
        Signals without baseline.

    Returns
    -------
    ndarray, shape (leads, leads)
        Relative to the mean power of each recording.
    """
    return _mean_products(iter([signals_mv]))


def clean_second_moments(signals_mv: NDArray[np.floating], fs_hz: float) -> NDArray[np.float64]:
    """`second_moments` of the clean signals, a few recordings in memory at a time.

    Parameters
    ----------
    signals_mv : ndarray, shape (recordings, leads, samples)
        As in `SignalSet`; not changed.
    fs_hz : float
        Their sampling rate.

    Returns
    -------
    ndarray, shape (leads, leads)
        Relative to the mean power of each recording.
    """
    starts = range(0, len(signals_mv), _BLOCK)
    return _mean_products(clean(signals_mv[start : start + _BLOCK], fs_hz) for start in starts)


def _mean_products(blocks: Iterator[NDArray[np.floating]]) -> NDArray[np.float64]:
    total, count = np.zeros(()), 0
    for block in blocks:
        products = np.einsum("rit,rjt->rij", block, block, optimize=True).astype(np.float64)
        power = np.trace(products, axis1=1, axis2=2)[:, None, None]
        total = total + (products / power).sum(axis=0)
        count += len(block)
    return total / count
