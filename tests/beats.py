"""Recordings made up for the engine's tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ecgview.leads import LEADS, LIMB_FROM_I_II
from ecgview.recording import Recording, recording_from_array


def twelve_lead_array(fs_hz: float, duration_s: float, seed: int = 0) -> np.ndarray:
    """Beats with sizes that vary a little from seed to seed, and noise; (12, samples) in mV."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(round(fs_hz * duration_s)) / fs_hz
    phase_s = (time_s % 0.8) - 0.4
    qrs, t_wave = np.exp(-((phase_s / 0.012) ** 2)), np.exp(-(((phase_s - 0.25) / 0.05) ** 2))
    usual = np.random.default_rng(99).normal(size=(2, 8, 1))
    qrs_mv, t_wave_mv = usual + 0.2 * rng.normal(size=(2, 8, 1))
    independent = qrs_mv * qrs + 0.3 * t_wave_mv * t_wave
    independent += 0.01 * rng.normal(size=independent.shape)
    return np.vstack([LIMB_FROM_I_II @ independent[:2], independent[2:]]).astype(np.float32)


def make_recording(
    fs_hz: float = 500.0,
    duration_s: float = 10.0,
    leads: Sequence[str] = LEADS,
    seed: int = 0,
    name: str = "beats",
) -> Recording:
    signals_mv = twelve_lead_array(fs_hz, duration_s, seed)
    return recording_from_array(
        name, {lead: signals_mv[LEADS.index(lead)] for lead in leads}, fs_hz
    )
