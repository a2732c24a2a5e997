"""Questions to the engine, and the jobs that answer them in a worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from ecgview.engine.events import Event, Finished
from ecgview.gui.backend import Backend, Comparison
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording


@dataclass(frozen=True)
class Request:
    """One question to the engine."""

    generation: int
    recording: Recording
    available: tuple[str, ...]
    model: str | None
    device: str
    comparison: Comparison


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
        Progress; at last a `Finished` with ``(Reconstruction, Agreement)``.
    """
    reconstruction: Reconstruction | None = None
    events = backend.reconstruct_events(
        request.recording, request.available, request.model, request.device
    )
    with closing(events):
        for event in events:
            if isinstance(event, Finished):
                reconstruction = event.result
            else:
                yield event
    if reconstruction is None:
        raise RuntimeError("The engine ended without a reconstruction.")
    agreement = backend.compare(request.recording, reconstruction, request.comparison)
    yield Finished((reconstruction, agreement))


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
        A `Finished` with ``(Reconstruction, Agreement)``.
    """
    agreement = backend.compare(request.recording, reconstruction, request.comparison)
    yield Finished((reconstruction, agreement))
