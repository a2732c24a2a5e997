from __future__ import annotations

import numpy as np
import pytest

from ecgview.signals.resampling import RateRatio, resample


def tone(fs_hz: float, duration_s: float = 4.0, frequency_hz: float = 7.0) -> np.ndarray:
    time_s = np.arange(round(duration_s * fs_hz)) / fs_hz
    return np.sin(2 * np.pi * frequency_hz * time_s)[None]


@pytest.mark.parametrize(
    ("fs_hz", "up", "down"),
    [(500, 1, 4), (1000, 1, 8), (360, 25, 72), (257, 125, 257), (977.5, 50, 391), (125, 1, 1)],
)
def test_ratios_of_real_rates_are_exact(fs_hz: float, up: int, down: int) -> None:
    assert RateRatio.between(fs_hz, 125.0) == RateRatio(up, down)


def test_an_odd_rate_is_met_to_a_part_in_a_thousand() -> None:
    ratio = RateRatio.between(499.7312345, 125.0)
    assert ratio.up / ratio.down == pytest.approx(125 / 499.7312345, rel=1e-3)
    assert max(ratio.up, ratio.down) <= 1000


@pytest.mark.parametrize("fs_hz", [100, 250, 360, 500, 1000])
def test_a_tone_survives_the_way_there_and_back(fs_hz: float) -> None:
    ratio = RateRatio.between(fs_hz, 125.0)
    signal = tone(fs_hz)
    there = resample(signal, ratio)
    assert there.shape[1] == ratio.length(signal.shape[1])
    np.testing.assert_allclose(
        there[:, 50:-50], tone(125.0)[:, 50 : there.shape[1] - 50], atol=0.01
    )
    back = resample(there, ratio.inverse)[:, : signal.shape[1]]
    edge = round(fs_hz / 2)
    np.testing.assert_allclose(back[:, edge:-edge], signal[:, edge:-edge], atol=0.01)


def test_a_piece_on_the_grid_equals_the_whole() -> None:
    ratio = RateRatio.between(360.0, 125.0)
    signal = np.random.default_rng(1).normal(size=(1, 7200))
    start = 10 * ratio.down
    piece = resample(signal[:, start : start + 40 * ratio.down], ratio)
    whole = resample(signal, ratio)[:, 10 * ratio.up :]
    inner = slice(ratio.reach, 40 * ratio.up - ratio.reach)
    np.testing.assert_allclose(piece[:, inner], whole[:, inner], atol=1e-12)


def test_an_offset_has_no_edges() -> None:
    flat = np.full((1, 1000), 3.0)
    np.testing.assert_allclose(resample(flat, RateRatio(1, 4)), 3.0, atol=0.01)
