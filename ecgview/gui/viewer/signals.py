"""The samples behind the page: read in blocks, with each lead's median removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer.chunks import BIN, Chunks
from ecgview.gui.viewer.overlays import NO_OVERLAYS, Overlays
from ecgview.interval import Interval
from ecgview.leads import LEADS
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.pyramid import Extremes, Pyramid, Rows, column_extremes

LEVEL_S = 60.0
"""Each lead's zero line is its median over this many seconds from the start."""
LONG_SAMPLES = 1 << 18
"""Recordings longer than this (nine minutes at 500 Hz) have a pyramid for far views."""

Stretch = tuple[int, int]
"""Samples ``[start, stop)``."""


class LevelledLeads:
    """Twelve leads of a recording or a reconstruction, each with its median removed.

    The offset of an electrode is not ECG, and a reconstructed lead has none; without it
    the two can be drawn over each other. The medians are taken once, over the first 60 s.

    Parameters
    ----------
    read : callable
        ``read(start, stop)`` gives float32 mV, shape (12, samples), NaN for absent leads; called
        in the window's thread and, for the pyramid, in a worker.
    n_samples : int
        Length of the whole.
    fs_hz : float
        Sampling rate.
    done : callable, optional
        ``done()`` gives the stretches that are there so far, in order, where the samples are still
        being worked out; the rest reads as NaN.
    levelled : bool
        False to leave the medians in, as of widths that are no voltages about a zero line.

    Attributes
    ----------
    pyramid : Pyramid or None
        Extremes for far views; only of long recordings.
    waits : bool
        Whether far views are read at once where the pyramid lacks them, as pictures need; the
        window shows what there is and has the pyramid filled in the background.
    """

    def __init__(
        self,
        read: Callable[[int, int], NDArray[np.float32]],
        n_samples: int,
        fs_hz: float,
        done: Callable[[], tuple[Stretch, ...]] | None = None,
        levelled: bool = True,
    ) -> None:
        self._read = read
        self.n_samples = n_samples
        self.fs_hz = fs_hz
        self._done = done
        self._seen = done() if done is not None else ((0, n_samples),)
        self.waits = True
        self._levels_mv = None if levelled else np.zeros((2, len(LEADS)), dtype=np.float32)
        self._chunks = Chunks(self.read, n_samples)
        self.pyramid = Pyramid(len(LEADS), n_samples) if n_samples > LONG_SAMPLES else None

    @classmethod
    def of_recording(cls, recording: Recording) -> LevelledLeads:
        """Twelve leads of a recording."""
        return cls(recording.read_twelve, recording.n_samples, recording.fs_hz)

    @classmethod
    def of_reconstruction(cls, reconstruction: Reconstruction, fs_hz: float) -> LevelledLeads:
        """Twelve leads of a reconstruction at the rate of its recording."""
        return cls(
            lambda start, stop: reconstruction.read(LEADS, start, stop),
            reconstruction.source.n_samples,
            fs_hz,
            None if reconstruction.is_whole else lambda: reconstruction.done,
        )

    @classmethod
    def of_interval(
        cls, reconstruction: Reconstruction, interval: Interval, fs_hz: float, *, clean: bool
    ) -> LevelledLeads:
        """Half widths of the interval that holds nine samples of ten, as `Interval` gives them."""
        return cls(
            lambda start, stop: interval.half_width(LEADS, start, stop, clean=clean),
            interval.source.n_samples,
            fs_hz,
            None if reconstruction.is_whole else lambda: reconstruction.done,
            levelled=False,
        )

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Read samples ``[start, stop)`` of the twelve leads in mV, and keep nothing."""
        return self._read(start, stop) - self._levels()[0][:, None]

    def window(self, start: int, stop: int) -> NDArray[np.float32]:
        """Give samples ``[start, stop)`` of the twelve leads in mV; do not change the array."""
        return self._chunks.window(start, stop)

    def columns(self, leads: Rows, edges: NDArray[np.int64]) -> Extremes:
        """Give what some leads span between sample numbers.

        Parameters
        ----------
        leads : int or list of int
            Their rows among the twelve.
        edges : ndarray of int, shape (columns + 1,)
            Rising, within the recording.

        Returns
        -------
        Extremes, shape (columns,) or (leads, columns)
            From the samples, or from bins at least twice as narrow as a column.
        """
        per_column = (edges[-1] - edges[0]) / (len(edges) - 1)
        width = self.pyramid.width_for(per_column) if self.pyramid is not None else None
        if self.pyramid is not None and width is not None:
            if self.waits:
                self.fill(int(edges[0]), int(edges[-1]))
            return self.pyramid.columns(leads, edges, width)
        first = int(edges[0])
        if per_column < 2 * BIN:
            signal_mv = self.window(first, int(edges[-1]))[leads]
            samples = Extremes(signal_mv, signal_mv, np.isnan(signal_mv))
            return column_extremes(samples, edges - first, 1)
        first //= BIN
        bins = self._chunks.bins(leads, first, -(-int(edges[-1]) // BIN))
        return column_extremes(bins, edges - first * BIN, BIN)

    def fill(self, start: int, stop: int) -> None:
        """Fill the pyramid where it lacks samples ``[start, stop)``."""
        pyramid = self.pyramid
        if pyramid is not None:
            first, last = start // pyramid.block, -(-stop // pyramid.block)
            for part in first + np.flatnonzero(~pyramid.built[first:last]):
                pyramid.read_part(int(part), self.read)

    def means(self, leads: Rows, edges: NDArray[np.int64]) -> NDArray[np.floating]:
        """Give the means of some leads between sample numbers; NaN where a sample is missing."""
        signal_mv = self.window(int(edges[0]), int(edges[-1]))[leads]
        return np.add.reduceat(signal_mv, edges[:-1] - edges[0], axis=-1) / np.diff(edges)

    def refresh(self) -> tuple[Stretch, ...]:
        """Look what has been worked out since the last time; give the stretches that are new."""
        done = self._done() if self._done is not None else self._seen
        new = tuple(_beyond(done, self._seen)) if done != self._seen else ()
        self._seen = done
        for start, stop in new:
            self._chunks.forget(start, stop)
            if self.pyramid is not None:
                self.pyramid.forget(start, stop)
        return new

    def has(self, start: int, stop: int) -> bool:
        """Tell whether a stretch was worked out when last looked at."""
        return any(first <= start and stop <= last for first, last in self._seen)

    def medians_mv(self) -> NDArray[np.float32]:
        """Give what is taken off each lead."""
        return self._levels()[0]

    def peaks_mv(self) -> NDArray[np.float32]:
        """Give the highest value of each lead in the first 60 s; 0 for a lead without any."""
        return self._levels()[1]

    def _levels(self) -> NDArray[np.float32]:
        if self._levels_mv is not None:
            return self._levels_mv
        # Of what is still being worked out, the first stretch there is.
        start, stop = self._seen[0] if self._seen else (0, 0)
        head = self._read(start, min(stop, start + round(LEVEL_S * self.fs_hz)))
        levels_mv = np.array([_median_and_peak(lead) for lead in head]).T
        if self._seen:
            self._levels_mv = levels_mv
        return levels_mv


def _beyond(done: tuple[Stretch, ...], seen: tuple[Stretch, ...]) -> Iterator[Stretch]:
    """Give the stretches of `done` that are not in `seen`; both are in order."""
    for start, stop in done:
        for first, last in seen:
            if first < stop and last > start:
                if start < first:
                    yield start, first
                start = max(start, last)
        if start < stop:
            yield start, stop


@dataclass(frozen=True, eq=False)
class Signals:
    """A recording and, where there is one, its reconstruction, ready to be drawn.

    Attributes
    ----------
    recording : Recording
        Facts about it.
    recorded : LevelledLeads
        Its samples.
    reconstruction : Reconstruction or None
        Facts about it.
    rebuilt : LevelledLeads or None
        Its samples.
    overlays : Overlays
        Other estimates of the recording.
    overlaid : tuple of LevelledLeads
        Their samples.
    half : LevelledLeads or None
        Half widths of the reconstruction's 90 % interval; None where it has no interval.
    clean : bool
        Whether these are for signals without wander.
    """

    recording: Recording
    recorded: LevelledLeads
    reconstruction: Reconstruction | None = None
    rebuilt: LevelledLeads | None = None
    overlays: Overlays = NO_OVERLAYS
    overlaid: tuple[LevelledLeads, ...] = ()
    half: LevelledLeads | None = None
    clean: bool = False

    @classmethod
    def of(
        cls,
        recording: Recording,
        reconstruction: Reconstruction | None = None,
        overlays: Overlays = NO_OVERLAYS,
    ) -> Signals:
        """Make the readers."""
        recorded = LevelledLeads.of_recording(recording)
        return cls(recording, recorded).with_reconstruction(reconstruction, overlays)

    def with_reconstruction(
        self,
        reconstruction: Reconstruction | None,
        overlays: Overlays = NO_OVERLAYS,
        *,
        clean: bool = False,
    ) -> Signals:
        """Put another reconstruction, and other estimates, beside the same recording."""
        rebuilt = None if reconstruction is None else self._leads_of(reconstruction)
        overlaid = tuple(self._leads_of(one.reconstruction) for one in overlays.others)
        half = None if reconstruction is None else self._half_of(reconstruction, clean)
        return Signals(
            self.recording, self.recorded, reconstruction, rebuilt, overlays, overlaid, half, clean
        )

    def share_of(self, level: float) -> NDArray[np.float64] | None:
        """Tell what to multiply `half` by for an interval of a level, shape (12,).

        None where there is nothing to draw.
        """
        interval = None if self.reconstruction is None else self.reconstruction.interval
        return None if interval is None or not level else interval.shares[level]

    def wait_for_nothing(self) -> Signals:
        """Let far views show what there is, see `LevelledLeads.waits`."""
        for leads in self.all:
            leads.waits = False
        return self

    def _leads_of(self, reconstruction: Reconstruction) -> LevelledLeads:
        """Keep what was read of it, if it is drawn already."""
        drawn = [(self.reconstruction, self.rebuilt)]
        others = (one.reconstruction for one in self.overlays.others)
        drawn += zip(others, self.overlaid, strict=True)
        for one, leads in drawn:
            if one is not None and leads is not None and one.source is reconstruction.source:
                return leads
        return LevelledLeads.of_reconstruction(reconstruction, self.recording.fs_hz)

    def _half_of(self, reconstruction: Reconstruction, clean: bool) -> LevelledLeads | None:
        """Keep what was read of its interval, if it is drawn already."""
        interval, shown = reconstruction.interval, self.reconstruction
        if interval is None:
            return None
        if shown is not None and shown.interval is interval and clean == self.clean:
            return self.half
        fs_hz = self.recording.fs_hz
        return LevelledLeads.of_interval(reconstruction, interval, fs_hz, clean=clean)

    @property
    def all(self) -> tuple[LevelledLeads, ...]:
        """Everything there is to draw, the recording first."""
        rebuilt = () if self.rebuilt is None else (self.rebuilt,)
        half = () if self.half is None else (self.half,)
        return (self.recorded, *rebuilt, *self.overlaid, *half)

    def refresh(self) -> tuple[Stretch, ...]:
        """Look what has been worked out since the last time; give the stretches that are new."""
        return tuple(stretch for leads in self.all for stretch in leads.refresh())


def _median_and_peak(signal_mv: NDArray[np.float32]) -> tuple[np.float32, np.float32]:
    finite = signal_mv[np.isfinite(signal_mv)]
    if not finite.size:
        return np.float32(0), np.float32(0)
    median = np.float32(np.median(finite))
    return median, finite.max() - median
