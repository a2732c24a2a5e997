"""Going on with a run that was interrupted: what that takes, and whether it can be done here.

The card of a run holds the command line that began it: from there come data folders and folds.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecgview.engine.demonstration import RECORDINGS
from ecgview.engine.folds import parse_folds
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.runs import Run
from ecgview.export.shell import shell_line
from ecgview.gui.training.state import Course
from ecgview.gui.training.work import TrainingRequest

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard

_USUAL_VALIDATION_FOLDS = (8,)


def can_go_on(course: Course) -> bool:
    """Tell whether a run ended before its last epoch and left what it can go on from."""
    if course.run is None or not course.is_unfinished:
        return False
    return 0 < len(course.history) < course.epochs and course.run.last.is_file()


def obstacle(run: Run, card: ModelCard | None) -> str:
    """Say why a run cannot go on in the window, with the command that does it.

    Parameters
    ----------
    run : Run
        An unfinished one.
    card : ModelCard or None
        Of its model.

    Returns
    -------
    str
        Empty where nothing is in the way.
    """
    words = _words(card)
    if card is None or not words:
        return "Its card does not say how it was begun."
    options = _options(words)
    many = card.training.get("processes", 1) > 1
    if words[:2] == ("ecgview", "train") and not many and not options.records:
        return ""
    here = ("--name", run.name, "--output", str(run.folder), "--resume")
    line = words if words[1:2] == ("study",) else (*words, *here)
    command = shell_line(line, "windows" if sys.platform == "win32" else "posix")
    return f"It was begun in the terminal, and goes on there:\n{command}"


def data_folders(card: ModelCard) -> tuple[Path, ...] | None:
    """Give the data folders of a run.

    Parameters
    ----------
    card : ModelCard
        Of its model.

    Returns
    -------
    tuple of Path or None
        None for simulated recordings; none at all where one of them is not there any more.
    """
    options = _options(_words(card))
    if options.demo and not options.data:
        return None
    found: tuple[Path, ...] = tuple(options.data)
    return found if all(folder.is_dir() for folder in found) else ()


def resuming_request(
    run: Run, card: ModelCard, data_dirs: Sequence[Path], device: str
) -> TrainingRequest:
    """Ask for the rest of a run.

    Parameters
    ----------
    run : Run
        The run.
    card : ModelCard
        Of its model.
    data_dirs : sequence of Path
        Its data folders, none for simulated recordings.
    device : str
        ``auto`` or the name of a device.

    Returns
    -------
    TrainingRequest
        With the run's own parameters and folds.
    """
    words = _words(card)
    options = _options(words)
    known = {field.name for field in fields(TrainingParameters)}
    parameters: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in run.parameters.items()
        if name in known
    }
    return TrainingRequest(
        run.name,
        run.recipe,
        TrainingParameters(**parameters),
        tuple(data_dirs),
        tuple(card.training.get("folds", ())),
        options.validation_folds,
        run.folder,
        device,
        limit=RECORDINGS if options.demo else 0,
        begun_with=words,
    )


def _words(card: ModelCard | None) -> tuple[str, ...]:
    return tuple(shlex.split(card.training.get("command", ""))) if card else ()


def _options(words: Sequence[str]) -> argparse.Namespace:
    """Read the few options that say on which recordings a run learns."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--data", type=Path, action="append", default=[])
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--records", default="")
    parser.add_argument("--validation-folds", type=parse_folds, default=_USUAL_VALIDATION_FOLDS)
    return parser.parse_known_args(list(words))[0]
