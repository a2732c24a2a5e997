"""Training recipes: which parameters each has, and their defaults (no torch here)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ecgview.engine.parameters import Parameter, TrainingParameters, parameter_table
from ecgview.errors import TrainingError


@dataclass(frozen=True)
class Recipe:
    """A way to train.

    Attributes
    ----------
    name : str
        As on the command line.
    title : str
        For menus.
    description : str
        A sentence or two for people.
    defaults : Mapping
        Parameters whose default differs from the general table.
    absent : frozenset of str
        Parameters that mean nothing to this recipe.
    """

    name: str
    title: str
    description: str
    defaults: Mapping[str, Any]
    absent: frozenset[str] = frozenset()

    def table(self) -> list[Parameter]:
        """List the parameters of this recipe, with its own defaults."""
        return [
            replace(parameter, default=self.defaults.get(parameter.name, parameter.default))
            for parameter in parameter_table()
            if parameter.name not in self.absent
        ]

    def parameters(self, **chosen: Any) -> TrainingParameters:
        """Fill in what was not chosen.

        Raises
        ------
        TrainingError
            If a value is outside its limits, or means nothing to this recipe.
        """
        for name in chosen:
            if name in self.absent:
                raise TrainingError(
                    f"The recipe {self.name} has no {name.replace('_', '-')}.", "Leave it out."
                )
        return TrainingParameters(**{**self.defaults, **chosen})


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "anylead",
            "Any-lead U-Net",
            "U-Nets that correct least squares, trained on random sets of available leads: one "
            "model for every set. This made the bundled model.",
            {},
            frozenset({"architecture"}),
        ),
        Recipe(
            "gradowski2025",
            "One U-Net for one set of leads (Gradowski & Buchner 2025)",
            "Mean squared error over the chest leads that are not available; AdamW at a constant "
            "rate. The core paper's recipe, but split by patient.",
            {
                "leads": ("I", "II"),
                "epochs": 100,
                "lr": 3e-4,
                "schedule": "constant",
                "weight_decay": 0.01,
                "clip": 0.0,
                "base_width": 64,
                "members": 1,
                "ema": 0.0,
            },
            frozenset(
                {
                    *("members", "clean_weight", "electrode_jitter"),
                    *("gain_jitter", "time_stretch", "input_noise_uv"),
                }
            ),
        ),
    )
}
"""Recipes by name."""


def find_recipe(name: str) -> Recipe:
    """Find a recipe.

    Raises
    ------
    TrainingError
        If there is none of this name.
    """
    if name not in RECIPES:
        raise TrainingError(f"There is no recipe “{name}”.", f"There are {', '.join(RECIPES)}.")
    return RECIPES[name]
