"""Published linear transforms in the place of a model: recordings in, reconstructions out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.cards import ModelCard
from ecgview.engine.reconstructor import Batch, Reconstructor
from ecgview.engine.spans import Span
from ecgview.engine.windows import LeadWindows, all_windows
from ecgview.errors import LeadError
from ecgview.leads import (
    INDEPENDENT_LEADS,
    LEADS,
    LIMB_FROM_I_II,
    Origin,
    best_limb_pair,
    complete_limb_leads,
    in_order,
    lead_origins,
)
from ecgview.personal import PersonalCalibration
from ecgview.recording import Recording
from ecgview.signals.filters import median
from ecgview.signals.transforms import TRANSFORMS, Transform

_SPAN_S = 60.0


class TransformReconstructor(Reconstructor):
    """A published transform, ready to run.

    Parameters
    ----------
    card : ModelCard
        One of `ecgview.engine.published.published_cards`.
    """

    def __init__(self, card: ModelCard) -> None:
        self.card = card
        self.device = "cpu"
        self._transform = TRANSFORMS[card.arguments["transform"]]

    def windows(
        self,
        recording: Recording,
        available: Sequence[str],
        personal: PersonalCalibration | None = None,
        *,
        interval: bool = True,
    ) -> LeadWindows:
        """Plan the stretches of a recording.

        Parameters
        ----------
        recording : Recording
            With the leads that the transform takes.
        available : sequence of str
            Not looked at: a transform takes the leads of its paper.
        personal : None
            A transform is not calibrated.
        interval : bool
            Not looked at: a transform has none.

        Raises
        ------
        LeadError
            If the recording lacks one of them.
        ModelError
            If there is a calibration: it is for another model.
        """
        if personal is not None:
            personal.require(self.card.name, self.card.sha256, self._transform.inputs)
        return TransformWindows(recording, self._transform)

    def batches(self, jobs: list[LeadWindows]) -> Iterator[Batch]:
        """Take stretch by stretch."""
        for window in all_windows(jobs):
            yield [window]

    def run_batch(self, batch: Batch) -> None:
        """Transform some stretches."""
        for job, span in batch:
            assert isinstance(job, TransformWindows)
            job.transform_span(span)


class TransformWindows(LeadWindows):
    """The stretches of one recording and what they are transformed into.

    Parameters
    ----------
    recording : Recording
        Any length, any rate.
    transform : Transform
        What to apply.

    Raises
    ------
    LeadError
        If a lead that it takes is not there.
    """

    def __init__(self, recording: Recording, transform: Transform) -> None:
        _require(recording, transform)
        self.recording = recording
        self._transform = transform
        self.personal = None
        self.available = transform.inputs
        self._measured = in_order(
            lead for lead in recording.leads if transform.inputs == INDEPENDENT_LEADS
        )
        if self._measured:
            self.origins = lead_origins(self._measured, recording.derived_leads)
        else:
            self.origins = dict.fromkeys(LEADS, Origin.RECONSTRUCTED)
        step = max(1, round(_SPAN_S * recording.fs_hz))
        edges = [*range(0, recording.n_samples, step), recording.n_samples]
        self.spans = [Span(start, stop, start, stop) for start, stop in pairwise(edges)]
        self._begin()
        self.others = {
            lead: np.full(recording.n_samples, np.nan, dtype=np.float32)
            for lead in transform.outputs
            if lead not in LEADS
        }
        # Offsets of electrodes are no ECG: they would come out as offsets of other leads.
        self._level_mv = np.nan_to_num(median(self._inputs(0, self.spans[0].stop)))[:, None]

    def transform_span(self, span: Span) -> None:
        """Work out one stretch; of a long recording only the leads of other systems are kept."""
        start, stop = span.start, span.stop
        if self._signals_mv is not None:
            self._signals_mv[:, start:stop] = self._transformed(start, stop)
        if self.others:
            outputs_mv = self._outputs(start, stop)
            for lead, signal_mv in zip(self._transform.outputs, outputs_mv, strict=True):
                self.others[lead][start:stop] = signal_mv
        self.note_done(span)

    def read_leads(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read samples ``[start, stop)`` of some of the twelve leads, shape (channels, samples)."""
        if self._signals_mv is not None:
            return super().read_leads(start, stop, channels)
        twelve = np.full((len(LEADS), stop - start), np.nan, dtype=np.float32)
        for its_start, its_stop in self.done:
            a, b = max(start, its_start), min(stop, its_stop)
            if a < b:
                twelve[:, a - start : b - start] = self._transformed(a, b)
        return twelve[list(channels)]

    def _transformed(self, start: int, stop: int) -> NDArray[np.floating]:
        """Give the twelve leads: estimated, or the recording's where others are estimated."""
        if self.others:
            twelve = self.recording.read_twelve(start, stop)
            return complete_limb_leads(twelve, self._measured)
        outputs_mv = self._outputs(start, stop)
        limb_mv = LIMB_FROM_I_II.astype(np.float32) @ outputs_mv[:2]
        return np.vstack([limb_mv, outputs_mv[2:]])

    def _outputs(self, start: int, stop: int) -> NDArray[np.floating]:
        return self._transform.apply(self._inputs(start, stop) - self._level_mv)

    def _inputs(self, start: int, stop: int) -> NDArray[np.float32]:
        """Leads that the transform takes, limb leads completed, shape (inputs, samples)."""
        return inputs_of(self.recording, self._transform, start, stop)


def inputs_of(
    recording: Recording, transform: Transform, start: int, stop: int
) -> NDArray[np.float32]:
    """Read the leads that a transform takes; I and II from any two limb leads."""
    if transform.inputs != INDEPENDENT_LEADS:
        return recording.read(transform.inputs, start, stop)
    twelve = complete_limb_leads(recording.read_twelve(start, stop), recording.leads)
    return twelve[[LEADS.index(lead) for lead in transform.inputs]].astype(np.float32, copy=False)


def missing_leads(recording: Recording, inputs: Sequence[str]) -> tuple[str, ...]:
    """List the leads of `inputs` that a recording neither has nor gives by exact algebra."""
    present = {*recording.leads, *recording.other_leads}
    if best_limb_pair(recording.leads) is not None:
        present |= {"I", "II"}
    return tuple(lead for lead in inputs if lead not in present)


def _require(recording: Recording, transform: Transform) -> None:
    missing = missing_leads(recording, transform.inputs)
    if missing:
        raise LeadError(
            f"{recording.name} has no lead {', '.join(missing)}.",
            f"{transform.title} computes {_outputs(transform)} from {', '.join(transform.inputs)}.",
        )


def _outputs(transform: Transform) -> str:
    return "the twelve leads" if transform.outputs == INDEPENDENT_LEADS else "Frank's X, Y and Z"
