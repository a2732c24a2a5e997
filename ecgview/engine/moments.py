"""Sums that tell how two signals agree, window by window; they add up to any longer stretch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FLAT_MV = 1e-6
_BIN_MV = 0.002
_BINS = 1 << 15


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments of pairs of samples that both are known, shape (...) each.

    Attributes
    ----------
    count : ndarray
        Pairs.
    truth_mv, estimate_mv : ndarray
        Means.
    truth_power, estimate_power, product : ndarray
        Sums of the squared deviations from the means, and of their products, in mV^2.
    lowest_mv, highest_mv : ndarray
        Of the difference between truth and estimate.
    range_mv : ndarray, shape (..., 2)
        Lowest and highest value of the truth.
    """

    count: NDArray[np.float64]
    truth_mv: NDArray[np.float64]
    estimate_mv: NDArray[np.float64]
    truth_power: NDArray[np.float64]
    estimate_power: NDArray[np.float64]
    product: NDArray[np.float64]
    lowest_mv: NDArray[np.float64]
    highest_mv: NDArray[np.float64]
    range_mv: NDArray[np.float64]

    @classmethod
    def of(cls, truth_mv: NDArray[np.floating], estimate_mv: NDArray[np.floating]) -> Moments:
        """Take the moments along the last axis.

        Parameters
        ----------
        truth_mv, estimate_mv : ndarray, shape (..., samples)
            NaN where there is a gap.
        """
        both = np.isfinite(truth_mv) & np.isfinite(estimate_mv)
        count = both.sum(axis=-1).astype(np.float64)
        divisor = np.maximum(count, 1)
        truth, mean_truth = _centred(truth_mv, both, divisor)
        estimate, mean_estimate = _centred(estimate_mv, both, divisor)
        difference = np.where(both, truth_mv - estimate_mv, np.nan)
        known = np.where(both, truth_mv, np.nan)
        return cls(
            count=count,
            truth_mv=mean_truth,
            estimate_mv=mean_estimate,
            truth_power=np.square(truth).sum(axis=-1),
            estimate_power=np.square(estimate).sum(axis=-1),
            product=(truth * estimate).sum(axis=-1),
            lowest_mv=_least(difference),
            highest_mv=-_least(-difference),
            range_mv=np.stack([_least(known), -_least(-known)], axis=-1),
        )

    def total(self) -> Moments:
        """Add up the last axis (Chan, Golub and LeVeque 1983: combining sums of squares)."""
        count = self.count.sum(axis=-1)
        share = self.count / np.maximum(count, 1)[..., None]
        truth = (share * self.truth_mv).sum(axis=-1)
        estimate = (share * self.estimate_mv).sum(axis=-1)
        a, b = self.truth_mv - truth[..., None], self.estimate_mv - estimate[..., None]
        return Moments(
            count=count,
            truth_mv=truth,
            estimate_mv=estimate,
            truth_power=(self.truth_power + self.count * a * a).sum(axis=-1),
            estimate_power=(self.estimate_power + self.count * b * b).sum(axis=-1),
            product=(self.product + self.count * a * b).sum(axis=-1),
            lowest_mv=_least(self.lowest_mv),
            highest_mv=-_least(-self.highest_mv),
            range_mv=np.stack(
                [_least(self.range_mv[..., 0]), -_least(-self.range_mv[..., 1])], axis=-1
            ),
        )

    def pcc(self) -> NDArray[np.float64]:
        """Give Pearson's correlation; NaN where it is not defined."""
        divisor = np.maximum(self.count, 1)
        power = (self.truth_power / divisor) * (self.estimate_power / divisor)
        with np.errstate(invalid="ignore", divide="ignore"):
            pcc = self.product / divisor / np.sqrt(power)
            varies = np.diff(self.range_mv, axis=-1)[..., 0] >= FLAT_MV
            return np.where((power > FLAT_MV**4) & varies, pcc, np.nan)

    @classmethod
    def none(cls, leads: int, windows: int) -> Moments:
        """Make room for windows of which nothing is known yet."""
        nothing = np.full((leads, windows, 0), np.nan)
        return cls.of(nothing, nothing)

    def put(self, places: slice, part: Moments) -> None:
        """Fill in some windows."""
        for name, values in vars(part).items():
            getattr(self, name)[:, places] = values


def _centred(
    signal_mv: NDArray[np.floating], both: NDArray[np.bool_], divisor: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    filled = np.where(both, signal_mv, 0.0).astype(np.float64, copy=False)
    mean = filled.sum(axis=-1) / divisor
    return np.where(both, filled - mean[..., None], 0.0), mean


def _least(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Least of the last axis without NaN; NaN where there is nothing else."""
    least = np.where(np.isnan(values), np.inf, values).min(axis=-1, initial=np.inf)
    return np.where(np.isinf(least), np.nan, least)


class RunningMedian:
    """Medians of signals that come in pieces, to about a microvolt.

    Parameters
    ----------
    origins_mv : ndarray, shape (leads,)
        A value near each lead's median; 32 mV to either side are told apart.
    """

    def __init__(self, origins_mv: NDArray[np.floating]) -> None:
        self._origins_mv = np.asarray(origins_mv, dtype=np.float64)
        self._counts = np.zeros((len(origins_mv), _BINS), dtype=np.int64)

    def add(self, row: int, values_mv: NDArray[np.floating]) -> None:
        """Count samples of a lead, without gaps."""
        bins = np.rint((values_mv - self._origins_mv[row]) / _BIN_MV).astype(np.intp) + _BINS // 2
        self._counts[row] += np.bincount(np.clip(bins, 0, _BINS - 1), minlength=_BINS)

    def values_mv(self) -> NDArray[np.float64]:
        """Give the medians, shape (leads,); the origin for a lead without samples."""
        medians = self._origins_mv.copy()
        for row, counts in enumerate(self._counts):
            below = np.cumsum(counts)
            if below[-1]:
                half = below[-1] / 2
                place = int(np.searchsorted(below, half))
                before = below[place] - counts[place]
                within = (half - before) / counts[place] - 0.5
                medians[row] += (place - _BINS // 2 + within) * _BIN_MV
        return medians
