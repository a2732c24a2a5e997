"""Least squares shrunken towards what is there already: numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Products:
    """Mean products over samples: all that least squares needs.

    Attributes
    ----------
    features : ndarray, shape (features, features)
        Of the features with each other.
    targets : ndarray, shape (targets, features)
        Of the targets with the features.
    """

    features: NDArray[np.float64]
    targets: NDArray[np.float64]

    @classmethod
    def of(cls, features: NDArray[np.floating], targets: NDArray[np.floating]) -> Products:
        """Take the mean products of signals about zero, shapes (rows, samples)."""
        features, targets = features.astype(np.float64), targets.astype(np.float64)
        n_samples = features.shape[1]
        return cls(features @ features.T / n_samples, targets @ features.T / n_samples)


def shrunken(
    products: Products, start: NDArray[np.floating], shrinkage: float
) -> NDArray[np.float64]:
    """Solve least squares, shrunken towards a matrix that is known to be sensible.

    Minimises ``mean |y - W z|^2 + s tr((W - W0) (G + D) (W - W0)')`` with G the mean products of
    the features z and D their diagonal. The part with G draws the estimates of W towards those of
    W0 (Zellner's g-prior); the part with D holds back what the recording hardly shows (ridge).

    Parameters
    ----------
    products : Products
        Of features and targets.
    start : ndarray, shape (targets, features)
        W0.
    shrinkage : float
        s: 0 for plain least squares (of least norm where features depend on each other), infinity
        for `start` itself.

    Returns
    -------
    ndarray, shape (targets, features)
        W.
    """
    if np.isinf(shrinkage):
        return np.array(start, dtype=np.float64)
    gram = products.features
    penalised = (1 + shrinkage) * gram + shrinkage * np.diag(np.diag(gram))
    missing = products.targets - start @ gram
    # Leads may depend on each other exactly: a single limb lead and the two estimated from it.
    return np.asarray(start + missing @ np.linalg.pinv(penalised, rcond=1e-10, hermitian=True))
