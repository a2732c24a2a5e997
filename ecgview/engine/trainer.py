"""The loop of a training run: epochs, validation, and what is kept."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from ecgview.engine.cards import ModelCard, read_card
from ecgview.engine.distributed import (
    average,
    broadcast,
    is_first,
    world_size,
)
from ecgview.engine.events import Event, Finished
from ecgview.engine.learners import LEARNERS
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.runs import EpochRecord, Run, State, write_run
from ecgview.engine.signal_set import SignalSet, clean_second_moments
from ecgview.engine.training_events import BatchDone, EpochDone, TrainingResult
from ecgview.engine.training_files import check_names, new_run, save_best, save_linear, save_names
from ecgview.engine.training_state import restore_state, save_state
from ecgview.engine.validation import Validation, validate
from ecgview.errors import EcgviewError, ModelError, TrainingError

if TYPE_CHECKING:
    from ecgview.engine.training import TrainingTask

_BATCHES_AT_ONCE = 4


class Trainer:
    """A training run under way.

    Parameters
    ----------
    task : TrainingTask
        Data and destination.
    parameters : TrainingParameters
        Everything adjustable.
    data : SignalSet
        Recordings to learn from.
    validation : SignalSet or None
        Recordings that choose the best epoch.
    earlier : Run or None
        The run to go on with, if its state was saved.
    """

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
        self.moments = (
            clean_second_moments(data.signals_mv, parameters.rate_hz)
            if self.kind.corrects_least_squares
            else None
        )
        self.data = data
        self.learners = [
            self.kind(data.signals_mv, self.moments, parameters, number, task.device)
            for number in range(parameters.members)
        ]
        self._check_recordings()
        self.run = self._begin(earlier)
        self.elapsed_before_s = self.run.history[-1].elapsed_s if self.run.history else 0.0
        self.started_s = time.perf_counter()

    def _check_recordings(self) -> None:
        """Refuse what there is nothing to learn from, before anything is written."""
        if self.learners[0].n_batches == 0:
            raise TrainingError(f"There are fewer recordings than the {world_size()} processes.")
        window, longest = self.parameters.window, self.data.signals_mv.shape[-1]
        stride = int(getattr(self.learners[0].model, "STRIDE", 1))
        if window > longest or window % stride:
            raise TrainingError(
                f"window is {window}.",
                f"It must be a multiple of {stride}, and at most the {longest} samples that a "
                f"recording has at {self.parameters.rate_hz:g} Hz.",
            )

    def _begin(self, earlier: Run | None) -> Run:
        """Go on with an earlier run, or begin the files of a new one."""
        task, parameters = self.task, self.parameters
        if earlier is not None and earlier.last.is_file():
            check_names(task, self.data)
            run = replace(
                earlier,
                state="running",
                history=restore_state(earlier.last, self.learners, parameters),
                device=task.device,
                parameters=asdict(parameters),
            )
        else:
            run = new_run(task, parameters, self.data, self.validation)
            if is_first():
                save_names(task, self.data)
                if self.moments is not None:
                    save_linear(task, parameters, self.data, self.moments)
        if is_first():
            write_run(run)
        return run

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
        """Train to the end; see `ecgview.engine.training.train`."""
        try:
            with _threads(self._n_threads) as pool:
                state = yield from self._epochs(pool)
        except KeyboardInterrupt as interrupt:
            self._give_up("stopped")
            raise TrainingError("Stopped.", self._what_is_left()) from interrupt
        except GeneratorExit:
            self._give_up("stopped")
            raise
        except ModelError as error:  # the disk is full, or gone
            self._give_up("failed")
            raise TrainingError(error.message, self._what_is_left()) from error
        except BaseException:
            self._give_up("failed")
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
            weights = self.run.weights
            return f"Weights are in {weights}." if weights.is_file() else "Nothing was saved yet."
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
        run = replace(self.run, history=(*self.run.history, record))
        is_best = run.best is record
        if is_first():
            if is_best:
                save_best(model, self.task, self.parameters, self.data, run)
            save_state(run.last, self.learners, self.parameters, run.history)
        # Not before: an epoch that could not be saved is none to go on from.
        self.run = run
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

    def _give_up(self, state: State) -> None:
        """End because of an error, which one of the disk's shall not hide."""
        with suppress(EcgviewError):
            self._end(state)

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
