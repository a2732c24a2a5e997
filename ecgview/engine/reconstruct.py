"""Rebuild the leads of recordings that are not available: any leads, any length, any rate."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ecgview.engine.events import Event, Finished, Grown, Progress, result_of
from ecgview.engine.reconstructor import Batch, load_reconstructor
from ecgview.engine.spans import Stretch
from ecgview.engine.windows import GrowingSource
from ecgview.engine.wrapping import finished, under_way
from ecgview.personal import PersonalCalibration
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording


def reconstruct(
    recording: Recording,
    available: Sequence[str],
    model: str | None = None,
    device: str = "auto",
    *,
    personal: PersonalCalibration | None = None,
) -> Reconstruction:
    """Rebuild the twelve leads of a recording from some of its leads.

    Parameters
    ----------
    recording : Recording
        Any length, any rate; gaps (NaN) stay gaps.
    available : sequence of str
        Leads the model may see, such as ``("I", "II", "V2")``; all must be in the recording.
    model : str, optional
        Name or file of the model; the default model if not given.
    device : str
        ``auto`` (CUDA, then MPS, then CPU), ``cpu``, ``cuda`` or ``mps``.
    personal : PersonalCalibration, optional
        What an ECG of the same person taught, for this model and these leads; see
        `ecgview.engine.personal.calibrate`.

    Returns
    -------
    Reconstruction
        All twelve leads at the recording's rate and length.

    Raises
    ------
    LeadError
        If a lead is not in the recording, or none is available.
    ModelError
        If the model or the device is not there.
    """
    rebuilt: Reconstruction = result_of(
        reconstruction_events(recording, available, model, device, personal=personal)
    )
    return rebuilt


def reconstruction_events(
    recording: Recording,
    available: Sequence[str],
    model: str | None = None,
    device: str = "auto",
    *,
    first: Stretch | None = None,
    wanted: Callable[[], Stretch | None] | None = None,
    begun: Reconstruction | None = None,
    personal: PersonalCalibration | None = None,
    interval: bool = True,
) -> Iterator[Event]:
    """Rebuild as `reconstruct` does, telling how far it got.

    Parameters
    ----------
    recording, available, model, device, personal
        See `reconstruct`.
    first : tuple of int, optional
        Samples ``[start, stop)`` to rebuild before all others. Where it is given, `Grown` tells of
        each part, so that it can be shown before the whole is there.
    wanted : callable, optional
        Asked before each batch of windows for the samples to rebuild next; None for no wish.
    begun : Reconstruction, optional
        One of a `Grown` event, of the same question, to go on with; what it holds stays.
    interval : bool
        Whether the interval is wanted too, where the model has one.

    Yields
    ------
    Event
        `Progress` after each batch of windows, `Finished` with the `Reconstruction`.
    """
    yield Progress(0, 0, "Loading the model")
    reconstructor = load_reconstructor(model, device)
    started_s = time.perf_counter()
    growing: Reconstruction | None
    if begun is not None and isinstance(begun.source, GrowingSource):
        job, growing = begun.source.job, begun
    else:
        job = reconstructor.windows(recording, available, personal, interval=interval)
        growing = under_way(job, reconstructor) if first is not None else None
    left = [batch for batch in reconstructor.batches([job]) if not _is_done(batch)]
    done = len(job.spans) - sum(map(len, left))
    while left:
        place = (wanted() if wanted is not None else None) or first or (0, 0)
        batch = left.pop(_next(left, place))
        reconstructor.run_batch(batch)
        done += len(batch)
        yield Progress(done, len(job.spans), "Reconstructing")
        if growing is not None:
            yield Grown(growing, batch[0][1].keep_start, batch[-1][1].keep_stop)
    elapsed_s = time.perf_counter() - started_s
    if growing is not None:
        yield Finished(replace(growing, elapsed_s=elapsed_s))
    else:
        yield Finished(finished(job, reconstructor, elapsed_s))


def _is_done(batch: Batch) -> bool:
    """Tell whether windows were run already; those of a batch always are together."""
    job, span = batch[-1]
    return any(start < span.keep_stop <= stop for start, stop in job.done)


def _next(left: Sequence[Batch], place: Stretch) -> int:
    """Choose the batch to run: the first that reaches into a place or lies after it, else the last.

    Parameters
    ----------
    left : sequence of Batch
        Of one recording, in order; not empty.
    place : tuple of int
        Samples ``[start, stop)``.
    """
    after = (index for index, batch in enumerate(left) if batch[-1][1].keep_stop > place[0])
    return next(after, len(left) - 1)
