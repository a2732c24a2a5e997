"""Runs in figures, one beside another: what they reached, and where they differ. No Qt here."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ecgview.engine.parameters import parameter_table
from ecgview.engine.recipes import RECIPES
from ecgview.gui.training.draft import text_of, title_of
from ecgview.gui.training.state import Course
from ecgview.gui.training.words import duration_text
from ecgview.leads import CHEST_LEADS

NONE = "\N{EN DASH}"
"""Stands where there is no figure."""


@dataclass(frozen=True)
class Fact:
    """A row of the table.

    Attributes
    ----------
    section : str
        The heading it stands under.
    name : str
        What it is.
    values : tuple of str
        One for each run; a dash where a run has none.
    best : int or None
        Which of the values is the best one, where that makes sense and they differ.
    """

    section: str
    name: str
    values: tuple[str, ...]
    best: int | None = None


def facts(courses: Sequence[Course]) -> list[Fact]:
    """Gather the facts about some runs.

    Parameters
    ----------
    courses : sequence of Course
        One run gets all its parameters; several get those that differ.

    Returns
    -------
    list of Fact
        Section by section.
    """
    return [*_figures(courses), *_parameters(courses), *_circumstances(courses)]


def _figures(courses: Sequence[Course]) -> list[Fact]:
    bests = [course.best for course in courses]
    section = "Best epoch"
    rows = [
        Fact(section, "Epoch", tuple(_or_dash(b.epoch if b else None) for b in bests)),
        _figure(
            section, "Validation loss", [b.validation_loss if b else None for b in bests], 4, False
        ),
        _figure(section, "Mean PCC", [b.mean_pcc if b else None for b in bests], 3, True),
    ]
    for lead in CHEST_LEADS:
        values = [b.pcc.get(lead) if b else None for b in bests]
        if any(value is not None for value in values):
            rows.append(_figure(section, f"PCC {lead}", values, 3, True))
    return rows


def _figure(
    section: str, name: str, values: Sequence[float | None], digits: int, higher_is_better: bool
) -> Fact:
    texts = tuple(NONE if value is None else f"{value:.{digits}f}" for value in values)
    known = {index: value for index, value in enumerate(values) if value is not None}
    best = None
    if len(known) > 1 and len(set(texts)) > 1:
        choose = max if higher_is_better else min
        best = choose(known, key=lambda index: known[index])
    return Fact(section, name, texts, best)


def _circumstances(courses: Sequence[Course]) -> list[Fact]:
    rows: list[tuple[str, list[str]]] = [
        ("Recipe", [course.recipe for course in courses]),
        ("State", [course.ending or "under way" for course in courses]),
        ("Started", [started_text(course) for course in courses]),
        ("Trained on", [_recordings(course) for course in courses]),
        ("Took", [_took(course) for course in courses]),
        ("Device", [course.run.device if course.run else NONE for course in courses]),
    ]
    if any(course.left_out for course in courses):
        rows.insert(4, ("Left out", [_left_out(course) for course in courses]))
    return [Fact("Run", name, tuple(values)) for name, values in rows]


def _left_out(course: Course) -> str:
    reasons = (f"{count:,} {reason}" for reason, count in course.left_out.items())
    return ", ".join(reasons) or NONE


def _parameters(courses: Sequence[Course]) -> list[Fact]:
    section = "Parameters that differ" if len(courses) > 1 else "Parameters"
    rows = []
    for parameter in parameter_table():
        values = tuple(_parameter_text(course, parameter.name) for course in courses)
        differs = len(set(values)) > 1
        if differs if len(courses) > 1 else values[0] != NONE:
            unit = f" ({parameter.unit})" if parameter.unit else ""
            rows.append(Fact(section, title_of(parameter) + unit, values))
    return rows


def _parameter_text(course: Course, name: str) -> str:
    recipe = RECIPES.get(course.recipe)
    chosen: Any = course.run.parameters.get(name) if course.run else None
    if chosen is None or (recipe is not None and name in recipe.absent):
        return NONE
    if name == "leads":
        return ", ".join(chosen) or "any set"
    return text_of(tuple(chosen) if isinstance(chosen, list) else chosen)


def _recordings(course: Course) -> str:
    run = course.run
    if run is None:
        return NONE
    checked = f", {run.validation_recordings:,} to validate" if run.validation_recordings else ""
    return f"{run.recordings:,} recordings{checked}"


def _took(course: Course) -> str:
    return duration_text(course.history[-1].elapsed_s) if course.history else NONE


def _or_dash(value: object) -> str:
    return NONE if value is None else str(value)


def started_text(course: Course) -> str:
    """Say when a run was started."""
    if course.run is None:
        return "now"
    try:
        return datetime.fromisoformat(course.run.started).strftime("%d %b %Y, %H:%M")
    except ValueError:
        return course.run.started


def write_history(course: Course, target: Path) -> None:
    """Write the history of a run as CSV: a row an epoch, losses and PCC by lead.

    Parameters
    ----------
    course : Course
        The run.
    target : Path
        The file.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    leads = [lead for lead in CHEST_LEADS if any(lead in r.pcc for r in course.history)]
    with target.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        head = ["epoch", "training_loss", "validation_loss", *(f"pcc_{lead}" for lead in leads)]
        table.writerow([*head, "mean_pcc", "windows_per_s", "elapsed_s"])
        for record in course.history:
            table.writerow(
                [
                    record.epoch,
                    record.loss,
                    record.validation_loss,
                    *(record.pcc.get(lead) for lead in leads),
                    record.mean_pcc,
                    round(record.windows_per_s, 1),
                    round(record.elapsed_s, 1),
                ]
            )
