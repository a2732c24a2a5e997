"""Extremes of long signals: against brute force, with gaps, in any order of filling."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ecgview.signals.pyramid import (
    FACTOR,
    LEAST_BASE,
    Pyramid,
    column_extremes,
    extremes,
    fill,
)

HALF = 2.0**-10
"""Relative error of a value kept in half precision and rounded outwards."""


def reader(signal_mv: NDArray[np.float32]):
    return lambda start, stop: signal_mv[:, start:stop]


def filled(signal_mv: NDArray[np.float32]) -> Pyramid:
    pyramid = Pyramid(*signal_mv.shape)
    parts = list(fill(pyramid, reader(signal_mv)))
    assert parts == list(range(len(pyramid.built)))
    return pyramid


def noise(n_samples: int, seed: int = 1, gaps: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    signal_mv = rng.normal(0, 2, (2, n_samples)).astype(np.float32)
    for start in rng.integers(0, n_samples, gaps):
        signal_mv[0, start : start + rng.integers(1, 400)] = np.nan
    return signal_mv


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 200_000),
    st.integers(0, 10_000),
    st.integers(0, 30),
    st.floats(130, 9000),
    st.floats(0, 1),
)
def test_columns_against_brute_force(n_samples, seed, gaps, per_column, place) -> None:
    signal_mv = noise(n_samples, seed, gaps)
    pyramid = filled(signal_mv)
    numbers = np.arange(int(n_samples / per_column) + 2) + place
    edges = np.unique(np.clip(np.ceil(numbers * per_column).astype(np.int64), 0, n_samples))
    if len(edges) < 2:
        edges = np.array([0, n_samples])
    width = pyramid.width_for(per_column)
    assert width is not None
    assert 2 * width <= per_column
    for lead in range(2):
        found = pyramid.columns(lead, edges, width)
        for column, (start, stop) in enumerate(pairwise(edges)):
            inside = signal_mv[lead, start:stop]
            around = signal_mv[lead, start // width * width : -(-stop // width) * width]
            low, high = found.lowest[column], found.highest[column]
            assert found.holed[column] == np.isnan(around).any()
            if np.isnan(around).all():
                assert np.isnan(low)
                assert np.isnan(high)
                continue
            assert np.nanmin(around) * (1 + HALF * np.sign(-np.nanmin(around))) <= low + 1e-6
            assert low <= np.nanmin(around)
            assert high >= np.nanmax(around)
            assert high <= np.nanmax(around) + abs(np.nanmax(around)) * HALF + 1e-6
            if np.isfinite(inside).any():
                assert low <= np.nanmin(inside)
                assert high >= np.nanmax(inside)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(0, 99), st.integers(1, 9), st.integers(0, 40))
def test_columns_of_bins_lose_no_peak(n_samples, seed, width, offset) -> None:
    signal_mv = noise(n_samples, seed, gaps=1)[0]
    bins = extremes(signal_mv, np.arange(0, n_samples, width))
    edges = np.unique(np.clip(np.arange(offset, n_samples + 12 * width, 3 * width), 0, n_samples))
    edges = edges if len(edges) > 1 else np.array([0, n_samples])
    first = int(edges[0]) // width
    bins = extremes(signal_mv[first * width :], np.arange(0, n_samples - first * width, width))
    found = column_extremes(bins, edges - first * width, width)
    for column, (start, stop) in enumerate(pairwise(edges)):
        inside = signal_mv[start:stop]
        if np.isfinite(inside).any():
            assert found.lowest[column] <= np.nanmin(inside)
            assert found.highest[column] >= np.nanmax(inside)
        assert found.holed[column] or np.isfinite(inside).all()


def test_every_level_joins_four_bins_of_the_one_below() -> None:
    signal_mv = noise(3 * 65536 + 777)
    pyramid = filled(signal_mv)
    assert pyramid.base == LEAST_BASE
    for power, level in enumerate(pyramid.levels):
        width = LEAST_BASE * FACTOR**power
        assert level.lowest.shape[1] == -(-signal_mv.shape[1] // width)
        last = signal_mv[1, (level.lowest.shape[1] - 1) * width :]
        assert float(level.highest[1, -1]) == pytest.approx(float(last.max()), rel=HALF)


def test_filling_in_any_order_gives_the_same() -> None:
    signal_mv = noise(5 * 65536 + 1, gaps=9)
    forwards, backwards = filled(signal_mv), Pyramid(*signal_mv.shape)
    for part in reversed(range(len(backwards.built))):
        backwards.read_part(part, reader(signal_mv))
    for one, other in zip(forwards.levels, backwards.levels, strict=True):
        assert np.array_equal(one.lowest, other.lowest, equal_nan=True)
        assert np.array_equal(one.highest, other.highest, equal_nan=True)
        assert one.holed is not None
        assert other.holed is not None
        assert (one.holed == other.holed).all()


def test_what_is_not_filled_yet_is_unknown_and_not_zero() -> None:
    signal_mv = noise(4 * 65536)
    pyramid = Pyramid(*signal_mv.shape)
    edges = np.arange(0, 4 * 65536 + 1, 8192)
    assert np.isnan(pyramid.columns(0, edges, 4096).lowest).all()
    assert pyramid.n_bytes == 0, "memory is taken when there is something to keep"
    pyramid.read_part(2, reader(signal_mv))
    found = pyramid.columns(0, edges, 4096)
    assert np.isfinite(found.lowest).tolist() == [16 <= column < 24 for column in range(32)]
    assert pyramid.fraction == 0.25
    assert not pyramid.is_complete


def test_filling_stops_when_nobody_asks_and_goes_on_where_it_was() -> None:
    signal_mv = noise(4 * 65536)
    pyramid, reads = Pyramid(*signal_mv.shape), []

    def read(start: int, stop: int) -> NDArray[np.float32]:
        reads.append(start // 65536)
        return signal_mv[:, start:stop]

    work = fill(pyramid, read)
    assert (next(work), next(work)) == (0, 1)
    work.close()
    assert reads == [0, 1]
    assert list(fill(pyramid, read)) == [2, 3]
    assert pyramid.is_complete


def test_parts_that_grew_are_filled_again() -> None:
    signal_mv = noise(4 * 65536)
    pyramid = filled(signal_mv)
    signal_mv[:, 70_000:140_000] += 10
    pyramid.forget(70_000, 140_000)
    assert pyramid.built.tolist() == [True, False, False, True]
    assert list(fill(pyramid, reader(signal_mv))) == [1, 2]
    found = pyramid.columns(0, np.array([0, 65536, 2 * 65536, 3 * 65536, 4 * 65536]), 16384)
    assert (found.highest > 10).tolist() == [False, True, True, False]


def test_bins_grow_with_length_so_that_memory_does_not() -> None:
    day = Pyramid(12, 24 * 3600 * 500)
    fortnight = Pyramid(12, 14 * 24 * 3600 * 1000)
    assert day.base == 64
    assert fortnight.base == 1024
    for pyramid in (day, fortnight):
        values = sum(
            2 * 12 * (pyramid.n_samples // (pyramid.base * FACTOR**power)) for power in range(6)
        )
        assert 2 * values < 110e6


def test_values_beyond_half_precision_stay_finite() -> None:
    signal_mv = np.full((1, 70_000), 1e9, dtype=np.float32)
    signal_mv[0, ::2] = -1e9
    found = filled(signal_mv).columns(0, np.array([0, 70_000]), 64)
    assert (found.lowest[0], found.highest[0]) == (-65504, 65504)
