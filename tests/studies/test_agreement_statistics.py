"""Statistics of pairs: against scipy, closed forms, and estimates whose fault is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from ecgview.studies.agreement.results import CALIBRATED, INVENTED, OVER_SHRUNK, UNDECIDED
from ecgview.studies.agreement.statistics import compared, holm, squared_correlations
from ecgview.studies.agreement.table import reading_of

Array = NDArray[np.float64]


def pairs(n: int = 400, seed: int = 1) -> tuple[Array, Array]:
    """Real amplitudes of which half of the variance is known, and the conditional mean."""
    rng = np.random.default_rng(seed)
    known, unknown = rng.normal(size=(2, n, 1))
    return 1000 + 200 * (known + unknown), 1000 + 200 * known


def read(real: Array, estimated: Array) -> str:
    figures = compared(real, estimated)
    return reading_of(
        *(float(figures[name][0]) for name in ("excess", "excess_low", "excess_high"))
    )


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    real, estimated = pairs(60)
    return {name: float(value[0]) for name, value in compared(real, estimated + 30).items()}


@pytest.fixture(scope="module")
def columns() -> tuple[Array, Array]:
    real, estimated = pairs(60)
    return real[:, 0], estimated[:, 0] + 30


def test_the_t_test_is_scipys(figures: dict[str, float], columns: tuple[Array, Array]) -> None:
    real, estimated = columns
    test = stats.ttest_rel(estimated, real)
    assert figures["t"] == pytest.approx(test.statistic)
    assert figures["t_p"] == pytest.approx(test.pvalue)
    interval = test.confidence_interval(0.95)
    assert (figures["bias_low_uv"], figures["bias_high_uv"]) == pytest.approx(tuple(interval))
    assert figures["bias_uv"] == pytest.approx(np.mean(estimated - real))


def test_variances_are_tested_as_by_hand(
    figures: dict[str, float], columns: tuple[Array, Array]
) -> None:
    real, estimated = columns
    v = estimated.var(ddof=1) / real.var(ddof=1)
    assert figures["variance_ratio"] == pytest.approx(v) and v < 1
    assert figures["f_p"] == pytest.approx(2 * stats.f.cdf(v, 59, 59))
    # Pitman and Morgan: sum and difference are uncorrelated where the variances are equal.
    correlation = stats.pearsonr(estimated + real, estimated - real)
    assert figures["pitman_p"] == pytest.approx(correlation.pvalue)
    expected_t = correlation.statistic * np.sqrt(58 / (1 - correlation.statistic**2))
    assert figures["pitman_t"] == pytest.approx(expected_t)


def test_lines_are_those_of_regressions(
    figures: dict[str, float], columns: tuple[Array, Array]
) -> None:
    real, estimated = columns
    error = estimated - real
    calibration = stats.linregress(estimated, real)
    assert figures["slope"] == pytest.approx(calibration.slope)
    assert figures["intercept_uv"] == pytest.approx(calibration.intercept)
    assert figures["r"] == pytest.approx(calibration.rvalue)
    for name, against in (("real", real), ("mean", (real + estimated) / 2)):
        line = stats.linregress(against, error)
        assert figures[f"slope_on_{name}"] == pytest.approx(line.slope)
        assert figures[f"intercept_on_{name}_uv"] == pytest.approx(line.intercept)
    limits = error.mean() + 1.96 * error.std(ddof=1) * np.array([-1, 1])
    assert (figures["limits_low_uv"], figures["limits_high_uv"]) == pytest.approx(tuple(limits))


def test_the_error_explained_is_the_closed_form(
    figures: dict[str, float], columns: tuple[Array, Array]
) -> None:
    real, estimated = columns
    direct = stats.pearsonr(estimated - real, real).statistic ** 2
    v, r = figures["variance_ratio"], figures["r"]
    closed = (1 - r * np.sqrt(v)) ** 2 / (1 + v - 2 * r * np.sqrt(v))
    assert figures["error_r2"] == pytest.approx(direct) == pytest.approx(closed)


def test_a_conditional_mean_reads_calibrated() -> None:
    real, estimated = pairs()
    figures = compared(real, estimated)
    assert figures["variance_ratio"][0] == pytest.approx(figures["r2"][0], abs=0.1)
    assert figures["slope"][0] == pytest.approx(1, abs=0.1)
    assert figures["error_r2"][0] == pytest.approx(1 - figures["r2"][0], abs=0.1)
    assert read(real, estimated) == CALIBRATED


def test_faults_are_named() -> None:
    real, estimated = pairs()
    noise = np.random.default_rng(2).normal(scale=200, size=real.shape)
    assert read(real, 1000 + 0.5 * (estimated - 1000)) == OVER_SHRUNK
    assert read(real, estimated + noise) == INVENTED
    # What goes the other way than life is made up, whatever its variance.
    assert read(real, 2000 - estimated) == INVENTED
    few = [values[:15] for values in pairs(seed=5)]
    assert read(*few) == UNDECIDED


def test_an_affine_change_is_read_as_such() -> None:
    real, estimated = pairs()
    moved = compared(real, estimated + 500)
    still = compared(real, estimated)
    for name in ("variance_ratio", "r2", "slope", "error_r2", "excess_low", "pitman_p"):
        assert moved[name] == pytest.approx(still[name])
    assert moved["bias_uv"] == pytest.approx(still["bias_uv"] + 500)


def test_intervals_cover_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    known, unknown = rng.normal(size=(2, 80, 400))
    figures = compared(known + unknown, known)
    for name, truth in (("bias_uv", 0.0), ("variance_ratio", 0.5), ("r2", 0.5), ("slope", 1.0)):
        low, high = (figures[name.removesuffix("_uv") + end] for end in _ends(name))
        inside = np.mean((low <= truth) & (truth <= high))
        assert 0.9 < inside < 0.985, (name, inside)


def _ends(name: str) -> tuple[str, str]:
    return ("_low_uv", "_high_uv") if name.endswith("_uv") else ("_low", "_high")


def test_it_is_the_same_every_time() -> None:
    first, second = (compared(*pairs(50)) for _ in range(2))
    assert first.keys() == second.keys()
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name])


def test_missing_values_are_left_out_pair_by_pair() -> None:
    real, estimated = (np.repeat(values, 2, axis=1) for values in pairs(50))
    real[:7, 1], estimated[40:, 1] = np.nan, np.nan
    figures = compared(real, estimated)
    alone = compared(real[7:40, 1:], estimated[7:40, 1:])
    assert figures["patients"].tolist() == [50, 33]
    for name in ("bias_uv", "variance_ratio", "r", "pitman_p", "error_r2", "limits_low_uv"):
        assert figures[name][1] == pytest.approx(alone[name][0])


def test_what_is_not_defined_is_nan() -> None:
    real, estimated = pairs(30)
    constant = compared(real, np.full_like(real, 900.0))
    assert np.isnan([constant[name][0] for name in ("r", "r2", "slope", "excess")]).all()
    assert constant["variance_ratio"][0] == 0 and np.isfinite(constant["bias_uv"][0])
    assert reading_of(np.nan, np.nan, np.nan) == ""
    perfect = compared(real, real)
    assert np.isnan(perfect["error_r2"][0]) and perfect["bias_uv"][0] == 0
    nothing = compared(np.full_like(real, np.nan), estimated)
    assert nothing["patients"][0] == 0 and np.isnan(nothing["bias_uv"][0])


def test_holm_by_hand() -> None:
    adjusted = holm(np.array([0.04, 0.01, np.nan, 0.03, 0.9]))
    np.testing.assert_allclose(adjusted, [0.09, 0.04, np.nan, 0.09, 0.9])


def test_squared_correlations_are_numpys() -> None:
    values = np.random.default_rng(4).normal(size=(30, 3)) @ np.array(
        [[1, 1, 0], [0, 1, 0], [0, 0, 1]]
    )
    values = np.concatenate([values, np.ones((30, 1))], axis=1)
    found = squared_correlations(values)
    np.testing.assert_allclose(found[:3, :3], np.corrcoef(values[:, :3].T) ** 2)
    assert np.isnan(found[3]).all()
