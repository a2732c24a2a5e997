"""What a training run tells while it goes on (no torch here)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.cards import ModelCard
from ecgview.engine.events import Event
from ecgview.engine.runs import EpochRecord, Run


@dataclass(frozen=True, eq=False)
class Started(Event):
    """The recordings are ready and training begins.

    Attributes
    ----------
    run : Run
        What is trained; its history is not empty where an earlier run goes on.
    left_out : dict of str to int
        Recordings left out, by reason.
    """

    run: Run
    left_out: dict[str, int]


@dataclass(frozen=True)
class BatchDone(Event):
    """Some batches were trained on.

    Attributes
    ----------
    epoch, epochs : int
        The one under way, counted from 1, and how many there will be at most.
    batch, batches : int
        How far it is in this epoch.
    loss : float
        Mean training loss of the epoch so far.
    windows_per_s : float
        Training throughput of the epoch so far.
    left_s : float
        Estimated time to the end of the last epoch.
    """

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float
    windows_per_s: float
    left_s: float


@dataclass(frozen=True, eq=False)
class Example:
    """One validation recording as the network rebuilds it now.

    Attributes
    ----------
    name : str
        Of the recording.
    fs_hz : float
        Sampling rate.
    available : tuple of str
        What the network was given.
    truth_mv, estimate_mv : ndarray, shape (12, samples)
        float32; NaN in leads that the network does not rebuild.
    """

    name: str
    fs_hz: float
    available: tuple[str, ...]
    truth_mv: NDArray[np.float32]
    estimate_mv: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class EpochDone(Event):
    """One pass over the training recordings is done and saved.

    Attributes
    ----------
    record : EpochRecord
        What it came to.
    epochs : int
        How many there will be at most.
    is_best : bool
        Whether its weights are the best so far, and were kept.
    left_s : float
        Estimated time to the end.
    example : Example or None
        None where there is nothing to validate on.
    """

    record: EpochRecord
    epochs: int
    is_best: bool
    left_s: float
    example: Example | None


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """What `Finished` of a training run holds.

    Attributes
    ----------
    card : ModelCard
        Of the best weights.
    run : Run
        How it went.
    """

    card: ModelCard
    run: Run
