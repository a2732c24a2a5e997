"""The study of Gradowski & Buchner (2025): one U-Net for each of 25 sets of available leads.

Each set trains by the recipe ``gradowski2025``; all are scored on the same recordings, beside least
squares from the same training recordings.
"""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ecgview.engine.cards import ModelCard, read_card
from ecgview.engine.dataset import Entry, choose_entries
from ecgview.engine.distributed import is_first, wait
from ecgview.engine.evaluation import Report, evaluate_models
from ecgview.engine.events import Event, Finished
from ecgview.engine.input_sets import set_name
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.preparation import prepare
from ecgview.engine.recipes import RECIPES
from ecgview.engine.reports import told_of
from ecgview.engine.runs import Run, read_run
from ecgview.engine.signal_set import clean_second_moments
from ecgview.engine.split import split_entries
from ecgview.engine.training import TrainingTask, train
from ecgview.engine.training_events import TrainingResult
from ecgview.engine.training_files import save_linear

NAME = "gradowski2025"
RECIPE = RECIPES[NAME]


@dataclass(frozen=True)
class StudyTask:
    """What to train and score.

    Attributes
    ----------
    data_dirs : tuple of Path
        Data sets.
    output : Path
        Folder for models, runs and tables; what is finished there is not done again.
    input_sets : tuple of tuple of str
        Sets of available leads.
    folds, validation_folds, test_folds : tuple of int
        To learn from, to choose the best epoch, and to report.
    device : str
        Torch device.
    command : tuple of str
        The command line, for the cards.
    cache : bool
        Whether prepared recordings are kept.
    """

    data_dirs: tuple[Path, ...]
    output: Path
    input_sets: tuple[tuple[str, ...], ...]
    folds: tuple[int, ...]
    validation_folds: tuple[int, ...]
    test_folds: tuple[int, ...]
    device: str
    command: tuple[str, ...]
    cache: bool = True


@dataclass(frozen=True)
class SetStarted(Event):
    """Training for one set of available leads begins, or goes on.

    Attributes
    ----------
    leads : tuple of str
        The set.
    number, count : int
        Which it is, counted from 1, of how many.
    """

    leads: tuple[str, ...]
    number: int
    count: int


@dataclass(frozen=True, eq=False)
class SetDone(Event):
    """The model of one set of available leads is ready."""

    result: TrainingResult


@dataclass(frozen=True, eq=False)
class StudyResult:
    """What the study came to.

    Attributes
    ----------
    runs : tuple of Run
        How each set was trained, in order.
    report : Report
        Scores of each model on its set, and of least squares on all.
    """

    runs: tuple[Run, ...]
    report: Report


def study(task: StudyTask, parameters: TrainingParameters) -> Iterator[Event]:
    """Train and score; a generator of events.

    Parameters
    ----------
    task : StudyTask
        Data and destination.
    parameters : TrainingParameters
        Of the recipe; ``leads`` is replaced by each set.

    Yields
    ------
    Event
        `SetStarted`, the events of training and `SetDone` for each set; those of evaluation;
        `Finished` with a `StudyResult`. ``runs.csv`` in the output says how each was trained.
    """
    training, validation = split_entries(task.data_dirs, task.folds, task.validation_folds)
    results: list[TrainingResult] = []
    for number, leads in enumerate(task.input_sets, start=1):
        yield SetStarted(leads, number, len(task.input_sets))
        result = yield from _train_set(task, parameters, leads, training, validation)
        results.append(result)
        yield SetDone(result)
    runs = tuple(result.run for result in results)
    linear = yield from _linear(task, parameters, training)
    if is_first():
        write_run_table(runs, task.output / "runs.csv")
    # Under one name the 25 networks are the rows of one table.
    cards: list[ModelCard] = [*(replace(result.card, name=NAME) for result in results), linear]
    tested = choose_entries(task.data_dirs, task.test_folds, None)
    for event in evaluate_models(cards, tested, task.input_sets, task.device, cache=task.cache):
        yield Finished(StudyResult(runs, event.result)) if isinstance(event, Finished) else event


def _train_set(
    task: StudyTask,
    parameters: TrainingParameters,
    leads: tuple[str, ...],
    training: tuple[Entry, ...],
    validation: tuple[Entry, ...],
) -> Generator[Event, None, TrainingResult]:
    one = _training_task(task, f"{NAME}-{set_name(leads)}", training, validation)
    for event in train(one, replace(parameters, leads=leads)):
        if not isinstance(event, Finished):
            yield event
    # Of several processes only the first is told the result; all find it on the disk.
    wait()
    run = read_run(task.output / f"{one.name}.run.json")
    return TrainingResult(read_card(run.weights), run)


def _linear(
    task: StudyTask, parameters: TrainingParameters, training: tuple[Entry, ...]
) -> Generator[Event, None, ModelCard]:
    """Make the least-squares model of the training recordings, once for all processes."""
    one = _training_task(task, NAME, training)
    if is_first():
        data = yield from prepare(training, parameters.rate_hz, cache=task.cache)
        moments = clean_second_moments(data.signals_mv, parameters.rate_hz)
        save_linear(one, parameters, data, moments)
    wait()
    return read_card(one.output / f"{NAME}-linear.safetensors")


def _training_task(
    task: StudyTask, name: str, training: tuple[Entry, ...], validation: tuple[Entry, ...] = ()
) -> TrainingTask:
    return TrainingTask(
        name=name,
        recipe=NAME,
        entries=training,
        validation_entries=validation,
        output=task.output,
        device=task.device,
        folds=task.folds,
        command=task.command,
        cache=task.cache,
        resume=True,
    )


def write_run_table(runs: Sequence[Run], path: Path) -> None:
    """Write how each set was trained, a row a set.

    Parameters
    ----------
    runs : sequence of Run
        The runs.
    path : Path
        A CSV file.

    Raises
    ------
    EcgviewError
        If it cannot be written.
    """
    with told_of(path.parent), path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            [
                *("available", "recordings", "validation_recordings", "epochs", "best_epoch"),
                *("base_width", "device", "minutes"),
            ]
        )
        for run in runs:
            best = run.best
            table.writerow(
                [
                    ",".join(run.parameters["leads"]),
                    run.recordings,
                    run.validation_recordings,
                    len(run.history),
                    best.epoch if best else "",
                    run.parameters["base_width"],
                    run.device,
                    f"{run.history[-1].elapsed_s / 60:.1f}" if run.history else "",
                ]
            )
