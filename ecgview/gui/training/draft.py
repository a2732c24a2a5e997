"""The form as typed: texts, what they mean, and what is wrong with them. No Qt here."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ecgview.engine.architectures import find_architecture
from ecgview.engine.input_sets import known_leads
from ecgview.engine.parameters import Parameter, TrainingParameters
from ecgview.engine.recipes import RECIPES
from ecgview.errors import LeadError, ModelError
from ecgview.leads import CHEST_LEADS, parse_leads

if TYPE_CHECKING:
    from ecgview.engine.runs import Run

BASICS = ("epochs", "base_width", "batch_size", "lr")
"""Parameters that the form shows first."""

_TITLES = {
    "lr": "Learning rate",
    "ema": "Weight average (EMA)",
    "rate_hz": "Sampling rate",
    "clip": "Gradient clip",
    "base_width": "Width",
    "input_noise_uv": "Input noise",
    "clean_weight": "Share of clean loss",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_USUAL_TRAINING, _USUAL_VALIDATION = range(1, 8), 8
# Windows/s on two cores at widths 16, 32 and 64: 180, 65 and 20.
_COST_EXPONENT = 1.6


@dataclass(frozen=True)
class Draft:
    """What the form holds.

    Attributes
    ----------
    recipe : str
        Key of `RECIPES`.
    entered : mapping of str to mapping of str to str
        Texts that differ from the recipe's defaults, by recipe and parameter.
    name : str
        As typed; empty for the proposed one.
    folds, validation_folds : tuple of int
        What is trained and validated on.
    device : str
        ``auto`` or the name of a device.
    """

    recipe: str = "anylead"
    entered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    name: str = ""
    folds: tuple[int, ...] = ()
    validation_folds: tuple[int, ...] = ()
    device: str = "auto"

    @property
    def texts(self) -> Mapping[str, str]:
        """Texts entered for this recipe."""
        return self.entered.get(self.recipe, {})


def title_of(parameter: Parameter) -> str:
    """Name a parameter for people."""
    return _TITLES.get(parameter.name) or parameter.name.replace("_", " ").capitalize()


def tip_of(parameter: Parameter) -> str:
    """Explain a parameter: its help, range, unit and default."""
    text = parameter.help[0].upper() + parameter.help[1:] + "."
    if parameter.kind in ("integer", "number"):
        unit = f" {parameter.unit}" if parameter.unit else ""
        text += f"\nFrom {parameter.low:g} to {parameter.high:g}{unit}"
        text += f", usually {text_of(parameter.default)}."
    elif parameter.kind == "choice":
        text += f"\nUsually {parameter.default}."
    return f"{text}\nOn the command line: {parameter.option}"


def text_of(value: Any) -> str:
    """Write a value as it is typed."""
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def shown_text(draft: Draft, parameter: Parameter) -> str:
    """Give what the field of a parameter holds."""
    return draft.texts.get(parameter.name, text_of(parameter.default))


def enter(draft: Draft, name: str, text: str) -> Draft:
    """Type something into a field; the default's own text counts as nothing typed."""
    table = {parameter.name: parameter for parameter in RECIPES[draft.recipe].table()}
    texts = {**draft.texts, name: text}
    if text == text_of(table[name].default):
        del texts[name]
    return replace(draft, entered={**draft.entered, draft.recipe: texts})


def reset(draft: Draft, name: str = "") -> Draft:
    """Take back what was typed for one parameter, or for all of this recipe."""
    texts = {key: text for key, text in draft.texts.items() if name and key != name}
    return replace(draft, entered={**draft.entered, draft.recipe: texts})


def read(parameter: Parameter, text: str) -> tuple[Any, str]:
    """Understand what was typed.

    Parameters
    ----------
    parameter : Parameter
        What it is for.
    text : str
        As typed; a decimal comma will do.

    Returns
    -------
    value : object
        None where there is a problem.
    problem : str
        A sentence, empty where there is none.
    """
    text = text.strip()
    if parameter.kind == "leads":
        return _read_leads(parameter, text)
    if parameter.kind in ("integer", "number"):
        value, problem = _read_number(parameter.kind, text)
        problem = problem or parameter.problem(value)
        return (None, problem) if problem else (value, "")
    problem = parameter.problem(text) if text else "Something is needed here."
    if parameter.name == "architecture" and not problem:
        problem = _architecture_problem(text)
    return (None, problem) if problem else (text, "")


def _architecture_problem(text: str) -> str:
    try:
        find_architecture(text)
    except ModelError as error:
        return str(error)
    return ""


