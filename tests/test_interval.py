"""Half widths of intervals: levels, raw and clean, leads that are not reconstructed."""

from __future__ import annotations

import numpy as np
import pytest

from ecgview.interval import LEVELS, Interval
from ecgview.leads import LEAD_INDEX, LEADS
from ecgview.recording import ArraySource


@pytest.fixture
def interval() -> Interval:
    half_mv = np.zeros((len(LEADS), 100), dtype=np.float32)
    half_mv[LEAD_INDEX["V3"]] = np.linspace(0.03, 0.4, 100)
    shares = {level: np.full(len(LEADS), level / 0.9) for level in LEVELS}
    return Interval(ArraySource(half_mv), shares, np.full(len(LEADS), 0.04))


def test_a_clean_interval_is_scaled_by_level(interval: Interval) -> None:
    at_90 = interval.half_width(["V3"], clean=True)
    np.testing.assert_allclose(at_90[0], np.linspace(0.03, 0.4, 100), rtol=1e-6)
    half = interval.half_width(["V3"], level=0.5, clean=True)
    np.testing.assert_allclose(half, at_90 * 0.5 / 0.9, rtol=1e-6)


def test_wander_is_added_in_squares_to_the_raw_interval_alone(interval: Interval) -> None:
    raw = interval.half_width(["V3"], 0, 1)
    np.testing.assert_allclose(raw, [[0.05]], rtol=1e-6)  # 3-4-5


def test_a_measured_lead_has_no_width(interval: Interval) -> None:
    np.testing.assert_array_equal(interval.half_width(["I", "V2"], 10, 20), np.zeros((2, 10)))
