"""Training runs on disk: what was trained when, how, and how it went (no torch here).

A run is a file ``NAME.run.json`` beside the weights it made; it is rewritten after each epoch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ecgview.errors import TrainingError
from ecgview.paths import user_runs_dir
from ecgview.storing import put_in_place

State = Literal["running", "finished", "stopped early", "stopped", "failed"]
_SUFFIX = ".run.json"
# What a training run writes, all named after it.
_FILES = (".safetensors", ".json", "-linear.safetensors", "-linear.json", ".records.txt")
LAST_SUFFIX = ".last.safetensors"
"""End of the name of the file that a run goes on from; it is no model."""


@dataclass(frozen=True)
class EpochRecord:
    """What one pass over the training recordings came to.

    Attributes
    ----------
    epoch : int
        Counted from 1.
    loss : float
        Mean training loss.
    validation_loss : float or None
        The same loss on validation recordings, None without any.
    pcc : dict of str to float
        Mean raw PCC over the validation recordings of each rebuilt chest lead.
    windows_per_s : float
        Training throughput.
    elapsed_s : float
        Time since the run began, pauses left out.
    """

    epoch: int
    loss: float
    validation_loss: float | None
    pcc: dict[str, float]
    windows_per_s: float
    elapsed_s: float

    @property
    def mean_pcc(self) -> float | None:
        """Mean over the leads."""
        return float(np.mean(list(self.pcc.values()))) if self.pcc else None


@dataclass(frozen=True, eq=False)
class Run:
    """A training run.

    Attributes
    ----------
    name : str
        Name of the model.
    folder : Path
        Where it is.
    recipe : str
        Key of `ecgview.engine.recipes.RECIPES`.
    started : str
        ISO date and time, local.
    state : str
        ``running`` (or killed), ``finished``, ``stopped early`` (no better validation loss),
        ``stopped`` (by hand, kept) or ``failed``.
    parameters : dict
        As in `TrainingParameters`.
    device : str
        Torch device.
    recordings, validation_recordings : int
        How many were used.
    data : dict of str to int
        Data sets, with the number of training recordings from each.
    history : tuple of EpochRecord
        Epoch by epoch.
    """

    name: str
    folder: Path
    recipe: str
    started: str
    state: State
    parameters: Mapping[str, Any]
    device: str
    recordings: int
    validation_recordings: int
    data: Mapping[str, int] = field(default_factory=dict)
    history: tuple[EpochRecord, ...] = ()

    @property
    def weights(self) -> Path:
        """The best weights; beside them their card."""
        return self.folder / f"{self.name}.safetensors"

    @property
    def last(self) -> Path:
        """What a run goes on from."""
        return self.folder / f"{self.name}{LAST_SUFFIX}"

    @property
    def file(self) -> Path:
        """Where the run itself is kept."""
        return self.folder / f"{self.name}{_SUFFIX}"

    @property
    def best(self) -> EpochRecord | None:
        """The epoch of the least validation loss; the last one where nothing was validated."""
        validated = [record for record in self.history if record.validation_loss is not None]
        if validated:
            return min(validated, key=lambda record: record.validation_loss or 0.0)
        return self.history[-1] if self.history else None


def new_folder(runs_dir: Path, name: str) -> Path:
    """Choose the folder of a new run: its name and the moment."""
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    return runs_dir / f"{name}-{stamp}"


def write_run(run: Run) -> None:
    """Write a run to its file, whole or not at all.

    Raises
    ------
    TrainingError
        If it cannot be written.
    """
    content = {**vars(run), "history": [asdict(record) for record in run.history]}
    del content["folder"]
    temporary = run.file.with_suffix(".json.part")
    try:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        put_in_place(temporary, run.file)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise TrainingError(
            f"{run.file} could not be written: {error.strerror or error}.",
            "What was there before is untouched.",
        ) from error


def read_run(file: Path) -> Run:
    """Read a run.

    Raises
    ------
    TrainingError
        If there is none, or it is damaged.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        history = tuple(EpochRecord(**record) for record in content.pop("history"))
        return Run(folder=file.parent, history=history, **content)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise TrainingError(f"{file} is not a training run ({error}).") from error


def list_runs(folder: Path | None = None) -> list[Run]:
    """List the runs in a folder and the folders in it, the newest first.

    Parameters
    ----------
    folder : Path, optional
        The user's own runs by default. Damaged ones are passed over.
    """
    folder = user_runs_dir() if folder is None else folder
    runs = []
    for file in (*folder.glob(f"*{_SUFFIX}"), *folder.glob(f"*/*{_SUFFIX}")):
        try:
            runs.append(read_run(file))
        except TrainingError:
            continue
    return sorted(runs, key=lambda run: run.started, reverse=True)


def discard_run(run: Run) -> None:
    """Delete all files of a run, and its folder if nothing else is in it."""
    for suffix in (*_FILES, LAST_SUFFIX, _SUFFIX):
        (run.folder / f"{run.name}{suffix}").unlink(missing_ok=True)
    if run.folder.is_dir() and not any(run.folder.iterdir()):
        run.folder.rmdir()
