"""From values of recordings to the rows and matrices of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import LEAD_INDEX, LEADS
from ecgview.studies.agreement.results import (
    CALIBRATED,
    INVENTED,
    LEAST_PATIENTS,
    MARKERS,
    OVER_SHRUNK,
    UNDECIDED,
    InterLead,
    MarkerAgreement,
    Subset,
    Values,
)
from ecgview.studies.agreement.statistics import compared, holm, squared_correlations

WIDEST_EXCESS = 0.25
"""An excess that may be larger than this share of the real variance is not called calibrated."""
_TESTS = ("t_p", "f_p", "pitman_p")


def rows_of(
    values: Values, subset: Subset, n_recordings: NDArray[np.int64]
) -> list[MarkerAgreement]:
    """Compute the rows of a model, set and subset.

    Parameters
    ----------
    values : Values
        Of all recordings.
    subset : Subset
        Whose rows are taken.
    n_recordings : ndarray of int, shape (12, 5)
        Recordings of the subset in which real and estimated marker are there.

    Returns
    -------
    list of MarkerAgreement
        Leads in order, markers in order; without the best r2.
    """
    leads = [LEAD_INDEX[lead] for lead in values.leads]
    heads = [
        MarkerAgreement(
            values.model,
            values.available,
            subset.key,
            LEADS[lead],
            marker,
            int(n_recordings[lead, column]),
            reason=subset.reason,
        )
        for lead in leads
        for column, marker in enumerate(MARKERS)
    ]
    if subset.reason:
        return heads
    rows = np.array(subset.rows)
    real, estimated = (
        uv[rows][:, leads].reshape(len(rows), -1) for uv in (values.real_uv, values.estimated_uv)
    )
    figures = compared(real, estimated)
    few = figures["patients"] < LEAST_PATIENTS
    for test in _TESTS:
        figures[f"{test}_holm"] = holm(np.where(few, np.nan, figures[test]))
    columns = zip(*figures.values(), strict=True)
    return [
        _row(head, dict(zip(figures, column, strict=True)))
        for head, column in zip(heads, columns, strict=True)
    ]


def _row(head: MarkerAgreement, figures: dict[str, Any]) -> MarkerAgreement:
    plain: dict[str, Any] = {name: float(value) for name, value in figures.items()}
    patients = int(plain.pop("patients"))
    if patients < LEAST_PATIENTS:
        return replace(head, patients=patients, reason=too_few(patients))
    row = replace(head, patients=patients, **plain)
    return replace(row, reading=reading_of(row.excess, row.excess_low, row.excess_high))


def too_few(patients: int) -> str:
    """Say that there are too few people for statistics."""
    people = "1 patient" if patients == 1 else f"{patients or 'no'} patients"
    return f"{people}; statistics take {LEAST_PATIENTS}"


def reading_of(excess: float, low: float, high: float) -> str:
    """Read variance and correlation together.

    Parameters
    ----------
    excess, low, high : float
        v less r2 (see `MarkerAgreement`) and its interval.

    Returns
    -------
    str
        Over-shrunk where the interval lies below 0, invented variance where it lies above. Where
        it holds 0, calibrated, unless it reaches further than `WIDEST_EXCESS` from it: undecided.
        Empty where it is not defined.
    """
    if not np.isfinite([excess, low, high]).all():
        return ""
    if high < 0:
        return OVER_SHRUNK
    if low > 0:
        return INVENTED
    return CALIBRATED if max(-low, high) <= WIDEST_EXCESS else UNDECIDED


def with_best(rows: Sequence[MarkerAgreement]) -> tuple[MarkerAgreement, ...]:
    """Put the best r2 of any model beside each row."""
    best: dict[tuple[object, ...], MarkerAgreement] = {}
    for row in rows:
        if row.r > 0 and (_cell(row) not in best or row.r2 > best[_cell(row)].r2):
            best[_cell(row)] = row
    return tuple(
        replace(row, best_r2=best[_cell(row)].r2, best_model=best[_cell(row)].model)
        if _cell(row) in best
        else row
        for row in rows
    )


def _cell(row: MarkerAgreement) -> tuple[object, ...]:
    return row.available, row.subset, row.lead, row.marker


def matrices_of(values: Values, subset: Subset) -> list[InterLead]:
    """Compute how much leads tell of each other, a matrix a marker; none without statistics."""
    rows = np.array(subset.rows, dtype=np.int64)
    found = []
    for column, marker in enumerate(MARKERS if not subset.reason else ()):
        real, estimated = (v[rows][..., column] for v in (values.real_uv, values.estimated_uv))
        # A lead that a model does not give has no values at all: the others are compared.
        given = np.isfinite(estimated).any(axis=0)
        whole = np.isfinite(real[:, given]).all(axis=1) & np.isfinite(estimated[:, given]).all(
            axis=1
        )
        matrices = []
        for uv in (real, estimated):
            matrix = np.full((len(LEADS), len(LEADS)), np.nan)
            if whole.sum() >= LEAST_PATIENTS:
                matrix[np.ix_(given, given)] = squared_correlations(uv[whole][:, given])
            matrices.append(matrix)
        head = values.model, values.available, subset.key, marker, int(whole.sum())
        found.append(InterLead(*head, LEADS, *matrices))
    return found


def number_of_tests(rows: Sequence[MarkerAgreement]) -> int:
    """Count the p-values of a table."""
    return sum(bool(np.isfinite(getattr(row, test))) for row in rows for test in _TESTS)
