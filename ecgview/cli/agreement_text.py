"""A study of agreement for the terminal."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from ecgview.studies.agreement.results import (
    CALIBRATED,
    INVENTED,
    MARKERS,
    OVER_SHRUNK,
    READINGS,
    UNDECIDED,
    AgreementReport,
    MarkerAgreement,
    Subset,
    Values,
)

_SIGNS = {CALIBRATED: "=", OVER_SHRUNK: "-", INVENTED: "+", UNDECIDED: "?"}
_WIDTH = 17
_SHOWN = ("all", "normal")
"""Of the other subsets a line is printed; the rest is in the tables."""


def as_text(report: AgreementReport) -> str:
    """Lay a study out: who, then for each model and set a row a lead, a column a marker."""
    lines = [
        f"{report.found} recordings found, {len(report.recordings)} prepared of "
        f"{report.patients} patients; one recording a patient counts"
    ]
    lines += [
        f"  {each.title}: {len(each.rows)} patients"
        + (f": n/a, {each.reason}" if each.reason else "")
        for each in report.subsets
    ]
    left_out = Counter(each.reason for each in report.left_out)
    lines += [f"  left out: {reason} ({count})" for reason, count in left_out.most_common()]
    lines += [
        "",
        "In each cell: variance ratio v, r2, best r2 of any model, and how v and r2 read:",
        *(f"  {_SIGNS[reading]} {reading}: {words}" for reading, words in READINGS.items()),
    ]
    for values in report.values:
        for subset in report.subsets:
            if not subset.reason:
                lines += _block(report, values, subset)
    lines.append(
        f"\n{report.tests} tests in all: p-values are descriptive; see Holm's in the tables"
    )
    return "\n".join(lines)


def _block(report: AgreementReport, values: Values, subset: Subset) -> Iterator[str]:
    rows = {
        (row.lead, row.marker): row
        for row in report.rows_of(values.model, values.available, subset.key)
    }
    counts = Counter(row.reading for row in rows.values())
    said = ", ".join(f"{counts[name]} {name}" for name in READINGS if counts[name])
    head = f"{values.model} from {', '.join(values.available)}, {subset.title}: {said}"
    if subset.key not in _SHOWN:
        yield f"  {head}"
        return
    yield f"\n{head}"
    yield "  lead " + "".join(f"{marker:>{_WIDTH}}" for marker in MARKERS) + "   R bias uV (95 %)"
    for lead in values.leads:
        cells = "".join(f"{_cell(rows[lead, marker]):>{_WIDTH}}" for marker in MARKERS)
        yield f"  {lead:<5}{cells}   {_bias(rows[lead, 'R'])}"


def _cell(row: MarkerAgreement) -> str:
    if row.reason or not row.reading:
        return "n/a"
    best = f"{row.best_r2:.2f}" if math.isfinite(row.best_r2) else "   -"
    return f"{row.variance_ratio:.2f} {row.r2:.2f} {best} {_SIGNS[row.reading]}"


def _bias(row: MarkerAgreement) -> str:
    if row.reason:
        return "n/a"
    return f"{row.bias_uv:.0f} ({row.bias_low_uv:.0f} to {row.bias_high_uv:.0f})"
