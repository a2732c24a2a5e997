"""Questions to the engine, and the jobs that answer them in a worker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ecgview.engine.events import Event, Finished, Grown, Progress
from ecgview.gui.backend import Backend, Comparison
from ecgview.gui.personal.jobs import calibration, compared, with_plain
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters

if TYPE_CHECKING:
    from ecgview.engine.metrics import Agreement
    from ecgview.engine.tally import AgreementTally, WindowFigures
    from ecgview.gui.personal.state import PersonalResult, PersonalSource

LONG_SAMPLES = 300_000
"""Longer recordings, of ten minutes at 500 Hz, are shown while they are rebuilt."""
LEAST_WINDOWS_S = 11.0
"""Shorter recordings are a page: no list of windows."""
_SHOW_EVERY_S = 0.5
_PATIENCE = 0.05
_COUNT_AT_MOST_S = 0.1


@dataclass
class Wishes:
    """What the window wants of a job that is under way; set there, read in the worker.

    Attributes
    ----------
    place : tuple of int or None
        Samples ``[start, stop)`` to rebuild next.
    comparison : Comparison or None
        What to compare over now, where that has changed since the question.
    stopped : bool
        Whether to end with what there is.
    """

    place: tuple[int, int] | None = None
    comparison: Comparison | None = None
    stopped: bool = False


@dataclass(frozen=True)
class Request:
    """One question to the engine."""

    generation: int
    recording: Recording
    available: tuple[str, ...]
    model: str | None
    device: str
    comparison: Comparison
    first: tuple[int, int] | None = None
    """What is visible; asked for where the reconstruction is to be shown while it grows."""
    wishes: Wishes = field(default_factory=Wishes, compare=False)
    begun: Reconstruction | None = None
    """What is there of it already, of a reconstruction that was stopped."""
    personal: PersonalSource | None = None
    """What it is to be calibrated from."""
    calibrated: PersonalResult | None = None
    """What came of that already, of a reconstruction that is compared again or went on."""
    filters: Filters = field(default_factory=Filters)
    """Of the recording; another one that is learnt from is filtered the same way."""

    @property
    def wanted(self) -> Comparison:
        """What to compare over now."""
        return self.wishes.comparison or self.comparison


@dataclass(frozen=True, eq=False)
class Answer(Event):
    """What there is to show: of the whole, or so far.

    Attributes
    ----------
    reconstruction : Reconstruction
        Maybe still growing.
    agreement : Agreement or None
        None before the first figures are there.
    windows : WindowFigures or None
        None where the recording is no longer than a page.
    comparison : Comparison
        What the figures are over.
    left_s : float or None
        How long it will still take; None where that is not known, or nothing is left.
    calibrated : PersonalResult or None
        What came of the wish to calibrate; None where there was none.
    """

    reconstruction: Reconstruction
    agreement: Agreement | None
    windows: WindowFigures | None
    comparison: Comparison
    left_s: float | None = None
    calibrated: PersonalResult | None = None


def reconstruction_job(backend: Backend, request: Request) -> Iterator[Event]:
    """Reconstruct and compare: the engine's own events, then both results.

    Parameters
    ----------
    backend : Backend
        The engine.
    request : Request
        What to do.

    Yields
    ------
    Event
        Progress, and an `Answer` now and then where the reconstruction is shown while it grows; at
        last a `Finished` with an `Answer`.
    """
    reconstruction: Reconstruction | None = None
    more: dict[str, Any] = {}
    if request.personal is not None and request.calibrated is None:
        yield Progress(0, 0, "Calibrating")
        request = replace(request, calibrated=calibration(backend, request))
    if request.calibrated is not None and request.calibrated.personal is not None:
        more["personal"] = request.calibrated.personal
    course = _Course(backend, request)
    if request.first is not None:
        more |= {"first": request.first, "wanted": course.place, "begun": request.begun}
    events = backend.reconstruct_events(
        request.recording, request.available, request.model, request.device, **more
    )
    with closing(events):
        for event in events:
            if isinstance(event, Finished):
                reconstruction = event.result
            elif isinstance(event, Grown):
                reconstruction = event.reconstruction
                yield from course.grow(event)
                if request.wishes.stopped:
                    break
            else:
                yield event
    if reconstruction is None:
        raise RuntimeError("The engine ended without a reconstruction.")
    if "personal" in more and request.first is None:
        course.request = yield from with_plain(backend, request)
    yield from _comparing(course, reconstruction)


def comparison_job(
    backend: Backend, request: Request, reconstruction: Reconstruction
) -> Iterator[Event]:
    """Compare a reconstruction again, over another stretch or with another filter.

    Parameters
    ----------
    backend : Backend
        The engine.
    request : Request
        What to compare over.
    reconstruction : Reconstruction
        Made earlier.

    Yields
    ------
    Event
        Progress and answers on the way where it is long; a `Finished` with an `Answer`.
    """
    yield from _comparing(_Course(backend, request), reconstruction)


def _comparing(course: _Course, reconstruction: Reconstruction) -> Iterator[Event]:
    """Compare all that there is of a reconstruction."""
    request, backend = course.request, course.backend
    comparison = request.wanted
    is_long = comparison.stop - comparison.start > LONG_SAMPLES
    if is_long or not reconstruction.is_whole:
        yield from course.count_the_rest(reconstruction)
        yield Finished(course.answer(reconstruction))
        return
    agreement = backend.compare(request.recording, reconstruction, comparison)
    windows = None
    if request.recording.duration_s > LEAST_WINDOWS_S:
        tally = backend.tally(request.recording, reconstruction, comparison)
        for _ in tally.catch_up():
            pass
        windows = tally.windows()
    calibrated = compared(backend, request, comparison)
    yield Finished(Answer(reconstruction, agreement, windows, comparison, calibrated=calibrated))


class _Course:
    """Counts how a long reconstruction agrees while it grows, and says now and then how far it is.

    Parameters
    ----------
    backend : Backend
        The engine.
    request : Request
        What is asked; its wishes may change meanwhile.
    """

    def __init__(self, backend: Backend, request: Request) -> None:
        self.backend, self.request = backend, request
        self._tally: AgreementTally | None = None
        self._comparison = request.comparison
        self._started_s = time.perf_counter()
        self._done_before = 0
        self._shown_at_s = float("-inf")

    def place(self) -> tuple[int, int] | None:
        """Tell the engine what to rebuild next."""
        return self.request.wishes.place

    def grow(self, event: Grown) -> Iterator[Event]:
        """Take a part that is new: show it, and count it as far as a moment allows."""
        reconstruction = event.reconstruction
        if self._tally is None:
            self._started_s = time.perf_counter()
            self._done_before = _samples(reconstruction)
        start, stop = self.place() or (0, 0)
        if self._tally is None or (event.start < stop and start < event.stop):
            yield self._shown(reconstruction)
        until_s = time.perf_counter() + _COUNT_AT_MOST_S
        for _ in self._counting(reconstruction).catch_up():
            if time.perf_counter() > until_s:
                break
        if self._is_time_to_show():
            yield self._shown(reconstruction)

    def count_the_rest(self, reconstruction: Reconstruction) -> Iterator[Event]:
        """Count all that is rebuilt."""
        tally = self._counting(reconstruction)
        counted = tally.catch_up()
        while (left := next(counted, None)) is not None:
            yield Progress(tally.blocks - left, tally.blocks, "Comparing")
            if self._counting(reconstruction) is not tally:  # something else is wanted meanwhile
                tally = self._counting(reconstruction)
                counted = tally.catch_up()
            if self._is_time_to_show():
                yield self._shown(reconstruction)

    def _is_time_to_show(self) -> bool:
        """Tell whether the last answer is old; the longer it all takes, the longer it may stand."""
        now_s = time.perf_counter()
        patience_s = _SHOW_EVERY_S + _PATIENCE * (now_s - self._started_s)
        return now_s - self._shown_at_s > patience_s

    def answer(self, reconstruction: Reconstruction) -> Answer:
        """Give what is counted so far."""
        tally = self._tally
        return Answer(
            reconstruction,
            tally.agreement() if tally is not None else None,
            tally.windows() if tally is not None else None,
            self._comparison,
            self._left_s(reconstruction),
            self.request.calibrated,
        )

    def _shown(self, reconstruction: Reconstruction) -> Answer:
        self._shown_at_s = time.perf_counter()
        return self.answer(reconstruction)

    def _counting(self, reconstruction: Reconstruction) -> AgreementTally:
        wanted = self.request.wanted
        if self._tally is None or wanted != self._comparison:
            self._comparison = wanted
            self._tally = self.backend.tally(self.request.recording, reconstruction, wanted)
        return self._tally

    def _left_s(self, reconstruction: Reconstruction) -> float | None:
        done = _samples(reconstruction)
        new = done - self._done_before
        left = reconstruction.source.n_samples - done
        if new <= 0 or left <= 0:
            return None
        return (time.perf_counter() - self._started_s) * left / new


def _samples(reconstruction: Reconstruction) -> int:
    """Count what is rebuilt."""
    return sum(stop - start for start, stop in reconstruction.done)
