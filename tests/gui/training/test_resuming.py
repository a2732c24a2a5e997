import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from courses import history, run

from ecgview.engine.cards import ModelCard
from ecgview.engine.demonstration import RECORDINGS
from ecgview.engine.folds import parse_folds
from ecgview.engine.recipes import RECIPES
from ecgview.gui.training.resuming import can_go_on, data_folders, obstacle, resuming_request
from ecgview.gui.training.state import Course
from ecgview.gui.training.work import TrainingRequest, command_of


def card(*words: str, **training: object) -> ModelCard:
    facts = {"command": shlex.join(words), "folds": [1, 2, 3], **training}
    return ModelCard("mine", "Mine", "", "lead-set-unet", {}, 125.0, 62.5, training=facts)


@pytest.mark.parametrize(
    ("text", "folds"),
    [("9", (9,)), ("1-3,5", (1, 2, 3, 5)), ("none", ()), ("all", tuple(range(1, 11)))],
)
def test_lists_of_folds(text, folds):
    assert parse_folds(text) == folds


@pytest.mark.parametrize("text", ["", "a", "1-b", "1;2"])
def test_what_is_no_list_of_folds(text):
    with pytest.raises(ValueError):
        parse_folds(text)


@pytest.mark.parametrize("validation", [(8, 9), ()])
def test_the_rest_of_a_run_is_asked_for_as_the_run_was(tmp_path, validation):
    begun = run(tmp_path / "out", "mine", 2, base_width=4)
    parameters = RECIPES["gradowski2025"].parameters(
        leads=("I", "II", "V2"), epochs=5, base_width=4
    )
    first = TrainingRequest(
        "mine", "gradowski2025", parameters, (tmp_path,), (1, 2, 3), validation, begun.folder
    )
    words = command_of(first)
    rest = resuming_request(begun, card(*words), (tmp_path,), "auto")
    assert data_folders(card(*words)) == (tmp_path,)
    assert rest.begun_with == words
    for name in ("name", "recipe", "parameters", "data_dirs", "folds", "output", "limit"):
        assert getattr(rest, name) == getattr(first, name), name
    assert rest.validation_folds == validation


def test_the_rest_of_a_demonstration(tmp_path):
    begun = card("ecgview", "train", "--demo", "--leads", "I,II")
    assert data_folders(begun) is None
    assert resuming_request(run(tmp_path), begun, (), "cpu").limit == RECORDINGS
    gone = card("ecgview", "train", "--demo", "--data", str(tmp_path / "gone"))
    assert data_folders(gone) == ()


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        (("ecgview", "study", "gradowski2025", "--output", "out"), {}),
        (("ecgview", "train", "--data", "here", "--records", "list.txt"), {}),
        (("ecgview", "train", "--data", "here"), {"processes": 2}),
    ],
)
def test_what_only_the_terminal_can_go_on_with_is_said_with_its_command(tmp_path, words, facts):
    said = obstacle(run(tmp_path, "mine"), card(*words, **facts))
    assert shlex.join(words) in said
    assert ("--resume" in said) == (words[1] == "train")


def test_the_command_is_written_for_the_shells_of_the_system(tmp_path, monkeypatch):
    begun = card("ecgview", "train", "--data", "my data", processes=2)
    monkeypatch.setattr("ecgview.gui.training.resuming.sys.platform", "win32")
    assert '--data "my data" --name' in obstacle(run(tmp_path, "mine"), begun)


def test_nothing_is_in_the_way_of_a_plain_run(tmp_path):
    assert obstacle(run(tmp_path), card("ecgview", "train", "--data", "here")) == ""
    assert obstacle(run(tmp_path), None) != ""
    assert obstacle(run(tmp_path), card()) != ""


def test_only_an_unfinished_run_with_its_state_goes_on(tmp_path):
    interrupted = replace(run(tmp_path), history=history(2))
    assert not can_go_on(Course.of_run(interrupted))
    interrupted.last.write_bytes(b"state")
    for state, expected in (
        ("running", True), ("stopped", True), ("failed", True),
        ("finished", False), ("stopped early", False),
    ):  # fmt: skip
        assert can_go_on(Course.of_run(replace(interrupted, state=state))) is expected, state
    assert not can_go_on(Course.of_run(replace(interrupted, history=history(5))))
    assert not can_go_on(Course.of_run(replace(interrupted, folder=Path("elsewhere"))))
