"""Tables of how often signs are right."""

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ecgview.engine.cards import set_key
from ecgview.engine.signs.leave_one_out import LeadFits
from ecgview.studies.signs.learning import FEWEST, LearningTask, _Course, _Found, usual
from ecgview.studies.signs.rates import rates_of
from ecgview.studies.signs.tables import RateRow, share_of, table_text, write_tables


def test_shares_carry_wilson_intervals():
    half = share_of([True] * 5 + [False] * 5)
    assert (half.share, half.count, half.of) == (0.5, 5, 10)
    assert (half.low, half.high) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    none = share_of([False] * 10)
    assert (none.low, none.high) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert (share_of([]).low, share_of([]).high) == (0.0, 1.0)


def test_tables_say_found_named_and_false_alarms(tmp_path):
    row = RateRow(
        "mistake", "V1 and V2", "I,II", share_of([True, True, False]), share_of([True]),
        share_of([False] * 50), "few",
    )  # fmt: skip
    table, as_json = write_tables([row], {"command": "ecgview study signs"}, tmp_path)
    (line,) = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    assert (line["found_count"], line["found_of"], line["false_alarms_of"]) == ("2", "3", "50")
    content = json.loads(as_json.read_text(encoding="utf-8"))
    assert content["rows"][0]["found"]["share"] == pytest.approx(2 / 3)
    assert "66.7% [20.8% 93.9%]" in table_text([row])


def test_rates_beside_a_model_are_those_of_a_mistake_and_a_set():
    one, all_of_them = (
        RateRow("mistake", fault, "I,II", share_of(found), share_of([]), share_of([False] * 4))
        for fault, found in (("V1 and V2", [True, False]), ("all: exchanged", [True] * 3))
    )
    rates = rates_of([one, all_of_them])
    assert list(rates) == ["mistake|V1 and V2|I,II"]
    assert (rates["mistake|V1 and V2|I,II"].found, rates["mistake|V1 and V2|I,II"].n_found_in) == (
        0.5,
        2,
    )


def test_limits_come_from_folds_1_to_7_and_are_tried_on_fold_8():
    folds = [1 + place % 8 for place in range(8 * 16)]
    signals_mv = np.random.default_rng(0).normal(size=(len(folds), 8, 64)).astype(np.float32)
    data = SimpleNamespace(
        entries=[SimpleNamespace(fold=fold, source="PTB-XL") for fold in folds],
        signals_mv=signals_mv,
        fs_hz=125.0,
    )
    task = LearningTask((), Path(), len(folds), 5, "cpu", ("ecgview", "study", "signs"))
    course = _Course(task, data, [])
    course.misfits = {"II|I": (0.0, 1.0), "I|II": (0.0, 1.0)}
    course.ratios = dict(course.misfits)
    ones, key = np.ones((1, 2)), set_key(("I", "II"))
    for place, fold in enumerate(folds):
        # Of fold 8 the leads have nothing in common, of the others all of it.
        both = ones * (0.0 if fold == 8 else 1.0)
        fits = LeadFits(("I", "II"), ones, ones, both)
        gains = {"turned": -1.0 - place / 100, "rare": -1.0}
        few = gains if place < FEWEST else {"turned": gains["turned"]}
        course.found[key].append(_Found(place, ("I", "II"), few, fits))
    standards = course.standards({})
    assert standards.limits[key]["misfit"] < 0 < usual([0.0, 1.0])[0]
    made = standards.made
    assert (made["recordings_a_set"], made["check_recordings_a_set"]) == (7 * 16, 16)
    assert made["raised_in_check_folds"][key] == {"misfit": 16, "ratio": 0, "mistake": 0}
    assert list(standards.gains[key]) == ["turned"], "of too few recordings nothing is usual"
