"""The windows of an average beat: found in one measured lead, shared by all leads and estimates.

R in V3 peaks tens of milliseconds away from R in I, so leads share windows, not instants.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.measurements.waves import Waves
from ecgview.signals.beat_plan import LEAD_IN_S, BeatPlan

ST_AFTER_J_S = 0.060
_LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Windows:
    """Parts of a beat, in samples from where its cut begins.

    Attributes
    ----------
    onset : int
        Where QRS stands out: time zero of the beat.
    qrs : slice
        From the onset of QRS to J, both among them.
    j, st : int
        End of QRS, and 60 ms later.
    t : slice
        Where T is looked for.
    t_delineated : bool
        Whether T's edges were delineated; else T is looked for from ST to the longest normal QT.
    fs_hz : float
        Sampling rate.
    p : slice or None
        Where P is looked for, from its onset to its offset; None where it was not delineated.
    """

    onset: int
    qrs: slice
    j: int
    st: int
    t: slice
    t_delineated: bool
    fs_hz: float
    p: slice | None = None

    def ms(self, sample: float) -> float:
        """Time of a sample of the cut in ms from the onset of QRS."""
        return (sample - self.onset) * 1000 / self.fs_hz


def windows_of(plan: BeatPlan, waves: Waves | None, start: int) -> Windows:
    """Set the windows of the beats of a plan.

    Parameters
    ----------
    plan : BeatPlan
        Where the beats are; it has the onset and the length of QRS.
    waves : Waves or None
        Delineated in the same lead: the median edges of P and of T, where half of the beats have
        them.
    start : int
        Sample of the recording that the plan counts from.

    Returns
    -------
    Windows
        Inside the cut of a beat.
    """
    length = plan.before + plan.after
    j = plan.before + plan.qrs
    st = j + round(ST_AFTER_J_S * plan.fs_hz)
    edges = None if waves is None else _edges(plan, waves, waves.t, start)
    t = slice(min(st, length - 1), length)
    if edges is not None:
        first, last = (plan.before + round(edge) for edge in edges)
        t = slice(min(max(first, j + 1), length - 1), min(last + 1, length))
        edges = edges if t.stop - t.start > 1 else None
    if edges is None:
        t = slice(min(st, length - 1), length)
    onset = max(0, plan.before - round(LEAD_IN_S * plan.fs_hz))
    p = None if waves is None else _p_window(plan, waves, start, onset)
    return Windows(plan.before, slice(onset, j + 1), j, st, t, edges is not None, plan.fs_hz, p)


def _p_window(plan: BeatPlan, waves: Waves, start: int, qrs_start: int) -> slice | None:
    edges = _edges(plan, waves, waves.p, start)
    if edges is None:
        return None
    first, last = (plan.before + round(edge) for edge in edges)
    window = slice(max(first, 0), min(last + 1, qrs_start))
    return window if window.stop - window.start > 1 else None


def _edges(
    plan: BeatPlan, waves: Waves, wave: NDArray[np.float64], start: int
) -> NDArray[np.float64] | None:
    """Median onset and offset of P or T in samples from the onset of QRS; None where few have it.

    `wave` is one of the arrays of `waves`.
    """
    onsets = plan.onsets + start
    delineated = onsets[(onsets >= waves.start) & (onsets < waves.stop)]
    if not delineated.size:
        return None
    at = np.searchsorted(delineated, waves.qrs[:, 1], side="right") - 1
    edges = wave[:, [0, 2]] - delineated[np.maximum(at, 0)][:, None]
    furthest = 2 * max(plan.before, plan.after)
    known = (at >= 0) & np.isfinite(edges).all(axis=1) & (np.abs(edges) < furthest).all(axis=1)
    if known.sum() < _LEAST_SHARE * delineated.size:
        return None
    return np.median(edges[known], axis=0)