def _read_number(kind: str, text: str) -> tuple[float, str]:
    try:
        if kind == "integer":
            return int(text), ""
        value = float(text.replace(",", "."))
        return value, "" if math.isfinite(value) else "It must be a number."
    except ValueError:
        return 0, f"It must be a {'whole ' if kind == 'integer' else ''}number."


def _read_leads(parameter: Parameter, text: str) -> tuple[Any, str]:
    if not text:
        return ((), "") if not parameter.default else (None, "Choose at least one lead.")
    try:
        leads = parse_leads(text)
    except LeadError as error:
        return None, str(error)
    if set(CHEST_LEADS) <= set(known_leads(leads)):
        return None, "Leave out at least one of V1 to V6: it is what the network learns to rebuild."
    return leads, ""


def problems(draft: Draft, taken: Collection[str]) -> dict[str, str]:
    """Say what is wrong with each field.

    Parameters
    ----------
    draft : Draft
        The form.
    taken : collection of str
        Names that models or runs already have.

    Returns
    -------
    dict of str to str
        A sentence for each parameter that has one; ``name`` and ``folds`` too.
    """
    found = {}
    for parameter in RECIPES[draft.recipe].table():
        _, problem = read(parameter, shown_text(draft, parameter))
        if problem:
            found[parameter.name] = problem
    if draft.name and not _NAME.fullmatch(draft.name):
        found["name"] = "Use letters, digits, dot, dash and underscore."
    elif draft.name in taken:
        found["name"] = "There is already a model of this name."
    if not draft.folds:
        found["folds"] = "Choose at least one fold to train on."
    return found


def parameters(draft: Draft) -> TrainingParameters:
    """Make the parameters of a form without problems."""
    recipe = RECIPES[draft.recipe]
    table = {parameter.name: parameter for parameter in recipe.table()}
    values = {name: read(table[name], text)[0] for name, text in draft.texts.items()}
    return recipe.parameters(**values)


def proposed_name(draft: Draft, taken: Collection[str]) -> str:
    """Propose a name that is still free: the recipe with its leads, numbered where need be."""
    leads = next((p for p in RECIPES[draft.recipe].table() if p.kind == "leads"), None)
    chosen = read(leads, shown_text(draft, leads))[0] if leads else None
    return free_name("-".join([draft.recipe, *(chosen or ())]), taken)


def free_name(stem: str, taken: Collection[str]) -> str:
    """Give a name that is still free: the stem itself, or numbered."""
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


def usual_folds(folds: Collection[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Choose what to train and what to validate on.

    Parameters
    ----------
    folds : collection of int
        Those of the data.

    Returns
    -------
    tuple of tuple of int
        1 to 7 and 8 where there are that many, so that 9 and 10 stay for a report; else the last
        one to validate on, and a single fold to train on alone.
    """
    present = sorted(folds)
    if _USUAL_VALIDATION in present and len(present) > _USUAL_VALIDATION:
        training = tuple(fold for fold in present if fold in _USUAL_TRAINING)
        return training, (_USUAL_VALIDATION,)
    return (tuple(present[:-1]), tuple(present[-1:])) if len(present) > 1 else (tuple(present), ())


def next_use(draft: Draft, fold: int) -> Draft:
    """Turn a fold from unused to training, to validation, to unused."""
    folds, validation = set(draft.folds), set(draft.validation_folds)
    if fold in folds:
        folds.remove(fold)
        validation.add(fold)
    elif fold in validation:
        validation.remove(fold)
    else:
        folds.add(fold)
    return replace(draft, folds=tuple(sorted(folds)), validation_folds=tuple(sorted(validation)))


def estimated_s(draft: Draft, recordings: int, runs: Collection[Run]) -> float | None:
    """Estimate how long training takes from how long earlier runs took.

    Parameters
    ----------
    draft : Draft
        The form, without problems.
    recordings : int
        How many are trained on.
    runs : collection of Run
        Earlier ones, the newest first.

    Returns
    -------
    float or None
        Seconds; None where no earlier run is like it.
    """
    wanted = parameters(draft)
    for run in runs:
        if run.recipe != draft.recipe or not run.history or not run.recordings:
            continue
        if draft.device not in ("auto", run.device):
            continue
        before = {**vars(wanted), **run.parameters}
        width = (wanted.base_width / before["base_width"]) ** _COST_EXPONENT
        cost = width * wanted.window / before["window"] * wanted.members / before["members"]
        epoch_s = run.history[-1].elapsed_s / run.history[-1].epoch
        return epoch_s * cost * wanted.epochs * recordings / run.recordings
    return None
