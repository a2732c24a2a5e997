"""Check of what a recording ends in."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ecgview.formats.calibration import (
    HEIGHT_MV,
    LONGEST_TAIL_S,
    SHORTEST_FLAT_S,
    TOLERANCE_MV,
    calibration_start,
)
from ecgview.formats.checks.evidence import Evidence
from ecgview.recording import ImportWarning


def ending_warnings(evidence: Evidence) -> Iterator[ImportWarning]:
    """Tell of a calibration pulse at the end."""
    recording, fs_hz = evidence.recording, evidence.recording.fs_hz
    n_tail = min(recording.n_samples, round(LONGEST_TAIL_S * fs_hz))
    if n_tail < 2:
        return  # no pulse fits into it
    if recording.n_samples > evidence.n_samples:
        tail_mv = recording.read(evidence.leads, recording.n_samples - n_tail)
    else:
        tail_mv = evidence.signals_mv[:, -n_tail:]
    if not _may_end_in_pulse(tail_mv[0], max(round(SHORTEST_FLAT_S * fs_hz), 2)):
        return
    start = calibration_start(tail_mv, fs_hz)
    if start is not None:
        start_s = (recording.n_samples - tail_mv.shape[1] + start) / fs_hz
        yield ImportWarning(
            "calibration-pulse",
            f"From {start_s:.2f} s on there is a calibration pulse of 1 mV, not a heart's signal.",
            "It is kept; leave the end out of measurements.",
        )


def _may_end_in_pulse(tail_mv: NDArray[np.floating], n_flat: int) -> bool:
    """Tell cheaply whether a lead ends flat, and rises by 1 mV from one sample to the next."""
    last_mv = tail_mv[-n_flat:].tolist()
    if not (math.isfinite(sum(last_mv)) and max(last_mv) - min(last_mv) <= TOLERANCE_MV / 2):
        return False
    steps_mv = np.abs(tail_mv[1:] - tail_mv[:-1]) if np.isfinite(tail_mv).all() else np.zeros(1)
    return bool(steps_mv.max() >= HEIGHT_MV - TOLERANCE_MV)
