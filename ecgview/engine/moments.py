"""Sums that tell how two signals agree, window by window; they add up to any longer stretch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FLAT_MV = 1e-6
LEAST_SAMPLES = 3
"""Two samples always lie on a line: their correlation says nothing."""
_BIN_MV = 0.001
_SPARE_BINS = 4096
_FARTHEST_BIN = 1 << 19
"""Half a volt: more than the offset of electrodes that amplifiers bear."""


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
            enough = self.count >= LEAST_SAMPLES
            return np.where((power > FLAT_MV**4) & varies & enough, pcc, np.nan)

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
    """Medians of signals that come in pieces, to about a microvolt, whatever their offset.

    Parameters
    ----------
    n_leads : int
        How many signals.
    """

    def __init__(self, n_leads: int) -> None:
        self._firsts = [0] * n_leads
        self._counts = [np.zeros(0, dtype=np.uint32) for _ in range(n_leads)]

    def add(self, row: int, values_mv: NDArray[np.floating]) -> None:
        """Count samples of a lead, without gaps."""
        if not values_mv.size:
            return
        bins = np.rint(np.clip(values_mv / _BIN_MV, -_FARTHEST_BIN, _FARTHEST_BIN)).astype(np.intp)
        self._make_room(row, int(bins.min()), int(bins.max()))
        counts = self._counts[row]
        counts += np.bincount(bins - self._firsts[row], minlength=counts.size).astype(np.uint32)

    def _make_room(self, row: int, lowest: int, highest: int) -> None:
        """Widen a lead's table where its values go beyond it."""
        first, counts = self._firsts[row], self._counts[row]
        if counts.size and first <= lowest and highest < first + counts.size:
            return
        wide_first, wide_stop = lowest - _SPARE_BINS, highest + _SPARE_BINS
        if counts.size:
            wide_first, wide_stop = min(first, wide_first), max(first + counts.size, wide_stop)
        wide = np.zeros(wide_stop - wide_first, dtype=np.uint32)
        wide[first - wide_first : first - wide_first + counts.size] = counts
        self._firsts[row], self._counts[row] = wide_first, wide

    def values_mv(self) -> NDArray[np.float64]:
        """Give the medians, shape (leads,); 0 for a lead without samples."""
        medians = np.zeros(len(self._counts))
        for row, (first, counts) in enumerate(zip(self._firsts, self._counts, strict=True)):
            below = np.cumsum(counts, dtype=np.int64)
            if counts.size:
                half = below[-1] / 2
                place = int(np.searchsorted(below, half))
                before = below[place] - counts[place]
                within = (half - before) / counts[place] - 0.5
                medians[row] = (first + place + within) * _BIN_MV
        return medians
