"""What the training page shows: frozen states, and pure functions that fold events into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ecgview.engine.events import Event, Failed, Finished, Progress
from ecgview.engine.runs import EpochRecord, Run
from ecgview.engine.training_events import BatchDone, EpochDone, Example, Started
from ecgview.gui.training.draft import Draft

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.engine.dataset import DataSummary

Phase = Literal["preparing", "training", "stopping", "discarding", "ended", "failed"]
RUNNING: frozenset[Phase] = frozenset({"preparing", "training", "stopping", "discarding"})
MOST_EXAMPLES = 200
"""About as many are kept of a long run."""
_ENDINGS = {
    "running": "interrupted",
    "finished": "finished",
    "stopped early": "stopped early: no better validation loss",
    "stopped": "stopped by hand, kept",
    "failed": "failed",
}


@dataclass(frozen=True, eq=False)
class Course:
    """The course of one training run: one under way, or one read from disk.

    Attributes
    ----------
    name : str
        Of the model.
    recipe : str
        Key of `ecgview.engine.recipes.RECIPES`.
    file : Path
        Where the run is, or will be, kept; tells runs apart.
    phase : str
        ``preparing``, ``training``, ``stopping`` (kept), ``discarding``, ``ended`` or ``failed``.
    step : Progress or None
        What is done before the training itself.
    unreadable : tuple of Failed
        Recordings that could not be read.
    left_out : mapping of str to int
        Recordings left out, by reason.
    run : Run or None
        Facts, once training has begun.
    batch : BatchDone or None
        The latest of this epoch.
    epochs : int
        How many there will be at most; 0 while that is not known.
    history : tuple of EpochRecord
        Epoch by epoch.
    examples : mapping of int to Example
        The example recording by epoch; runs read from disk have none.
    left_s : float or None
        Estimated time to the end.
    card : ModelCard or None
        Of the finished model.
    failure : str
        Why it failed, for people.
    """

    name: str
    recipe: str
    file: Path
    phase: Phase = "preparing"
    step: Progress | None = None
    unreadable: tuple[Failed, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    run: Run | None = None
    batch: BatchDone | None = None
    epochs: int = 0
    history: tuple[EpochRecord, ...] = ()
    examples: Mapping[int, Example] = field(default_factory=dict)
    left_s: float | None = None
    card: ModelCard | None = None
    failure: str = ""

    @classmethod
    def of_run(cls, run: Run) -> Course:
        """Show a run as it was read from disk."""
        return cls(
            run.name, run.recipe, run.file, phase="failed" if run.state == "failed" else "ended",
            run=run, epochs=int(run.parameters.get("epochs", 0)), history=run.history,
        )  # fmt: skip

    @property
    def is_running(self) -> bool:
        """Whether it is under way."""
        return self.phase in RUNNING

    @property
    def is_unfinished(self) -> bool:
        """Whether it was interrupted, stopped or failed."""
        over = ("running", "stopped", "failed")
        return not self.is_running and self.run is not None and self.run.state in over

    @property
    def is_waiting_to_go_on(self) -> bool:
        """Whether it has epochs behind it from earlier, and nothing was trained anew yet."""
        return self.run is None and bool(self.history)

    @property
    def fraction(self) -> float | None:
        """How much is done, from 0 to 1; None where that is not known."""
        if not self.is_running:
            return 1.0
        if self.phase == "preparing":
            step = self.step
            return step.done / step.total if step and step.total else None
        done = float(len(self.history))
        if self.batch is not None and self.batch.epoch == len(self.history) + 1:
            done += self.batch.batch / max(self.batch.batches, 1)
        return min(done / self.epochs, 1.0) if self.epochs else None

    @property
    def best(self) -> EpochRecord | None:
        """The epoch whose weights are kept."""
        return best_of(self.history)

    @property
    def windows_per_s(self) -> float | None:
        """Training throughput: of this epoch, else of the last one."""
        if self.batch is not None:
            return self.batch.windows_per_s
        return self.history[-1].windows_per_s if self.history else None

    @property
    def ending(self) -> str:
        """How it ended, in a few words."""
        if self.phase == "failed":
            return self.failure or _ENDINGS["failed"]
        return _ENDINGS.get(self.run.state, "") if self.run else ""


def best_of(history: tuple[EpochRecord, ...]) -> EpochRecord | None:
    """Give the epoch of the least validation loss; the last where nothing was validated."""
    validated = [record for record in history if record.validation_loss is not None]
    if validated:
        return min(validated, key=lambda record: record.validation_loss or 0.0)
    return history[-1] if history else None


def advance(course: Course, event: Event) -> Course:
    """Fold an event of the engine into the course of a run.

    Parameters
    ----------
    course : Course
        Before.
    event : Event
        What the engine told.

    Returns
    -------
    Course
        After; a wish to stop or discard outlives the events that are still under way.
    """
    if isinstance(event, Progress):
        return replace(course, step=event)
    if isinstance(event, Failed):
        return replace(course, unreadable=(*course.unreadable, event))
    if isinstance(event, Started):
        return _begin(course, event)
    if isinstance(event, BatchDone):
        return replace(course, batch=event, epochs=event.epochs, left_s=event.left_s)
    if isinstance(event, EpochDone):
        return _note_epoch(course, event)
    if isinstance(event, Finished):
        result = event.result
        return replace(
            course, phase="ended", card=result.card, run=result.run, history=result.run.history,
            batch=None, left_s=None,
        )  # fmt: skip
    return course


def _begin(course: Course, event: Started) -> Course:
    return replace(
        course,
        phase="training" if course.phase == "preparing" else course.phase,
        step=None,
        run=event.run,
        left_out=dict(event.left_out),
        epochs=int(event.run.parameters.get("epochs", 0)),
        history=event.run.history,
    )


def _note_epoch(course: Course, event: EpochDone) -> Course:
    examples = course.examples
    if event.example is not None:
        examples = _thinned({**examples, event.record.epoch: event.example})
    return replace(
        course,
        history=(*course.history, event.record),
        examples=examples,
        epochs=event.epochs,
        batch=None,
        left_s=event.left_s,
    )


def _thinned(examples: Mapping[int, Example]) -> Mapping[int, Example]:
    """Keep the latest example, and evenly spaced ones before it, so that a long run fits."""
    last, step = max(examples), 1
    while last > MOST_EXAMPLES * step:
        step *= 2
    return {
        epoch: shown
        for epoch, shown in examples.items()
        if (epoch - 1) % step == 0 or epoch == last
    }


@dataclass(frozen=True)
class TrainingState:
    """Everything the training page shows.

    Attributes
    ----------
    folders : tuple of Path
        The chosen data folders.
    summary : DataSummary or None
        What was found in them.
    looking : bool
        Whether they are being looked through.
    data_problem : str
        Why they cannot be used.
    draft : Draft
        The form.
    course : Course or None
        The run under way, or the one that ended last in this window.
    runs : tuple of Run
        Those on disk, the newest first.
    selected : tuple of Path
        Files of the runs shown: one, or two to compare; empty for the invitation.
    scoring : Progress or None
        An evaluation under way.
    """

    folders: tuple[Path, ...] = ()
    summary: DataSummary | None = None
    looking: bool = False
    data_problem: str = ""
    draft: Draft = field(default_factory=Draft)
    course: Course | None = None
    runs: tuple[Run, ...] = ()
    selected: tuple[Path, ...] = ()
    scoring: Progress | None = None

    @property
    def is_training(self) -> bool:
        """Whether a run is under way."""
        return self.course is not None and self.course.is_running

    @property
    def courses(self) -> tuple[Course, ...]:
        """All runs, the newest first; the one of this window with all that it told."""
        own = self.course
        others = tuple(
            Course.of_run(run) for run in self.runs if own is None or run.file != own.file
        )
        return others if own is None else (own, *others)

    @property
    def shown(self) -> tuple[Course, ...]:
        """The runs that are selected, in the order of the list."""
        return tuple(course for course in self.courses if course.file in self.selected)
