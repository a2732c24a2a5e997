"""Scripts of the other pages: what the library shows, and a training run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecgview.export.script import Question, Script
    from ecgview.gui.agreement_study.session import StudySession
    from ecgview.gui.library.session import LibrarySession
    from ecgview.gui.training.session import TrainingSession

_FALLING = "rmse"
"""``ecgview browse`` has the largest of these first by itself."""


def library_script_of(library: LibrarySession | None) -> Script | None:
    """Make the script of what the library shows; None where it shows nothing."""
    if library is None or library.state.folder is None:
        return None
    from ecgview.export.scripts import Search, library_script

    state = library.state
    scores = state.scores
    is_scored = scores is not None and bool(scores.known[state.rows].any())
    scored = _task_question(library) if is_scored else None
    reverse = bool(state.sort) and state.descending != (state.sort == _FALLING)
    folder = state.folder
    assert folder is not None
    return library_script(Search(folder.absolute(), state.query, state.sort, reverse, scored))


def _task_question(library: LibrarySession) -> Question:
    from ecgview.export.script import Opened, Question

    task = library.task
    return Question(Opened(None, 0.0), tuple(task.leads), task.model or "", task.device, task.clean)


def study_script_of(study: StudySession | None) -> Script | None:
    """Make the script of the result shown, or of what is asked for; None where neither is there."""
    if study is None:
        return None
    import shlex

    from ecgview.export.scripts import training_script
    from ecgview.gui.agreement_study.work import command_of

    state = study.state
    if state.report is not None and state.report.command:
        words = tuple(shlex.split(state.report.command))
    elif state.can_start or state.running:
        words = command_of(study.task)
    else:
        return None
    return training_script(words, "Study of agreement")


def training_script_of(training: TrainingSession | None) -> Script | None:
    """Make the script of the run that is selected, or of the form; None where neither is ready."""
    if training is None:
        return None
    from ecgview.export.scripts import training_script

    words = _words_of_run(training) or _words_of_form(training)
    return training_script(words, "Training run") if words else None


def _words_of_run(training: TrainingSession) -> tuple[str, ...]:
    import shlex

    from ecgview.engine.cards import read_card
    from ecgview.errors import ModelError

    for course in training.state.shown:
        weights = course.file.with_name(f"{course.name}.safetensors")
        try:
            card = read_card(weights)
        except ModelError:
            continue  # not written yet, or gone: the form is taken
        return tuple(shlex.split(card.training.get("command", "")))
    return ()


def _words_of_form(training: TrainingSession) -> tuple[str, ...]:
    state = training.state
    if state.summary is None or training.problems:
        return ()
    from ecgview.gui.training.draft import parameters
    from ecgview.gui.training.work import TrainingRequest, command_of

    draft = state.draft
    request = TrainingRequest(
        training.name, draft.recipe, parameters(draft), state.folders, draft.folds,
        draft.validation_folds, Path(training.name), draft.device,
    )  # fmt: skip
    return command_of(replace(request, data_dirs=tuple(p.absolute() for p in state.folders)))
