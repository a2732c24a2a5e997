"""Check of what a recording ends in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

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
    n_checked = evidence.signals_mv.shape[1]
    n_tail = min(recording.n_samples, round(LONGEST_TAIL_S * fs_hz))
    if n_tail < 2:
        return  # no pulse fits into it
    tail_mv = evidence.signals_mv[:, max(n_checked - n_tail, 0) :]
    if recording.n_samples > n_checked:
        tail_mv = recording.read(evidence.leads, recording.n_samples - n_tail)
    if not np.isfinite(tail_mv).all():
        return
    last_mv = tail_mv[:, -max(round(SHORTEST_FLAT_S * fs_hz), 2) :]
    if (last_mv.max(axis=1) - last_mv.min(axis=1)).max() > TOLERANCE_MV / 2:
        return  # it ends in no baseline
    if np.abs(np.diff(tail_mv[0])).max(initial=0) < HEIGHT_MV - TOLERANCE_MV:
        return  # the pulse rises from one sample to the next
    start = calibration_start(tail_mv, fs_hz)
    if start is not None:
        start_s = (recording.n_samples - tail_mv.shape[1] + start) / fs_hz
        yield ImportWarning(
            "calibration-pulse",
            f"From {start_s:.2f} s on there is a calibration pulse of 1 mV, not a heart's signal.",
            "It is kept; leave the end out of measurements.",
        )
