import json
import subprocess
import sys
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from ecgview.engine.cards import find_model, set_key
from ecgview.engine.input_sets import distinct_sets, known_leads
from ecgview.errors import LeadError, ModelError
from ecgview.leads import CHEST_LEADS, INDEPENDENT_LEADS, LEADS
from ecgview.studies.additions.choices import (
    best_by_budget,
    greedy_path,
    lead_additions,
    rank_electrodes,
    rank_leads,
)
from ecgview.studies.additions.electrodes import (
    BUDGETS,
    electrode_sets,
    electrodes_for,
    leads_of,
    parse_electrodes,
)
from ecgview.studies.additions.regret import regret
from ecgview.studies.additions.set_errors import (
    SetErrors,
    errors_file,
    errors_of_card,
    read_errors,
    summed_up,
    write_errors,
)


@pytest.fixture(scope="module")
def card():
    return find_model("anylead")


@pytest.fixture(scope="module")
def figures(card):
    return json.loads(card.path.with_suffix(".json").read_text(encoding="utf-8"))["figures"]


@pytest.fixture(scope="module")
def errors(card):
    found = errors_of_card(card)
    assert found is not None
    return found


# Which sets there are


def test_there_are_511_distinct_inputs_and_all_but_the_full_one_have_figures(errors):
    of_eight = [some for n in range(1, 9) for some in combinations(INDEPENDENT_LEADS, n)]
    chest = [some for n in range(7) for some in combinations(CHEST_LEADS, n)]
    single = [(limb, *some) for limb, some in product(("III", "aVR", "aVL", "aVF"), chest)]
    assert (len(of_eight), len(single)) == (255, 256)
    keys = {set_key(leads) for leads in (*of_eight, *single)}
    assert len(keys) == 511
    assert keys == {set_key(leads) for leads in (*distinct_sets(), LEADS)}
    assert all(errors.has(leads) for leads in (*of_eight, *single))
    assert errors.error_uv(INDEPENDENT_LEADS) == 0
    assert errors.mean_pcc(INDEPENDENT_LEADS) is None


def test_there_are_67_ways_to_place_electrodes():
    counts = {budget: len(electrode_sets(budget)) for budget in BUDGETS}
    assert counts == {2: 3, 3: 1, 4: 6, 5: 15, 6: 20, 7: 15, 8: 6, 9: 1}
    every = [one for budget in BUDGETS for one in electrode_sets(budget)]
    assert len({leads_of(one) for one in every}) == 67
    assert {leads_of(one) for one in electrode_sets(2)} == {("I",), ("II",), ("III",)}
    for one in every:
        assert electrodes_for(leads_of(one)) == one


def test_a_choice_of_electrodes_keeps_those_that_are_placed():
    found = electrode_sets(5, ("RA", "LA", "LL", "V2"))
    assert len(found) == 5
    assert all({"RA", "LA", "LL", "V2"} < set(one) for one in found)
    assert electrode_sets(2, ("LL",)) == [("RA", "LL"), ("LA", "LL")]


@pytest.mark.parametrize(
    ("budget", "have", "said"),
    [
        (1, (), "1 electrode cannot be placed"),
        (0, (), "0 electrodes cannot be placed"),
        (10, (), "10 electrodes cannot be placed"),
        (2, ("RA", "V2"), "2 electrodes with V2 give no chest lead"),
        (3, ("RA", "LA", "LL", "V2"), "4 electrodes are placed already"),
    ],
)
def test_what_cannot_be_placed_is_said(budget, have, said):
    with pytest.raises(LeadError, match=said):
        electrode_sets(budget, have)


@pytest.mark.parametrize(
    ("electrodes", "said"),
    [
        (("RA", "LA", "V2"), "V2 cannot be measured without LL"),
        (("V1",), "V1 cannot be measured without RA, LA, LL"),
        (("RA",), "One electrode gives no lead"),
        ((), "One electrode gives no lead"),
    ],
)
def test_electrodes_that_give_no_lead_are_refused(electrodes, said):
    with pytest.raises(LeadError, match=said):
        leads_of(electrodes)


def test_electrodes_are_read_as_people_write_them():
    assert parse_electrodes("v2 ra,LA + ll, RL") == ("RA", "LA", "LL", "V2")
    with pytest.raises(LeadError, match="There is no electrode “V7”"):
        parse_electrodes("RA,V7")


def test_leads_that_tell_the_same_are_one_addition():
    assert lead_additions(("I",))[0] == ("II", "III", "aVR", "aVL", "aVF")
    assert len(lead_additions(("I",))) == 7
    assert len(lead_additions(("V2",))) == 11
    assert lead_additions(("I", "II", *CHEST_LEADS)) == []
    assert len(lead_additions(("aVL", "III"))) == 6


