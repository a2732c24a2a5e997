from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from beats import make_recording

from ecgview.engine.metrics import agreement, correlation, r_squared, rmse
from ecgview.leads import LEAD_INDEX, LEADS, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, Recording, recording_from_array

AVAILABLE = ("I", "II", "V2")


def reconstruction(
    signals_mv: np.ndarray, available: tuple[str, ...] = AVAILABLE
) -> Reconstruction:
    return Reconstruction(
        available, lead_origins(available), ArraySource(signals_mv), "made up", 62.5, "cpu", 0.0
    )


def pair(scale: float = 0.5, offset_mv: float = 2.0) -> tuple[Recording, Reconstruction]:
    recording = make_recording()
    estimate = recording.read_twelve() * np.float32(scale) + np.float32(offset_mv)
    return recording, reconstruction(estimate)


def test_against_formulas_written_out() -> None:
    rng = np.random.default_rng(0)
    truth, estimate = rng.normal(size=(2, 3, 500))
    np.testing.assert_allclose(
        correlation(truth, estimate), [np.corrcoef(truth[k], estimate[k])[0, 1] for k in range(3)]
    )
    np.testing.assert_allclose(rmse(truth, estimate), np.sqrt(((truth - estimate) ** 2).mean(1)))
    error = ((truth - estimate) ** 2).mean(1)
    np.testing.assert_allclose(r_squared(truth, estimate), 1 - error / truth.var(1))
    assert np.isnan(correlation(np.zeros((1, 9)), estimate[:1, :9])).all()


def test_scale_leaves_pcc_and_offset_leaves_everything() -> None:
    recording, result = pair()
    figures = agreement(recording, result, clean=False)
    v3 = figures.rows[LEAD_INDEX["V3"]]
    truth_mv = recording.read(["V3"])[0]
    half_uv = 500 * np.abs(truth_mv - np.median(truth_mv))
    assert v3.pcc == pytest.approx(1, abs=1e-6)
    assert v3.rmse_uv == pytest.approx(np.sqrt((half_uv**2).mean()), rel=1e-3)
    assert v3.max_uv == pytest.approx(half_uv.max(), rel=1e-3)


def test_measured_and_derived_leads_never_count() -> None:
    figures = agreement(*pair(), clean=False)
    by_lead = dict(zip(LEADS, figures.rows, strict=True))
    assert by_lead["V2"].pcc is by_lead["V2"].rmse_uv is None
    assert by_lead["aVL"].pcc is None
    assert by_lead["aVL"].rmse_uv is not None
    assert (figures.n_chest, figures.n_all) == (5, 5)


def test_the_two_means_differ_where_limb_leads_are_estimates() -> None:
    recording = make_recording()
    estimate = recording.read_twelve()
    estimate[LEAD_INDEX["II"]] *= -1
    figures = agreement(recording, reconstruction(estimate, ("I",)), clean=False)
    assert figures.mean_pcc_chest == pytest.approx(1)
    assert figures.n_all == 11
    assert figures.mean_pcc_all == pytest.approx((10 - 1) / 11)


def test_flat_and_absent_references_are_not_defined() -> None:
    recording = make_recording(leads=("I", "II", "V2", "V4", "V5"))
    source = recording.source
    assert isinstance(source, ArraySource)
    signals_mv = source.signals_mv.copy()
    signals_mv[3] = 0.7
    recording = replace(recording, source=ArraySource(signals_mv))
    figures = agreement(recording, reconstruction(make_recording().read_twelve()), clean=False)
    by_lead = dict(zip(LEADS, figures.rows, strict=True))
    assert by_lead["V4"].pcc is by_lead["V4"].rmse_uv is None
    assert by_lead["V1"].pcc is None
    assert by_lead["V5"].pcc == pytest.approx(1)
    assert figures.n_chest == 1


def test_clean_forgives_wander_and_raw_does_not() -> None:
    recording = make_recording()
    wander = np.sin(2 * np.pi * 0.1 * np.arange(5000) / 500, dtype=np.float32)
    result = reconstruction(recording.read_twelve() + wander)
    raw = agreement(recording, result, clean=False).mean_pcc_chest
    cleaned = agreement(recording, result, clean=True).mean_pcc_chest
    assert raw is not None
    assert cleaned is not None
    assert raw < 0.6 < 0.97 < cleaned


def test_a_stretch_and_a_gap() -> None:
    recording = make_recording()
    estimate = recording.read_twelve()
    estimate[:, 1000:] = 0
    figures = agreement(recording, reconstruction(estimate), clean=False, start=200, stop=1000)
    assert figures.mean_pcc_chest == pytest.approx(1)
    estimate[:, 1000:] = np.nan
    figures = agreement(recording, reconstruction(estimate), clean=False)
    assert figures.mean_pcc_chest == pytest.approx(1)


def test_an_empty_recording_of_one_lead_has_no_figures() -> None:
    recording = recording_from_array("x", {"I": np.zeros(100)}, 500.0)
    figures = agreement(recording, reconstruction(np.zeros((12, 100)), ("I",)), clean=True)
    assert figures.mean_pcc_chest is figures.mean_pcc_all is None
