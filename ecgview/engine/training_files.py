"""What a training run leaves: weights, cards, the list of records, the run itself."""

from __future__ import annotations

import shlex
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from ecgview import __version__
from ecgview.engine.cards import ModelCard
from ecgview.engine.checkpoint import save_model
from ecgview.engine.dataset import data_sources
from ecgview.engine.distributed import world_size
from ecgview.engine.learners import LEARNERS
from ecgview.engine.models.linear import LeastSquares
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.runs import Run
from ecgview.engine.signal_set import SignalSet
from ecgview.errors import TrainingError

if TYPE_CHECKING:
    from ecgview.engine.training import TrainingTask

_NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows a program of the terminal would else flash up beside the window."""


def new_run(
    task: TrainingTask,
    parameters: TrainingParameters,
    data: SignalSet,
    validation: SignalSet | None,
) -> Run:
    """Describe a run that begins now."""
    return Run(
        name=task.name,
        folder=task.output,
        recipe=task.recipe,
        started=datetime.now().isoformat(timespec="seconds"),
        state="running",
        parameters=asdict(parameters),
        device=task.device,
        recordings=len(data.entries),
        validation_recordings=len(validation.entries) if validation else 0,
        data=data_sources(data.entries),
    )


def save_best(
    model: nn.Module,
    task: TrainingTask,
    parameters: TrainingParameters,
    data: SignalSet,
    run: Run,
) -> ModelCard:
    """Write the weights that are the best so far, with their card."""
    architecture = LEARNERS[task.recipe].architecture(parameters)
    facts = _training_facts(task, parameters, data)
    if run.best is not None:
        facts["epoch"] = run.best.epoch
        facts["validation"] = {
            "recordings": run.validation_recordings,
            "loss": run.best.validation_loss,
            "raw_pcc": run.best.pcc,
        }
    card = ModelCard(
        name=task.name,
        title=architecture.title,
        description=architecture.description,
        architecture=architecture.key,
        arguments=architecture.arguments,
        fs_hz=parameters.rate_hz,
        bandwidth_hz=parameters.rate_hz / 2,
        training=facts,
        leads=architecture.leads,
        rebuilds=architecture.rebuilds,
        path=run.weights,
    )
    return save_model(model, card)


def save_linear(
    task: TrainingTask,
    parameters: TrainingParameters,
    data: SignalSet,
    moments: NDArray[np.floating],
) -> ModelCard:
    """Write the least-squares model of the same recordings as ``NAME-linear``."""
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
    return save_model(LeastSquares(moments), card)


def save_names(task: TrainingTask, data: SignalSet) -> None:
    """Write the names of the training recordings, one a line; the folder is made.

    Raises
    ------
    TrainingError
        If they cannot be written.
    """
    names = "\n".join(_names(data))
    try:
        task.output.mkdir(parents=True, exist_ok=True)
        (task.output / f"{task.name}.records.txt").write_text(names + "\n", encoding="utf-8")
    except OSError as error:
        raise TrainingError(
            f"{task.output} cannot be written to: {error.strerror or error}.",
            "Make room, or choose another folder.",
        ) from error


def check_names(task: TrainingTask, data: SignalSet) -> None:
    """Refuse to go on with a run on other recordings than it began with.

    Raises
    ------
    TrainingError
        If the recordings are not those of the run's list.
    """
    file = task.output / f"{task.name}.records.txt"
    if file.is_file() and file.read_text("utf-8").split("\n")[:-1] != _names(data):
        raise TrainingError(
            "The run was started on other recordings.",
            f"{file} lists them: give the same data and folds, or train into another folder.",
        )


def _names(data: SignalSet) -> list[str]:
    return [entry.name for entry in data.entries]


def _training_facts(
    task: TrainingTask, parameters: TrainingParameters, data: SignalSet
) -> dict[str, Any]:
    return {
        "recipe": task.recipe,
        "data": data_sources(data.entries),
        "folds": list(task.folds),
        "recordings": len(data.entries),
        "patients": len({entry.person for entry in data.entries}),
        "left_out": data.reasons(),
        "records": f"{task.name}.records.txt",
        "parameters": asdict(parameters),
        "processes": world_size(),
        "commit": _commit(),
        "version": __version__,
        "command": shlex.join(task.command),
        "device": task.device,
    }


def _commit() -> str:
    """Short hash of the checkout that runs, empty outside one."""
    if getattr(sys, "frozen", False):
        return ""  # whatever repository it may be installed below
    folder = Path(__file__).resolve().parent
    run = ["git", "-C", str(folder), "rev-parse", "--short=12", "HEAD"]
    try:
        return subprocess.run(
            run, capture_output=True, text=True, check=True, creationflags=_NO_CONSOLE
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
