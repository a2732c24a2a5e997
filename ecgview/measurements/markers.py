"""Amplitudes of R, S, ST and T, in windows that all leads and estimates share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.measurements.windows import Windows

MARKERS = ("R", "S", "ST", "T")


@dataclass(frozen=True, eq=False)
class Markers:
    """Markers of some leads: measured in each beat, then the median over the beats.

    Attributes
    ----------
    values_mv : ndarray, shape (leads, 4)
        R, S, ST and T from the PR baseline; NaN where there is nothing to measure.
    at : ndarray, shape (leads, 4)
        Where they are, in samples from the beginning of a beat's cut: medians too.
    """

    values_mv: NDArray[np.float64]
    at: NDArray[np.float64]


def markers_of(beats_mv: NDArray[np.floating], windows: Windows) -> Markers:
    """Measure R, S, ST and T.

    R is the highest value inside QRS, S the lowest from R to the end of QRS, ST the value 60 ms
    after J, T the value farthest from the baseline, with its sign, in the window of the T wave.

    Parameters
    ----------
    beats_mv : ndarray, shape (beats, leads, samples)
        Cut out of a stretch, each from its PR baseline; a lead with a gap in a beat is NaN there.
    windows : Windows
        Of the same cuts.

    Returns
    -------
    Markers
        Medians over the beats in which the lead has no gap.
    """
    n_leads = beats_mv.shape[1]
    values_mv, at = np.full((n_leads, 4), np.nan), np.full((n_leads, 4), np.nan)
    for lead in range(n_leads):
        beats = beats_mv[:, lead]
        beats = beats[np.isfinite(beats).all(axis=1)].astype(np.float64)
        if len(beats):
            places = _places(beats, windows)
            heights = np.take_along_axis(beats, np.maximum(places, 0), axis=1)
            values_mv[lead] = np.median(np.where(places < 0, np.nan, heights), axis=0)
            at[lead] = np.where(places[0] < 0, np.nan, np.median(places, axis=0))
    return Markers(values_mv, at)


def _places(beats_mv: NDArray[np.float64], windows: Windows) -> NDArray[np.int64]:
    """Sample of each marker in each beat, shape (beats, 4); -1 for one outside of the cut."""
    qrs = beats_mv[:, windows.qrs]
    r = qrs.argmax(axis=1)
    after_r = np.where(np.arange(qrs.shape[1]) >= r[:, None], qrs, np.inf)
    s = after_r.argmin(axis=1)
    st = windows.st if windows.st < beats_mv.shape[1] else -1
    t = np.abs(beats_mv[:, windows.t]).argmax(axis=1)
    first = windows.qrs.start
    columns = [first + r, first + s, np.full(len(beats_mv), st), windows.t.start + t]
    return np.stack(columns, axis=1).astype(np.int64)
