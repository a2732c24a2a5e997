"""Loops of the heart vector: known vectors come back, whatever the offsets and the odd beats."""

from __future__ import annotations

import numpy as np
import pytest

from ecgview.signals.beat_plan import plan_beats
from ecgview.signals.vectorcardiogram import average_loop, qrs_t_angle_deg

FS_HZ = 500.0
QRS_MV, T_MV = np.array([1.2, 0.6, 0.3]), np.array([0.3, 0.3, 0.0])


def bump(time_s: np.ndarray, centre_s: float, width_s: float) -> np.ndarray:
    return np.exp(-0.5 * ((time_s - centre_s) / width_s) ** 2)


def heart(
    beats_s: tuple[float, ...] = tuple(np.arange(0.6, 9.5, 0.85)), duration_s: float = 10.0
) -> np.ndarray:
    """X, Y, Z of beats whose QRS complex and T wave point along known vectors, with offsets."""
    time_s = np.arange(round(duration_s * FS_HZ)) / FS_HZ
    frank_mv = np.array([[0.7], [-0.4], [2.0]]) + np.zeros((3, len(time_s)))
    for beat_s in beats_s:
        frank_mv += np.outer(QRS_MV, bump(time_s, beat_s, 0.012))
        frank_mv += np.outer(T_MV, bump(time_s, beat_s + 0.28, 0.04))
    return frank_mv


def test_known_vectors_and_their_angle_come_back() -> None:
    frank_mv = heart()
    plan = plan_beats(frank_mv, FS_HZ)
    assert plan is not None
    loop = average_loop(frank_mv, plan)
    assert loop.beats == 11
    np.testing.assert_allclose(loop.peak(loop.qrs), QRS_MV, atol=0.01)
    np.testing.assert_allclose(loop.peak(loop.t), T_MV, atol=0.01)
    cosine = QRS_MV @ T_MV / np.linalg.norm(QRS_MV) / np.linalg.norm(T_MV)
    assert qrs_t_angle_deg(loop) == pytest.approx(np.degrees(np.arccos(cosine)), abs=1)
    assert np.abs(loop.frank_mv[:, loop.p]).max() < 0.01


def test_beats_are_laid_over_each_other_to_the_sample() -> None:
    rng = np.random.default_rng(1)
    frank_mv = heart() + rng.normal(scale=0.02, size=(3, 5000))
    plan = plan_beats(frank_mv, FS_HZ)
    assert plan is not None
    peaks = [int(np.argmax(frank_mv[0, onset : onset + 60])) for onset in plan.onsets]
    assert np.ptp(peaks) <= 2
    assert average_loop(frank_mv, plan).peak(slice(None))[0] == pytest.approx(1.2, abs=0.04)


def test_one_odd_beat_changes_nothing() -> None:
    frank_mv = heart()
    plan = plan_beats(frank_mv, FS_HZ)
    assert plan is not None
    before = average_loop(frank_mv, plan).frank_mv
    onset = plan.onsets[4]
    frank_mv[:, onset : onset + 60] *= -2
    np.testing.assert_allclose(average_loop(frank_mv, plan).frank_mv, before, atol=0.01)


def test_beats_with_gaps_are_left_out() -> None:
    frank_mv = heart()
    plan = plan_beats(frank_mv, FS_HZ)
    assert plan is not None
    frank_mv[1, plan.onsets[2] + 5] = np.nan
    loop = average_loop(frank_mv, plan)
    assert loop.beats == len(plan.onsets) - 1
    assert np.isfinite(loop.frank_mv).all()
    frank_mv[:] = np.nan
    assert average_loop(frank_mv, plan).beats == 0


@pytest.mark.parametrize(
    "frank_mv", [np.zeros((3, 5000)), heart((), 10.0), heart((0.1,), 2.0), np.zeros((3, 100))]
)
def test_without_a_whole_beat_there_is_no_plan(frank_mv: np.ndarray) -> None:
    assert plan_beats(frank_mv, FS_HZ) is None
