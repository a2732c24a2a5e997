"""Rebuild the leads of recordings that are not available: any leads, any length, any rate."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby, islice

import numpy as np
import torch
from torch import nn

from ecgview.engine.cards import ModelCard, find_model
from ecgview.engine.checkpoint import load_model
from ecgview.engine.device import choose_device, fall_back
from ecgview.engine.events import Event, Finished, Grown, Progress, result_of
from ecgview.engine.input_sets import known_mask
from ecgview.engine.intervals.spread import Spread, load_spread
from ecgview.engine.models import estimate
from ecgview.engine.models.onnx_model import ONNX
from ecgview.engine.published import PUBLISHED
from ecgview.engine.spans import Span, Stretch
from ecgview.engine.windows import GrowingSource, LeadWindows, all_windows
from ecgview.engine.wrapping import finished, under_way
from ecgview.errors import LeadError
from ecgview.leads import in_order
from ecgview.personal import PersonalCalibration, lag_samples
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

_WINDOWS_IN_A_BATCH = 16

Batch = list[tuple[LeadWindows, Span]]


class Reconstructor:
    """A model, loaded and ready on a device.

    Parameters
    ----------
    card : ModelCard
        The model.
    device : str
        Torch device.
    wish : str, optional
        What was asked for: ``auto`` goes on on the CPU where a GPU fails.
    """

    spread: Spread | None = None
    """The model's interval, None where it has none."""

    def __init__(self, card: ModelCard, device: str, wish: str = "") -> None:
        self.card, self.wish = card, wish or device
        self.device = "cpu" if card.architecture == ONNX else device
        self.model: nn.Module = load_model(card, self.device)
        self.spread = load_spread(card, self.device) if card.architecture != ONNX else None

    def windows(
        self,
        recording: Recording,
        available: Sequence[str],
        personal: PersonalCalibration | None = None,
        *,
        interval: bool = True,
    ) -> LeadWindows:
        """Plan the windows of a recording for this model, maybe calibrated to its person.

        Parameters
        ----------
        recording : Recording
            What is to be rebuilt.
        available : sequence of str
            Leads that the model may see.
        personal : PersonalCalibration, optional
            What an ECG of the same person taught.
        interval : bool
            Whether the interval is wanted too, where the model has one.

        Raises
        ------
        LeadError
            If the model takes another set of leads, or the calibration is for another set.
        ModelError
            If the calibration is for another model.
        """
        if not self.card.takes(available):
            raise LeadError(
                f"{self.card.name} takes {', '.join(self.card.leads)}, not {', '.join(available)}.",
                "Take just those leads, or another model.",
            )
        stride, reach = int(self.model.STRIDE), int(self.model.REACH)  # type: ignore[arg-type]
        if personal is not None:
            personal.require(self.card.name, self.card.sha256, in_order(available))
            reach += lag_samples(self.card.fs_hz)
        job = LeadWindows(recording, in_order(available), self.card.fs_hz, stride, reach)
        job.personal = personal
        if self.spread is not None and interval:
            job.keep_half_widths()
        return job

    def run(self, jobs: list[LeadWindows]) -> Iterator[int]:
        """Run the model over all windows, several at a time; yields how many are done."""
        done = 0
        for batch in self.batches(jobs):
            self.run_batch(batch)
            done += len(batch)
            yield done

    def batches(self, jobs: list[LeadWindows]) -> Iterator[Batch]:
        """Put windows of one length together, in order.

        What the model makes of a window depends, in the last bits, on those run with it: batches
        may be run in any order, but are not to be mixed.
        """
        for _, alike in groupby(all_windows(jobs), key=_shape):
            while batch := list(islice(alike, _WINDOWS_IN_A_BATCH)):
                yield batch

    def run_batch(self, batch: Batch) -> None:
        """Run the model over some windows of one length; on the CPU where a GPU fails."""
        try:
            self._run_batch(batch)
        except RuntimeError as error:
            fall_back(error, self.device, self.wish)
            self.device = "cpu"
            self.model.cpu()
            if self.spread is not None:
                self.spread.network.cpu()
            self._run_batch(batch)

    def _run_batch(self, batch: Batch) -> None:
        known = torch.from_numpy(np.stack([known_mask(job.available) for job, _ in batch]))
        signals = torch.from_numpy(np.stack([job.read(span) for job, span in batch]))
        estimates = self.estimate(signals, known)
        wanted = [place for place, (job, _) in enumerate(batch) if job.half_widths is not None]
        if self.spread is not None and wanted:
            # Before the estimates are told of, so that no one finds these without the interval.
            half_mv = self.spread.half_widths(
                signals[wanted], known[wanted], torch.from_numpy(estimates[wanted])
            )
            for place, its_half_mv in zip(wanted, half_mv, strict=True):
                job, span = batch[place]
                job.write_half_widths(span, its_half_mv)
        for (job, span), independent_mv in zip(batch, estimates, strict=True):
            job.write(span, independent_mv)

    def estimate(self, signals: torch.Tensor, known: torch.Tensor) -> np.ndarray:
        """Run the model on windows at its own rate.

        Parameters
        ----------
        signals : Tensor, shape (batch, 12, samples)
            Known leads in mV, zero elsewhere.
        known : Tensor of bool, shape (batch, 12)
            Which are known.

        Returns
        -------
        ndarray, shape (batch, 8, samples)
            Independent leads in mV.
        """
        return estimate(self.model, signals, known).numpy()


def _shape(window: tuple[LeadWindows, Span]) -> int:
    span = window[1]
    return span.stop - span.start


@lru_cache(maxsize=4)
def _loaded(weights: str, sha256: str, device: str, wish: str) -> Reconstructor:
    return Reconstructor(find_model(weights), device, wish)


def load_reconstructor(model: str | None = None, device: str = "auto") -> Reconstructor:
    """Load a model, or give the one that is loaded already.

    Parameters
    ----------
    model : str, optional
        Name or file; the default model if not given.
    device : str
        ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Returns
    -------
    Reconstructor
        Ready to run.

    Raises
    ------
    ModelError
        If there is no such model or device, or the weights do not match their card.
    """
    card = find_model(model)
    if card.architecture == PUBLISHED:
        from ecgview.engine.transforming import TransformReconstructor

        return TransformReconstructor(card)
    chosen = choose_device(device)
    try:
        return _loaded(str(card.path), card.sha256, chosen, "cpu" if chosen == "cpu" else device)
    except RuntimeError as error:
        fall_back(error, chosen, device)
        return _loaded(str(card.path), card.sha256, "cpu", "cpu")


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
