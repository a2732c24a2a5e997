"""Run the filters of `filtering`: forward and backward, so that no wave moves; gaps stay gaps.

High-pass and low-pass are Butterworth filters of order 2, run forward and backward. Their corners
are where the amplitude has fallen by 3 dB after *both* runs: the corner of each run is moved as
D. A. Winter describes it (Biomechanics and Motor Control of Human Movement, 4th edition, 2009).
The mains filter is a notch a thirtieth as wide as its frequency. The baseline is followed by two
running medians, of 200 and 600 ms, and taken off (P. de Chazal, M. O'Dwyer and R. B. Reilly, IEEE
Trans Biomed Eng 51:1196, 2004).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan, pi, sqrt, tan
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ecgview.signals.filtering import Filters, check_rate
from ecgview.signals.filters import fill_gaps

LONGEST_BRIDGED_S = 1.0
"""Gaps up to this length are bridged by a line while filtering; at longer ones it starts anew."""

_ORDER = 2
_NOTCH_Q = 30.0
_MEDIANS_S = (0.2, 0.6)


def apply(filters: Filters, signals_mv: NDArray[np.floating], fs_hz: float) -> NDArray[np.floating]:
    """Filter signals without moving any wave.

    Parameters
    ----------
    filters : Filters
        With what.
    signals_mv : ndarray, shape (leads, samples)
        Gaps are NaN.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    ndarray, shape (leads, samples)
        A new array of the same type, with the same gaps; the same array where no filter is on.

    Raises
    ------
    FilterError
        If the rate cannot carry a filter.
    """
    check_rate(filters, fs_hz)
    if not filters:
        return signals_mv
    present = np.isfinite(signals_mv)
    if present.all() and signals_mv.shape[-1]:
        return _filtered(filters, signals_mv, fs_hz)
    done = np.full_like(signals_mv, np.nan)
    for row, there in enumerate(present):
        for first, stop in _stretches(there, round(LONGEST_BRIDGED_S * fs_hz)):
            stretch_mv = signals_mv[row : row + 1, first:stop]
            done[row, first:stop] = _filtered(filters, fill_gaps(stretch_mv), fs_hz)[0]
    done[~present] = np.nan
    return done


def _stretches(present: NDArray[np.bool_], longest_gap: int) -> Iterator[tuple[int, int]]:
    """Where a lead runs without a long gap: ``[first, stop)`` each."""
    places = np.flatnonzero(present)
    if not places.size:
        return
    ends = np.flatnonzero(np.diff(places) > longest_gap + 1)
    firsts = places[np.concatenate([[0], ends + 1])]
    lasts = places[np.concatenate([ends, [places.size - 1]])]
    for first, last in zip(firsts, lasts, strict=True):
        yield int(first), int(last) + 1


def _filtered(
    filters: Filters, signals_mv: NDArray[np.floating], fs_hz: float
) -> NDArray[np.floating]:
    """Filter leads that have no gap."""
    work = signals_mv.astype(np.float64)
    if filters.baseline:
        work -= _baseline(work, fs_hz)
    sections = _sections(filters, fs_hz)
    if len(sections):
        from scipy.signal import sosfiltfilt

        # Mirrored, the ends keep the mean: a beat cut in half does not tilt what is left of it.
        padding = round(filters.padding_s * fs_hz)
        padded = np.pad(work, ((0, 0), (padding, padding)), mode="symmetric")
        work = sosfiltfilt(sections, padded, axis=-1, padlen=0)[:, padding:-padding]
    return work.astype(signals_mv.dtype)


def _baseline(signals_mv: NDArray[np.float64], fs_hz: float) -> NDArray[np.float64]:
    """Follow the baseline by two running medians."""
    from scipy.ndimage import median_filter

    baseline = signals_mv
    for length_s in _MEDIANS_S:
        length = 2 * round(length_s * fs_hz / 2) + 1
        baseline = np.stack([median_filter(lead, size=length) for lead in baseline])
    return baseline


def _sections(filters: Filters, fs_hz: float) -> NDArray[np.float64]:
    """Second-order sections of all filters but the baseline's, for a run in each direction."""
    from scipy.signal import butter, iirnotch, tf2sos

    found = []
    # Both runs together fall by 3 dB where each alone falls by half as much.
    shift = (sqrt(2) - 1) ** (1 / (2 * _ORDER))
    if filters.high_pass_hz is not None:
        corner_hz = _moved(filters.high_pass_hz, shift, fs_hz)
        found.append(butter(_ORDER, corner_hz, "highpass", fs=fs_hz, output="sos"))
    if filters.low_pass_hz is not None:
        corner_hz = _moved(filters.low_pass_hz, 1 / shift, fs_hz)
        found.append(butter(_ORDER, corner_hz, "lowpass", fs=fs_hz, output="sos"))
    if filters.mains_hz is not None:
        found.append(tf2sos(*iirnotch(filters.mains_hz, _NOTCH_Q, fs=fs_hz)))
    return np.vstack(found) if found else np.empty((0, 6))


def _moved(corner_hz: float, factor: float, fs_hz: float) -> float:
    # On the warped axis of a digital filter, so that it stays below half the sampling rate.
    return atan(factor * tan(pi * corner_hz / fs_hz)) * fs_hz / pi


class Samples(Protocol):
    """What can be read piece by piece; see `ecgview.recording.Source`."""

    @property
    def n_channels(self) -> int:
        """Number of channels."""
        ...

    @property
    def n_samples(self) -> int:
        """Number of samples of each channel."""
        ...

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some channels, float32 mV, shape (channels, samples)."""
        ...


@dataclass(frozen=True)
class FilteredSource:
    """A source whose samples are filtered as they are read.

    Each piece is read with a margin in which the filters settle, so that pieces join without a
    seam: they differ from the same stretch of the whole, filtered at once, by less than rounding.

    Parameters
    ----------
    source : Source
        What is filtered.
    filters : Filters
        With what.
    fs_hz : float
        Sampling rate.

    Raises
    ------
    FilterError
        If the rate cannot carry a filter.
    """

    source: Samples
    filters: Filters
    fs_hz: float

    def __post_init__(self) -> None:
        check_rate(self.filters, self.fs_hz)

    @property
    def n_channels(self) -> int:
        """Number of channels."""
        return self.source.n_channels

    @property
    def n_samples(self) -> int:
        """Number of samples of each channel."""
        return self.source.n_samples

    @property
    def done(self) -> tuple[tuple[int, int], ...]:
        """What is there so far: samples ``[start, stop)``; see `Reconstruction.done`.

        A sample is there when all that its filters feel of it is.
        """
        whole = ((0, self.n_samples),)
        margin = round(self.filters.margin_s * self.fs_hz)
        settled = (
            (start + margin if start else 0, stop if stop == self.n_samples else stop - margin)
            for start, stop in getattr(self.source, "done", whole)
        )
        return tuple((start, stop) for start, stop in settled if start < stop)

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some channels, filtered; float32 mV, (channels, samples)."""
        margin = round(self.filters.margin_s * self.fs_hz)
        first = max(0, start - margin)
        piece = self.source.read(first, min(self.n_samples, stop + margin), channels)
        done = apply(self.filters, piece, self.fs_hz)
        return done[:, start - first : stop - first].astype(np.float32, copy=False)
