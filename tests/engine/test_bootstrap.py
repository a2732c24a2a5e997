from __future__ import annotations

import numpy as np
import pytest

from ecgview.engine.bootstrap import PatientBootstrap, interval


def test_with_one_recording_each_it_is_the_standard_error_of_the_mean() -> None:
    values = np.random.default_rng(1).normal(5, 2, size=(400, 1))
    draws = PatientBootstrap([str(k) for k in range(400)]).means(values)[:, 0]
    low, high = interval(draws)
    error = values.std(ddof=1) / np.sqrt(400)
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=0.15 * error)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=0.15 * error)


def test_ten_recordings_that_are_alike_count_as_one() -> None:
    of_patient = np.random.default_rng(2).normal(size=40)
    values = np.repeat(of_patient, 10)[:, None]
    by_patient = PatientBootstrap([str(k // 10) for k in range(400)]).means(values)
    by_recording = PatientBootstrap([str(k) for k in range(400)]).means(values)
    assert by_patient.std() == pytest.approx(np.sqrt(10) * by_recording.std(), rel=0.1)


def test_missing_figures_are_left_out_of_the_mean() -> None:
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    draws = PatientBootstrap(["a", "b", "c"], draws=200).means(values)
    defined = draws[np.isfinite(draws[:, 0]), 0]
    assert set(np.round(defined, 6)) <= {1.0, 3.0, 2.0, 1.666667, 2.333333}
    assert np.isnan(draws[:, 1]).all()
    assert np.isnan(interval(draws[:, 1])).all()


def test_the_seed_decides() -> None:
    values = np.random.default_rng(3).normal(size=(30, 2))
    patients = [str(k % 11) for k in range(30)]
    first, second = (PatientBootstrap(patients, seed=4).means(values) for _ in range(2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, PatientBootstrap(patients, seed=5).means(values))
