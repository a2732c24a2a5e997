"""A training engine that follows a script, and a window to try it on."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from courses import example, record, run
from stand_ins import FakeEngine, main_window
from waiting import wait_until

from ecgview import paths
from ecgview.engine.cards import ModelCard, read_card, write_card
from ecgview.engine.dataset import DataSummary
from ecgview.engine.events import Event, Failed, Finished, Progress
from ecgview.engine.runs import LAST_SUFFIX, list_runs, write_run
from ecgview.engine.training_events import BatchDone, EpochDone, Started, TrainingResult
from ecgview.errors import DatasetError
from ecgview.gui.backend import Backend
from ecgview.gui.main_window import MainWindow
from ecgview.gui.training.session import TrainingSession
from ecgview.gui.training.work import TrainingBackend, TrainingRequest

EPOCHS = 3
FOUND = DataSummary(
    recordings=90, segments=90, patients=80, folds=dict.fromkeys(range(1, 10), 10),
    splits=("patient",), sources={"made up": 90},
)  # fmt: skip


@dataclass
class ScriptedEngine(FakeEngine):
    """Training runs of three epochs; each epoch waits for `free` to be released, if held."""

    held: bool = False
    free: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    preparation_error: BaseException | None = None
    training_error: BaseException | None = None
    wanted: list[TrainingRequest] = field(default_factory=list)
    scored: list[tuple[str, tuple[int, ...], Path]] = field(default_factory=list)
    generators_closed: int = 0

    @property
    def backend(self) -> Backend:
        training = TrainingBackend(self.summarise, self.train, self.evaluate, list_runs)
        return replace(super().backend, list_models=self.list_models, training=training)

    def list_models(self) -> Sequence[ModelCard]:
        usual = [ModelCard(name, name.title(), "", "none", {}, 125.0, 62.5) for name in ("a", "b")]
        files = sorted(paths.user_runs_dir().glob("*/*.safetensors"))
        weights = [file for file in files if not file.name.endswith(LAST_SUFFIX)]
        return [*usual, *(read_card(file) for file in weights)]

    def summarise(self, data_dirs: Sequence[Path]) -> Generator[Event, None, None]:
        if data_dirs[0].name == "empty":
            raise DatasetError("No recording was found.", "Choose another folder.")
        yield Progress(1, 1, "Looking")
        yield Finished(FOUND)

    def train(self, request: TrainingRequest) -> Generator[Event, None, None]:
        self.wanted.append(request)
        try:
            yield from self._train(request)
        finally:
            self.generators_closed += 1

    def _train(self, request: TrainingRequest) -> Generator[Event, None, None]:
        yield Progress(90, 90, "Preparing recordings")
        yield Failed("torn", "torn cannot be read")
        if self.preparation_error is not None:
            raise self.preparation_error
        request.output.mkdir(parents=True)
        now = run(request.output, request.name)
        write_run(now)
        yield Started(now, {"flat lead": 2})
        for epoch in range(1, EPOCHS + 1):
            while self.held and not self.free.acquire(timeout=0.01):
                yield BatchDone(epoch, EPOCHS, 1, 2, 0.5, 40.0, 12.0)
                if request.stop.is_set():
                    break
            if request.stop.is_set():
                break
            if self.training_error is not None:
                raise self.training_error
            now = replace(now, history=(*now.history, record(epoch)))
            self._save(request, now.history[-1].epoch)
            write_run(now)
            yield EpochDone(record(epoch), EPOCHS, True, 6.0, example(epoch))
        now = replace(now, state="stopped" if request.stop.is_set() else "finished")
        write_run(now)
        card = read_card(self._save(request, 0))
        yield Finished(TrainingResult(card, now))

    def _save(self, request: TrainingRequest, epoch: int) -> Path:
        weights = request.output / f"{request.name}.safetensors"
        weights.write_bytes(b"weights of epoch %d" % epoch)
        card = ModelCard(
            request.name, f"U-Net of {request.name}", "", "lead-set-unet", {}, 125.0, 62.5,
            leads=("I", "II", "V2"), path=weights,
        )  # fmt: skip
        write_card(card)
        return weights

    def evaluate(
        self, card: ModelCard, data_dirs: Sequence[Path], folds: Sequence[int], target: Path,
        device: str,
    ) -> Generator[Event, None, None]:  # fmt: skip
        yield Progress(1, 2, "Scoring")
        self.scored.append((card.name, tuple(folds), target))
        yield Finished(target)


@contextmanager
def training_window(folder: Path, engine: FakeEngine) -> Iterator[MainWindow]:
    """A window that shows the training page."""
    with main_window(folder, engine) as window:
        window.session.update(page="training")
        yield window
        # What a test has left running must not hold up the window's end.
        training = window.training.training
        if training is not None and training.state.is_training:
            training.cancel_and_discard()
            wait_until(lambda: not training.state.is_training)


def session_of(window: MainWindow) -> TrainingSession:
    assert window.training.training is not None
    return window.training.training


def with_data(window: MainWindow, folder: Path) -> TrainingSession:
    """Choose a data folder and wait until it was looked through."""
    session = session_of(window)
    session.choose_data([folder])
    wait_until(lambda: not session.state.looking)
    return session
