"""Least squares from training recordings: the line that every network must pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ecgview.engine.events import Event, Finished
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.preparation import prepare
from ecgview.engine.signal_set import clean_second_moments
from ecgview.engine.training_files import save_linear

if TYPE_CHECKING:
    from ecgview.engine.training import TrainingTask


def train_linear(task: TrainingTask, parameters: TrainingParameters) -> Iterator[Event]:
    """Make the least-squares model of some recordings, ``NAME-linear``.

    Parameters
    ----------
    task : TrainingTask
        Data and destination.
    parameters : TrainingParameters
        Only the rate matters.

    Yields
    ------
    Event
        Those of preparation, then `Finished` with the `ModelCard`.
    """
    data = yield from prepare(task.entries, parameters.rate_hz, cache=task.cache)
    moments = clean_second_moments(data.signals_mv, parameters.rate_hz)
    yield Finished(save_linear(task, parameters, data, moments))
