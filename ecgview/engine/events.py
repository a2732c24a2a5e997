"""What the engine's long jobs tell while they run: frozen events from plain generators."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ecgview.reconstruction import Reconstruction


@dataclass(frozen=True)
class Event:
    """Anything a long job yields."""


@dataclass(frozen=True)
class Progress(Event):
    """A step of a job was finished.

    Attributes
    ----------
    done, total : int
        Units of work; ``total`` is 0 where it is not known.
    message : str
        What is being done, for people.
    """

    done: int
    total: int
    message: str = ""


@dataclass(frozen=True, eq=False)
class Grown(Event):
    """A part of a long reconstruction is there.

    Attributes
    ----------
    reconstruction : Reconstruction
        The same in every event of a job; its `done` says what it holds, and it may be read while
        it grows.
    start, stop : int
        Samples that are new.
    """

    reconstruction: Reconstruction
    start: int
    stop: int


@dataclass(frozen=True)
class Failed(Event):
    """One item of a batch failed; the others go on.

    Attributes
    ----------
    item : str
        The file or recording.
    message : str
        Why, with a hint.
    """

    item: str
    message: str


@dataclass(frozen=True)
class Finished(Event):
    """The last event of a job.

    Attributes
    ----------
    result : object
        What the job was for.
    """

    result: Any


def result_of(events: Iterable[Event]) -> Any:
    """Run a job to its end and give what it was for, without telling how far it is."""
    (last,) = deque(events, maxlen=1)
    assert isinstance(last, Finished)
    return last.result
