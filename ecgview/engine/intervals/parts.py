"""Parts of the calibration recordings, so that none need be scored by what has seen it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.intervals.cards import IntervalCard
from ecgview.engine.layouts import Entry, hashed_fold

N_PARTS = 5
"""Each is left out of one calibration of its own."""


def part_of(entry: Entry) -> int:
    """Give the part, 1 to `N_PARTS`, that a patient belongs to."""
    return hashed_fold(entry.patient) % N_PARTS + 1


def parts_left_out(card: IntervalCard, entries: Sequence[Entry]) -> NDArray[np.int64]:
    """Choose the calibration for each recording that has not seen its patient.

    Parameters
    ----------
    card : IntervalCard
        Its `calibration` names the data set and folds.
    entries : sequence of Entry
        Recordings to score.

    Returns
    -------
    ndarray of int, shape (recordings,)
        The part that was left out; 0, that of all calibration recordings, for others.
    """
    source, folds = card.calibration.get("source"), card.calibration.get("folds", ())
    seen = [entry.source == source and entry.fold in folds for entry in entries]
    return np.array([part_of(entry) * flag for entry, flag in zip(entries, seen, strict=True)])
