"""What signs are made of: mistakes, figures of single leads, standards, words."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ecgview.engine.cards import set_key
from ecgview.engine.signs import mistakes
from ecgview.engine.signs.figures import heart_rate_bpm, lead_figures, spikes_mv
from ecgview.engine.signs.judging import Judgement
from ecgview.engine.signs.leave_one_out import basis, pairs_of_rest_and_lead
from ecgview.engine.signs.mistakes import all_mistakes
from ecgview.engine.signs.sign import Rate
from ecgview.engine.signs.standards import ANY, Standards, standards_of, write_standards
from ecgview.engine.signs.stretches import cut, starts_s
from ecgview.engine.signs.words import judgement_signs, lead_signs
from ecgview.errors import ModelError
from ecgview.leads import LEAD_INDEX, LEADS, LIMB_FROM_I_II
from ecgview.recording import recording_from_array
from ecgview.simulate import simulate

LIMITS = {
    "least_spread_mv": 0.05,
    "noise_mv": 0.1,
    "wander_mv": 0.6,
    "largest_mv": 6.0,
    "slowest_bpm": 43.0,
    "fastest_bpm": 160.0,
    "spikes_mv": 0.27,
}
STANDARDS = Standards(
    moments=tuple(tuple(row) for row in np.eye(8).tolist()),
    misfits={},
    ratios={},
    gains={ANY: {}},
    limits={ANY: {"misfit": 3.0, "ratio": 3.0, "mistake": 3.0}},
    signals=LIMITS,
    rates={f"mistake|V1 and V2|{set_key(LEADS)}": Rate(0.9, 50, 0.01, 200)},
)


def mistake(key):
    return next(one for one in all_mistakes() if one.key == key)


def electrodes_exchanged(one, other):
    """The twelve leads of potentials, and with two electrodes exchanged; shape (12, samples)."""
    potentials = dict(
        zip(("RA", "LA", "LL"), np.random.default_rng(3).normal(size=(3, 50)), strict=True)
    )
    chest = np.random.default_rng(4).normal(size=(6, 50))

    def leads(at):
        i_ii = np.stack([at["LA"] - at["RA"], at["LL"] - at["RA"]])
        return np.concatenate([LIMB_FROM_I_II @ i_ii, chest])

    wrong = {**potentials, one: potentials[other], other: potentials[one]}
    return leads(potentials), leads(wrong)


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("left and right arm", "LA", "RA"),
        ("right arm and left leg", "RA", "LL"),
        ("left arm and left leg", "LA", "LL"),
    ],
)
def test_a_limb_mistake_does_what_exchanged_electrodes_do(key, one, other):
    true, wrong = electrodes_exchanged(one, other)
    np.testing.assert_allclose(mistake(key).making() @ true, wrong, atol=1e-6)
    np.testing.assert_allclose(mistake(key).undoing() @ wrong, true, atol=1e-6)


def test_every_mistake_is_undone_by_its_own_matrix():
    for one in all_mistakes():
        np.testing.assert_array_equal(one.undoing() @ one.making(), np.eye(12))


def test_only_mistakes_that_show_are_tried():
    assert mistakes.testable(("I",)) == ()
    keys = {one.key for one in mistakes.testable(("II", "V1", "V5"))}
    assert "V1 and V5" in keys
    assert "V1 and V2" not in keys
    assert "left and right arm" not in keys, "II alone would become III, which is not known"
    assert basis(("III", "aVF", "V2")) == ("I", "II", "V2")


def test_every_set_of_leads_finds_what_is_usual_of_each_rest():
    known = {(rest, lead) for rest, leads in pairs_of_rest_and_lead() for lead in leads}
    for leads in (LEADS, ("I", "II"), ("aVF", "V1"), ("V2", "V5"), ("III", "aVL", "V6")):
        of = basis(leads)
        for lead in of:
            assert (tuple(other for other in of if other != lead), lead) in known


def stretch_of(recording):
    return cut(recording, recording.leads, 0.0, 125.0)


def test_figures_tell_a_flat_a_noisy_and_a_wandering_lead():
    recording = simulate("normal")
    fs_hz, twelve = recording.fs_hz, recording.read_twelve()
    time_s = np.arange(twelve.shape[1]) / fs_hz
    twelve[LEAD_INDEX["V3"], round(4 * fs_hz) : round(7 * fs_hz)] = 0.01
    twelve[LEAD_INDEX["V4"]] += np.random.default_rng(1).normal(0, 0.3, len(time_s))
    twelve[LEAD_INDEX["V5"]] += 2 * np.sin(2 * np.pi * 0.15 * time_s)
    twelve[LEAD_INDEX["V6"], 100] = 30.0
    bent = recording_from_array("bent", dict(zip(LEADS, twelve, strict=True)), fs_hz)
    figures = [[lead_figures(stretch_of(bent), LEADS, lead)] for lead in LEADS]
    told = {sign.code: sign.leads for sign in lead_signs(figures, [0.0], STANDARDS)}
    assert told["dead"] == ("V3",)
    assert told["noisy"] == ("V4",)
    assert told["wander"] == ("V5",)
    assert told["jumps"] == ("V6",)


def test_the_rate_is_that_of_the_simulator_and_spikes_are_found_in_every_beat():
    recording = simulate("normal")
    stretch = stretch_of(recording)
    rate_bpm = heart_rate_bpm(stretch, "II")
    assert 50 < rate_bpm < 110
    quiet, _ = spikes_mv(stretch.recorded_mv, stretch.fs_hz)
    assert quiet < LIMITS["spikes_mv"]
    paced = stretch.recorded_mv.copy()
    places = np.arange(200, paced.shape[1] - 200, 400)
    paced[:, places] += 0.8
    height_mv, at_s = spikes_mv(paced, stretch.fs_hz)
    assert height_mv > 0.5
    assert np.abs(places / stretch.fs_hz - at_s).min() < 0.002
    assert spikes_mv(paced[:, ::5], 100.0) is None, "at 100 Hz a spike is lost"


def test_a_long_recording_is_looked_at_in_a_few_places():
    assert starts_s(8.0) == [0.0]
    assert starts_s(86_400.0) == [0.0, 21597.5, 43195.0, 64792.5, 86390.0]


def test_a_gap_leaves_a_stretch_out():
    recording = simulate("normal")
    twelve = recording.read_twelve()
    twelve[0, 5] = np.nan
    gap = recording_from_array("gap", dict(zip(LEADS, twelve, strict=True)), recording.fs_hz)
    assert stretch_of(gap) is None
    assert cut(gap, ("II", "V1"), 0.0, 125.0) is not None


def test_words_name_the_mistake_and_how_often_it_is_right():
    judged = Judgement({}, ("V2", "V1"), mistake("V1 and V2"), 5.0)
    (sign,) = judgement_signs(judged, STANDARDS, LEADS)
    assert sign.message == "V2 does not fit the other leads: swapped with V1?"
    assert sign.leads == ("V1", "V2")
    assert sign.rate.words == (
        "In tests: found 90% of 50 such faults, false alarm in 1.0% of 200 recordings as they are."
    )
    (sign,) = judgement_signs(Judgement({}, ("V4",)), STANDARDS, LEADS)
    assert sign.message == "V4 does not fit the other leads."
    (sign,) = judgement_signs(Judgement({}, ("V4",), factors={"V4": 4.1}), STANDARDS, LEADS)
    assert sign.message == "V4 is 4.1 times as large as the other leads predict: a wrong gain?"
    assert list(judgement_signs(judged, STANDARDS, LEADS, dead={"V1", "V2"})) == []


def test_standards_are_read_as_they_were_written(tmp_path):
    card = SimpleNamespace(path=tmp_path / "net.safetensors")
    assert standards_of(card) is None
    write_standards(STANDARDS, tmp_path / "net.signs.json")
    assert standards_of(card) == replace(STANDARDS, made={})
    (tmp_path / "net.signs.json").write_text('{"format": 1}')
    with pytest.raises(ModelError, match="does not hold the thresholds"):
        standards_of(card)
