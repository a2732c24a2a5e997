"""A recording as overlapping windows at the model's rate, and back to the file's rate.

All windows lie on one absolute grid and overlap by at least the model's reach, and only the inner
part of each is kept: the result is the same as if the recording were run in one piece, so that no
seam exists. Only one window is in memory at a time, beside input and output.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.input_sets import known_leads
from ecgview.errors import LeadError
from ecgview.leads import (
    INDEPENDENT_LEADS,
    LEAD_INDEX,
    LEADS,
    LIMB_FROM_I_II,
    LIMB_LEADS,
    Origin,
    complete_limb_leads,
    lead_origins,
)
from ecgview.recording import Recording
from ecgview.signals.filters import fill_gaps, median
from ecgview.signals.resampling import RateRatio, resample

_CORE_SAMPLES = 2048
_BLOCK_S = 10.0
_I_II = [0, 1]


@dataclass(frozen=True)
class Span:
    """A window on the model's grid.

    Attributes
    ----------
    start, stop : int
        Model samples that the model sees.
    keep_start, keep_stop : int
        Samples of the recording that are kept of it.
    """

    start: int
    stop: int
    keep_start: int
    keep_stop: int


def plan_spans(n_samples: int, ratio: RateRatio, stride: int, reach: int) -> list[Span]:
    """Cut a recording into windows.

    Parameters
    ----------
    n_samples : int
        Length of the recording.
    ratio : RateRatio
        Model's rate over recording's rate.
    stride : int
        The model pools by this: windows start at its multiples.
    reach : int
        Model samples on either side that an output sample depends on.

    Returns
    -------
    list of Span
        In order; what they keep covers the recording once.
    """
    unit = math.lcm(ratio.up, stride)
    margin = unit * math.ceil((reach + ratio.inverse.reach) / unit)
    core = unit * math.ceil(max(_CORE_SAMPLES, 2 * margin) / unit)
    length = ratio.length(n_samples)
    starts = list(range(0, max(length - 2 * margin, 1), core))
    spans = []
    for core_start, core_stop in pairwise([*starts, length]):
        last = core_stop == length
        spans.append(
            Span(
                start=max(0, core_start - margin),
                stop=length if last else min(length, core_stop + margin),
                keep_start=core_start * ratio.down // ratio.up,
                keep_stop=n_samples if last else core_stop * ratio.down // ratio.up,
            )
        )
    return spans


class LeadWindows:
    """The windows of one recording and the twelve leads they grow into.

    Parameters
    ----------
    recording : Recording
        Any length, any rate.
    available : tuple of str
        Leads that the model may see, all in the recording.
    model_fs_hz : float
        The model's rate.
    stride, reach : int
        The model's, see `plan_spans`.

    Raises
    ------
    LeadError
        If no lead is available, or one is not in the recording.
    """

    def __init__(
        self,
        recording: Recording,
        available: tuple[str, ...],
        model_fs_hz: float,
        stride: int,
        reach: int,
    ) -> None:
        if not available:
            raise LeadError("No lead is available.", "Switch at least one lead on.")
        absent = [lead for lead in available if lead not in recording.leads]
        if absent:
            raise LeadError(
                f"{recording.name} has no lead {', '.join(absent)}.",
                f"It has {', '.join(recording.leads) or 'none of the twelve leads'}.",
            )
        self.recording = recording
        self.available = available
        self.known = known_leads(available)
        self.origins = lead_origins(available, recording.derived_leads)
        self.ratio = RateRatio.between(recording.fs_hz, model_fs_hz)
        self.spans = plan_spans(recording.n_samples, self.ratio, stride, reach)
        self.signals_mv = np.full((len(LEADS), recording.n_samples), np.nan, dtype=np.float32)
        self.others: dict[str, NDArray[np.float32]] = {}
        self._baseline = _Baseline(recording, available)

    def read(self, span: Span) -> NDArray[np.float32]:
        """Prepare the model's input for a window.

        Returns
        -------
        ndarray, shape (12, samples)
            Known leads at the model's rate without baseline, zero elsewhere.
        """
        up, down = self.ratio.up, self.ratio.down
        reach = down * math.ceil(self.ratio.reach / down)
        first = max(0, span.start * down // up - reach)
        last = min(self.recording.n_samples, math.ceil(span.stop * down / up) + reach)
        measured = fill_gaps(self.recording.read(self.available, first, last))
        measured = resample(measured - self._baseline.between(first, last), self.ratio)
        begin = span.start - first * up // down
        twelve = np.zeros((len(LEADS), span.stop - span.start), dtype=np.float32)
        rows = [LEAD_INDEX[lead] for lead in self.available]
        twelve[rows] = measured[:, begin : begin + twelve.shape[1]]
        return complete_limb_leads(twelve, self.available).astype(np.float32, copy=False)

    def write(self, span: Span, independent_mv: NDArray[np.float32]) -> None:
        """Take the model's output for a window into the twelve leads.

        Parameters
        ----------
        span : Span
            The window.
        independent_mv : ndarray, shape (8, samples)
            Independent leads at the model's rate.
        """
        keep = slice(span.keep_start, span.keep_stop)
        twelve = np.zeros((len(LEADS), span.keep_stop - span.keep_start), dtype=np.float32)
        rows = [LEAD_INDEX[lead] for lead in self.available]
        twelve[rows] = self.recording.read(self.available, span.keep_start, span.keep_stop)
        gap = np.isnan(twelve[rows]).any(axis=0)
        twelve = complete_limb_leads(twelve, self.available).astype(np.float32, copy=False)
        wanted = [row for row, lead in enumerate(INDEPENDENT_LEADS) if lead not in self.known]
        if wanted:
            estimate = resample(independent_mv[wanted], self.ratio.inverse)
            offset = span.keep_start - span.start * self.ratio.down // self.ratio.up
            estimate = estimate[:, offset : offset + twelve.shape[1]]
            targets = [LEAD_INDEX[INDEPENDENT_LEADS[row]] for row in wanted]
            twelve[targets] = estimate
            self._finish_limb_leads(twelve)
            estimated = np.array([o is Origin.RECONSTRUCTED for o in self.origins.values()])
            twelve[estimated[:, None] & gap] = np.nan
        self.signals_mv[:, keep] = twelve

    def _finish_limb_leads(self, twelve: NDArray[np.float32]) -> None:
        """Make estimated limb leads obey the identities and the one measured limb lead, if any."""
        measured = [lead for lead in self.available if lead in LIMB_LEADS]
        if len(measured) > 1:
            return
        for lead in measured:
            weights = LIMB_FROM_I_II[LEAD_INDEX[lead]].astype(np.float32)
            miss = twelve[LEAD_INDEX[lead]] - weights @ twelve[_I_II]
            twelve[_I_II] += np.outer(weights / (weights @ weights), miss)
        limb = LIMB_FROM_I_II.astype(np.float32) @ twelve[_I_II]
        for lead in LIMB_LEADS:
            if lead not in measured:
                twelve[LEAD_INDEX[lead]] = limb[LEAD_INDEX[lead]]


class _Baseline:
    """The slow baseline of some leads: medians of ten-second blocks, joined by straight lines."""

    def __init__(self, recording: Recording, leads: tuple[str, ...]) -> None:
        n_samples = recording.n_samples
        count = max(1, round(n_samples / recording.fs_hz / _BLOCK_S))
        edges = np.linspace(0, n_samples, count + 1).round().astype(int)
        self._centres = (edges[:-1] + edges[1:]) / 2
        self._medians = np.stack(
            [median(recording.read(leads, start, stop)) for start, stop in pairwise(edges)], axis=1
        )

    def between(self, start: int, stop: int) -> NDArray[np.float32]:
        """Baseline of each lead, shape (leads, samples), or (leads, 1) where it is constant."""
        if len(self._centres) == 1:
            return self._medians.astype(np.float32)
        positions = np.arange(start, stop)
        lines = [np.interp(positions, self._centres, medians) for medians in self._medians]
        return np.stack(lines).astype(np.float32)


def all_windows(jobs: list[LeadWindows]) -> Iterator[tuple[LeadWindows, Span]]:
    """Go through the windows of some recordings in order."""
    for job in jobs:
        for span in job.spans:
            yield job, span
