"""Which beats look alike, so that an average does not mix beats of different origin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_CORRELATION = 0.85
_MOST_COMPARED = 400


def alike(beats_mv: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Tell which beats resemble the largest family of beats.

    The beat that most others resemble is the first template, the median of those that resemble it
    the second; what correlates with that by `LEAST_CORRELATION` or more is kept.

    Parameters
    ----------
    beats_mv : ndarray, shape (beats, leads, samples)
        Cut out of a stretch. The leads are taken together, each without its mean.

    Returns
    -------
    ndarray of bool, shape (beats,)
        False for a beat with gaps.
    """
    rows = beats_mv - beats_mv.mean(axis=-1, keepdims=True)
    rows = rows.reshape(len(beats_mv), -1)
    whole = np.isfinite(rows).all(axis=1)
    if not whole.any():
        return whole
    units = _units(rows[whole])
    # Of very many beats every so many-th stands for all.
    some = units[:: -(-len(units) // _MOST_COMPARED)]
    resembling = (some @ units.T >= LEAST_CORRELATION).sum(axis=1)
    first = some[int(np.argmax(resembling))]
    family = units[units @ first >= LEAST_CORRELATION]
    template = _units(np.median(family, axis=0)[None])[0] if len(family) else first
    kept = whole.copy()
    kept[whole] = units @ template >= LEAST_CORRELATION
    return kept


def _units(rows: NDArray[np.floating]) -> NDArray[np.floating]:
    """Scale rows to length one, so that their products are correlations."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(lengths, 1e-12)
