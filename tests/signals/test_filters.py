from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, filtfilt

from ecgview.signals.filters import clean, fill_gaps, median

FS_HZ = 125.0
TIME_S = np.arange(1250) / FS_HZ


def test_clean_is_second_order_butterworth_forward_and_backward() -> None:
    signal = np.random.default_rng(0).normal(size=(3, 1250)).cumsum(axis=1)
    expected = filtfilt(*butter(2, 0.5, "highpass", fs=FS_HZ), signal, axis=1)
    np.testing.assert_allclose(clean(signal, FS_HZ), expected, atol=1e-6)


def test_clean_removes_wander_and_moves_no_wave() -> None:
    beat = np.exp(-(((TIME_S - 5.0) / 0.02) ** 2))
    wander = 2 * np.sin(2 * np.pi * 0.1 * TIME_S)
    cleaned = clean((beat + wander)[None], FS_HZ)[0]
    assert abs(np.argmax(cleaned) - 625) == 0
    assert np.abs(cleaned[:500]).max() < 0.15


def test_gaps_stay_gaps() -> None:
    signal = np.sin(2 * np.pi * 5 * TIME_S)[None].repeat(2, axis=0)
    signal[0, 200:300] = np.nan
    cleaned = clean(signal, FS_HZ)
    assert np.isnan(cleaned[0]).sum() == 100
    assert np.isfinite(cleaned[1]).all()


def test_fill_gaps_bridges_by_lines_and_leaves_its_argument_alone() -> None:
    signal = np.array([[0.0, np.nan, np.nan, 3.0], [np.nan] * 4])
    filled = fill_gaps(signal)
    np.testing.assert_allclose(filled, [[0, 1, 2, 3], [0, 0, 0, 0]])
    assert np.isnan(signal[0, 1])


def test_median_passes_over_gaps() -> None:
    signal = np.array([[1.0, 5.0, np.nan, 3.0], [np.nan] * 4])
    np.testing.assert_allclose(median(signal), [3.0, 0.0])


@pytest.mark.parametrize("n_samples", [1, 2, 5])
def test_clean_of_a_handful_of_samples(n_samples: int) -> None:
    assert np.isfinite(clean(np.ones((1, n_samples)), FS_HZ)).all()
