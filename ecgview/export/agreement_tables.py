"""The tables of a report on agreement, as they are printed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import median

from ecgview.export.agreement_words import NONE, interval_text, known_share, number_text, p_text
from ecgview.export.document import Table
from ecgview.studies.agreement.results import READINGS, AgreementReport, MarkerAgreement

_SQUARE = "\N{SUPERSCRIPT TWO}"
_MEANS = ("n", "real µV", "reconstructed µV", "bias µV", "95 %", "p", "limits of agreement µV")
_VARIANCES = (
    "v", "95 %", "F p", "P-M p", f"r{_SQUARE}", f"best r{_SQUARE}", "slope", "95 %",
    f"R{_SQUARE} error", "reading",
)  # fmt: skip


def means_table(rows: Sequence[MarkerAgreement], caption: str) -> Table:
    """Print means, bias and limits of one model, set and subset: a line a marker, leads apart."""
    return _table(rows, f"Means: {caption}", _MEANS, _means)


def variances_table(rows: Sequence[MarkerAgreement], caption: str) -> Table:
    """Print variances, correlations and readings, as `means_table` prints means."""
    return _table(rows, f"Variances: {caption}", _VARIANCES, _variances)


def _table(
    rows: Sequence[MarkerAgreement],
    caption: str,
    head: tuple[str, ...],
    printed: Callable[[MarkerAgreement], tuple[str, ...]],
) -> Table:
    kept = [row for row in rows if not row.reason]
    groups = [at for at, (one, other) in enumerate(pairwise(kept), 1) if one.lead != other.lead]
    lines = tuple(
        (row.lead if not at or at in groups else "", row.marker, *printed(row))
        for at, row in enumerate(kept)
    )
    words = {0, 1, *(at for at, name in enumerate(head, 2) if name == "reading")}
    return Table(caption, ("lead", "", *head), lines, frozenset(words), tuple(groups))


def _means(row: MarkerAgreement) -> tuple[str, ...]:
    def spread(mean: float, sd: float) -> str:
        return f"{number_text(mean, 0)} ± {number_text(sd, 0)}"

    return (
        f"{row.patients:,}",
        spread(row.real_mean_uv, row.real_sd_uv),
        spread(row.estimated_mean_uv, row.estimated_sd_uv),
        number_text(row.bias_uv, 0, signed=True),
        interval_text(row.bias_low_uv, row.bias_high_uv, 0),
        p_text(row.t_p_holm),
        interval_text(row.limits_low_uv, row.limits_high_uv, 0),
    )


def _variances(row: MarkerAgreement) -> tuple[str, ...]:
    return (
        number_text(row.variance_ratio),
        interval_text(row.variance_ratio_low, row.variance_ratio_high),
        p_text(row.f_p_holm),
        p_text(row.pitman_p_holm),
        number_text(row.r2),
        number_text(row.best_r2),
        number_text(row.slope),
        interval_text(row.slope_low, row.slope_high),
        number_text(row.error_r2),
        row.reading or NONE,
    )


def subsets_table(report: AgreementReport, available: tuple[str, ...]) -> Table:
    """Print how a set of leads does in each subset, by each model."""
    head = (
        "people", "model", "n", f"r{_SQUARE}", "v", f"R{_SQUARE} error",
        *(reading.removesuffix(" variance") for reading in READINGS),
    )  # fmt: skip
    lines: list[tuple[str, ...]] = []
    groups: list[int] = []
    for subset in report.subsets:
        groups.append(len(lines))
        models = [each.model for each in report.values if each.available == available]
        for at, model in enumerate(models):
            rows = [row for row in report.rows_of(model, available, subset.key) if row.reading]
            counts = Counter(row.reading for row in rows)
            line = (
                "" if at else subset.title,
                model,
                f"{len(subset.rows):,}",
                _median(map(known_share, rows)),
                _median(row.variance_ratio for row in rows),
                _median(row.error_r2 for row in rows),
                *(str(counts[reading]) if rows else NONE for reading in READINGS),
            )
            lines.append(line)
    caption = f"From {', '.join(available)}: medians over leads and markers, and how many are what"
    return Table(caption, head, tuple(lines), frozenset({0, 1}), tuple(groups[1:]))


def _median(values: Iterable[float]) -> str:
    finite = [value for value in values if math.isfinite(value)]
    return number_text(median(finite)) if finite else NONE


def people_table(report: AgreementReport) -> Table:
    """Print who was looked at."""
    lines = tuple(
        (
            subset.title, f"{subset.recordings:,}", f"{subset.patients:,}",
            subset.reason or f"{len(subset.rows):,}",
        )
        for subset in report.subsets
    )  # fmt: skip
    head = ("people", "recordings", "patients", "in the statistics")
    return Table("One recording of each patient counts", head, lines)
