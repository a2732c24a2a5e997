"""The average beat of a stretch: original against reconstruction, with the markers of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import EcgviewError, RecordingError
from ecgview.leads import LEAD_INDEX, LEADS, Origin, complete_limb_leads
from ecgview.measurements.alike import alike
from ecgview.measurements.library import LOWEST_RATE_HZ
from ecgview.measurements.markers import Markers, markers_of
from ecgview.measurements.pieces import outside
from ecgview.measurements.rhythm import Rhythm
from ecgview.measurements.rhythm_search import best_lead, rhythm_of
from ecgview.measurements.waves import LONGEST_S, Waves, find_waves
from ecgview.measurements.windows import Windows, windows_of
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.beat_plan import BeatPlan, cut_beats, plan_beats
from ecgview.signals.beats import find_beats
from ecgview.signals.filters import fill_gaps

ONE_BEAT_S = 2.0
"""A recording no longer than this that holds one QRS complex is one beat."""
_LEAST_BEFORE_S = 0.06
_LEAST_S = 0.25


@dataclass(frozen=True, eq=False)
class AverageBeat:
    """The average beat of the twelve leads, recorded and estimated, and its markers.

    Attributes
    ----------
    lead : str
        The measured lead that the windows come from.
    from_s, to_s : float
        The stretch, in seconds of the recording.
    beats, unlike, gaps : int
        Beats averaged; left out since they look different; left out since they have gaps.
    windows : Windows
        Parts of the beat.
    original_mv : ndarray, shape (12, samples)
        Sample by sample the median over the beats, each from its PR baseline; NaN for a lead that
        the recording does not have.
    rebuilt_mv : ndarray, shape (12, samples)
        The same of the reconstruction; NaN for leads that hold no estimate.
    original, rebuilt : Markers
        Amplitudes of the twelve leads.
    pcc : ndarray, shape (12,)
        Correlation of the two average beats; NaN where there is only one, or one is flat.
    origins : dict of str to Origin
        Where the leads of the reconstruction come from; empty without one.
    model_name : str
        What made the reconstruction; empty without one.
    """

    lead: str
    from_s: float
    to_s: float
    beats: int
    unlike: int
    gaps: int
    windows: Windows
    original_mv: NDArray[np.float64]
    rebuilt_mv: NDArray[np.float64]
    original: Markers
    rebuilt: Markers
    pcc: NDArray[np.float64]
    origins: dict[str, Origin]
    model_name: str

    @property
    def differences_uv(self) -> NDArray[np.float64]:
        """Reconstruction less original of each marker, shape (12, 4), in uV."""
        return 1000 * (self.rebuilt.values_mv - self.original.values_mv)


@dataclass(frozen=True, eq=False)
class BeatParts:
    """Which beats of a stretch are averaged, and what their parts are.

    Attributes
    ----------
    lead : str
        The measured lead that the windows come from.
    plan : BeatPlan
        The beats that look alike.
    windows : Windows
        Parts of a beat.
    unlike, gaps : int
        Beats left out since they look different; since they have gaps.
    """

    lead: str
    plan: BeatPlan
    windows: Windows
    unlike: int
    gaps: int


def average_beat(
    recording: Recording,
    reconstruction: Reconstruction | None,
    leads: Sequence[str],
    start: int = 0,
    stop: int | None = None,
    *,
    lead: str = "",
) -> AverageBeat:
    """Average the beats of a stretch that look alike.

    Parameters
    ----------
    recording : Recording
        Of any length; all of the stretch is read.
    reconstruction : Reconstruction or None
        Of the recording; the same beats and windows are taken.
    leads : sequence of str
        Measured leads: a beat must look like the others in all of them.
    start, stop : int
        Samples ``[start, stop)``; the whole recording by default.
    lead : str
        Where the windows come from; the clearest rhythm lead among `leads` by default.

    Returns
    -------
    AverageBeat
        Of the twelve leads.

    Raises
    ------
    LeadError
        If there is no lead to choose from.
    RecordingError
        If there is no whole beat, or none can be told from noise.
    """
    stop = recording.n_samples if stop is None else stop
    parts = beat_parts(recording, leads, start, stop, lead=lead)
    originals = cut_beats(_recorded_mv(recording, start, stop), parts.plan)
    estimates = cut_beats(_rebuilt_mv(reconstruction, start, stop), parts.plan)
    original_mv, rebuilt_mv = _median(originals), _median(estimates)
    return AverageBeat(
        parts.lead,
        start / recording.fs_hz,
        stop / recording.fs_hz,
        len(parts.plan.onsets),
        parts.unlike,
        parts.gaps,
        parts.windows,
        original_mv,
        rebuilt_mv,
        markers_of(originals, parts.windows),
        markers_of(estimates, parts.windows),
        np.array([_pcc(*pair) for pair in zip(original_mv, rebuilt_mv, strict=True)]),
        dict(reconstruction.origins) if reconstruction else {},
        reconstruction.model_name if reconstruction else "",
    )


def beat_parts(
    recording: Recording,
    leads: Sequence[str],
    start: int,
    stop: int,
    *,
    lead: str = "",
) -> BeatParts:
    """Find the beats of a stretch that look alike, and their windows; see `average_beat`."""
    lead, plan, waves = _plan(recording, (lead,) if lead else leads, start, stop)
    checked = cut_beats(_measured_mv(recording, leads, start, stop), plan)
    kept = alike(checked)
    gaps = int((~np.isfinite(checked).all(axis=(1, 2))).sum())
    if not kept.any():
        raise RecordingError(
            f"Every beat from {start / recording.fs_hz:.1f} to {stop / recording.fs_hz:.1f} s "
            "has gaps.",
            "Mark another stretch.",
        )
    return BeatParts(
        lead,
        replace(plan, onsets=plan.onsets[kept]),
        windows_of(plan, waves, start),
        len(kept) - int(kept.sum()) - gaps,
        gaps,
    )


def _plan(
    recording: Recording, leads: Sequence[str], start: int, stop: int
) -> tuple[str, BeatPlan, Waves | None]:
    """Find the beats: the lead they were found in, where they are, and their waves."""
    fs_hz = recording.fs_hz
    if stop - start <= ONE_BEAT_S * fs_hz:
        lead = best_lead(recording, leads, start, stop)
        single = _single_beat(recording.read([lead], start, stop), fs_hz)
        if single is not None:
            return lead, single, None
    rhythm = rhythm_of(recording, leads, start, stop)
    plan = plan_beats(recording.read([rhythm.lead], start, stop), fs_hz)
    if plan is not None:
        plan = replace(plan, onsets=plan.onsets[outside(plan.onsets + start, rhythm.left_out)])
    if plan is None or not plan.onsets.size:
        raise RecordingError(
            f"No whole beat was found in lead {rhythm.lead} of {recording.name} from "
            f"{start / fs_hz:.1f} to {stop / fs_hz:.1f} s.",
            "Choose another lead or a longer stretch.",
        )
    return rhythm.lead, plan, _waves(recording, rhythm)


def _single_beat(lead_mv: NDArray[np.floating], fs_hz: float) -> BeatPlan | None:
    """Take all of a recording as one beat, where it holds one QRS complex."""
    too_short = lead_mv.shape[1] < _LEAST_S * fs_hz
    if too_short or fs_hz < LOWEST_RATE_HZ or not np.isfinite(lead_mv).any():
        return None
    beats = find_beats(fill_gaps(lead_mv), fs_hz)[0]
    inside = beats.onsets >= round(_LEAST_BEFORE_S * fs_hz)
    if inside.sum() != 1:
        return None
    onset, offset = int(beats.onsets[inside][0]), int(beats.offsets[inside][0])
    after = lead_mv.shape[1] - onset
    return BeatPlan(np.array([onset]), onset, min(offset - onset, after - 1), after, fs_hz)


def _waves(recording: Recording, rhythm: Rhythm) -> Waves | None:
    """Delineate as much as is delineated at a time; without T's edges there is another window."""
    stop = min(rhythm.stop, rhythm.start + round(LONGEST_S * rhythm.fs_hz))
    try:
        return find_waves(recording, rhythm, rhythm.start, stop)
    except EcgviewError:
        return None