# Rankings


def test_the_error_of_a_set_is_that_of_the_card_over_the_same_eight_leads(errors, figures):
    for key, its in figures.items():
        known = known_leads(tuple(key.split(",")))
        left = [lead for lead in INDEPENDENT_LEADS if lead not in known]
        assert errors.error_uv(key.split(",")) == pytest.approx(
            sum(its[lead][1] for lead in left) / 8
        )
        assert errors.mean_pcc(key.split(",")) == pytest.approx(
            sum(its[lead][0] for lead in left) / len(left)
        )


def test_rankings_are_those_of_the_raw_figures(errors, figures):
    def error(leads):
        its = figures.get(set_key(leads), {})
        known = known_leads(tuple(leads))
        return sum(its[lead][1] for lead in INDEPENDENT_LEADS if lead not in known) / 8

    for have in (("I", "II"), ("V2",), ("aVL", "V5"), ("I", "II", "V6")):
        wanted = sorted(
            (round(error((*have, lead)), 6), lead)
            for lead in LEADS
            if lead not in known_leads(have)
        )
        ranked = rank_leads(errors, have)
        assert ranked.error_uv == pytest.approx(error(have))
        got = [(round(one.error_uv, 6), lead)
               for one in ranked.choices for lead in (*one.adds, *one.same)]  # fmt: skip
        assert sorted(got) == wanted
        assert [one.error_uv for one in ranked.choices] == sorted(
            one.error_uv for one in ranked.choices
        )
        assert ranked.choices[0].behind_uv == 0


def test_the_findings_of_the_paper_come_back(errors):
    singles = [one.adds[0] for one in rank_leads(errors, ("I", "II")).choices]
    assert (singles[0], singles[-1]) == ("V3", "V6")
    pairs = rank_electrodes(errors, 5, ("RA", "LA", "LL"))
    assert pairs.choices[0].adds == ("V2", "V4")


def test_one_lead_more_never_makes_the_expected_error_larger(errors):
    tried = 0
    for leads in distinct_sets():
        for choice in rank_leads(errors, leads).choices:
            assert choice.gain_uv >= 0, (leads, choice.adds)
            tried += 1
    assert tried > 2000


def test_one_electrode_more_never_makes_the_best_error_larger(errors):
    best = best_by_budget(errors)
    assert list(best) == list(BUDGETS)
    left = [choice.error_uv for choice in best.values()]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0


def test_the_best_lead_again_and_again_ends_with_all(errors):
    path = greedy_path(errors, ("I",))
    assert known_leads(path[-1].available) == LEADS
    assert path[-1].error_uv == 0
    assert [step.error_uv for step in path] == sorted(
        (step.error_uv for step in path), reverse=True
    )
    assert path[0].adds == rank_leads(errors, ("I",)).choices[0].adds


def test_regret_is_what_a_choice_costs_on_other_recordings(errors):
    assert regret(errors, errors).same == regret(errors, errors).sets
    assert regret(errors, errors).worst_uv == 0
    others = {key: dict(its) for key, its in errors.rmse_uv.items()}
    others["I,II,V3"]["V6"] += 80.0  # now V2 is the best beside I and II
    cost = regret(errors, replace(errors, rmse_uv=others))
    assert cost.worst == ("I", "II")
    assert cost.worst_uv == pytest.approx(
        errors.error_uv(("I", "II", "V3")) + 10 - errors.error_uv(("I", "II", "V2"))
    )
    assert cost.same == cost.sets - 1


def test_all_leads_leave_nothing_to_add(errors):
    assert rank_leads(errors, LEADS).choices == ()
    assert greedy_path(errors, LEADS) == ()


def test_a_set_without_figures_is_told():
    few = SetErrors({"I,II": {"V1": 10.0}}, {"I,II": {"V1": 0.9}})
    with pytest.raises(LeadError, match="no figures for V1"):
        rank_leads(few, ("V1",))
    assert [one.adds for one in rank_leads(few, ()).choices] == []


def test_choices_that_ship_were_made_on_recordings_no_network_had_seen(card, errors):
    shipped = read_errors(card)
    assert shipped.provenance["networks"] == [f"crossfit-{k}" for k in range(1, 5)]
    assert set(shipped.provenance["folds"]) <= set(range(1, 9))  # fold 9 is for reporting
    assert shipped.recordings > errors.recordings
    assert set(shipped.rmse_uv) == set(errors.rmse_uv) == set(shipped.points_uv)
    for leads in distinct_sets():
        for choice in rank_leads(shipped, leads).choices:
            assert choice.gain_uv > -0.2, (leads, choice.adds)
    single, pair = rank_leads(shipped, ("I", "II")), rank_electrodes(shipped, 5)
    assert (single.choices[0].adds, pair.choices[0].adds[3:]) == (("V3",), ("V2", "V4"))
    assert single.choices[-1].adds == ("V6",)
    # Both are told apart from the next best, and on fold 9 they are the best too.
    assert single.alike == single.choices[:1]
    assert rank_leads(errors, ("I", "II")).choices[0].adds == ("V3",)
    cost = regret(shipped, errors)
    assert cost.same > 0.8 * cost.sets
    assert cost.worst_uv < 5


