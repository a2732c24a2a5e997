"""Training of the any-lead network: a generator of events from first to last step."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ecgview.engine.augmentation import OVERSAMPLING
from ecgview.engine.cards import ModelCard
from ecgview.engine.checkpoint import save_model
from ecgview.engine.dataset import Entry, data_sources
from ecgview.engine.events import Event, Finished
from ecgview.engine.member import MemberTrainer
from ecgview.engine.models.anylead import AnyLeadUNet
from ecgview.engine.models.linear import LeastSquares
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.signal_set import SignalSet, load_events, second_moments
from ecgview.errors import TrainingError
from ecgview.signals.filters import clean
from ecgview.signals.resampling import RateRatio, resample

_EPOCHS_BETWEEN_SAVES = 10


@dataclass(frozen=True)
class EpochDone(Event):
    """One pass over the training recordings is done.

    Attributes
    ----------
    epoch, epochs : int
        The one done, counted from 1, and how many there will be.
    loss : float
        Mean training loss of the pass.
    """

    epoch: int
    epochs: int
    loss: float


@dataclass(frozen=True)
class TrainingTask:
    """What to train on and where to leave it.

    Attributes
    ----------
    name : str
        Name of the model; ``NAME-linear`` is the least-squares model from the same recordings.
    entries : tuple of Entry
        Training recordings.
    output : Path
        Folder for weights, card and the list of records.
    device : str
        Torch device.
    folds : tuple of int
        What the card says of the folds they are from.
    command : tuple of str
        The command line, for the card.
    """

    name: str
    entries: tuple[Entry, ...]
    output: Path
    device: str
    folds: tuple[int, ...]
    command: tuple[str, ...]


def train(task: TrainingTask, parameters: TrainingParameters) -> Iterator[Event]:
    """Train the any-lead network and the least-squares model beside it.

    Parameters
    ----------
    task : TrainingTask
        Data and destination.
    parameters : TrainingParameters
        Everything adjustable.

    Yields
    ------
    Event
        `Progress` and `Failed` while reading, `EpochDone`, and `Finished` with the `ModelCard`.
        Weights are written every tenth epoch and at the end, each time whole.

    Raises
    ------
    TrainingError
        If the loss stops being a number; the last weights written stay valid.
    """
    data: SignalSet | None = None
    for event in load_events(task.entries, parameters.rate_hz):
        if isinstance(event, Finished):
            data = event.result
        else:
            yield event
    if data is None:
        return
    moments = second_moments(clean(data.signals_mv, parameters.rate_hz))
    _save_linear(task, parameters, data, moments)
    _save_names(task, data)
    card = _card(task, parameters, data)
    model = AnyLeadUNet(parameters.base_width, parameters.members, moments)
    for epoch, (loss, weights) in enumerate(_epochs(data, moments, parameters, task.device), 1):
        if not np.isfinite(loss):
            raise TrainingError(
                f"The loss is no longer a number in epoch {epoch}.",
                f"The last good weights are in {card.path}; try a lower learning rate.",
            )
        if epoch % _EPOCHS_BETWEEN_SAVES == 0 or epoch == parameters.epochs:
            for member, state in zip(model.members, weights(), strict=True):
                member.load_state_dict(state)
            card = save_model(model, card)
        yield EpochDone(epoch, parameters.epochs, loss)
    yield Finished(card)


def _epochs(
    data: SignalSet, moments: NDArray[np.floating], parameters: TrainingParameters, device: str
) -> Iterator[tuple[float, Callable[[], list[dict[str, Tensor]]]]]:
    """Train all members, each on a thread of its own; give the loss and a way to the weights."""
    oversampled = resample(data.signals_mv, RateRatio(OVERSAMPLING, 1))
    signals = torch.from_numpy(np.ascontiguousarray(oversampled))
    trainers = [
        MemberTrainer(signals, moments, parameters, number, device)
        for number in range(parameters.members)
    ]
    n_threads = torch.get_num_threads()
    # A thread for each member keeps cores busier than several threads for one convolution.
    torch.set_num_threads(max(1, n_threads // parameters.members))
    try:
        with ThreadPoolExecutor(parameters.members) as pool:
            for _ in range(parameters.epochs):
                losses = list(pool.map(MemberTrainer.run_epoch, trainers))
                yield float(np.mean(losses)), lambda: [t.weights() for t in trainers]
    finally:
        torch.set_num_threads(n_threads)


def _card(task: TrainingTask, parameters: TrainingParameters, data: SignalSet) -> ModelCard:
    return ModelCard(
        name=task.name,
        title="Any-lead U-Net",
        description=(
            f"{parameters.members} U-Nets of width {parameters.base_width} that correct least "
            "squares; any set of leads in, all twelve out."
        ),
        architecture="anylead-unet",
        arguments={"base_width": parameters.base_width, "members": parameters.members},
        fs_hz=parameters.rate_hz,
        bandwidth_hz=parameters.rate_hz / 2,
        training=_training_facts(task, parameters, data),
        path=task.output / f"{task.name}.safetensors",
    )


def _save_linear(
    task: TrainingTask,
    parameters: TrainingParameters,
    data: SignalSet,
    moments: NDArray[np.floating],
) -> None:
    facts = _training_facts(task, parameters, data)
    facts["parameters"] = {"rate_hz": parameters.rate_hz}
    card = ModelCard(
        name=f"{task.name}-linear",
        title="Least squares",
        description="The linear baseline: least squares for every set of leads.",
        architecture="least-squares",
        arguments={},
        fs_hz=parameters.rate_hz,
        bandwidth_hz=parameters.rate_hz / 2,
        training=facts,
        path=task.output / f"{task.name}-linear.safetensors",
    )
    save_model(LeastSquares(moments), card)


def _save_names(task: TrainingTask, data: SignalSet) -> None:
    names = "\n".join(entry.name for entry in data.entries)
    (task.output / f"{task.name}.records.txt").write_text(names + "\n", encoding="utf-8")


def _training_facts(
    task: TrainingTask, parameters: TrainingParameters, data: SignalSet
) -> dict[str, object]:
    return {
        "recipe": "anylead",
        "data": data_sources(data.entries),
        "folds": list(task.folds),
        "recordings": len(data.entries),
        "patients": len({entry.patient for entry in data.entries}),
        "left_out": data.reasons(),
        "records": f"{task.name}.records.txt",
        "parameters": asdict(parameters),
        "commit": _commit(),
        "command": shlex.join(task.command),
        "device": task.device,
    }


def _commit() -> str:
    """Short hash of the checkout that runs, empty outside one."""
    folder = Path(__file__).resolve().parent
    run: Sequence[str] = ["git", "-C", str(folder), "rev-parse", "--short=12", "HEAD"]
    try:
        return subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
