"""The calibration pulse at the end: found by its shape, and nothing else taken for it."""

from __future__ import annotations

import numpy as np
import pytest

from ecgview.formats.calibration import calibration_start

FS_HZ = 500.0


def ecg_mv(n_samples: int = 5000, n_leads: int = 12) -> np.ndarray:
    time = np.arange(n_samples) / FS_HZ
    return np.array([0.8 * np.sin(6 * time + lead) + 0.1 for lead in range(n_leads)])


def pulse_mv(
    before: int = 50, plateau: int = 100, after: int = 50, height: float = 1.0
) -> np.ndarray:
    return np.concatenate([np.zeros(before), np.full(plateau, height), np.zeros(after)])


def with_pulse(pulse: np.ndarray, n_leads: int = 12) -> np.ndarray:
    return np.hstack([ecg_mv(n_leads=n_leads), np.tile(pulse, (n_leads, 1))])


@pytest.mark.parametrize("before", [50, 86, 300])
@pytest.mark.parametrize("height", [1.0, -1.0, 0.99])
def test_the_pulse_starts_with_its_baseline(before: int, height: float) -> None:
    signals_mv = with_pulse(pulse_mv(before, height=height))
    assert calibration_start(signals_mv, FS_HZ) == 5000


def test_a_lead_that_is_at_its_baseline_before_the_pulse_does_not_lengthen_it() -> None:
    signals_mv = with_pulse(pulse_mv())
    signals_mv[3, 4800:5000] = 0
    assert calibration_start(signals_mv, FS_HZ) == 5000


def test_one_lead_alone() -> None:
    assert calibration_start(with_pulse(pulse_mv(), n_leads=1), FS_HZ) == 5000


@pytest.mark.parametrize(
    "tail",
    [
        pulse_mv(height=0.5),
        pulse_mv(height=2.0),
        pulse_mv(plateau=20),
        pulse_mv(plateau=400),
        pulse_mv(after=3),
        pulse_mv()[:150],
        np.zeros(300),
        np.sin(np.arange(300) / 20),
    ],
    ids=["half", "double", "short", "long", "no end", "cut", "flat", "wave"],
)
def test_what_is_no_pulse(tail: np.ndarray) -> None:
    assert calibration_start(with_pulse(tail), FS_HZ) is None


def test_a_pulse_in_some_leads_only_is_left_alone() -> None:
    signals_mv = with_pulse(pulse_mv())
    signals_mv[7, 5000:] = ecg_mv(200)[7]
    assert calibration_start(signals_mv, FS_HZ) is None


def test_pulses_at_other_times_are_left_alone() -> None:
    signals_mv = with_pulse(pulse_mv())
    signals_mv[7] = np.roll(signals_mv[7], -10)
    signals_mv[7, -10:] = 0
    assert calibration_start(signals_mv, FS_HZ) is None


@pytest.mark.parametrize("signals_mv", [np.zeros((12, 0)), np.zeros((12, 5000)), ecg_mv()])
def test_recordings_without_one(signals_mv: np.ndarray) -> None:
    assert calibration_start(signals_mv, FS_HZ) is None


def test_gaps_are_no_pulse() -> None:
    signals_mv = with_pulse(pulse_mv())
    signals_mv[:, -20:] = np.nan
    assert calibration_start(signals_mv, FS_HZ) is None
