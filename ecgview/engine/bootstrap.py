"""How sure a mean over recordings is: a bootstrap that resamples patients, not recordings.

Recordings of one patient resemble each other; drawn one by one they would promise more than there
is (Efron & Tibshirani 1993, ch. 8: resample the units that are independent).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

DRAWS = 2000
SEED = 20250101
CONFIDENCE = 0.95


class PatientBootstrap:
    """The same draws of patients for every figure, so that figures can be subtracted pairwise.

    Parameters
    ----------
    patients : sequence of str
        Patient of each recording.
    draws : int
        How many times patients are drawn with replacement.
    seed : int
        Of the draws.
    """

    def __init__(self, patients: Sequence[str], draws: int = DRAWS, seed: int = SEED) -> None:
        names, self._patient = np.unique(np.asarray(patients), return_inverse=True)
        generator = np.random.default_rng(seed)
        even = np.full(len(names), 1 / len(names))
        self._weights = generator.multinomial(len(names), even, size=draws).astype(np.float64)

    def means(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Mean over the recordings of each draw.

        Parameters
        ----------
        values : ndarray, shape (recordings, columns)
            NaN where a recording has no figure.

        Returns
        -------
        ndarray, shape (draws, columns)
            NaN where none of the drawn patients has a figure.
        """
        defined = np.isfinite(values)
        sums = np.zeros((self._weights.shape[1], values.shape[1]))
        counts = np.zeros_like(sums)
        np.add.at(sums, self._patient, np.where(defined, values, 0))
        np.add.at(counts, self._patient, defined)
        with np.errstate(invalid="ignore", divide="ignore"):
            return (self._weights @ sums) / (self._weights @ counts)


def interval(draws: NDArray[np.floating]) -> tuple[float, float]:
    """Percentile interval of some draws, NaN where there are none.

    Parameters
    ----------
    draws : ndarray, shape (draws,)
        A figure in each draw.

    Returns
    -------
    tuple of float
        The ends that hold `CONFIDENCE` of the draws between them.
    """
    draws = draws[np.isfinite(draws)]
    if not draws.size:
        return float("nan"), float("nan")
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return float(low), float(high)
