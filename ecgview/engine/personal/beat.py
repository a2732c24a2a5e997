"""The average QRS complex of some leads, and how far two of them are apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.input_sets import known_leads
from ecgview.leads import INDEPENDENT_LEADS, LEAD_INDEX, LEADS, complete_limb_leads
from ecgview.recording import Recording
from ecgview.signals.beats import find_beats
from ecgview.signals.filters import clean, fill_gaps, median
from ecgview.signals.resampling import RateRatio, resample

HALF_WIDTH_S = 0.068
_SHIFT_S = 0.024
_LOOKED_AT_S = 60.0


def reference_leads(available: Sequence[str]) -> tuple[str, ...]:
    """Give the independent ones of the available leads; those that are there if none is."""
    known = known_leads(tuple(available))
    return tuple(lead for lead in INDEPENDENT_LEADS if lead in known) or tuple(available)


def reference_beat(
    recording: Recording, available: Sequence[str], fs_hz: float
) -> NDArray[np.float64]:
    """Average the QRS complexes of the available leads at a recording's start.

    Parameters
    ----------
    recording : Recording
        With those leads.
    available : sequence of str
        The leads that a model is given.
    fs_hz : float
        Rate of the result.

    Returns
    -------
    ndarray, shape (leads, samples)
        Of `reference_leads`; see `average_qrs`.
    """
    stop = min(recording.n_samples, round(_LOOKED_AT_S * recording.fs_hz))
    twelve_mv = np.zeros((len(LEADS), stop), dtype=np.float32)
    rows = [LEAD_INDEX[lead] for lead in available]
    twelve_mv[rows] = fill_gaps(recording.read(available, 0, stop))
    twelve_mv = complete_limb_leads(twelve_mv, available)
    leads_mv = twelve_mv[[LEAD_INDEX[lead] for lead in reference_leads(available)]]
    at_rate = resample(
        leads_mv - median(leads_mv)[:, None], RateRatio.between(recording.fs_hz, fs_hz)
    )
    return average_qrs(clean(at_rate, fs_hz), fs_hz)


def average_qrs(leads_mv: NDArray[np.floating], fs_hz: float) -> NDArray[np.float64]:
    """Average the QRS complexes of some leads, each set on its steepest point.

    Parameters
    ----------
    leads_mv : ndarray, shape (leads, samples)
        High-passed, without gaps. Complexes are looked for in the strongest of them.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    ndarray, shape (leads, samples)
        Median over the complexes, `HALF_WIDTH_S` and room for a shift on either side; no samples
        where there is no complex.
    """
    half = round((HALF_WIDTH_S + _SHIFT_S) * fs_hz)
    nothing = np.empty((len(leads_mv), 0))
    if leads_mv.shape[1] <= 2 * half:
        return nothing
    slopes = np.square(np.diff(leads_mv, axis=-1, prepend=leads_mv[:, :1]))
    strongest = leads_mv[int(np.argmax(slopes.sum(axis=-1)))]
    (beats,) = find_beats(strongest[None], fs_hz)
    together = slopes.sum(axis=0)
    peaks = [
        int(on + np.argmax(together[on:off]))
        for on, off in zip(beats.onsets, beats.offsets, strict=True)
        if off > on
    ]
    whole = [peak for peak in peaks if half <= peak < leads_mv.shape[1] - half]
    if not whole:
        return nothing
    cut = [leads_mv[:, peak - half : peak + half + 1] for peak in whole]
    return np.asarray(np.median(np.stack(cut), axis=0), dtype=np.float64)


def qrs_distance(
    one_mv: NDArray[np.floating], other_mv: NDArray[np.floating], fs_hz: float
) -> float:
    """Tell how far two average complexes are apart.

    Parameters
    ----------
    one_mv, other_mv : ndarray, shape (leads, samples)
        From `average_qrs`, of the same leads at the same rate.
    fs_hz : float
        That rate.

    Returns
    -------
    float
        Energy of the difference over the energies of both, at the shift where it is least: 0 for
        the same, about 1 for unrelated ones, 2 for one upside down. NaN without a complex.
    """
    if not one_mv.size or not other_mv.size:
        return float("nan")
    room, n_samples = round(_SHIFT_S * fs_hz), one_mv.shape[1]
    fixed = one_mv[:, room : n_samples - room]
    return min(
        _relative(fixed, other_mv[:, room + shift : n_samples - room + shift])
        for shift in range(-room, room + 1)
    )


def _relative(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    energy = float(np.square(one).sum() + np.square(other).sum())
    return float(np.square(one - other).sum()) / energy if energy else float("nan")
