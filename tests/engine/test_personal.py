"""Calibration to a person: closed form, exactness, what is refused, and who is noticed."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from beats import make_recording, twelve_lead_array

from ecgview.engine.cards import ModelCard, list_models
from ecgview.engine.events import Finished, Progress
from ecgview.engine.metrics import agreement
from ecgview.engine.personal.calibrate import calibrate, calibration_events
from ecgview.engine.personal.card import calibration_card, can_verify, tried_on
from ecgview.engine.personal.chosen import INTERVAL_FACTORS
from ecgview.engine.personal.least_squares import Products, shrunken
from ecgview.engine.personal.lesson import MOST_S
from ecgview.engine.personal.mismatch import mismatches
from ecgview.engine.reconstruct import reconstruct, reconstruction_events
from ecgview.engine.sidecar import calibration_options
from ecgview.errors import EcgviewError, LeadError, ModelError, RecordingError
from ecgview.formats import open_recording
from ecgview.leads import LEAD_INDEX, LEADS, LIMB_FROM_I_II
from ecgview.personal import PersonalCalibration, lagged, mean_checks
from ecgview.recording import ArraySource, Patient, Recording, recording_from_array

SETS = [("I", "II", "V2"), ("aVR",), ("III",), ("aVL", "V1"), ("V1", "V6"), ("II", "III", "V4")]


def products(seed: int = 0) -> tuple[np.ndarray, np.ndarray, Products]:
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(8, 8)) @ rng.normal(size=(8, 400))
    targets = rng.normal(size=(3, 8)) @ features + 0.1 * rng.normal(size=(3, 400))
    return features, targets, Products.of(features, targets)


def test_without_shrinkage_it_is_plain_least_squares() -> None:
    features, targets, its = products()
    plain, *_ = np.linalg.lstsq(features.T, targets.T)
    assert shrunken(its, np.eye(3, 8), 0.0) == pytest.approx(plain.T, rel=1e-6, abs=1e-8)


def test_without_shrinkage_dependent_features_get_the_least_norm_beside_the_start() -> None:
    features, targets, _ = products()
    doubled = np.vstack([features, features[:2]])
    found = shrunken(Products.of(doubled, targets), np.zeros((3, 10)), 0.0)
    plain, *_ = np.linalg.lstsq(doubled.T, targets.T)
    assert found == pytest.approx(plain.T, rel=1e-4, abs=1e-6)


def test_with_infinite_shrinkage_nothing_changes() -> None:
    _, _, its = products()
    start = np.eye(3, 8)
    assert np.array_equal(shrunken(its, start, np.inf), start)
    assert shrunken(its, start, 1e9) == pytest.approx(start, abs=1e-6)


def test_shrinkage_minimises_what_it_says() -> None:
    features, targets, its = products()
    start, s = np.eye(3, 8), 0.7
    gram = features @ features.T / 400
    penalty = gram + np.diag(np.diag(gram))

    def cost(matrix: np.ndarray) -> float:
        away = matrix - start
        fit = np.square(targets - matrix @ features).mean(axis=1).sum()
        return float(fit + s * np.trace(away @ penalty @ away.T))

    best = shrunken(its, start, s)
    rng = np.random.default_rng(1)
    others = [cost(best + 1e-3 * rng.normal(size=best.shape)) for _ in range(20)]
    assert cost(best) < min(others)


def test_lagged_leads_are_those_before_and_after() -> None:
    signal = np.arange(20.0)[None]
    now, before, after = lagged(signal, 125.0)
    assert np.array_equal(now, signal[0])
    assert np.array_equal(before[3:], signal[0, :-3])
    assert np.array_equal(after[:-3], signal[0, 3:])
    assert before[0] == 0.0 and after[-1] == 19.0


@pytest.mark.parametrize("available", SETS)
def test_measured_leads_and_identities_stay_exact(
    tiny_card: ModelCard, available: tuple[str, ...]
) -> None:
    earlier, later = make_recording(seed=1), make_recording(seed=2)
    personal = calibrate(earlier, available, str(tiny_card.path), "cpu")
    result = reconstruct(later, available, str(tiny_card.path), "cpu", personal=personal)
    assert np.array_equal(result.read(available), later.read(available))
    limb_mv = result.read(LEADS[:6]).astype(np.float64)
    assert LIMB_FROM_I_II @ limb_mv[:2] == pytest.approx(limb_mv, abs=2e-6)
    assert result.personal is personal
    plain = reconstruct(later, available, str(tiny_card.path), "cpu")
    assert np.abs(result.read() - plain.read()).max() > 0.01


def test_a_long_recording_is_calibrated_as_in_one_piece(tiny_card: ModelCard) -> None:
    earlier = make_recording(seed=1)
    long = make_recording(duration_s=70.0, seed=2)
    personal = calibrate(earlier, ("I", "II"), str(tiny_card.path), "cpu")
    whole = reconstruct(long, ("I", "II"), str(tiny_card.path), "cpu", personal=personal).read()
    model = (str(tiny_card.path), "cpu")
    events = list(
        reconstruction_events(long, ("I", "II"), *model, first=(9000, 10000), personal=personal)
    )
    assert isinstance(events[-1], Finished)
    assert np.array_equal(events[-1].result.read(), whole)
    middle = long.n_samples // 2
    part = replace(long, source=ArraySource(long.read(LEADS)[:, middle - 10_000 : middle + 10_000]))
    cut = reconstruct(part, ("I", "II"), *model, personal=personal).read(("V3",))
    # Away from the ends of the part only the level of its own baseline differs.
    inside = whole[LEAD_INDEX["V3"], middle - 5_000 : middle + 5_000]
    assert np.std(cut[0, 5_000:15_000] - inside) < 0.01


def test_it_learns_what_the_person_is_like(tiny_card: ModelCard) -> None:
    recording = make_recording(seed=4)
    personal = calibrate(recording, ("I", "II"), str(tiny_card.path), "cpu")
    mean = mean_checks(personal.checks)
    assert mean is not None and mean.pcc_before is not None and mean.pcc_after is not None
    assert mean.pcc_after > mean.pcc_before + 0.1
    assert mean.rmse_after_uv < 0.5 * mean.rmse_before_uv
    plain = reconstruct(recording, ("I", "II"), str(tiny_card.path), "cpu")
    better = reconstruct(recording, ("I", "II"), str(tiny_card.path), "cpu", personal=personal)
    figures = [agreement(recording, one, clean=True).mean_pcc_chest for one in (plain, better)]
    assert figures[0] is not None and figures[1] is not None and figures[1] > figures[0] + 0.1


def test_another_rate_teaches_the_same(tiny_card: ModelCard) -> None:
    fast = make_recording(fs_hz=500.0, seed=3)
    signals = {lead: fast.read([lead])[0, ::2] for lead in LEADS}
    slow = recording_from_array("slow", signals, 250.0)
    one, other = (
        calibrate(its, ("I", "II"), str(tiny_card.path), "cpu").checks for its in (fast, slow)
    )
    # Taking every other sample folds noise over; what is learnt is the same.
    for mine, its in zip(one, other, strict=True):
        assert its.rmse_after_uv == pytest.approx(mine.rmse_after_uv, rel=0.4)
        assert its.rmse_after_uv < 0.3 * its.rmse_before_uv


def test_gaps_are_not_learnt_from(tiny_card: ModelCard) -> None:
    whole = make_recording(duration_s=20.0, seed=3)
    signals = whole.read(LEADS)
    signals[LEAD_INDEX["V3"], 3000:4000] = np.nan
    holed = replace(whole, source=ArraySource(signals))
    model = (str(tiny_card.path), "cpu")
    with_gap, without = (calibrate(one, ("I", "II"), *model).matrix for one in (holed, whole))
    assert np.isfinite(with_gap).all()
    assert np.abs(with_gap - without).max() < 0.2 * np.abs(without).max()


def without(*absent: str) -> Recording:
    return make_recording(leads=[lead for lead in LEADS if lead not in absent])


def flat_v5() -> Recording:
    signals = twelve_lead_array(500.0, 10.0)
    signals[LEAD_INDEX["V5"]] = 0.3
    return recording_from_array("flat", dict(zip(LEADS, signals, strict=True)), 500.0)


@pytest.mark.parametrize(
    ("recording", "kind", "words"),
    [
        (without("V4"), LeadError, "lacks V4"),
        (without("II", "III", "aVR", "aVL", "aVF"), LeadError, "lacks II"),
        (make_recording(duration_s=3.0), RecordingError, "3.0 s of all leads"),
        (flat_v5(), LeadError, "V5 of flat is flat"),
    ],
)
def test_what_cannot_teach_is_refused(
    tiny_card: ModelCard, recording: Recording, kind: type[EcgviewError], words: str
) -> None:
    with pytest.raises(kind, match=words) as raised:
        calibrate(recording, ("I",), str(tiny_card.path), "cpu")
    assert raised.value.hint


def test_mostly_gaps_are_refused(tiny_card: ModelCard) -> None:
    signals = twelve_lead_array(500.0, 10.0)
    signals[3, 1000:] = np.nan
    holed = recording_from_array("holed", dict(zip(LEADS, signals, strict=True)), 500.0)
    with pytest.raises(RecordingError, match=r"2\.0 s of all leads"):
        calibrate(holed, ("I",), str(tiny_card.path), "cpu")


def test_limb_leads_that_follow_need_not_be_in_the_file(tiny_card: ModelCard) -> None:
    personal = calibrate(without("III", "aVR", "aVL", "aVF"), ("I", "II"), str(tiny_card.path))
    assert personal.leads == ("V1", "V2", "V3", "V4", "V5", "V6")


def test_nothing_to_rebuild_is_nothing_to_calibrate(tiny_card: ModelCard) -> None:
    with pytest.raises(LeadError, match="nothing to calibrate"):
        calibrate(make_recording(), LEADS, str(tiny_card.path), "cpu")


def test_a_published_transform_is_not_calibrated() -> None:
    with pytest.raises(ModelError, match="cannot be calibrated"):
        calibrate(make_recording(), ("I", "II"), "kors", "cpu")


def test_a_calibration_is_for_its_model_and_leads(tiny_card: ModelCard) -> None:
    recording = make_recording()
    personal = calibrate(recording, ("I", "II"), str(tiny_card.path), "cpu")
    with pytest.raises(LeadError, match="is for I, II, not I, II, V2"):
        reconstruct(recording, ("I", "II", "V2"), str(tiny_card.path), "cpu", personal=personal)
    other = replace(personal, model_sha256="0" * 64)
    with pytest.raises(ModelError, match="Calibrate again"):
        reconstruct(recording, ("I", "II"), str(tiny_card.path), "cpu", personal=other)


def test_no_more_than_a_minute_is_learnt_from(tiny_card: ModelCard) -> None:
    long = make_recording(fs_hz=250.0, duration_s=90.0)
    assert calibrate(long, ("I", "II"), str(tiny_card.path), "cpu").seconds == MOST_S


def test_it_can_be_stopped_before_it_learns(tiny_card: ModelCard) -> None:
    events = calibration_events(make_recording(), ("I",), str(tiny_card.path), "cpu")
    assert isinstance(events, Generator)
    assert isinstance(next(events), Progress)
    events.close()
    assert next(events, None) is None


def test_a_stretch_of_the_same_recording_is_verified_beside_it(tiny_card: ModelCard) -> None:
    recording = make_recording(duration_s=20.0)
    personal = calibrate(
        recording, ("I", "II"), str(tiny_card.path), situation="same", start=1000, stop=4000
    )
    assert personal.source_words == "2 to 8 s of this recording"
    assert tried_on(recording, personal) == (4000, 10_000)
    assert can_verify(recording, personal)
    assert not can_verify(recording, personal, (3000, 10_000))
    assert mismatches(recording, personal) == ()


def test_no_sample_that_was_learnt_from_is_compared(tiny_card: ModelCard) -> None:
    recording = make_recording()
    personal = calibrate(
        recording, ("I", "II"), str(tiny_card.path), situation="same", start=7, stop=2527
    )
    assert tried_on(recording, personal) == (2527, recording.n_samples)
    assert not can_verify(recording, personal, (2520, recording.n_samples))
    made = reconstruct(recording, ("I", "II"), str(tiny_card.path), personal=personal)
    assert calibration_options(made) == " --calibrate-stretch 0.014 5.04"
    assert personal.source_words == "0.01 to 5.05 s of this recording"


@pytest.mark.parametrize(("duration_s", "factor"), [(10.0, INTERVAL_FACTORS["same"]), (60.0, 1.0)])
def test_the_interval_narrows_only_near_what_was_learnt_from(
    tiny_card: ModelCard, duration_s: float, factor: float
) -> None:
    recording = make_recording(duration_s=duration_s)
    model = (str(tiny_card.path), "cpu")
    same = calibrate(recording, ("I", "II"), *model, situation="same", stop=3000)
    assert same.interval_factor == factor
    assert calibrate(recording, ("I", "II"), *model).interval_factor == 1.0


@pytest.mark.skipif(not list_models(), reason="no model is bundled")
def test_the_interval_of_the_bundled_model_is_multiplied() -> None:
    recording = make_recording()
    personal = calibrate(recording, ("I", "II"), situation="same", stop=3000)
    plain, better = (
        reconstruct(recording, ("I", "II"), personal=one).interval for one in (None, personal)
    )
    assert plain is not None and better is not None
    widths_mv = [one.half_width(("V3",), clean=True) for one in (plain, better)]
    assert widths_mv[0].min() > 0
    assert widths_mv[1] == pytest.approx(INTERVAL_FACTORS["same"] * widths_mv[0], rel=1e-4)


def test_where_no_lead_is_recorded_it_is_not_verified(tiny_card: ModelCard) -> None:
    personal = calibrate(make_recording(seed=1), ("I", "II"), str(tiny_card.path))
    bare = without("V1", "V2", "V3", "V4", "V5", "V6")
    result = reconstruct(bare, ("I", "II"), str(tiny_card.path), "cpu", personal=personal)
    card = calibration_card(bare, result)
    assert card is not None and card["verified"].startswith("not verified")
    full = make_recording(seed=2)
    result = reconstruct(full, ("I", "II"), str(tiny_card.path), "cpu", personal=personal)
    card = calibration_card(full, result)
    assert card is not None and set(card["verified"]["leads"]) == set(personal.leads)


def about(recording: Recording, identifier: str, started: str) -> Recording:
    return replace(recording, patient=Patient(identifier=identifier), started=started)


def test_other_people_and_later_days_are_noticed_and_nobody_is_named(tiny_card: ModelCard) -> None:
    earlier = about(make_recording(seed=1), "PX1", "1988-03-02T10:00:00")
    later = about(make_recording(seed=1), "PX1", "1990-01-01")
    model = (str(tiny_card.path), "cpu")
    personal = calibrate(earlier, ("I", "II"), *model)
    assert personal.source_words == "an ECG of 2 Mar 1988, 10 s"
    assert mismatches(later, personal) == ()
    assert mismatches(about(later, "Unknown", ""), personal) == ()
    found = mismatches(about(later, "PX2", "1987-12-31"), personal)
    assert [one.kind for one in found] == ["patient", "order"]
    assert not any("PX" in one.sentence for one in found)
    card = calibration_card(later, reconstruct(later, ("I", "II"), *model, personal=personal))
    assert card is not None and card["date"] == "1988-03-02" and "PX1" not in str(card)


def test_reversed_electrodes_are_noticed(tiny_card: ModelCard) -> None:
    personal = calibrate(make_recording(seed=1), ("I", "II"), str(tiny_card.path), "cpu")
    later = make_recording(seed=1)
    signals = {lead: later.read([lead])[0] for lead in LEADS}
    one, two = signals["I"], signals["II"]
    limbs = LIMB_FROM_I_II @ np.stack([-one, two - one])
    signals |= dict(zip(LEADS[:6], limbs.astype(np.float32), strict=True))
    changed = recording_from_array("reversed", signals, 500.0)
    assert [one.kind for one in mismatches(changed, personal)] == ["shape"]


def test_a_recording_without_beats_is_told_of(tiny_card: ModelCard) -> None:
    personal = calibrate(make_recording(seed=1), ("I", "II"), str(tiny_card.path), "cpu")
    still = recording_from_array("still", {lead: np.zeros(5000) for lead in LEADS}, 500.0)
    assert [one.kind for one in mismatches(still, personal)] == ["no-beat"]
    brief = recording_from_array("brief", {lead: np.zeros(3) for lead in LEADS}, 500.0)
    assert [one.kind for one in mismatches(brief, personal)] == ["no-beat"]


_PAIRS = (("06000/06248_hr", "06000/06255_hr"), ("10000/10534_hr", "12000/12248_hr"))


def of_ptb_xl(data_dir: Path, name: str) -> Recording:
    return open_recording(data_dir / "ptb-xl" / "records500" / f"{name}.hea")


@pytest.mark.real_data
@pytest.mark.skipif(not list_models(), reason="no model is bundled")
@pytest.mark.parametrize("names", _PAIRS)
def test_an_earlier_ecg_helps_these_patients_of_fold_9(
    data_dir: Path, names: tuple[str, str]
) -> None:
    earlier, later = (of_ptb_xl(data_dir, name) for name in names)
    leads = ("I", "II")
    personal = calibrate(earlier, leads)
    assert mismatches(later, personal) == ()
    plain, better = (
        agreement(later, reconstruct(later, leads, personal=one), clean=True)
        for one in (None, personal)
    )
    assert plain.mean_pcc_chest is not None and better.mean_pcc_chest is not None
    assert better.mean_pcc_chest > plain.mean_pcc_chest + 0.01


@pytest.mark.real_data
@pytest.mark.skipif(not list_models(), reason="no model is bundled")
def test_another_patient_is_noticed(data_dir: Path) -> None:
    stranger, later = of_ptb_xl(data_dir, "20000/20148_hr"), of_ptb_xl(data_dir, "06000/06255_hr")
    personal: PersonalCalibration = calibrate(stranger, ("I", "II", "V2"))
    assert "shape" in [one.kind for one in mismatches(later, personal)]
