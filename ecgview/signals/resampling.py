"""Resampling between the rate of a file and the rate of a model.

Rates are related by a fraction ``up / down``, so that a long recording can be resampled piece by
piece on one absolute grid: sample ``k * down`` of the input is sample ``k * up`` of the output.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

_LARGEST_TERM = 1000
_FILTER_REACH = 10  # half length of scipy's resample_poly filter, in samples of the lower rate


@dataclass(frozen=True)
class RateRatio:
    """Output rate over input rate as a fraction in lowest terms.

    Parameters
    ----------
    up, down : int
        ``fs_out / fs_in = up / down``; exact for rates met in practice, to one part in a thousand
        for odd ones. What is left changes the time scale a model sees by as little, and cancels on
        the way back.
    """

    up: int
    down: int

    @classmethod
    def between(cls, fs_in_hz: float, fs_out_hz: float) -> RateRatio:
        """Find the ratio of two rates."""
        ratio = Fraction(fs_out_hz).limit_denominator(10_000) / Fraction(
            fs_in_hz
        ).limit_denominator(10_000)
        if max(ratio.numerator, ratio.denominator) > _LARGEST_TERM:
            ratio = Fraction(fs_out_hz / fs_in_hz).limit_denominator(_LARGEST_TERM)
        return cls(ratio.numerator, ratio.denominator)

    @property
    def inverse(self) -> RateRatio:
        """The way back."""
        return RateRatio(self.down, self.up)

    @property
    def reach(self) -> int:
        """Input samples on either side that an output sample depends on."""
        return math.ceil(_FILTER_REACH * max(self.up, self.down) / self.up) + 1

    def length(self, n_samples: int) -> int:
        """Output samples that `n_samples` input samples give."""
        return -(-n_samples * self.up // self.down)


def resample(signals: NDArray[np.floating], ratio: RateRatio) -> NDArray[np.floating]:
    """Resample by polyphase filtering (windowed sinc, zero phase).

    Beyond its ends the signal is taken to stay as it is there.

    Parameters
    ----------
    signals : ndarray, shape (leads, samples)
        Without gaps.
    ratio : RateRatio
        Output rate over input rate.

    Returns
    -------
    ndarray, shape (leads, ceil(samples * up / down))
        The same dtype. Output sample ``k * up`` stands at input sample ``k * down``.
    """
    if ratio.up == ratio.down:
        return signals
    # scipy.signal takes most of a second to import: not before it is needed.
    from scipy.signal import resample_poly

    taps = _low_pass(max(ratio.up, ratio.down)).astype(signals.dtype)
    # The stubs do not know that a window may be given as taps.
    return resample_poly(  # type: ignore[call-overload]
        signals, ratio.up, ratio.down, axis=-1, window=taps, padtype="edge"
    )


@cache
def _low_pass(rate: int) -> NDArray[np.float64]:
    """Design the filter that `resample_poly` would design anew on each call."""
    from scipy.signal import firwin

    return firwin(2 * _FILTER_REACH * rate + 1, 1 / rate, window=("kaiser", 5.0))
