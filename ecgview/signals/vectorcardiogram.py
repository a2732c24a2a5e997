"""The heart vector over one beat: loops of Frank's leads, averaged over the beats of a stretch.

Frank's axes: X points to the patient's left, Y to the feet, Z to the back. The origin of the loops
is the PR baseline: the mean over 20 ms that end 20 ms before the QRS complex stands out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.signals.beats import LONGEST_QTC_S, find_beats
from ecgview.signals.filters import fill_gaps

_BASELINE_S = (0.040, 0.020)
# The first weak forces of the septum come before the slope of the complex stands out.
_LEAD_IN_S = 0.016
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


@dataclass(frozen=True, eq=False)
class Loop:
    """The heart vector over an averaged beat.

    Attributes
    ----------
    frank_mv : ndarray, shape (3, samples)
        X, Y, Z in mV from the PR baseline.
    fs_hz : float
        Sampling rate.
    qrs, t : slice
        Samples of the QRS complex, and from its end to the end of the T wave; the P wave lies
        before.
    beats : int
        How many were averaged; 0 where none is without gaps, and all is NaN.
    """

    frank_mv: NDArray[np.floating]
    fs_hz: float
    qrs: slice
    t: slice
    beats: int

    @property
    def p(self) -> slice:
        """Samples before the QRS complex."""
        return slice(0, self.qrs.start)

    def peak(self, part: slice) -> NDArray[np.floating]:
        """Longest vector of a part, shape (3,), in mV."""
        vectors = self.frank_mv[:, part]
        return vectors[:, int(np.argmax(np.square(vectors).sum(axis=0)))]


def plan_beats(frank_mv: NDArray[np.floating], fs_hz: float) -> BeatPlan | None:
    """Find the beats of a stretch from its Frank leads.

    Parameters
    ----------
    frank_mv : ndarray, shape (3, samples)
        X, Y, Z in mV.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    BeatPlan or None
        None where no whole beat was found. Loops of other leads of the same stretch, such as
        estimated ones, are to be taken with the same plan.
    """
    if fs_hz <= 60 or frank_mv.shape[1] < fs_hz:
        return None
    filled = fill_gaps(frank_mv)
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


def average_loop(frank_mv: NDArray[np.floating], plan: BeatPlan) -> Loop:
    """Average the beats of a stretch, each from its own PR baseline.

    Parameters
    ----------
    frank_mv : ndarray, shape (3, samples)
        X, Y, Z of the stretch that was planned, in mV.
    plan : BeatPlan
        From `plan_beats`.

    Returns
    -------
    Loop
        The median over the beats without gaps, sample by sample: one odd beat changes nothing.
        NaN where every beat has gaps.
    """
    first, last = (round(s * plan.fs_hz) for s in _BASELINE_S)
    beats = []
    for onset in plan.onsets:
        baseline_mv = frank_mv[:, max(0, onset - first) : max(1, onset - last)].mean(axis=1)
        beats.append(frank_mv[:, onset - plan.before : onset + plan.after] - baseline_mv[:, None])
    end = plan.before + plan.qrs
    begin = max(0, plan.before - round(_LEAD_IN_S * plan.fs_hz))
    whole = [beat for beat in beats if np.isfinite(beat).all()]
    return Loop(
        np.median(whole or beats, axis=0),
        plan.fs_hz,
        slice(begin, end + 1),
        slice(end, plan.before + plan.after),
        len(whole),
    )


def qrs_t_angle_deg(loop: Loop) -> float:
    """Angle in space between the longest QRS vector and the longest T vector, 0 to 180 degrees."""
    qrs, t = loop.peak(loop.qrs), loop.peak(loop.t)
    length = np.linalg.norm(qrs) * np.linalg.norm(t)
    if not length > 0:
        return float("nan")
    return float(np.degrees(np.arccos(np.clip(qrs @ t / length, -1, 1))))


def _main_axis(frank_mv: NDArray[np.floating]) -> NDArray[np.floating]:
    """Project on the direction along which the fast parts of the leads vary most."""
    steps = np.diff(frank_mv, axis=1)
    _, axes = np.linalg.eigh(steps @ steps.T)
    return axes[:, -1] @ frank_mv


def _aligned(
    frank_mv: NDArray[np.floating], onsets: NDArray[np.int_], part: slice, shift: int
) -> NDArray[np.int_]:
    """Move each onset by at most `shift` samples to where its QRS complex fits the others best."""

    def piece(onset: int) -> NDArray[np.floating]:
        cut = frank_mv[:, onset + part.start : onset + part.stop]
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
