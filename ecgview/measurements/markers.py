"""Amplitudes of P, R, S, ST and T, in windows that all leads and estimates share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.measurements.windows import Windows

MARKERS = ("P", "R", "S", "ST", "T")
LEAST_FALL_MV = 0.05
"""A rise that ends QRS without falling again by so much leads to J and is no R wave."""


@dataclass(frozen=True, eq=False)
class Markers:
    """Markers of some leads: measured in each beat, then the median over the beats.

    Attributes
    ----------
    values_mv : ndarray, shape (leads, 5)
        P, R, S, ST and T from the PR baseline; NaN where there is nothing to measure.
    at : ndarray, shape (leads, 5)
        Where they are, in samples from the beginning of a beat's cut: medians too.
    """

    values_mv: NDArray[np.float64]
    at: NDArray[np.float64]


def markers_of(beats_mv: NDArray[np.floating], windows: Windows) -> Markers:
    """Measure P, R, S, ST and T.

    R is the highest value inside QRS from which it falls again by `LEAST_FALL_MV` or more (in a
    complex that only rises from its lowest value, the highest before that); S is the lowest from R
    to the end of QRS, ST the value 60 ms after J. P and T are the values farthest from the
    baseline, with their signs, in the windows of these waves.

    Without the fall, a J point above the r wave of an rS complex is taken for R, and S is missed:
    in V1 of one PTB-XL recording in ten.

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
    values_mv, at = np.full((2, n_leads, len(MARKERS)), np.nan)
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
    """Sample of each marker in each beat, shape (beats, 5); -1 for one that has no place."""
    qrs = beats_mv[:, windows.qrs]
    r = _r_places(qrs)
    after_r = np.where(np.arange(qrs.shape[1]) >= r[:, None], qrs, np.inf)
    s = after_r.argmin(axis=1)
    nowhere = np.full(len(beats_mv), -1)
    st = nowhere if windows.st >= beats_mv.shape[1] else np.full(len(beats_mv), windows.st)
    p = nowhere if windows.p is None else _farthest(beats_mv, windows.p)
    first = windows.qrs.start
    columns = [p, first + r, first + s, st, _farthest(beats_mv, windows.t)]
    return np.stack(columns, axis=1).astype(np.int64)


def _r_places(qrs_mv: NDArray[np.float64]) -> NDArray[np.int64]:
    lowest_to_come = np.minimum.accumulate(qrs_mv[:, ::-1], axis=1)[:, ::-1]
    falls = qrs_mv - lowest_to_come >= LEAST_FALL_MV
    before_nadir = np.arange(qrs_mv.shape[1]) <= qrs_mv.argmin(axis=1)[:, None]
    allowed = np.where(falls.any(axis=1, keepdims=True), falls, before_nadir)
    return np.where(allowed, qrs_mv, -np.inf).argmax(axis=1)


def _farthest(beats_mv: NDArray[np.float64], window: slice) -> NDArray[np.int64]:
    return window.start + np.abs(beats_mv[:, window]).argmax(axis=1)
