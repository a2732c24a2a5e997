"""Markers of many recordings: what was recorded, and what models make of some leads of it.

The original is measured at 500 Hz as it was recorded, an estimate at the same rate with what its
model carries. No filter: every beat is measured from its own PR baseline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.signal_set import SignalSet
from ecgview.errors import EcgviewError
from ecgview.leads import INDEPENDENT_LEADS, LEAD_INDEX, LEADS, complete_limb_leads
from ecgview.measurements.average import BeatParts, beat_parts
from ecgview.measurements.markers import MARKERS, markers_of
from ecgview.recording import recording_from_array
from ecgview.signals.beat_plan import cut_beats

FINE_FS_HZ = 500.0
_UV_A_MV = 1000.0
_ROWS = [LEAD_INDEX[lead] for lead in INDEPENDENT_LEADS]


@dataclass(frozen=True, eq=False)
class Measured:
    """The beats of one recording by its available leads.

    Attributes
    ----------
    parts : BeatParts or None
        Which beats, and their windows; None where no beat was found.
    real_uv : ndarray, shape (12, 5)
        Markers of what was recorded.
    reason : str
        Why there are no beats; empty where there are.
    """

    parts: BeatParts | None
    real_uv: NDArray[np.float64]
    reason: str = ""

    @property
    def lead(self) -> str:
        """The measured lead that gives the windows; empty where none does."""
        return self.parts.lead if self.parts else ""


def nothing_uv() -> NDArray[np.float64]:
    """Markers of a recording in which there is nothing to measure, shape (12, 5)."""
    return np.full((len(LEADS), len(MARKERS)), np.nan)


def measure(data: SignalSet, row: int, available: tuple[str, ...]) -> Measured:
    """Find the beats of a recording in its available leads, and measure all its leads.

    Parameters
    ----------
    data : SignalSet
        Prepared at `FINE_FS_HZ`.
    row : int
        Which recording.
    available : tuple of str
        Measured leads; the clearest rhythm lead among them gives the windows.
    """
    eight_mv = data.signals_mv[row]
    twelve_mv = np.full((len(LEADS), eight_mv.shape[1]), np.nan)
    twelve_mv[_ROWS] = eight_mv
    twelve_mv = complete_limb_leads(twelve_mv, INDEPENDENT_LEADS)
    leads_mv = {lead: twelve_mv[LEAD_INDEX[lead]] for lead in available}
    # Without its name, so that equal reasons are told together.
    recording = recording_from_array("the recording", leads_mv, data.fs_hz)
    try:
        parts = beat_parts(recording, available, 0, recording.n_samples)
    except EcgviewError as error:
        return Measured(None, nothing_uv(), error.message)
    return Measured(parts, markers_uv(twelve_mv, parts))


def markers_uv(twelve_mv: NDArray[np.floating], parts: BeatParts) -> NDArray[np.float64]:
    """Measure leads in the windows of given beats.

    Parameters
    ----------
    twelve_mv : ndarray, shape (12, samples)
        At the rate of the beats; NaN in leads that are not there.
    parts : BeatParts
        From `measure`.

    Returns
    -------
    ndarray, shape (12, 5)
        By `LEADS` and `MARKERS`.
    """
    return _UV_A_MV * markers_of(cut_beats(twelve_mv, parts.plan), parts.windows).values_mv
