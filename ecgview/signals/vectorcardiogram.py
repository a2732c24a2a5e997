"""The heart vector over one beat: loops of Frank's leads, averaged over the beats of a stretch.

Frank's axes: X points to the patient's left, Y to the feet, Z to the back. The origin of the loops
is the PR baseline: the mean over 20 ms that end 20 ms before the QRS complex stands out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.signals.beat_plan import LEAD_IN_S, BeatPlan, cut_beats


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
    beats = cut_beats(frank_mv, plan)
    end = plan.before + plan.qrs
    begin = max(0, plan.before - round(LEAD_IN_S * plan.fs_hz))
    whole = [beat for beat in beats if np.isfinite(beat).all()]
    return Loop(
        np.median(whole if whole else beats, axis=0),
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
