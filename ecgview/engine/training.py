"""Training, from the recordings to the best weights: a generator of events."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import torch

from ecgview.engine.cards import ModelCard, read_card
from ecgview.engine.dataset import Entry
from ecgview.engine.distributed import (
    after_first_on_machine,
    average,
    broadcast,
    is_first,
    rank,
    world_size,
)
from ecgview.engine.events import Event, Finished
from ecgview.engine.learners import LEARNERS
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.preparation import prepare_events
from ecgview.engine.runs import EpochRecord, Run, State, read_run, write_run
from ecgview.engine.signal_set import SignalSet, clean_second_moments
from ecgview.engine.training_events import BatchDone, EpochDone, Started, TrainingResult
from ecgview.engine.training_files import new_run, save_best, save_linear, save_names
from ecgview.engine.training_state import restore_state, save_state
from ecgview.engine.validation import Validation, validate
from ecgview.errors import TrainingError

_BATCHES_AT_ONCE = 4


@dataclass(frozen=True)
class TrainingTask:
    """What to train on and where to leave it.

    Attributes
    ----------
    name : str
        Name of the model.
    recipe : str
        Key of `ecgview.engine.recipes.RECIPES`.
    entries, validation_entries : tuple of Entry
        Recordings to learn from, and to choose the best epoch on; the latter may be none.
    output : Path
        Folder for weights, card, list of records and the state to go on from.
    device : str
        Torch device.
    folds : tuple of int
        What the card says of the folds they are from.
    command : tuple of str
        The command line, for the card.
    cache : bool
        Whether prepared recordings are kept for the next time.
    resume : bool
        Whether to go on with the run of this name in `output`, if there is one.
    stop : threading.Event
        Set it to stop after the batches under way and keep the best weights.
    """

    name: str
    recipe: str
    entries: tuple[Entry, ...]
    validation_entries: tuple[Entry, ...]
    output: Path
    device: str
    folds: tuple[int, ...]
    command: tuple[str, ...]
    cache: bool = True
    resume: bool = False
    stop: threading.Event = field(default_factory=threading.Event, compare=False)


def train(task: TrainingTask, parameters: TrainingParameters) -> Iterator[Event]:
    """Train a model.

    Parameters
    ----------
    task : TrainingTask
        Data and destination.
    parameters : TrainingParameters
        Everything adjustable.

    Yields
    ------
    Event
        `Progress` and `Failed` while reading, `Started`, then `BatchDone` and `EpochDone`, and
        `Finished` with a `TrainingResult`. After each epoch the state to go on from is written,
        and the weights where they are the best so far; each file is replaced whole. Of several
        processes the first alone validates, writes and tells how it ended.

    Raises
    ------
    TrainingError
        If there is a run of this name already and it is not to go on, if the loss stops being a
        number, or on an interrupt from the keyboard; the best weights stay valid.
    """
    run = _earlier_run(task)
    if run is not None and run.state in ("finished", "stopped early") and _is_done(run, parameters):
        yield Started(run, {})
        yield Finished(TrainingResult(read_card(run.weights), run))
        return
    with after_first_on_machine():
        data = yield from _load(task.entries, parameters, task)
    validation = None
    if task.validation_entries and is_first():
        validation = yield from _load(task.validation_entries, parameters, task)
    trainer = _Trainer(task, parameters, data, validation, run)
    yield Started(trainer.run, data.reasons())
    yield from trainer.events()


def _earlier_run(task: TrainingTask) -> Run | None:
    file = task.output / f"{task.name}.run.json"
    exists = file.is_file()
    if broadcast(exists) != exists:
        raise TrainingError(
            f"Processes 0 and {rank()} do not see the same files in {task.output}.",
            "Choose a folder that all machines share.",
        )
    if not exists:
        return None
    if not task.resume:
        raise TrainingError(
            f"There is already a run “{task.name}” in {task.output}.",
            "Go on with it (--resume), or choose another name or folder.",
        )
    return read_run(file)


def _is_done(run: Run, parameters: TrainingParameters) -> bool:
    """Tell whether a finished run is as long as it is now wished to be."""
    return run.state == "stopped early" or len(run.history) >= parameters.epochs


def _load(
    entries: Sequence[Entry], parameters: TrainingParameters, task: TrainingTask
) -> Generator[Event, None, SignalSet]:
    for event in prepare_events(entries, parameters.rate_hz, cache=task.cache):
        if isinstance(event, Finished):
            return event.result
        yield event
    raise AssertionError("preparation ends with its result")


class _Trainer:
    """A run under way."""

    def __init__(
        self,
        task: TrainingTask,
        parameters: TrainingParameters,
        data: SignalSet,
        validation: SignalSet | None,
        earlier: Run | None,
    ) -> None:
        self.task, self.parameters = task, parameters
        self.validation = validation
        self.kind = LEARNERS[task.recipe]
        self.moments = clean_second_moments(data.signals_mv, parameters.rate_hz)
        self.data = data
        self.learners = [
            self.kind(data.signals_mv, self.moments, parameters, number, task.device)
            for number in range(parameters.members)
        ]
        if self.learners[0].n_batches == 0:
            raise TrainingError(f"There are fewer recordings than the {world_size()} processes.")
        self.run = new_run(task, parameters, data, validation)
        if earlier is not None and earlier.last.is_file():
            history = restore_state(earlier.last, self.learners, parameters)
            self.run = replace(
                earlier,
                state="running",
                history=history,
                device=task.device,
                parameters=asdict(parameters),
            )
        elif is_first():
            task.output.mkdir(parents=True, exist_ok=True)
            save_names(task, data)
            if task.recipe == "anylead":
                save_linear(task, parameters, data, self.moments)
        self._write_run()
        self.elapsed_before_s = self.run.history[-1].elapsed_s if self.run.history else 0.0
        self.started_s = time.perf_counter()

    @property
    def _n_threads(self) -> int:
        """One for each member, but one for all where several processes share GPUs.

        There the members' exchanges must come in the same order in each process.
        """
        on_gpus = world_size() > 1 and self.learners[0].device.type == "cuda"
        return 1 if on_gpus else self.parameters.members

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return len(self.run.history)

    def events(self) -> Iterator[Event]:
        """Train to the end; see `train`."""
        try:
            with _threads(self._n_threads) as pool:
                state = yield from self._epochs(pool)
        except KeyboardInterrupt as interrupt:
            self._end("stopped")
            raise TrainingError("Stopped.", self._what_is_left()) from interrupt
        except GeneratorExit:
            self._end("stopped")
            raise
        except BaseException:
            self._end("failed")
            raise
        self._end(state)
        if is_first():
            yield Finished(TrainingResult(self._card(), self.run))

    def _epochs(self, pool: ThreadPoolExecutor) -> Generator[Event, None, State]:
        """Pass over the recordings until the end; returns how it ended."""
        while self.epoch < self.parameters.epochs:
            loss_and_rate = yield from self._pass(pool)
            if loss_and_rate is None:
                return "stopped"
            yield self._finish_epoch(*loss_and_rate)
            if self._is_past_its_best():
                return "stopped early"
        return "finished"

    def _pass(self, pool: ThreadPoolExecutor) -> Generator[Event, None, tuple[float, float] | None]:
        """Train one epoch; returns (loss, windows per second), or None when told to stop."""
        first = self.learners[0]
        for learner in self.learners:
            learner.shuffle()
        losses: list[float] = []
        began_s = time.perf_counter()
        for start in range(0, first.n_batches, _BATCHES_AT_ONCE):
            batches = range(start, min(start + _BATCHES_AT_ONCE, first.n_batches))
            latest: list[float] = []
            for its in pool.map(lambda learner, b=batches: learner.train_on(b), self.learners):
                latest += its
            latest = average(latest)
            self._check(latest)
            losses += latest
            seconds = time.perf_counter() - began_s
            windows = batches.stop * self.parameters.batch_size * world_size()
            windows = min(windows, first.n_windows)
            rate = windows / seconds
            left = (self.parameters.epochs - self.epoch) * first.n_windows - windows
            yield BatchDone(
                self.epoch + 1,
                self.parameters.epochs,
                batches.stop,
                first.n_batches,
                float(np.mean(losses)),
                rate,
                left / rate,
            )
            if broadcast(self.task.stop.is_set()):
                return None
        return float(np.mean(losses)), rate

    def _check(self, losses: Sequence[float]) -> None:
        if not np.isfinite(losses).all():
            raise TrainingError(
                f"The loss is no longer a number in epoch {self.epoch + 1}.",
                f"{self._what_is_left()} Try a lower learning rate.",
            )

    def _what_is_left(self) -> str:
        if not self.run.history:
            return "Nothing was saved yet."
        best = self.run.best
        assert best is not None
        return (
            f"The weights of epoch {best.epoch} are in {self.run.weights}; "
            f"--resume goes on after epoch {self.epoch}."
        )

    def _finish_epoch(self, loss: float, windows_per_s: float) -> EpochDone:
        """Validate, and write what is to be kept."""
        model = self._combined()
        result: Validation | None = None
        if self.validation is not None:
            result = validate(self.kind, model, self.validation, self.parameters)
        now_s = self.elapsed_before_s + time.perf_counter() - self.started_s
        record = EpochRecord(
            self.epoch + 1,
            loss,
            result.loss if result else None,
            result.pcc if result else {},
            windows_per_s,
            now_s,
        )
        record = EpochRecord(**broadcast(asdict(record)))
        if record.validation_loss is not None:
            self._check([record.validation_loss])
        self.run = replace(self.run, history=(*self.run.history, record))
        is_best = self.run.best is record
        if is_best and is_first():
            save_best(model, self.task, self.parameters, self.data, self.run)
        if is_first():
            save_state(self.run.last, self.learners, self.parameters, self.run.history)
        self._write_run()
        left_s = now_s / self.epoch * (self.parameters.epochs - self.epoch)
        example = result.example if result else None
        return EpochDone(record, self.parameters.epochs, is_best, left_s, example)

    def _combined(self) -> torch.nn.Module:
        return self.kind.combine(self.learners, self.parameters, self.moments)

    def _is_past_its_best(self) -> bool:
        best = self.run.best
        patience = self.parameters.patience
        return bool(patience and best and self.epoch - best.epoch >= patience)

    def _end(self, state: State) -> None:
        self.run = replace(self.run, state=state)
        self._write_run()

    def _write_run(self) -> None:
        if is_first():
            write_run(self.run)

    def _card(self) -> ModelCard:
        if not self.run.history:
            save_best(self._combined(), self.task, self.parameters, self.data, self.run)
        return read_card(self.run.weights)


@contextmanager
def _threads(members: int) -> Iterator[ThreadPoolExecutor]:
    """Give each member a thread of its own.

    A thread for each member keeps cores busier than several threads for one convolution.
    """
    n_threads = torch.get_num_threads()
    torch.set_num_threads(max(1, n_threads // members))
    try:
        with ThreadPoolExecutor(members) as pool:
            yield pool
    finally:
        torch.set_num_threads(n_threads)
