"""Long work off the window's thread: the only threads that the window starts.

A job is a generator of the engine's events. A `Lane` runs jobs one after another in one worker
thread; what they tell arrives in the thread that made the lane. A job ends in exactly one of
`Returned`, `Cancelled` and `Broken`, and its generator is always closed.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.training_events import BatchDone

PROGRESS_INTERVAL_S = 0.05


@dataclass(frozen=True)
class Returned:
    """The job finished; `result` is what its `Finished` event held."""

    result: Any


@dataclass(frozen=True)
class Cancelled:
    """The job was told to stop, and did."""


@dataclass(frozen=True)
class Broken:
    """The job raised an exception; `details` is its traceback."""

    exception: BaseException
    details: str


Outcome = Returned | Cancelled | Broken
Events = Callable[[], Iterable[Event]]


class Job:
    """One run of a generator of events.

    Parameters
    ----------
    events : callable
        Makes the generator; called in the worker thread.
    on_ended : callable
        Called with the outcome in the lane's own thread.
    on_event : callable, optional
        Called with each event in the lane's own thread; progress and batches are thinned out.
    """

    def __init__(
        self,
        events: Events,
        on_ended: Callable[[Outcome], None],
        on_event: Callable[[Event], None] | None = None,
    ) -> None:
        self.on_ended = on_ended
        self.on_event = on_event
        self._events = events
        self._cancelled = threading.Event()
        self._told_at_s = float("-inf")

    def cancel(self) -> None:
        """Ask the job to stop at its next event."""
        self._cancelled.set()

    def run(self, tell: Callable[[Event], None]) -> Outcome:
        """Run to the end in the calling thread.

        Parameters
        ----------
        tell : callable
            Takes the events worth telling.

        Returns
        -------
        Outcome
            How it ended; nothing is raised.
        """
        try:
            return self._drain(tell)
        except Exception as error:
            return Broken(error, traceback.format_exc())

    def _drain(self, tell: Callable[[Event], None]) -> Outcome:
        if self._cancelled.is_set():
            return Cancelled()
        events = self._events()
        try:
            for event in events:
                if self._cancelled.is_set():
                    return Cancelled()
                if isinstance(event, Finished):
                    return Returned(event.result)
                if self._worth_telling(event):
                    tell(event)
            return Cancelled() if self._cancelled.is_set() else Returned(None)
        finally:
            if isinstance(events, Iterator) and hasattr(events, "close"):
                events.close()

    def _worth_telling(self, event: Event) -> bool:
        if isinstance(event, Progress):
            is_last = event.done >= event.total
        elif isinstance(event, BatchDone):
            is_last = event.batch >= event.batches
        else:
            return True
        now_s = time.monotonic()
        if not is_last and now_s - self._told_at_s < PROGRESS_INTERVAL_S:
            return False
        self._told_at_s = now_s
        return True


class _Worker(QThread):
    """Takes jobs from a queue until it finds None there."""

    def __init__(self, lane: Lane, jobs: SimpleQueue[Job | None]) -> None:
        super().__init__(lane)
        self._lane = lane
        self._jobs = jobs

    def run(self) -> None:
        """Qt calls this in the new thread."""
        while (job := self._jobs.get()) is not None:
            outcome = job.run(partial(self._lane.told.emit, job))
            self._lane.ended.emit(job, outcome)


class Lane(QObject):
    """One worker thread; its jobs run in the order of asking.

    Parameters
    ----------
    parent : QObject, optional
        Owner; call `stop` before it goes.
    """

    told = Signal(object, object)
    ended = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._running: list[Job] = []
        self._worker: _Worker | None = None
        # Emitted in the worker, received here: Qt queues the call between the threads.
        self.told.connect(self._on_told)
        self.ended.connect(self._on_ended)

    def submit(
        self,
        events: Events,
        on_ended: Callable[[Outcome], None],
        on_event: Callable[[Event], None] | None = None,
    ) -> Job:
        """Queue a job.

        Parameters
        ----------
        events, on_ended, on_event : callable
            See `Job`.

        Returns
        -------
        Job
            To cancel it with.
        """
        job = Job(events, on_ended, on_event)
        self._running.append(job)
        self._queue.put(job)
        if self._worker is None:
            self._worker = _Worker(self, self._queue)
            self._worker.start()
        return job

    def stop(self) -> None:
        """Cancel all jobs and wait for the thread; nothing more is told."""
        for job in self._running:
            job.cancel()
        self._running.clear()
        if self._worker is not None:
            self._queue.put(None)
            self._worker.wait()
            self._worker = None

    def _on_told(self, job: Job, event: Event) -> None:
        if job.on_event is not None and job in self._running:
            job.on_event(event)

    def _on_ended(self, job: Job, outcome: Outcome) -> None:
        # What was under way when the lane stopped is not told.
        if job in self._running:
            self._running.remove(job)
            job.on_ended(outcome)
