"""P waves, QRS complexes and T waves: where each begins, peaks and ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.measurements import library, pieces
from ecgview.measurements.rhythm import Rhythm
from ecgview.recording import Recording
from ecgview.signals.filters import fill_gaps

LONGEST_S = 120.0
"""So much is delineated at a time: a page, or all of a short recording."""

_COLUMNS = {"P": "P", "QRS": "R", "T": "T"}


@dataclass(frozen=True, eq=False)
class Waves:
    """The waves of the beats of a stretch.

    Attributes
    ----------
    lead : str
        Where they were delineated.
    fs_hz : float
        Sampling rate.
    start, stop : int
        The stretch, in samples of the recording.
    p, qrs, t : ndarray, shape (beats, 3)
        Onset, peak and offset of each as sample numbers in the recording; NaN where it was not
        found, or lies where it cannot. The peak of QRS is the R peak.
    """

    lead: str
    fs_hz: float
    start: int
    stop: int
    p: NDArray[np.float64]
    qrs: NDArray[np.float64]
    t: NDArray[np.float64]


def find_waves(recording: Recording, rhythm: Rhythm, start: int, stop: int) -> Waves:
    """Delineate the beats of a stretch.

    Parameters
    ----------
    recording : Recording
        With or without gaps.
    rhythm : Rhythm
        Its R peaks, at least those of the stretch.
    start, stop : int
        Samples ``[start, stop)``, `LONGEST_S` at most.

    Returns
    -------
    Waves
        Of the lead that the R peaks were found in.

    Raises
    ------
    RecordingError
        If the stretch is too long or no wave was found.
    """
    fs_hz = recording.fs_hz
    if stop - start > LONGEST_S * fs_hz:
        raise RecordingError(
            f"Waves are delineated over {LONGEST_S:g} s at most, not over "
            f"{(stop - start) / fs_hz:.0f} s.",
            "Show or mark a shorter stretch.",
        )
    signal_mv = recording.read([rhythm.lead], start, stop)[0].astype(np.float64)
    filled = fill_gaps(signal_mv[None])[0]
    peaks = rhythm.within(start, stop).peaks - start
    found = []
    for first, last in pieces.whole_runs(signal_mv, fs_hz):
        inside = peaks[(peaks >= first) & (peaks < last)]
        if inside.size:
            run = _waves_of_run(filled[first:last], inside - first, fs_hz, rhythm.lead)
            found.append(run + start + first)
    if not found:
        raise RecordingError(
            f"No waves were found in lead {rhythm.lead} from {start / fs_hz:.1f} to "
            f"{stop / fs_hz:.1f} s.",
            "Choose another lead or another stretch.",
        )
    beats = np.concatenate(found)
    return Waves(rhythm.lead, fs_hz, start, stop, beats[:, 0], beats[:, 1], beats[:, 2])


def _waves_of_run(
    signal_mv: NDArray[np.float64], peaks: NDArray[np.int64], fs_hz: float, lead: str
) -> NDArray[np.float64]:
    """Onset, peak and offset of P, QRS and T, shape (beats, 3, 3)."""
    with library.quietly(f"delineate lead {lead}"):
        found = library.delineate(library.clean_lead(signal_mv, fs_hz), peaks, fs_hz)
    beats = np.stack(
        [
            np.stack(
                [found[f"{name}_Onsets"], _peaks(found, name, peaks), found[f"{name}_Offsets"]]
            )
            for name in _COLUMNS.values()
        ]
    ).transpose(2, 0, 1)
    return in_order(beats)


def _peaks(
    found: dict[str, NDArray[np.float64]], name: str, r_peaks: NDArray[np.int64]
) -> NDArray[np.float64]:
    return r_peaks.astype(np.float64) if name == "R" else found[f"{name}_Peaks"]


def in_order(beats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take out waves that lie where they cannot.

    A wave must begin before it peaks and end after; P must be over when QRS begins, QRS when T
    begins, and T when the next P does. Where two waves cross, QRS stays, and T rather than P.

    Parameters
    ----------
    beats : ndarray, shape (beats, 3, 3)
        Onset, peak and offset of P, QRS and T.

    Returns
    -------
    ndarray, shape (beats, 3, 3)
        With NaN for what was taken out.
    """
    kept = beats.copy()
    # Comparisons with NaN are false, so a wave that lacks an edge goes as a whole.
    bad = ~((kept[..., 0] < kept[..., 1]) & (kept[..., 1] < kept[..., 2]))
    kept[bad] = np.nan
    p, qrs, t = kept[:, 0], kept[:, 1], kept[:, 2]
    r_peak = beats[:, 1, 1]
    begin = np.where(np.isfinite(qrs[:, 0]), qrs[:, 0], r_peak)
    end = np.where(np.isfinite(qrs[:, 2]), qrs[:, 2], r_peak)
    p[p[:, 2] > begin] = np.nan
    t[t[:, 0] < end] = np.nan
    t[:-1][t[:-1, 2] > begin[1:]] = np.nan
    p[1:][p[1:, 0] < np.fmax(t[:-1, 2], end[:-1])] = np.nan
    p[:1][p[:1, 0] < 0] = np.nan
    return kept
