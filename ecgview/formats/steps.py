"""What samples themselves tell: their smallest step, the order of unnamed limb leads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import LIMB_FROM_I_II

FINEST_STEP_MV = 1e-4
"""No recorder has a finer step; smaller differences between samples are rounding."""


LARGEST_PLAUSIBLE_MV = 20.0
_MUSE_STEP_UV = 4.88
_USUAL_RANGE_MV = (0.3, 6.0)
"""From the lowest to the highest sample of a lead: half of all leads lie well inside."""


def smallest_step(samples_mv: NDArray[np.float64]) -> float | None:
    """Estimate one unit of the last digit: the smallest step between neighbouring samples.

    Parameters
    ----------
    samples_mv : ndarray, shape (samples,)
        One signal in mV.

    Returns
    -------
    float or None
        In mV; None where the signal has no step.
    """
    steps = np.abs(np.diff(samples_mv))
    steps = steps[steps > FINEST_STEP_MV / 2]
    return max(float(steps.min()), FINEST_STEP_MV) if steps.size else None


def are_steps(values: NDArray[np.float64]) -> bool:
    """Tell whether numbers can be converter steps: they are whole, or too large for millivolts.

    Parameters
    ----------
    values : ndarray
        As they stand in the file; NaN and infinite ones are passed over.
    """
    values = values[np.isfinite(values)]
    is_whole = bool(np.all(values == np.rint(values)))
    return is_whole or float(np.abs(values).max()) > LARGEST_PLAUSIBLE_MV


def limb_order_fits(first: NDArray[np.float64]) -> str:
    """Say whether twelve signals without names can be leads in standard order.

    The first six must obey III = II - I, aVR = -(I + II)/2, aVL = I - II/2, aVF = II - I/2 to
    within 2 % of their largest range.

    Parameters
    ----------
    first : ndarray, shape (12, samples)
        Signals in any one unit; NaN samples are passed over.

    Returns
    -------
    str
        A sentence, with a space before it; empty where they do not fit.
    """
    six = first[:6, np.isfinite(first[:6]).all(axis=0)]
    if not six.size:
        return ""
    error = np.abs(LIMB_FROM_I_II @ six[:2] - six).max()
    if error > 0.02 * np.ptp(six, axis=1).max() or not np.ptp(six, axis=1).all():
        return ""
    return " The first six fit together as I, II, III, aVR, aVL, aVF: the standard order is likely."


def muse_microvolts(first: NDArray[np.float64]) -> str:
    """Say whether whole numbers are GE MUSE's steps of 4.88 uV, rounded to microvolts.

    Parameters
    ----------
    first : ndarray, shape (signals, samples)
        The first two and the last six are looked at: others are computed, and rounded twice.

    Returns
    -------
    str
        A sentence, with a space before it; empty where they are not.
    """
    measured = first[[0, 1, *range(-6, 0)]]
    measured = measured[np.isfinite(measured)]
    expected = np.rint(np.rint(measured / _MUSE_STEP_UV) * _MUSE_STEP_UV)
    if len(np.unique(measured)) < 20 or np.any(measured != expected):
        return ""
    return " The numbers lie on GE MUSE's steps of 4.88 uV: they are likely microvolts."


def unit_that_fits(first: NDArray[np.float64]) -> str:
    """Say in which unit signals without one would have the size of an electrocardiogram.

    Parameters
    ----------
    first : ndarray, shape (signals, samples)
        As they stand in the file; NaN and infinite samples are passed over.

    Returns
    -------
    str
        A sentence, with a space before it; empty where the size fits neither mV nor uV.
    """
    held = [row[np.isfinite(row)] for row in first]
    ranges = [np.ptp(np.percentile(row, [0.1, 99.9])) for row in held if row.size]
    typical = float(np.median(ranges)) if ranges else 0.0
    low, high = _USUAL_RANGE_MV
    if low <= typical <= high:
        return " Their size fits mV."
    if 1000 * low <= typical <= 1000 * high:
        return " Their size fits uV, if they are no converter steps."
    return ""
