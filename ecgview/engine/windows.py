"""A recording as overlapping windows at the model's rate, and back to the file's rate.

All windows lie on one absolute grid and overlap by at least the model's reach, and only the inner
part of each is kept: the result is the same as if the recording were run in one piece, so that no
seam exists, and in whatever order they are run. Only one window is in memory at a time, beside
input and output. Of a long recording only what the model gave is kept, at the model's rate; the
twelve leads are put together when they are read.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.assembling import Assembler
from ecgview.engine.baseline import Baseline
from ecgview.engine.estimates import Estimates
from ecgview.engine.input_sets import known_leads
from ecgview.engine.intervals.half_widths import HalfWidths
from ecgview.engine.spans import Span, Stretch, plan_spans
from ecgview.errors import LeadError
from ecgview.leads import (
    INDEPENDENT_LEADS,
    LEAD_INDEX,
    LEADS,
    Origin,
    complete_limb_leads,
    lead_origins,
)
from ecgview.personal import PersonalCalibration
from ecgview.recording import Recording
from ecgview.signals.filters import fill_gaps
from ecgview.signals.resampling import RateRatio, resample

_MATERIALISED_SAMPLES = 1_000_000
"""Longer recordings, of 33 minutes at 500 Hz, are put together when they are read."""


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
        self.others: dict[str, NDArray[np.float32]] = {}
        self.personal: PersonalCalibration | None = None
        self._baseline = Baseline(recording, available)
        self._wanted = [row for row, lead in enumerate(INDEPENDENT_LEADS) if lead not in self.known]
        self._assembler = Assembler(recording, available, self.origins, self._wanted)
        self._begin()

    def _begin(self) -> None:
        """Make room for the result; `recording` and `spans` are known."""
        n_samples = self.recording.n_samples
        self.done: tuple[Stretch, ...] = ()
        self.half_widths: HalfWidths | None = None
        self._keep_starts = [span.keep_start for span in self.spans]
        self._estimates = Estimates()
        self._signals_mv: NDArray[np.float32] | None = None
        if n_samples <= _MATERIALISED_SAMPLES:
            self._signals_mv = np.full((len(LEADS), n_samples), np.nan, dtype=np.float32)

    @property
    def signals_mv(self) -> NDArray[np.float32]:
        """The twelve leads, shape (12, samples); NaN where they are not rebuilt yet."""
        if self._signals_mv is not None:
            return self._signals_mv
        return self.read_leads(0, self.recording.n_samples, range(len(LEADS)))

    @property
    def is_materialised(self) -> bool:
        """Whether the twelve leads are kept, and not put together when they are read."""
        return self._signals_mv is not None

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
        start, stop = span.keep_start, span.keep_stop
        first, last = self._kept_of(span)
        kept = slice(first - span.start, last - span.start)
        if self.personal is None:
            estimate = independent_mv[self._wanted, kept]
        else:
            estimate = self.personal.apply(independent_mv)[:, kept]
        if self._signals_mv is None:
            self._estimates.put(bisect_right(self._keep_starts, start) - 1, estimate)
        else:
            at_rate = self._at_rate(estimate, first, start, stop)
            self._signals_mv[:, start:stop] = self._assembler.twelve(start, stop, at_rate)
        self.note_done(span)

    def keep_half_widths(self) -> None:
        """Make room for the half widths of an interval too."""
        rows = [
            LEAD_INDEX[lead] for lead, its in self.origins.items() if its is Origin.RECONSTRUCTED
        ]
        self.half_widths = HalfWidths(
            self.recording, self.available, rows, self.ratio, self._keep_starts
        )

    def write_half_widths(self, span: Span, half_mv: NDArray[np.float32]) -> None:
        """Take the half widths of a window, shape (12, samples), at the model's rate."""
        assert self.half_widths is not None
        first, last = self._kept_of(span)
        self.half_widths.put(
            span.keep_start, first, half_mv[:, first - span.start : last - span.start]
        )

    def _kept_of(self, span: Span) -> Stretch:
        """Tell which model samples give all that is kept of a window."""
        ratio = self.ratio
        reach = ratio.up * math.ceil(ratio.inverse.reach / ratio.up)
        core_start = span.keep_start * ratio.up // ratio.down
        core_stop = ratio.length(span.keep_stop)
        return max(span.start, core_start - reach), min(span.stop, core_stop + reach)

    def _at_rate(
        self, estimate: NDArray[np.float32], first: int, start: int, stop: int
    ) -> NDArray[np.float32]:
        """Give samples ``[start, stop)`` of the recording from model samples from `first` on."""
        if not self._wanted:
            return np.empty((0, stop - start), dtype=np.float32)
        up, down = self.ratio.up, self.ratio.down
        reach = self.ratio.inverse.reach
        begin = max(first, up * ((start * up // down - reach) // up))
        end = self.ratio.length(stop) + reach
        at_rate = resample(estimate[:, begin - first : end - first], self.ratio.inverse)
        offset = start - begin * down // up
        return at_rate[:, offset : offset + stop - start].astype(np.float32, copy=False)

    def note_done(self, span: Span) -> None:
        """Count a window as done."""
        stretches = sorted([*self.done, (span.keep_start, span.keep_stop)])
        joined: list[Stretch] = []
        for start, stop in stretches:
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(stop, joined[-1][1])
            else:
                joined.append((start, stop))
        self.done = tuple(joined)  # in one step: it is read in other threads

    def read_leads(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read samples ``[start, stop)`` of some of the twelve leads, shape (channels, samples).

        They are NaN where nothing is rebuilt yet. May be called in any thread.
        """
        if self._signals_mv is not None:
            return self._signals_mv[list(channels), start:stop]
        estimate = np.zeros((len(self._wanted), stop - start), dtype=np.float32)
        missing = np.ones(stop - start, dtype=bool)
        for number in range(max(0, bisect_right(self._keep_starts, start) - 1), len(self.spans)):
            span = self.spans[number]
            if span.keep_start >= stop:
                break
            values = self._estimates.get(number)
            if values is not None:
                a, b = max(start, span.keep_start), min(stop, span.keep_stop)
                part = slice(a - start, b - start)
                estimate[:, part] = self._at_rate(values, self._kept_of(span)[0], a, b)
                missing[part] = False
        twelve = self._assembler.twelve(start, stop, estimate)
        twelve[:, missing] = np.nan
        return twelve[list(channels)]


@dataclass(frozen=True, eq=False)
class GrowingSource:
    """The twelve leads of a job as a source; NaN where they are not rebuilt yet.

    Parameters
    ----------
    job : LeadWindows
        Written to in one thread; this may be read in others at the same time.
    """

    job: LeadWindows
    n_channels: int = len(LEADS)

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return self.job.recording.n_samples

    @property
    def done(self) -> tuple[Stretch, ...]:
        """What is rebuilt so far, in order."""
        return self.job.done

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some leads, float32 mV, shape (channels, samples)."""
        return self.job.read_leads(start, stop, channels)


def all_windows(jobs: list[LeadWindows]) -> Iterator[tuple[LeadWindows, Span]]:
    """Go through the windows of some recordings in order."""
    for job in jobs:
        for span in job.spans:
            yield job, span