def _measured_mv(
    recording: Recording, leads: Sequence[str], start: int, stop: int
) -> NDArray[np.floating]:
    """Those of the leads that hold anything, shape (leads, samples)."""
    leads_mv = recording.read(leads, start, stop)
    return leads_mv[np.isfinite(leads_mv).any(axis=1)]


def _recorded_mv(recording: Recording, start: int, stop: int) -> NDArray[np.floating]:
    return complete_limb_leads(recording.read_twelve(start, stop), recording.leads)


def _rebuilt_mv(
    reconstruction: Reconstruction | None, start: int, stop: int
) -> NDArray[np.floating]:
    """Twelve leads with NaN for those that hold no estimate."""
    rebuilt_mv = np.full((len(LEADS), stop - start), np.nan, dtype=np.float32)
    if reconstruction is not None and reconstruction.reconstructed_leads:
        leads = reconstruction.reconstructed_leads
        rows = [LEAD_INDEX[lead] for lead in leads]
        rebuilt_mv[rows] = reconstruction.read(leads, start, stop)
    return rebuilt_mv


def _median(beats_mv: NDArray[np.floating]) -> NDArray[np.float64]:
    """Median over the beats in which a lead has no gap, shape (leads, samples)."""
    median_mv = np.full(beats_mv.shape[1:], np.nan)
    for row, beats in enumerate(beats_mv.transpose(1, 0, 2)):
        whole = beats[np.isfinite(beats).all(axis=1)]
        if len(whole):
            median_mv[row] = np.median(whole, axis=0)
    return median_mv


def _pcc(original_mv: NDArray[np.float64], rebuilt_mv: NDArray[np.float64]) -> float:
    both = np.stack([original_mv, rebuilt_mv])
    if not np.isfinite(both).all() or not (np.ptp(both, axis=1) > 0).all():
        return float("nan")
    centred = both - both.mean(axis=1, keepdims=True)
    first, second = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return float(first @ second)
