from pathlib import Path

import pytest

from ecgview.cli import make_parser
from ecgview.cli.options import chosen_parameters
from ecgview.engine.recipes import RECIPES
from ecgview.gui.training.work import TrainingRequest, command_of, demonstration_request


@pytest.mark.parametrize(
    ("recipe", "chosen"),
    [
        ("gradowski2025", {"leads": ("I", "V2"), "epochs": 7, "lr": 2e-3, "precision": "fp32"}),
        ("anylead", {"leads": ("I",), "members": 1, "gain_jitter": 0.0}),
        ("anylead", {}),
    ],
)
def test_the_command_on_the_card_does_the_same(recipe, chosen):
    parameters = RECIPES[recipe].parameters(**chosen)
    request = TrainingRequest(
        "mine", recipe, parameters, (Path("a"), Path("b c")), (1, 2, 5), (8, 9), Path("out"), "cpu"
    )
    program, *words = command_of(request)
    options = make_parser().parse_args(words)
    assert program == "ecgview"
    assert RECIPES[options.recipe].parameters(**chosen_parameters(options)) == parameters
    assert options.data == [Path("a"), Path("b c")]
    assert (options.folds, options.validation_folds) == ((1, 2, 5), (8, 9))
    assert (options.name, options.device, options.output) == ("mine", "cpu", Path("out"))


def test_the_demonstration_is_one_word():
    request = demonstration_request("demonstration", (Path("data"),), Path("out"))
    assert command_of(request) == ("ecgview", "train", "--demo", "--data", "data")
