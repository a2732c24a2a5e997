"""Rows of the table for published transforms, from recordings that hold the leads they take.

A transform of Frank's or the EASI leads is scored on the twelve leads it gives; one of the eight
leads on the recorded VX, VY, VZ. Recordings without those leads do not count.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.cards import ModelCard
from ecgview.engine.layouts import DURATION_S, Entry
from ecgview.engine.scoring import ScoredSet, Truth
from ecgview.engine.signal_set import SignalSet, row_shape
from ecgview.errors import ModelError
from ecgview.formats import open_recording
from ecgview.leads import FRANK_LEADS, INDEPENDENT_LEADS, LIMB_FROM_I_II
from ecgview.signals.filters import median
from ecgview.signals.resampling import RateRatio, resample
from ecgview.signals.transforms import TRANSFORMS


def score_transform(card: ModelCard, data: SignalSet) -> ScoredSet:
    """Score a transform on prepared recordings.

    Parameters
    ----------
    card : ModelCard
        One of `ecgview.engine.published.published_cards`.
    data : SignalSet
        The eight leads of each recording; other leads are read from the files.

    Returns
    -------
    ScoredSet
        Over the recordings that hold the leads of another system that it takes or gives.

    Raises
    ------
    ModelError
        If none does.
    """
    transform = TRANSFORMS[card.arguments["transform"]]
    takes_eight = transform.inputs == INDEPENDENT_LEADS
    others = transform.outputs if takes_eight else transform.inputs
    chosen, others_mv = _read_others(data, others)
    if not chosen:
        raise ModelError(
            f"None of the recordings holds {', '.join(others)}.",
            f"{card.name} can be scored on recordings that do"
            + (", such as PTB's." if set(others) <= set(FRANK_LEADS) else "."),
        )
    eight_mv = np.array(data.signals_mv[chosen])
    inputs_mv = eight_mv if takes_eight else others_mv
    estimate_mv = transform.weights.astype(np.float32) @ inputs_mv
    patients = [data.entries[number].person for number in chosen]
    if takes_eight:
        truth = Truth(others_mv, data.fs_hz, patients, others)
    else:
        truth = Truth(_twelve(eight_mv), data.fs_hz, patients)
        estimate_mv = _twelve(estimate_mv)
    return truth.score(card.name, card.leads, estimate_mv)


def _read_others(data: SignalSet, leads: Sequence[str]) -> tuple[list[int], NDArray[np.float32]]:
    """Numbers of the recordings that hold some leads, and these, (recordings, leads, samples)."""
    chosen, rows = [], []
    for number, entry in enumerate(data.entries):
        leads_mv = _prepared(entry, leads, data.fs_hz)
        if leads_mv is not None:
            chosen.append(number)
            rows.append(leads_mv)
    return chosen, np.array(rows, dtype=np.float32)


def _prepared(entry: Entry, leads: Sequence[str], fs_hz: float) -> NDArray[np.floating] | None:
    """Ten seconds of some leads as data sets have the eight, None where they cannot be had."""
    recording = open_recording(entry.path)
    if not set(leads) <= set(recording.other_leads):
        return None
    start = round(entry.start_s * recording.fs_hz)
    leads_mv = recording.read(leads, start, start + round(DURATION_S * recording.fs_hz))
    if not np.isfinite(leads_mv).all():
        return None
    leads_mv -= median(leads_mv)[:, None]
    resampled = resample(leads_mv, RateRatio.between(recording.fs_hz, fs_hz))
    return resampled[:, : row_shape(fs_hz)[1]]


def _twelve(eight_mv: NDArray[np.floating]) -> NDArray[np.floating]:
    """All twelve leads from the independent ones, (recordings, 12, samples)."""
    limb_mv = LIMB_FROM_I_II.astype(eight_mv.dtype) @ eight_mv[:, :2]
    return np.concatenate([limb_mv, eight_mv[:, 2:]], axis=1)
