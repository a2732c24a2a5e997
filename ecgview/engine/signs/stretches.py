"""The stretches of a recording that signs are looked for in, as a model sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import LEAD_INDEX, LEADS, complete_limb_leads
from ecgview.recording import Recording
from ecgview.signals.filters import clean, median
from ecgview.signals.resampling import RateRatio, resample

LENGTH_S = 10.0
LEAST_S = 4.0
MOST = 5
"""Stretches of a long recording."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """Ten seconds, or what there is.

    Attributes
    ----------
    start_s : float
        Where it begins.
    fs_hz : float
        The recording's own rate.
    recorded_mv : ndarray, shape (available, samples)
        Medians removed, at the recording's own rate.
    slow_mv : ndarray, shape (12, samples)
        At the model's rate; zero where a lead is not known.
    clean_mv : ndarray, shape (12, samples)
        The same after the 0.5 Hz high-pass.
    model_fs_hz : float
        The model's rate.
    """

    start_s: float
    fs_hz: float
    recorded_mv: NDArray[np.float32]
    slow_mv: NDArray[np.float32]
    clean_mv: NDArray[np.float32]
    model_fs_hz: float


def starts_s(duration_s: float) -> list[float]:
    """Where the stretches begin: one, or some spread evenly over a long recording."""
    count = int(np.clip(duration_s // LENGTH_S, 1, MOST))
    last_s = max(duration_s - LENGTH_S, 0.0)
    return [round(last_s * number / max(count - 1, 1), 3) for number in range(count)]


def cut(
    recording: Recording, available: Sequence[str], start_s: float, model_fs_hz: float
) -> Stretch | None:
    """Cut one stretch out.

    Returns
    -------
    Stretch or None
        None where an available lead has a gap there, or where it is too short.
    """
    start = round(start_s * recording.fs_hz)
    stop = min(recording.n_samples, start + round(LENGTH_S * recording.fs_hz))
    recorded_mv = recording.read(available, start, stop)
    if stop - start < LEAST_S * recording.fs_hz or not np.isfinite(recorded_mv).all():
        return None
    recorded_mv -= median(recorded_mv)[:, None]
    slow_mv = resample(recorded_mv, RateRatio.between(recording.fs_hz, model_fs_hz))
    twelve_mv = np.zeros((len(LEADS), slow_mv.shape[1]), dtype=np.float32)
    twelve_mv[[LEAD_INDEX[lead] for lead in available]] = slow_mv
    twelve_mv = complete_limb_leads(twelve_mv, available)
    return Stretch(
        start_s,
        recording.fs_hz,
        recorded_mv,
        twelve_mv,
        clean(twelve_mv, model_fs_hz).astype(np.float32),
        model_fs_hz,
    )
