"""Models, loaded and ready to run over windows of recordings on a device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice

import numpy as np
import torch
from torch import nn

from ecgview.engine.cards import ModelCard, find_model
from ecgview.engine.checkpoint import load_model
from ecgview.engine.device import choose_device, fall_back
from ecgview.engine.input_sets import known_mask
from ecgview.engine.intervals.spread import Spread, load_spread
from ecgview.engine.models import estimate
from ecgview.engine.models.onnx_model import ONNX
from ecgview.engine.published import PUBLISHED
from ecgview.engine.spans import Span
from ecgview.engine.windows import LeadWindows, all_windows
from ecgview.errors import LeadError
from ecgview.leads import in_order
from ecgview.personal import PersonalCalibration, lag_samples
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
