"""Quantiles that hold what is to come, with recordings as the units."""

from __future__ import annotations

import numpy as np
import pytest

from ecgview.engine.intervals.conformal import (
    KindScores,
    conformal_quantile,
    kind_factors,
    kind_weights,
    sample_weights,
)


def evenly(recordings: int, samples: int) -> np.ndarray:
    return np.full((recordings, samples), 1 / samples)


def test_recordings_to_come_are_covered_as_promised() -> None:
    # Recordings differ in scale far more than their samples do: only they may count.
    rng = np.random.default_rng(1)
    shares = []
    for _ in range(300):
        scores = rng.normal(size=(41, 1)) + 0.1 * rng.normal(size=(41, 50))
        level = conformal_quantile(scores[:-1], evenly(40, 50), 0.9)
        shares.append((scores[-1] <= level).mean())
    assert np.mean(shares) == pytest.approx(0.9, abs=0.03)


def test_too_few_recordings_give_the_largest_score() -> None:
    scores = np.array([[0.1, 0.5], [0.2, 0.3]])
    assert conformal_quantile(scores, evenly(2, 2), 0.9) == pytest.approx(0.5, abs=1 / 256)


def test_a_recording_of_many_samples_weighs_no_more_than_one_of_few() -> None:
    scores = np.array([[1.0] * 100, [2.0] * 100, [3.0] * 100])
    weights = np.zeros((3, 100))
    weights[0] = 0.01
    weights[1:, 0] = 1
    assert conformal_quantile(scores, weights, 0.5) == pytest.approx(2, abs=1 / 256)


def test_nothing_to_calibrate_on_gives_no_number() -> None:
    assert np.isnan(conformal_quantile(np.zeros((2, 3)), np.zeros((2, 3)), 0.9))


def test_segments_and_recordings_share_evenly() -> None:
    segments = np.zeros((2, 3, 8), dtype=bool)
    segments[0, 0, :1] = segments[0, 1, 1:4] = segments[0, 2, 4:] = True
    segments[1, 2] = True
    weights = sample_weights(segments)
    assert weights.sum(axis=1) == pytest.approx([1, 1])
    assert weights[0, 0] == pytest.approx(1 / 3)
    assert weights[1] == pytest.approx([1 / 8] * 8)


def test_factors_make_each_kind_nominal_though_kinds_are_only_guessed() -> None:
    rng = np.random.default_rng(2)
    recordings, samples = 400, 60
    kinds = np.zeros((recordings, 2, samples), dtype=bool)
    kinds[:, 0, :20] = kinds[:, 1, 20:] = True
    guess = np.where(kinds, 0.8, 0.2).astype(np.float32)
    # The second kind errs twice as much as the half width says, the first half as much.
    log_ratio = rng.normal(size=(recordings, samples)) * 0.5
    log_ratio += np.where(kinds[:, 1], np.log(2), -np.log(2))
    kind, weights = kind_weights(kinds)
    scores = KindScores(log_ratio, guess, kind, weights)
    factors = kind_factors(scores, np.ones(recordings, dtype=bool), 0.9)
    left = log_ratio - np.einsum("s,rst->rt", factors, guess)
    for number in range(2):
        assert (left[kinds[:, number]] <= 0).mean() == pytest.approx(0.9, abs=0.01)
    assert factors[1] > factors[0]


def test_factors_leave_out_the_recordings_that_do_not_count() -> None:
    kinds = np.ones((4, 1, 10), dtype=bool)
    log_ratio = np.zeros((4, 10))
    log_ratio[3] = 5
    kind, weights = kind_weights(kinds)
    scores = KindScores(log_ratio, np.ones((4, 1, 10), dtype=np.float32), kind, weights)
    counts = np.array([True, True, True, False])
    assert kind_factors(scores, counts, 0.5) == pytest.approx([0], abs=1 / 256)