# How sure differences are


def made_figures(n=60, people=20, seed=3):
    generator = np.random.default_rng(seed)
    rmse_uv = generator.gamma(4.0, 10.0, (n, len(distinct_sets()), 8)).astype(np.float32)
    patients = [f"p{k % people}" for k in range(n)]
    # Two recordings of a patient resemble each other.
    rmse_uv += generator.gamma(4.0, 5.0, (people, len(distinct_sets()), 1))[
        np.arange(n) % people
    ].astype(np.float32)
    for at, leads in enumerate(distinct_sets()):
        known = [k for k, lead in enumerate(INDEPENDENT_LEADS) if lead in known_leads(leads)]
        rmse_uv[:, at, known] = 0
    return rmse_uv, patients


@pytest.mark.parametrize(("people", "within"), [(20, 0.01), (60, 0.2)])
def test_half_widths_are_those_of_paired_differences_with_patients_as_units(people, within):
    """With more patients than coordinates are kept, the rest counts as each set's own."""
    rmse_uv, patients = made_figures(people=people)
    made = summed_up(rmse_uv, np.full(rmse_uv.shape, 0.9), patients, {})
    assert (made.recordings, made.patients) == (60, people)
    sets = distinct_sets()
    tried = 0
    for one, other in ((3, 7), (100, 400), (64, 509)):
        apart = rmse_uv[:, one].mean(axis=1) - rmse_uv[:, other].mean(axis=1)
        apart = apart - apart.mean()
        of_patient = np.array([apart[np.array(patients) == p].sum() for p in set(patients)])
        wanted = 1.96 * np.sqrt(np.square(of_patient).sum()) / len(apart)
        assert made.half_width_uv(sets[one], sets[other]) == pytest.approx(wanted, rel=within)
        tried += 1
    assert tried == 3
    assert made.half_width_uv(sets[3], sets[3]) == 0


def test_sets_that_cannot_be_told_apart_are_named_together():
    base = {"I,II": dict.fromkeys(CHEST_LEADS, 80.0)}
    for lead, left in zip(CHEST_LEADS, (60.0, 52.0, 50.0, 55.0, 62.0, 70.0), strict=True):
        others = [one for one in CHEST_LEADS if one != lead]
        base[f"I,II,{lead}"] = dict.fromkeys(others, left * 8 / 5)
    points = dict.fromkeys(base, (0.0, 0.0))
    points["I,II,V2"] = (1.1, 0.0)  # 1.96 x 1.1 is more than 2
    points["I,II,V4"] = (0.0, 1.1)
    made = SetErrors(base, base, points, recordings=100, patients=90)
    ranking = rank_leads(made, ("I", "II"))
    assert [one.adds[0] for one in ranking.alike] == ["V3", "V2"]
    assert ranking.choices[1].half_width_uv == pytest.approx(2.156)
    assert not ranking.choices[2].is_alike


def test_errors_are_kept_beside_the_card(tmp_path, card):
    here = replace(card, path=tmp_path / "mine.safetensors")
    assert read_errors(here).points_uv == {}  # the card's own figures
    rmse_uv, patients = made_figures()
    made = summed_up(rmse_uv, np.full(rmse_uv.shape, 0.9), patients, {"folds": [1, 2]})
    file = write_errors(made, here)
    assert file == errors_file(here)
    again = read_errors(here)
    assert again.error_uv(("I", "V3")) == made.error_uv(("I", "V3"))
    assert again.half_width_uv(("I",), ("V6",)) == made.half_width_uv(("I",), ("V6",))
    assert again.provenance == {"folds": [1, 2]}
    retrained = replace(here, sha256="00" * 32)
    assert read_errors(retrained).rmse_uv == errors_of_card(card).rmse_uv
    file.write_text(file.read_text()[:300], encoding="utf-8")
    with pytest.raises(ModelError, match="is not a table of errors"):
        read_errors(here)


def test_a_card_without_figures_has_no_errors(card):
    assert read_errors(replace(card, figures={}, path=Path("/nowhere/x.safetensors"))) is None


def test_choosing_needs_no_torch():
    code = (
        "import sys, ecgview.studies.additions.choices, ecgview.studies.additions.one_recording, "
        "ecgview.studies.additions.words; print(int('torch' in sys.modules or 'scipy' in "
        "sys.modules or 'PySide6' in sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "0"
