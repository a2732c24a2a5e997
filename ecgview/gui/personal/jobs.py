"""The parts of a reconstruction's job that belong to a calibration."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from ecgview.engine.events import Event, Finished
from ecgview.gui.personal.state import PersonalResult

if TYPE_CHECKING:
    from ecgview.gui.backend import Backend, Comparison
    from ecgview.gui.requests import Request


def calibration(backend: Backend, request: Request) -> PersonalResult:
    """Learn what a request is to be calibrated with; without figures of the recording."""
    return backend.personal.calibrate(
        request.recording,
        request.personal,
        request.available,
        request.model,
        request.device,
        request.filters,
    )


def with_plain(backend: Backend, request: Request) -> Generator[Event, None, Request]:
    """Rebuild without the calibration too, to compare with.

    Yields
    ------
    Event
        Those of the reconstruction.

    Returns
    -------
    Request
        The same, which knows it.
    """
    assert request.calibrated is not None
    events = backend.reconstruct_events(
        request.recording, request.available, request.model, request.device, interval=False
    )
    plain = None
    with closing(events):
        for event in events:
            if isinstance(event, Finished):
                plain = event.result
            else:
                yield event
    return replace(request, calibrated=replace(request.calibrated, plain=plain))


def compared(backend: Backend, request: Request, comparison: Comparison) -> PersonalResult | None:
    """Give the figures without the calibration, over what is compared."""
    its = request.calibrated
    if its is None or its.plain is None:
        return its
    before = backend.compare(request.recording, its.plain, comparison)
    stretch = (comparison.start, comparison.stop)
    verified = backend.personal.is_verified(request.recording, its, stretch)
    return replace(its, before=before, verified=verified)
