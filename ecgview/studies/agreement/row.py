"""A row of the table of a study of agreement, and how it reads: no torch, no scipy."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

CALIBRATED = "calibrated"
OVER_SHRUNK = "over-shrunk"
INVENTED = "invented variance"
UNDECIDED = "undecided"
READINGS = {
    CALIBRATED: "the estimate varies as much as what it knows: people whose estimate lies 0.1 mV "
    "above the average lie, on average, as much above it",
    OVER_SHRUNK: "the estimate varies less than what it knows: recalibrating would make it better",
    INVENTED: "the estimate varies more than what it knows: part of how people differ in it is "
    "made up",
    UNDECIDED: "calibrated lies in the interval, and so does much else: too few people to tell",
}
"""How variance and correlation read together, in words."""


@dataclass(frozen=True)
class MarkerAgreement:
    """One marker of one reconstructed lead over some people: a row of the table.

    Ends ``_low`` and ``_high`` are of 95 % intervals. Figures that are not defined are NaN.

    Attributes
    ----------
    model, available, subset, lead, marker
        Which row.
    recordings, patients : int
        In the subset with this marker in both; the statistics are over `patients` recordings, one
        of each.
    real_mean_uv, real_sd_uv, estimated_mean_uv, estimated_sd_uv : float
        Over patients, standard deviations with n - 1.
    bias_uv, bias_low_uv, bias_high_uv : float
        Mean of estimate less real, and the interval of the t distribution.
    t, t_p, t_p_holm : float
        Paired t-test of the bias, two-sided, and by Holm among the leads and markers of the model,
        set and subset; likewise for the tests below.
    variance_ratio, variance_ratio_low, variance_ratio_high : float
        v: variance of the estimate over that of the real amplitude. Intervals that are not of the
        t distribution are percentiles over draws of patients.
    f_p, f_p_holm : float
        F-test of the two variances, whose statistic is v. It takes them for independent, as in the
        paper; they are not.
    pitman_t, pitman_p, pitman_p_holm : float
        Test of Pitman and Morgan, which knows that the two belong together.
    r, r2, r2_low, r2_high : float
        Pearson correlation and its square.
    excess, excess_low, excess_high : float
        v less r times its absolute value: v - r2 where r is positive. 0 is calibrated.
    slope, slope_low, slope_high, intercept_uv : float
        Calibration: regression of real on estimate; 1 is calibrated.
    error_r2, error_r2_low, error_r2_high : float
        Share of the variance of the error that the real amplitude explains.
    limits_low_uv, limits_high_uv : float
        Bland-Altman limits of agreement: bias and 1.96 standard deviations of the differences.
    slope_on_real, intercept_on_real_uv : float
        Line of the differences against the real amplitude.
    slope_on_mean, intercept_on_mean_uv : float
        Line of the differences against the mean of the two.
    reading : str
        Key of `READINGS`; empty where there are no statistics.
    best_r2 : float
        Highest r2 of any model of the study for this row: the nearest thing to what the available
        leads can tell. NaN where no r is positive.
    best_model : str
        Which model has it.
    reason : str
        Why there are no statistics; empty where there are.
    """

    model: str
    available: tuple[str, ...]
    subset: str
    lead: str
    marker: str
    recordings: int = 0
    patients: int = 0
    real_mean_uv: float = math.nan
    real_sd_uv: float = math.nan
    estimated_mean_uv: float = math.nan
    estimated_sd_uv: float = math.nan
    bias_uv: float = math.nan
    bias_low_uv: float = math.nan
    bias_high_uv: float = math.nan
    t: float = math.nan
    t_p: float = math.nan
    t_p_holm: float = math.nan
    variance_ratio: float = math.nan
    variance_ratio_low: float = math.nan
    variance_ratio_high: float = math.nan
    f_p: float = math.nan
    f_p_holm: float = math.nan
    pitman_t: float = math.nan
    pitman_p: float = math.nan
    pitman_p_holm: float = math.nan
    r: float = math.nan
    r2: float = math.nan
    r2_low: float = math.nan
    r2_high: float = math.nan
    excess: float = math.nan
    excess_low: float = math.nan
    excess_high: float = math.nan
    slope: float = math.nan
    slope_low: float = math.nan
    slope_high: float = math.nan
    intercept_uv: float = math.nan
    error_r2: float = math.nan
    error_r2_low: float = math.nan
    error_r2_high: float = math.nan
    limits_low_uv: float = math.nan
    limits_high_uv: float = math.nan
    slope_on_real: float = math.nan
    intercept_on_real_uv: float = math.nan
    slope_on_mean: float = math.nan
    intercept_on_mean_uv: float = math.nan
    reading: str = ""
    best_r2: float = math.nan
    best_model: str = ""
    reason: str = ""

    def as_dict(self) -> dict[str, object]:
        """Give the row as plain JSON values; None for NaN."""
        return {each.name: plain(getattr(self, each.name)) for each in fields(self)}


COLUMNS = tuple(each.name for each in fields(MarkerAgreement))
"""Columns of the table."""


def plain(value: object) -> object:
    """Make a value fit for JSON: lists for tuples, None for what is not finite."""
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
