"""Statistics of pairs, one a patient: a real amplitude and its estimate.

All are functions of the five moments of the pairs, so that a draw of patients costs one product.
With v = var(estimate) / var(real) and r their correlation:

- the slope of real on estimate is r / sqrt(v): 1 where v = r2;
- the slope of the error on the real amplitude is r sqrt(v) - 1, on the mean of the two
  2 (v - 1) / (1 + v + 2 r sqrt(v)) (Bland & Altman 1995);
- the share of the error that the real amplitude explains is
  (1 - r sqrt(v))**2 / (1 + v - 2 r sqrt(v)), which is 1 - r2 for a calibrated estimate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.bootstrap import CONFIDENCE, PatientBootstrap

Array = NDArray[np.float64]
LIMITS = 1.96
"""Standard deviations of the differences from the bias to a limit of agreement."""
_LEAST_KNOWN = 0.9


@dataclass(frozen=True, eq=False)
class Moments:
    """Mean, variance and covariance of pairs; all arrays of the same shape.

    Attributes
    ----------
    real, estimated : ndarray
        Means.
    real_var, estimated_var, covariance : ndarray
        Divided by n, not n - 1.
    """

    real: Array
    estimated: Array
    real_var: Array
    estimated_var: Array
    covariance: Array

    @property
    def v(self) -> Array:
        """Variance of the estimate over that of the real amplitude."""
        return _ratio(self.estimated_var, self.real_var)

    @property
    def r(self) -> Array:
        """Pearson correlation."""
        return _ratio(self.covariance, np.sqrt(self.real_var * self.estimated_var))

    @property
    def excess(self) -> Array:
        """What v has more than r2; where r is negative all of v, and r2, is too much."""
        return self.v - self.r * np.abs(self.r)

    @property
    def slope(self) -> Array:
        """Slope of real on estimate."""
        return _ratio(self.covariance, self.estimated_var)

    @property
    def error_var(self) -> Array:
        """Variance of estimate less real."""
        return np.maximum(self.real_var + self.estimated_var - 2 * self.covariance, 0)

    @property
    def error_r2(self) -> Array:
        """Share of the variance of the error that the real amplitude explains."""
        explained = np.square(self.covariance - self.real_var)
        return _ratio(explained, self.error_var * self.real_var)

    @property
    def slope_on_real(self) -> Array:
        """Slope of the error on the real amplitude."""
        return _ratio(self.covariance - self.real_var, self.real_var)

    @property
    def slope_on_mean(self) -> Array:
        """Slope of the error on the mean of the two."""
        difference = self.estimated_var - self.real_var
        return _ratio(2 * difference, self.real_var + self.estimated_var + 2 * self.covariance)


def compared(real_uv: Array, estimated_uv: Array) -> dict[str, Array]:
    """Compare estimates with what was recorded.

    Parameters
    ----------
    real_uv, estimated_uv : ndarray, shape (patients, columns)
        One value a patient; a pair counts where both are finite.

    Returns
    -------
    dict of str to ndarray, shape (columns,)
        By the names of `MarkerAgreement`, from ``patients`` to ``intercept_on_mean_uv``. NaN where
        a figure is not defined, as the correlation of a constant.
    """
    both = np.isfinite(real_uv) & np.isfinite(estimated_uv)
    real = np.where(both, real_uv, np.nan)
    estimated = np.where(both, estimated_uv, np.nan)
    n = both.sum(axis=0).astype(np.float64)
    # Around their means the products of draws keep all their digits.
    middles = [_ratio(np.nansum(values, axis=0), n) for values in (real, estimated)]
    whole = _moments(real - middles[0], estimated - middles[1], _mean)
    draws = _draws(real - middles[0], estimated - middles[1])
    figures = {"patients": n, **_means(whole, n, middles), **_tests(whole, n, middles)}
    for name, attribute in _WITH_INTERVAL.items():
        figures[name] = getattr(whole, attribute)
        figures[f"{name}_low"], figures[f"{name}_high"] = _ends(getattr(draws, attribute))
    figures["r2"] = np.square(whole.r)
    figures["r2_low"], figures["r2_high"] = _ends(np.square(draws.r))
    return figures


_WITH_INTERVAL = {
    "variance_ratio": "v",
    "excess": "excess",
    "slope": "slope",
    "error_r2": "error_r2",
}


def _means(whole: Moments, n: Array, middles: list[Array]) -> dict[str, Array]:
    """Means, spreads, and lines: what has no interval of draws."""
    real, estimated = middles
    unbiased = _ratio(n, n - 1)
    bias, spread = estimated - real, np.sqrt(whole.error_var * unbiased)
    half = _t_quantile(n) * _ratio(spread, np.sqrt(n))
    return {
        "real_mean_uv": real,
        "real_sd_uv": np.sqrt(whole.real_var * unbiased),
        "estimated_mean_uv": estimated,
        "estimated_sd_uv": np.sqrt(whole.estimated_var * unbiased),
        "bias_uv": bias,
        "bias_low_uv": bias - half,
        "bias_high_uv": bias + half,
        "limits_low_uv": bias - LIMITS * spread,
        "limits_high_uv": bias + LIMITS * spread,
        "r": whole.r,
        "intercept_uv": real - whole.slope * estimated,
        "slope_on_real": whole.slope_on_real,
        "intercept_on_real_uv": bias - whole.slope_on_real * real,
        "slope_on_mean": whole.slope_on_mean,
        "intercept_on_mean_uv": bias - whole.slope_on_mean * (real + estimated) / 2,
    }


def _tests(whole: Moments, n: Array, middles: list[Array]) -> dict[str, Array]:
    """Paired t-test, F-test, and the test of Pitman (1939) and Morgan (1939), all two-sided."""
    from scipy.stats import f, t

    bias = middles[1] - middles[0]
    statistic = _ratio(bias, np.sqrt(_ratio(whole.error_var, n - 1)))
    v = whole.v
    # Sum and difference of the pairs are uncorrelated where the variances are equal.
    correlation = _ratio(
        whole.estimated_var - whole.real_var,
        np.sqrt(whole.error_var * (whole.real_var + whole.estimated_var + 2 * whole.covariance)),
    )
    unexplained = np.maximum(1 - np.square(correlation), 0)
    pitman = correlation * np.sqrt(_ratio(n - 2, unexplained))
    with np.errstate(invalid="ignore"):
        return {
            "t": statistic,
            "t_p": 2 * t.sf(np.abs(statistic), n - 1),
            "f_p": np.minimum(1, 2 * np.minimum(f.cdf(v, n - 1, n - 1), f.sf(v, n - 1, n - 1))),
            "pitman_t": pitman,
            "pitman_p": 2 * t.sf(np.abs(pitman), n - 2),
        }


def _t_quantile(n: Array) -> Array:
    from scipy.stats import t

    with np.errstate(invalid="ignore"):
        return np.asarray(t.ppf((1 + CONFIDENCE) / 2, n - 1))


def _draws(real: Array, estimated: Array) -> Moments:
    """Moments of each draw of patients, arrays (draws, columns)."""
    bootstrap = PatientBootstrap([f"{row:09d}" for row in range(len(real))])
    return _moments(real, estimated, bootstrap.means)


def _moments(real: Array, estimated: Array, mean: Callable[[Array], Array]) -> Moments:
    x, y = mean(real), mean(estimated)
    return Moments(
        x,
        y,
        _variance(mean(real * real), x * x),
        _variance(mean(estimated * estimated), y * y),
        mean(real * estimated) - x * y,
    )


def _variance(mean_square: Array, square_mean: Array) -> Array:
    """Variance by its two parts; 0 where only rounding is left of them."""
    variance = mean_square - square_mean
    return np.where(variance > 1e-12 * mean_square, variance, 0)


def _mean(values: Array) -> Array:
    return _ratio(np.nansum(values, axis=0), np.isfinite(values).sum(axis=0).astype(np.float64))


def _ratio(above: Array, below: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / below, np.nan)


def _ends(draws: Array) -> tuple[Array, Array]:
    """Percentile interval of each column; NaN where a draw in ten has no figure."""
    tail = (1 - CONFIDENCE) / 2
    known = np.isfinite(draws).mean(axis=0) > _LEAST_KNOWN
    low, high = np.nanquantile(np.where(known, draws, 0), [tail, 1 - tail], axis=0)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def holm(p_values: Array) -> Array:
    """Adjust p-values so that together they err as seldom as one (Holm 1979).

    Parameters
    ----------
    p_values : ndarray, shape (tests,)
        NaN for a test that was not made.

    Returns
    -------
    ndarray, shape (tests,)
        At least as large, 1 at most.
    """
    adjusted = np.full(len(p_values), np.nan)
    made = np.flatnonzero(np.isfinite(p_values))
    order = made[np.argsort(p_values[made], kind="stable")]
    weights = len(order) - np.arange(len(order))
    adjusted[order] = np.minimum(1, np.maximum.accumulate(weights * p_values[order]))
    return adjusted


def squared_correlations(values_uv: Array) -> Array:
    """Squared correlation of each pair of leads over patients.

    Parameters
    ----------
    values_uv : ndarray, shape (patients, leads)
        Without NaN.

    Returns
    -------
    ndarray, shape (leads, leads)
        NaN for a lead without variance.
    """
    centred = values_uv - values_uv.mean(axis=0)
    products = centred.T @ centred
    variances = np.diag(products)
    return np.asarray(_ratio(np.square(products), np.outer(variances, variances)))
