from dataclasses import replace
from pathlib import Path

import pytest
from courses import run

from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.recipes import RECIPES
from ecgview.gui.data_words import folds_text
from ecgview.gui.training import draft as drafts
from ecgview.gui.training.draft import Draft

READY = Draft(folds=(1, 2), validation_folds=(3,))
PAPER = replace(READY, recipe="gradowski2025")


def parameter(name, recipe="gradowski2025"):
    return next(p for p in RECIPES[recipe].table() if p.name == name)


@pytest.mark.parametrize("recipe", RECIPES)
def test_an_untouched_form_is_the_recipe(recipe):
    draft = replace(READY, recipe=recipe)
    assert drafts.problems(draft, ()) == {}
    assert drafts.parameters(draft) == RECIPES[recipe].parameters()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("epochs", "40", 40),
        ("lr", "2e-3", 2e-3),
        ("lr", "0,002", 2e-3),
        ("leads", "v4,ii,I", ("I", "II", "V4")),
        ("precision", "fp32", "fp32"),
        ("architecture", " unet ", "unet"),
    ],
)
def test_what_is_typed_becomes_a_parameter(name, text, value):
    chosen = drafts.parameters(drafts.enter(PAPER, name, text))
    assert getattr(chosen, name) == value
    assert type(getattr(chosen, name)) is type(getattr(TrainingParameters(), name))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("epochs", "4.5", "whole number"),
        ("epochs", "", "whole number"),
        ("epochs", "0", "between 1 and 10000"),
        ("lr", "nan", "must be a number"),
        ("lr", "7", "between 1e-07 and 1"),
        ("rate_hz", "2", "Hz"),
        ("leads", "", "at least one lead"),
        ("leads", "I,V9", "V9"),
        ("leads", "II,V1,V2,V3,V4,V5,V6", "Leave out"),
        ("architecture", " ", "needed"),
        ("architecture", "mine", "mine"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(name, text, words):
    found = drafts.problems(drafts.enter(PAPER, name, text), ())
    assert list(found) == [name]
    assert words in found[name]


def test_any_set_of_leads_is_fine_for_the_recipe_that_takes_any():
    assert drafts.problems(drafts.enter(READY, "leads", ""), ()) == {}


def test_one_field_or_all_can_be_reset():
    draft = drafts.enter(drafts.enter(PAPER, "epochs", "7"), "lr", "x")
    assert dict(draft.texts) == {"epochs": "7", "lr": "x"}
    assert drafts.problems(drafts.reset(draft, "lr"), ()) == {}
    assert drafts.parameters(drafts.reset(draft, "lr")).epochs == 7
    assert drafts.parameters(drafts.reset(draft)) == RECIPES["gradowski2025"].parameters()


def test_typing_the_default_counts_as_not_typed():
    draft = drafts.enter(drafts.enter(PAPER, "epochs", "7"), "epochs", "100")
    assert not draft.texts


def test_each_recipe_remembers_what_was_typed():
    draft = replace(drafts.enter(PAPER, "epochs", "7"), recipe="anylead")
    assert drafts.parameters(draft).epochs == 120
    assert drafts.parameters(replace(draft, recipe="gradowski2025")).epochs == 7


def test_names_are_checked_and_proposed():
    assert "name" in drafts.problems(replace(PAPER, name="a/b"), ())
    assert "name" in drafts.problems(replace(PAPER, name="mine"), {"mine"})
    assert drafts.problems(replace(PAPER, name="mine-2"), {"mine"}) == {}
    taken = {"gradowski2025-I-II", "gradowski2025-I-II-2"}
    assert drafts.proposed_name(PAPER, taken) == "gradowski2025-I-II-3"
    chosen = drafts.enter(PAPER, "leads", "I,V2")
    assert drafts.proposed_name(chosen, taken) == "gradowski2025-I-V2"


def test_without_a_fold_there_is_nothing_to_train_on():
    assert "folds" in drafts.problems(replace(PAPER, folds=()), ())


@pytest.mark.parametrize(
    ("present", "training", "validation"),
    [
        (range(1, 11), (1, 2, 3, 4, 5, 6, 7), (8,)),
        (range(1, 10), (1, 2, 3, 4, 5, 6, 7), (8,)),
        ((1, 2, 3, 4), (1, 2, 3), (4,)),
        ((3,), (3,), ()),
    ],
)
def test_usual_folds_leave_some_for_the_report(present, training, validation):
    assert drafts.usual_folds(present) == (training, validation)


def test_a_fold_goes_round():
    draft = Draft(folds=(1, 2), validation_folds=(3,))
    checked = drafts.next_use(draft, 2)
    assert (checked.folds, checked.validation_folds) == ((1,), (2, 3))
    unused = drafts.next_use(checked, 2)
    assert (unused.folds, unused.validation_folds) == ((1,), (3,))
    assert drafts.next_use(unused, 2) == draft


@pytest.mark.parametrize(
    ("folds", "text"), [((1, 2, 3), "1-3"), ((9,), "9"), ((1, 2, 4, 6, 7), "1-2, 4, 6-7"), ((), "")]
)
def test_folds_are_written_short(folds, text):
    assert folds_text(folds) == text


@pytest.mark.parametrize("recipe", RECIPES)
def test_tooltips_give_help_range_unit_and_option(recipe):
    for one in RECIPES[recipe].table():
        tip = drafts.tip_of(one)
        assert one.help[1:] in tip
        assert one.option in tip
        assert one.unit in tip
        if one.kind in ("integer", "number"):
            assert f"From {one.low:g} to {one.high:g}" in tip


def test_time_is_estimated_from_a_run_that_is_like_it():
    earlier = run(Path("a"), epochs=5, base_width=16)
    draft = drafts.enter(drafts.enter(PAPER, "base_width", "16"), "epochs", "20")
    # 2 s an epoch for 100 recordings.
    assert drafts.estimated_s(draft, 300, [earlier]) == pytest.approx(2 * 20 * 3)
    wide = drafts.enter(draft, "base_width", "32")
    assert drafts.estimated_s(wide, 300, [earlier]) == pytest.approx(2 * 20 * 3 * 2**1.6)
    assert drafts.estimated_s(READY, 300, [earlier]) is None
    assert drafts.estimated_s(replace(draft, device="cuda"), 300, [earlier]) is None
