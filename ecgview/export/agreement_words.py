"""A study of agreement in words: its numbers as they are printed, and what they say. No figures."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from statistics import median

from ecgview.engine.folds import fold_phrase
from ecgview.studies.agreement.results import (
    READINGS,
    AgreementReport,
    LeftOut,
    MarkerAgreement,
)

NONE = "n/a"
_MINUS = "\N{MINUS SIGN}"
_SQUARE = "\N{SUPERSCRIPT TWO}"
LEVEL = 0.05
"""Tests whose p, after Holm, lies below this are spoken of."""


def number_text(value: float, digits: int = 2, *, signed: bool = False) -> str:
    """Write a number; ``n/a`` where it is not defined."""
    if not math.isfinite(value):
        return NONE
    text = f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"
    zero = not any(digit in text for digit in "123456789")
    return (text.lstrip("+-") if zero else text).replace("-", _MINUS)


def interval_text(low: float, high: float, digits: int = 2) -> str:
    """Write the ends of an interval; nothing where there is none."""
    if not math.isfinite(low + high):
        return ""
    return f"{number_text(low, digits)} to {number_text(high, digits)}"


def p_text(value: float) -> str:
    """Write a p-value as it is printed: two digits, or below a thousandth."""
    if not math.isfinite(value):
        return NONE
    if value < 0.001:
        return "<0.001"
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def known_share(row: MarkerAgreement) -> float:
    """Give the share of the real variance that an estimate tells of: r squared.

    0 where the two go against each other: what is more in one is less in the other.
    """
    return 0.0 if row.r < 0 else row.r2


def reading_sentence(row: MarkerAgreement) -> str:
    """Say what a row of the table says: its reading, or why there is none."""
    name = f"{row.marker} in {row.lead}"
    if row.reason:
        return f"{name}: {row.reason}."
    if not row.reading:
        return f"{name}: not defined, as one of the two does not vary."
    known = (
        f"{name} is {row.reading}: {READINGS[row.reading]} (v {number_text(row.variance_ratio)}, "
        f"r{_SQUARE} {number_text(row.r2)}, slope {number_text(row.slope)})."
    )
    return " ".join(part for part in (known, _mean_off(row), _leaning(row)) if part)


def _mean_off(row: MarkerAgreement) -> str:
    """Say how far the mean is off, where that is no chance."""
    if not row.t_p_holm < LEVEL:
        return ""
    return f"Its mean is off by {number_text(row.bias_uv, 0, signed=True)} uV."


def _leaning(row: MarkerAgreement) -> str:
    """Say how the error goes with the amplitude."""
    if not math.isfinite(row.error_r2) or not math.isfinite(row.slope_on_real):
        return ""
    share = f"The real amplitude explains {100 * row.error_r2:.0f} % of the error"
    if row.slope_on_real >= 0:
        return f"{share}."
    drawn = "large amplitudes are drawn too small and small ones too large"
    return f"{share}: {drawn}, as any estimate of the average must."


def summary(
    report: AgreementReport, model: str, available: tuple[str, ...], subset: str
) -> tuple[str, ...]:
    """Say in sentences what a model, set and subset come to.

    Parameters
    ----------
    report : AgreementReport
        What was found.
    model, available, subset : str, tuple of str, str
        Which rows.

    Returns
    -------
    tuple of str
        The most important first; why there is nothing to say where there is nothing.
    """
    rows = [row for row in report.rows_of(model, available, subset) if row.reading]
    if not rows:
        reason = report.subset(subset).reason or "no marker was found in both"
        return (f"There is nothing to say: {reason}.",)
    found = (_counts(rows), _spread(rows), _knowledge(rows), _bias(rows), _limit(report, rows))
    return tuple(sentence for sentence in found if sentence)


def _counts(rows: Sequence[MarkerAgreement]) -> str:
    counts = Counter(row.reading for row in rows)
    leads = len({row.lead for row in rows})
    parts = [_counted(reading, counts[reading]) for reading in READINGS if counts[reading]]
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    leads_text = "1 reconstructed lead" if leads == 1 else f"{leads} reconstructed leads"
    return f"Of {len(rows)} amplitudes in {leads_text}, {listed}."


def _counted(reading: str, count: int) -> str:
    is_one = count == 1
    if reading.startswith("invented"):
        return f"{count} {'has' if is_one else 'have'} {reading}"
    return f"{count} {'is' if is_one else 'are'} {reading}"


def _spread(rows: Sequence[MarkerAgreement]) -> str:
    v, r2 = median(row.variance_ratio for row in rows), median(map(known_share, rows))
    less = "less" if v < 1 else "more"
    return (
        f"People differ {less} in the reconstruction than in life: the median variance ratio is "
        f"v = {number_text(v)}, and the median share of the real variance that it tells of is "
        f"r{_SQUARE} = {number_text(r2)}."
    )


def _knowledge(rows: Sequence[MarkerAgreement]) -> str:
    best, least = max(rows, key=known_share), min(rows, key=known_share)
    most, few = (f"r{_SQUARE} {number_text(known_share(row))}" for row in (best, least))
    return (
        f"Most is known of {best.marker} in {best.lead} ({most}), least of {least.marker} in "
        f"{least.lead} ({few})."
    )


def _bias(rows: Sequence[MarkerAgreement]) -> str:
    clear = [row for row in rows if row.t_p_holm < LEVEL]
    if not clear:
        return "No mean is off by more than chance (paired t-tests after Holm, 5 %)."
    largest = max(clear, key=lambda row: abs(row.bias_uv))
    ends = interval_text(largest.bias_low_uv, largest.bias_high_uv, 0)
    return (
        f"{len(clear)} of {len(rows)} means are off by more than chance (paired t-tests after "
        f"Holm, 5 %); the largest bias is {number_text(largest.bias_uv, 0, signed=True)} uV "
        f"({ends}), of {largest.marker} in {largest.lead}."
    )


def _limit(report: AgreementReport, rows: Sequence[MarkerAgreement]) -> str:
    best = [row.best_r2 for row in rows if math.isfinite(row.best_r2)]
    if len(report.models) < 2 or not best:
        return ""
    return (
        f"The best r{_SQUARE} of any model here, the nearest thing to what these leads can tell, "
        f"is {number_text(median(best))} in the median."
    )


def data_line(report: AgreementReport) -> str:
    """Say what was looked at."""
    sources = ", ".join(report.sources) or "recordings"
    where = ", ".join(filter(None, (sources, fold_phrase(report.folds))))
    return f"{where}: {len(report.recordings):,} recordings of {report.patients:,} patients"


def left_out_reasons(report: AgreementReport) -> dict[str, int]:
    """Count what was left out by its reason, the most frequent first; no names."""
    counts = Counter(_reason(one) for one in report.left_out)
    return dict(counts.most_common())


def _reason(one: LeftOut) -> str:
    reason = one.reason.replace(one.name, "the recording").rstrip(".")
    return f"{reason} (given {', '.join(one.available)})" if one.available else reason
