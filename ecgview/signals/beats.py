"""QRS complexes of one lead, and the windows of a beat that follow from them.

A wave that peaks in one lead may be over in another: a measured lead gives *windows*, and all
leads, recorded and estimated, are looked at inside the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_QRS_BAND_HZ = (5.0, 25.0)
_SMOOTH_S = 0.08
_REFRACTORY_S = 0.27
_BLOCK_S = 2.0
_THRESHOLD = 0.3
_SEARCH_S = 0.14
_EDGE_SHARE = 0.1
_QUIET_S = 0.016
_PR_LEVEL_S = 0.024
LONGEST_QTC_S = 0.46
"""Upper limit of a normal QT interval at a heart rate of 60 a minute."""


@dataclass(frozen=True, eq=False)
class Beats:
    """QRS complexes of a recording.

    Attributes
    ----------
    onsets, offsets : ndarray of int, shape (beats,)
        Samples ``[onset, offset)`` of each QRS complex.
    n_samples : int
        Length of the recording.
    fs_hz : float
        Sampling rate.
    """

    onsets: NDArray[np.int_]
    offsets: NDArray[np.int_]
    n_samples: int
    fs_hz: float

    def at(self, factor: int) -> Beats:
        """Give the same beats at a multiple of the sampling rate."""
        return Beats(
            self.onsets * factor,
            self.offsets * factor,
            self.n_samples * factor,
            self.fs_hz * factor,
        )

    def qrs_mask(self) -> NDArray[np.bool_]:
        """Flag the samples inside QRS complexes, shape (samples,)."""
        return _filled(self.onsets, self.offsets, self.n_samples)

    def st_t_mask(self) -> NDArray[np.bool_]:
        """Flag the samples from the end of QRS to where the T wave should be over.

        That is `LONGEST_QTC_S` times the root of the RR interval in seconds after the onset
        (Bazett 1920), the RR interval being the median of the recording; all False where there
        are fewer than two beats.
        """
        if len(self.onsets) < 2:
            return np.zeros(self.n_samples, dtype=bool)
        rr_s = float(np.median(np.diff(self.onsets))) / self.fs_hz
        ends = self.onsets + round(LONGEST_QTC_S * np.sqrt(rr_s) * self.fs_hz)
        return _filled(self.offsets, ends, self.n_samples) & ~self.qrs_mask()


def r_amplitudes(leads_mv: NDArray[np.floating], beats: Beats, stop: int) -> NDArray[np.float64]:
    """Median R amplitude of each lead: the largest sample in QRS above the level just before.

    Parameters
    ----------
    leads_mv : ndarray, shape (leads, samples)
        Without gaps.
    beats : Beats
        Of the same recording at the same rate.
    stop : int
        Only beats before this sample count.

    Returns
    -------
    ndarray, shape (leads,)
        In mV; NaN where no beat lies wholly inside.
    """
    level = round(_PR_LEVEL_S * beats.fs_hz)
    whole = (beats.onsets >= level) & (beats.offsets < min(stop, beats.n_samples))
    onsets, offsets = beats.onsets[whole], beats.offsets[whole]
    if not onsets.size:
        return np.full(len(leads_mv), np.nan)
    edges = np.stack([onsets, offsets], axis=1).ravel()
    peaks_mv = np.maximum.reduceat(leads_mv, edges, axis=-1)[:, ::2]
    before = onsets[:, None] - 1 - np.arange(level)
    return np.median(peaks_mv - leads_mv[:, before].mean(axis=-1), axis=-1)


def _filled(starts: NDArray[np.int_], stops: NDArray[np.int_], n_samples: int) -> NDArray[np.bool_]:
    mask = np.zeros(n_samples, dtype=bool)
    for start, stop in zip(starts, stops, strict=True):
        mask[start:stop] = True
    return mask


def find_beats(leads_mv: NDArray[np.floating], fs_hz: float) -> list[Beats]:
    """Find the QRS complexes of the same lead in many recordings.

    A complex is where the smoothed slope of the lead between 5 and 25 Hz stands out; it begins and
    ends where the slope of the lead falls under a tenth of its largest.

    Parameters
    ----------
    leads_mv : ndarray, shape (recordings, samples)
        One lead of each recording, without gaps.
    fs_hz : float
        Sampling rate; more than 60 Hz.

    Returns
    -------
    list of Beats
        One for each recording; without beats where the lead is flat.
    """
    # scipy.signal takes most of a second to import: not before it is needed.
    from scipy.ndimage import uniform_filter1d
    from scipy.signal import butter, sosfiltfilt

    signals_mv = leads_mv.astype(np.float64)
    band = butter(2, _QRS_BAND_HZ, "bandpass", fs=fs_hz, output="sos")
    high = min(40.0, 0.45 * fs_hz)
    wide = butter(2, (1.0, high), "bandpass", fs=fs_hz, output="sos")
    slope = np.abs(np.gradient(sosfiltfilt(band, signals_mv, axis=-1), axis=-1))
    energy = uniform_filter1d(slope, max(1, round(_SMOOTH_S * fs_hz)), axis=-1)
    edge = np.abs(np.gradient(sosfiltfilt(wide, signals_mv, axis=-1), axis=-1))
    edge = uniform_filter1d(edge, max(1, round(_QUIET_S * fs_hz)), axis=-1)
    return [_find(*pair, fs_hz) for pair in zip(energy, edge, strict=True)]


def _find(energy: NDArray[np.floating], edge: NDArray[np.floating], fs_hz: float) -> Beats:
    from scipy.signal import find_peaks

    n_samples = len(energy)
    blocks = np.array_split(energy, max(1, round(n_samples / fs_hz / _BLOCK_S)))
    usual = float(np.median([block.max() for block in blocks]))
    peaks = np.empty(0, dtype=int)
    if usual > 0:
        peaks, _ = find_peaks(
            energy, height=_THRESHOLD * usual, distance=max(1, round(_REFRACTORY_S * fs_hz))
        )
    search = round(_SEARCH_S * fs_hz)
    quiet = max(1, round(_QUIET_S * fs_hz))
    bounds = [_bounds(edge, int(peak), search, quiet) for peak in peaks]
    onsets, offsets = np.array(bounds, dtype=int).reshape(-1, 2).T
    return Beats(onsets, offsets, n_samples, fs_hz)


def _bounds(edge: NDArray[np.floating], peak: int, search: int, quiet: int) -> tuple[int, int]:
    """Walk from the peak to either side until the slope stays small for a while."""
    first, last = max(0, peak - search), min(len(edge), peak + search + 1)
    small = edge[first:last] < _EDGE_SHARE * edge[first:last].max()
    here = peak - first
    before, after = small[:here][::-1], small[here:]
    return peak - _first_run(before, quiet), peak + _first_run(after, quiet)


def _first_run(small: NDArray[np.bool_], length: int) -> int:
    """Index of the first `length` True in a row, or the length of the array."""
    run = 0
    for index, value in enumerate(small):
        run = run + 1 if value else 0
        if run == length:
            return index - length + 1
    return len(small)
