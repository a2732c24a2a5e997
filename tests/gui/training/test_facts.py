import csv
from dataclasses import replace

import pytest
from courses import history, record, run

from ecgview.gui.training.facts import facts, write_history
from ecgview.gui.training.state import Course


@pytest.fixture
def two(tmp_path):
    narrow = replace(run(tmp_path / "a", "narrow", 2, base_width=8), started="2026-11-19T10:00:00")
    wide = run(tmp_path / "b", "wide", 4, base_width=32, seed=7)
    return [Course.of_run(narrow), Course.of_run(wide)]


def by_name(rows):
    return {fact.name: fact for fact in rows}


def test_two_runs_show_what_differs_and_which_is_better(two):
    rows = facts(two)
    differ = [fact.name for fact in rows if fact.section == "Parameters that differ"]
    assert differ == ["Width", "Seed"]
    named = by_name(rows)
    assert named["Width"].values == ("8", "32")
    assert named["Epoch"].values == ("2", "4")
    assert named["Validation loss"].values == ("0.6000", "0.3500")
    assert named["Validation loss"].best == 1
    assert named["Mean PCC"].best == 1
    assert named["PCC V1"].values == ("0.750", "0.875")
    assert "PCC V2" not in named


def test_equal_figures_have_no_winner(two):
    assert all(fact.best is None for fact in facts([two[0], two[0]]))


def test_one_run_shows_all_its_parameters_but_not_those_its_recipe_lacks(two):
    named = by_name(facts(two[:1]))
    assert named["Leads"].values == ("I, II, V2",)
    assert named["Learning rate"].values == ("0.0003",)
    assert named["Sampling rate (Hz)"].values == ("125",)
    assert "Gain jitter" not in named
    assert named["Started"].values == ("19 Nov 2026, 10:00",)


def test_a_run_without_an_epoch_has_dashes(tmp_path):
    named = by_name(facts([Course.of_run(run(tmp_path))]))
    assert named["Mean PCC"].values == ("\N{EN DASH}",)
    assert named["Took"].values == ("\N{EN DASH}",)


def test_history_is_written_as_csv(tmp_path, two):
    course = replace(two[0], history=(*history(2), record(3, validation=None)))
    write_history(course, tmp_path / "history.csv")
    with (tmp_path / "history.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert float(rows[1]["training_loss"]) == 0.5
    assert float(rows[1]["pcc_V1"]) == 0.75
    assert rows[2]["validation_loss"] == ""
    assert "pcc_V2" not in rows[0]


def test_what_was_left_out_is_told_with_its_reason(two):
    course = replace(two[0], left_out={"flat lead": 1, "has gaps": 1200})
    named = by_name(facts([course, two[1]]))
    assert named["Left out"].values == ("1 flat lead, 1,200 has gaps", "\N{EN DASH}")
    assert "Left out" not in by_name(facts(two))
