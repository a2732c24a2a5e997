"""A reconstruction: twelve leads made from the available ones of a recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ecgview.interval import Interval
from ecgview.leads import LEAD_INDEX, LEADS, Origin
from ecgview.personal import PersonalCalibration
from ecgview.recording import Source


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """All twelve leads as rebuilt from some of them, at the recording's own rate and length.

    Attributes
    ----------
    available : tuple of str
        The leads the model was given.
    origins : dict of str to Origin
        Where each of the twelve leads comes from.
    source : Source
        Twelve channels in standard order, in mV. Measured leads are those of the recording bit
        for bit, derived leads are exact algebra; reconstructed leads have no offset of their own
        (compare them with the median removed). NaN where the available leads have a gap.
    model_name : str
        Name of the model, as ``ecgview models`` lists it.
    bandwidth_hz : float
        The model carries nothing above this frequency.
    device : str
        What it ran on: ``cpu``, ``cuda``, ``mps``.
    elapsed_s : float
        How long it took.
    absent : tuple of str
        Leads that it does not hold at all: NaN throughout, and not compared.
    others : mapping of str to ndarray
        Estimated leads of other systems, such as VX, VY, VZ; each shape (samples,), mV.
    interval : Interval or None
        How far the recorded leads may lie from it; None where the model has no calibrated one.
    personal : PersonalCalibration or None
        What an ECG of the same person taught, where that was applied.
    """

    available: tuple[str, ...]
    origins: dict[str, Origin]
    source: Source
    model_name: str
    bandwidth_hz: float
    device: str
    elapsed_s: float
    absent: tuple[str, ...] = ()
    others: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    interval: Interval | None = None
    personal: PersonalCalibration | None = None

    @property
    def done(self) -> tuple[tuple[int, int], ...]:
        """What is rebuilt so far: samples ``[start, stop)``, in order; NaN elsewhere.

        The whole, but for a long recording that is still worked on in the background.
        """
        whole = ((0, self.source.n_samples),)
        return tuple(getattr(self.source, "done", whole))

    @property
    def is_whole(self) -> bool:
        """Whether all of it is rebuilt."""
        return sum(stop - start for start, stop in self.done) >= self.source.n_samples

    @property
    def calibration_words(self) -> str:
        """Say what it is calibrated from; empty where it is not."""
        return f"calibrated from {self.personal.source_words}" if self.personal else ""

    @property
    def reconstructed_leads(self) -> tuple[str, ...]:
        """Leads that hold an estimate, in standard order."""
        return tuple(
            lead
            for lead in LEADS
            if self.origins[lead] is Origin.RECONSTRUCTED and lead not in self.absent
        )

    def read(
        self, leads: Sequence[str] = LEADS, start: int = 0, stop: int | None = None
    ) -> NDArray[np.float32]:
        """Read some leads.

        Parameters
        ----------
        leads : sequence of str
            Standard names.
        start, stop : int
            Samples ``[start, stop)``; all by default.

        Returns
        -------
        ndarray, shape (leads, samples)
            float32 mV.
        """
        stop = self.source.n_samples if stop is None else stop
        return self.source.read(start, stop, [LEAD_INDEX[lead] for lead in leads])
