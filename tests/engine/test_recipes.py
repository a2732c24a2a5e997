from __future__ import annotations

import pytest

from ecgview.engine.learners import LEARNERS
from ecgview.engine.parameters import parameter_table
from ecgview.engine.recipes import RECIPES, find_recipe
from ecgview.errors import TrainingError


def test_the_papers_recipe_has_the_papers_figures() -> None:
    parameters = RECIPES["gradowski2025"].parameters()
    assert (parameters.lr, parameters.batch_size, parameters.epochs) == (3e-4, 32, 100)
    assert (parameters.rate_hz, parameters.window, parameters.base_width) == (125.0, 1024, 64)
    assert (parameters.schedule, parameters.clip, parameters.ema) == ("constant", 0.0, 0.0)


def test_a_recipe_takes_its_own_parameters_alone() -> None:
    with pytest.raises(TrainingError, match="has no members"):
        RECIPES["gradowski2025"].parameters(members=3)
    with pytest.raises(TrainingError, match="no recipe"):
        find_recipe("gradowsky")
    assert "members" not in [parameter.name for parameter in RECIPES["gradowski2025"].table()]


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_the_table_shows_the_defaults_that_the_recipe_trains_with(recipe) -> None:
    parameters = recipe.parameters()
    shown = {parameter.name: parameter.default for parameter in recipe.table()}
    assert shown == {name: getattr(parameters, name) for name in shown}
    assert recipe.name in LEARNERS


NUMBERS = [p.name for p in parameter_table() if p.kind in ("integer", "number")]


@pytest.mark.parametrize("name", NUMBERS)
def test_parameters_outside_their_limits_are_refused(name: str) -> None:
    limits = {parameter.name: parameter for parameter in parameter_table()}[name]
    with pytest.raises(TrainingError, match=name.replace("_", "-")):
        RECIPES["anylead"].parameters(**{name: limits.high * 2 + 1})


def test_choices_are_held_to() -> None:
    with pytest.raises(TrainingError, match="precision") as caught:
        RECIPES["anylead"].parameters(precision="fp16")
    assert "bf16" in caught.value.hint
