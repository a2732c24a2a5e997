"""The figures of one row of the table, against formulas written out."""

from __future__ import annotations

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.engine.differences import as_plain, differences, from_plain
from ecgview.engine.scoring import Truth
from ecgview.errors import ModelError
from ecgview.leads import LEAD_INDEX, LEADS

AVAILABLE = ("I", "II", "V2")


@pytest.fixture(scope="module")
def twelve_mv() -> np.ndarray:
    return np.stack([twelve_lead_array(125.0, 10.0, seed=seed) for seed in range(8)])


@pytest.fixture(scope="module")
def truth(twelve_mv: np.ndarray) -> Truth:
    return Truth(twelve_mv, 125.0, [str(k // 2) for k in range(8)])


def noisy(twelve_mv: np.ndarray, noise_mv: float = 0.05) -> np.ndarray:
    noise = np.random.default_rng(5).normal(0, noise_mv, twelve_mv.shape)
    return (twelve_mv + noise).astype(np.float32)


def test_raw_figures_are_those_of_the_formulas(truth: Truth, twelve_mv: np.ndarray) -> None:
    estimate_mv = noisy(twelve_mv)
    score = truth.score("made up", AVAILABLE, estimate_mv).score
    assert [lead.lead for lead in score.leads] == ["V1", "V3", "V4", "V5", "V6"]
    a, b = (
        signals[:, LEAD_INDEX["V4"], :1024].astype(np.float64)
        - np.median(signals[:, LEAD_INDEX["V4"], :1024], axis=1)[:, None]
        for signals in (twelve_mv, estimate_mv)
    )
    pcc = [np.corrcoef(*pair)[0, 1] for pair in zip(a, b, strict=True)]
    squared = ((a - b) ** 2).mean(axis=1)
    v4 = score.leads[2].summaries
    assert v4["raw_pcc"].mean == pytest.approx(np.mean(pcc))
    assert v4["raw_pcc"].median == pytest.approx(np.median(pcc))
    assert v4["raw_pcc"].p05 == pytest.approx(np.percentile(pcc, 5))
    assert v4["raw_rmse_uv"].mean == pytest.approx(1000 * np.sqrt(squared).mean(), rel=1e-5)
    assert v4["raw_r2"].mean == pytest.approx((1 - squared / a.var(axis=1)).mean(), rel=1e-5)
    assert v4["raw_pcc"].ci95_low < v4["raw_pcc"].mean < v4["raw_pcc"].ci95_high
    means = [lead.raw_pcc for lead in score.leads]
    assert score.raw_pcc == pytest.approx(np.mean(means))


def test_an_error_inside_qrs_counts_there_alone(truth: Truth, twelve_mv: np.ndarray) -> None:
    phase_s = np.arange(twelve_mv.shape[-1]) / 125 % 0.8 - 0.4
    spike_mv = 0.4 * np.exp(-((phase_s / 0.012) ** 2))
    figures = truth.score("x", AVAILABLE, (twelve_mv + spike_mv).astype(np.float32)).score.summaries
    assert figures["clean_qrs_error_share"].mean > 0.9
    assert figures["clean_st_t_error_share"].mean < 0.1
    assert figures["clean_qrs_rmse_uv"].mean > 2 * figures["clean_rmse_uv"].mean
    # The spike raises R by its 0.4 mV, but not where QRS points down.
    assert figures["clean_r_bias_uv"].p95 == pytest.approx(400, abs=5)
    assert figures["clean_r_bias_uv"].p05 == pytest.approx(0, abs=5)
    bump_mv = 0.2 * np.exp(-(((phase_s - 0.25) / 0.05) ** 2))
    figures = truth.score("x", AVAILABLE, (twelve_mv + bump_mv).astype(np.float32)).score.summaries
    assert figures["clean_st_t_error_share"].mean > 0.7
    assert figures["clean_qrs_rmse_uv"].mean < figures["clean_rmse_uv"].mean
    assert figures["clean_st_t_error_ratio"].median > 3 * figures["clean_qrs_error_ratio"].median


def test_wander_is_in_raw_figures_and_not_in_clean_ones(
    truth: Truth, twelve_mv: np.ndarray
) -> None:
    wander_mv = 0.5 * np.sin(2 * np.pi * 0.15 * np.arange(twelve_mv.shape[-1]) / 125)
    score = truth.score("x", AVAILABLE, (twelve_mv + wander_mv).astype(np.float32)).score
    assert score.raw_rmse_uv > 250
    assert score.clean_rmse_uv < 60


def test_leads_that_a_model_does_not_give_have_no_figures(
    truth: Truth, twelve_mv: np.ndarray
) -> None:
    estimate_mv = noisy(twelve_mv)
    estimate_mv[:, LEAD_INDEX["V5"]] = np.nan
    estimate_mv[3, LEAD_INDEX["V6"]] = np.nan
    score = truth.score("x", ("I",), estimate_mv).score
    assert [lead.lead for lead in score.leads] == [
        lead for lead in LEADS if lead not in ("I", "V5")
    ]
    without_one = noisy(twelve_mv)[[0, 1, 2, 4, 5, 6, 7]]
    others = Truth(twelve_mv[[0, 1, 2, 4, 5, 6, 7]], 125.0, [str(k) for k in range(7)])
    expected = others.score("x", ("I",), without_one).score.leads[-1]
    assert score.leads[-1].clean_pcc == pytest.approx(expected.clean_pcc)
    with pytest.raises(ModelError, match="gives no lead"):
        truth.score("x", ("I",), np.full_like(estimate_mv, np.nan))


def test_a_lead_that_is_flat_has_no_correlation(twelve_mv: np.ndarray) -> None:
    flat_mv = twelve_mv.copy()
    flat_mv[:, LEAD_INDEX["V3"]] = 0
    score = Truth(flat_mv, 125.0, list("abcdefgh")).score("x", AVAILABLE, noisy(flat_mv)).score
    columns = score.leads[1].columns()
    assert columns["raw_pcc_mean"] is None
    assert columns["raw_rmse_uv_mean"] == pytest.approx(50, rel=0.05)


def test_differences_are_paired_over_patients(truth: Truth, twelve_mv: np.ndarray) -> None:
    estimate_mv = noisy(twelve_mv)
    worse_mv = twelve_mv + 1.1 * (estimate_mv - twelve_mv)
    network = truth.score("net", AVAILABLE, estimate_mv)
    line = truth.score("line", AVAILABLE, worse_mv)
    other = truth.score("net", ("I", "II", "V6"), worse_mv)
    to_line, to_best = differences([network, line, other], {"net": "line"})
    assert (to_line.model, to_line.other_model) == ("net", "line")
    mean, low, high = to_line.means["clean_rmse_uv"]
    assert mean == pytest.approx(network.score.clean_rmse_uv - line.score.clean_rmse_uv)
    # Each recording is worse by a tenth: the paired interval is far from 0 where the two overlap.
    assert low < mean < high < 0
    assert high - low < 0.2 * abs(mean)
    assert (to_best.available, to_best.other_available) == (("I", "II", "V6"), AVAILABLE)


def test_a_row_survives_the_way_between_processes(truth: Truth, twelve_mv: np.ndarray) -> None:
    import json

    row = truth.score("x", AVAILABLE, noisy(twelve_mv))
    back = from_plain(json.loads(json.dumps(as_plain(row))))
    assert back.score == row.score
    assert np.array_equal(back.draws["clean_pcc"], row.draws["clean_pcc"])
