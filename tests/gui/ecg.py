"""Small signals with known features for the viewer's tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import LEADS, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, Recording, recording_from_array


def flat_recording(
    duration_s: float = 10.0, fs_hz: float = 100.0, leads: tuple[str, ...] = LEADS
) -> Recording:
    n_samples = round(duration_s * fs_hz)
    return recording_from_array("flat", {lead: np.zeros(n_samples) for lead in leads}, fs_hz)


def with_impulse(recording: Recording, time_s: float, height_mv: float = 1.0) -> Recording:
    """One sample of all leads raised."""
    signals_mv = samples(recording)
    signals_mv[:, round(time_s * recording.fs_hz)] += height_mv
    return recording


def samples(recording: Recording) -> NDArray[np.floating]:
    """The array behind a recording, to be changed in place."""
    assert isinstance(recording.source, ArraySource)
    return recording.source.signals_mv


def rebuilt(
    recording: Recording, available: tuple[str, ...], offset_mv: float = 0.0
) -> Reconstruction:
    """A reconstruction that equals the recording (0 mV where it has no lead) plus an offset."""
    twelve_mv = np.nan_to_num(recording.read_twelve(), nan=0.0)
    origins = lead_origins(available, recording.derived_leads)
    for row, lead in enumerate(LEADS):
        if lead not in available:
            twelve_mv[row] += offset_mv
    return Reconstruction(
        available, origins, ArraySource(twelve_mv), "test model", 62.5, "cpu", 0.01
    )
