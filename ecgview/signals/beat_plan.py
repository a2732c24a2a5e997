"""Where the beats of a stretch lie, so that they can be laid over each other and averaged.

The zero of a beat is its PR baseline: in each lead the mean over 20 ms that end 20 ms before the
QRS complex stands out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.signals.beats import LONGEST_QTC_S, find_beats
from ecgview.signals.filters import fill_gaps

_BASELINE_S = (0.040, 0.020)
LEAD_IN_S = 0.016
"""The first weak forces of the septum come so much before the slope of the complex stands out."""
_BEFORE_S = 0.24
_BEFORE_SHARE = 0.35
_LARGEST_SHIFT_S = 0.02
_USUAL_RR_S = 0.8
_FLAT_MV = 0.001


@dataclass(frozen=True, eq=False)
class BeatPlan:
    """Which samples of a stretch belong to which part of which beat.

    Attributes
    ----------
    onsets : ndarray of int, shape (beats,)
        Where the QRS complexes begin, aligned with each other.
    before, qrs, after : int
        Samples of a beat before the onset, of the QRS complex, and from the onset to the end of
        the T wave.
    fs_hz : float
        Sampling rate.
    """

    onsets: NDArray[np.int_]
    before: int
    qrs: int
    after: int
    fs_hz: float


def plan_beats(leads_mv: NDArray[np.floating], fs_hz: float) -> BeatPlan | None:
    """Find the whole beats of a stretch.

    Parameters
    ----------
    leads_mv : ndarray, shape (leads, samples)
        The leads that say where beats are: Frank's, or one measured lead; in mV.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    BeatPlan or None
        None where no whole beat was found. Beats of other leads of the same stretch, such as
        estimated ones, are to be taken with the same plan.
    """
    if fs_hz <= 60 or leads_mv.shape[1] < fs_hz:
        return None
    filled = fill_gaps(leads_mv)
    main_mv = _main_axis(filled)
    if np.ptp(main_mv) < _FLAT_MV:
        return None
    beats = find_beats(main_mv[None], fs_hz)[0]
    if not len(beats.onsets):
        return None
    intervals = np.diff(beats.onsets)
    rr_s = float(np.median(intervals)) / fs_hz if len(intervals) else _USUAL_RR_S
    before = round(min(_BEFORE_S, _BEFORE_SHARE * rr_s) * fs_hz)
    after = round(min(LONGEST_QTC_S * np.sqrt(rr_s), rr_s - before / fs_hz) * fs_hz)
    shift = round(_LARGEST_SHIFT_S * fs_hz)
    whole = (beats.onsets >= before + shift) & (beats.onsets + after + shift <= beats.n_samples)
    if not whole.any():
        return None
    qrs = min(round(float(np.median((beats.offsets - beats.onsets)[whole]))), after - 1)
    onsets = _aligned(filled, beats.onsets[whole], slice(-shift, qrs + shift), shift)
    return BeatPlan(onsets, before, qrs, after, fs_hz)


def cut_beats(leads_mv: NDArray[np.floating], plan: BeatPlan) -> NDArray[np.floating]:
    """Cut the beats of a plan out of a stretch, each from its own PR baseline.

    Parameters
    ----------
    leads_mv : ndarray, shape (leads, samples)
        Any leads of the stretch that was planned, in mV; gaps are NaN.
    plan : BeatPlan
        From `plan_beats`.

    Returns
    -------
    ndarray, shape (beats, leads, before + after)
        In mV from the baseline; a lead with a gap in its baseline is NaN in that beat.
    """
    first, last = (round(s * plan.fs_hz) for s in _BASELINE_S)
    beats = []
    for onset in plan.onsets:
        baseline_mv = leads_mv[:, max(0, onset - first) : max(1, onset - last)].mean(axis=1)
        beats.append(leads_mv[:, onset - plan.before : onset + plan.after] - baseline_mv[:, None])
    return np.stack(beats)


def _main_axis(leads_mv: NDArray[np.floating]) -> NDArray[np.floating]:
    """Project on the direction along which the fast parts of the leads vary most."""
    steps = np.diff(leads_mv, axis=1)
    _, axes = np.linalg.eigh(steps @ steps.T)
    return axes[:, -1] @ leads_mv


def _aligned(
    leads_mv: NDArray[np.floating], onsets: NDArray[np.int_], part: slice, shift: int
) -> NDArray[np.int_]:
    """Move each onset by at most `shift` samples to where its QRS complex fits the others best."""

    def piece(onset: int) -> NDArray[np.floating]:
        cut = leads_mv[:, onset + part.start : onset + part.stop]
        return cut - cut.mean(axis=1, keepdims=True)

    inner = slice(shift, part.stop - part.start - shift)
    template = np.median([piece(onset)[:, inner] for onset in onsets], axis=0)
    moves = range(-shift, shift + 1)
    aligned = []
    for onset in onsets:
        whole = piece(onset)
        fits = [
            float((template * whole[:, inner.start + move : inner.stop + move]).sum())
            for move in moves
        ]
        aligned.append(onset + moves[int(np.argmax(fits))])
    return np.array(aligned)
