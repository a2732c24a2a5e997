"""Published linear transforms between lead systems: Dower, inverse Dower, Kors, EASI.

Each is a matrix that acts sample by sample. Rows or columns of the twelve leads are the eight
independent ones, I, II, V1..V6; III and the augmented leads follow by exact algebra, so that the
limb-lead identities hold whatever was rounded in a paper.

Frank's axes: X points to the left, Y to the feet, Z to the back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import EASI_LEADS, FRANK_LEADS, INDEPENDENT_LEADS

DOWER: NDArray[np.float64] = np.array(
    [
        [0.632, -0.235, 0.059],
        [0.235, 1.066, -0.132],
        [-0.515, 0.157, -0.917],
        [0.044, 0.164, -1.387],
        [0.882, 0.098, -1.277],
        [1.213, 0.127, -0.601],
        [1.125, 0.127, -0.086],
        [0.831, 0.076, 0.230],
    ]
)
"""Rows I, II, V1..V6; columns X, Y, Z. Dower, Machado & Osborne, "On deriving the
electrocardiogram from vectorcardiographic leads", Clin Cardiol 1980;3:87-95."""

INVERSE_DOWER: NDArray[np.float64] = np.array(
    [
        [0.156, -0.010, -0.172, -0.074, 0.122, 0.231, 0.239, 0.194],
        [-0.227, 0.887, 0.057, -0.019, -0.106, -0.022, 0.041, 0.048],
        [0.022, 0.102, -0.229, -0.310, -0.246, -0.063, 0.055, 0.108],
    ]
)
"""Rows X, Y, Z; columns I, II, V1..V6: the pseudo-inverse of Dower's matrix. Edenbrandt & Pahlm,
"Vectorcardiogram synthesized from a 12-lead ECG: superiority of the inverse Dower matrix",
J Electrocardiol 1988;21:361-367."""

KORS: NDArray[np.float64] = np.array(
    [
        [0.38, -0.07, -0.13, 0.05, -0.01, 0.14, 0.06, 0.54],
        [-0.07, 0.93, 0.06, -0.02, -0.05, 0.06, -0.17, 0.13],
        [0.11, -0.23, -0.43, -0.06, -0.14, -0.20, -0.11, 0.31],
    ]
)
"""Rows X, Y, Z; columns I, II, V1..V6: a regression. Kors, van Herpen, Sittig & van Bemmel,
"Reconstruction of the Frank vectorcardiogram from standard electrocardiographic leads: diagnostic
comparison of different methods", Eur Heart J 1990;11:1083-1092."""

EASI: NDArray[np.float64] = np.array(
    [
        [0.026, -0.174, 0.701],
        [-0.002, 1.098, -0.763],
        [0.641, -0.391, 0.080],
        [1.229, -1.050, 1.021],
        [0.947, -0.539, 0.987],
        [0.525, 0.004, 0.841],
        [0.179, 0.278, 0.630],
        [-0.043, 0.431, 0.213],
    ]
)
"""Rows I, II, V1..V6; columns ES, AS, AI. The electrodes are those of Dower, Yakush, Nazzal, Jutzy
& Ruiz, "Deriving the 12-lead electrocardiogram from four (EASI) electrodes", J Electrocardiol
1988;21 Suppl:S182-187; the coefficients are the improved ones of Feild, Feldman & Horacek,
"Improved EASI coefficients: their derivation, values, and performance", J Electrocardiol 2002;35
Suppl:23-33."""


@dataclass(frozen=True, eq=False)
class Transform:
    """A published matrix and where it comes from.

    Attributes
    ----------
    name : str
        Short, as on the command line.
    title : str
        For menus and captions, with the year.
    inputs, outputs : tuple of str
        Leads of the columns and of the rows.
    weights : ndarray, shape (outputs, inputs)
        ``outputs_mv = weights @ inputs_mv``.
    source : str
        The paper.
    """

    name: str
    title: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    weights: NDArray[np.float64]
    source: str

    def apply(self, signals_mv: NDArray[np.floating]) -> NDArray[np.float32]:
        """Transform samples.

        Parameters
        ----------
        signals_mv : ndarray, shape (inputs, samples)
            In mV; a gap in any input is a gap in all outputs.

        Returns
        -------
        ndarray, shape (outputs, samples)
            float32 mV.
        """
        return self.weights.astype(np.float32) @ signals_mv.astype(np.float32, copy=False)


TRANSFORMS: dict[str, Transform] = {
    transform.name: transform
    for transform in (
        Transform(
            "dower",
            "Dower (1980)",
            FRANK_LEADS,
            INDEPENDENT_LEADS,
            DOWER,
            "Dower, Machado & Osborne, Clin Cardiol 1980;3:87-95",
        ),
        Transform(
            "easi",
            "EASI (Feild 2002)",
            EASI_LEADS,
            INDEPENDENT_LEADS,
            EASI,
            "Feild, Feldman & Horacek, J Electrocardiol 2002;35 Suppl:23-33",
        ),
        Transform(
            "kors",
            "Kors (1990)",
            INDEPENDENT_LEADS,
            FRANK_LEADS,
            KORS,
            "Kors, van Herpen, Sittig & van Bemmel, Eur Heart J 1990;11:1083-1092",
        ),
        Transform(
            "inverse-dower",
            "Inverse Dower (1988)",
            INDEPENDENT_LEADS,
            FRANK_LEADS,
            INVERSE_DOWER,
            "Edenbrandt & Pahlm, J Electrocardiol 1988;21:361-367",
        ),
    )
}
"""Transforms by name."""
