"""What a study of agreement comes to, as plain data: no torch, no scipy.

All amplitudes are in uV from the PR baseline. One recording a patient counts, so that each number
in a statistic is another person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import LEAD_INDEX
from ecgview.studies.agreement.facts import LeftOut, ModelFacts, RecordingFacts, Subset
from ecgview.studies.agreement.row import (
    CALIBRATED,
    COLUMNS,
    INVENTED,
    OVER_SHRUNK,
    READINGS,
    UNDECIDED,
    MarkerAgreement,
    plain,
)

__all__ = [
    "CALIBRATED",
    "COLUMNS",
    "INVENTED",
    "LEAST_PATIENTS",
    "MARKERS",
    "OVER_SHRUNK",
    "READINGS",
    "UNDECIDED",
    "AgreementReport",
    "InterLead",
    "LeftOut",
    "MarkerAgreement",
    "ModelFacts",
    "Points",
    "RecordingFacts",
    "Subset",
    "Values",
    "plain",
]

MARKERS = ("P", "R", "S", "ST", "T")
"""Columns of the arrays of values."""
LEAST_PATIENTS = 10
"""Fewer people than these have no statistics."""


@dataclass(frozen=True, eq=False)
class Values:
    """Markers of all recordings by one model from one set of available leads.

    Attributes
    ----------
    model : str
        Name.
    available : tuple of str
        What it was given.
    leads : tuple of str
        The leads that hold estimates, in order.
    real_uv, estimated_uv : ndarray, shape (recordings, 12, 5)
        By `LEADS` and `MARKERS`. NaN where there is nothing to measure. Known leads hold the
        recorded amplitude in both.
    windows_from : tuple of str
        The measured lead that gave the windows of each recording; empty where none did.
    """

    model: str
    available: tuple[str, ...]
    leads: tuple[str, ...]
    real_uv: NDArray[np.float64]
    estimated_uv: NDArray[np.float64]
    windows_from: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class InterLead:
    """How much leads tell of each other in one marker, in life and in reconstruction.

    Attributes
    ----------
    model, available, subset, marker
        Which.
    patients : int
        Those with the marker in all twelve leads.
    leads : tuple of str
        Rows and columns: the twelve, known ones among them, which are the same in both.
    real_r2, reconstructed_r2 : ndarray, shape (12, 12)
        Squared correlations between leads over patients; NaN where not defined.
    """

    model: str
    available: tuple[str, ...]
    subset: str
    marker: str
    patients: int
    leads: tuple[str, ...]
    real_r2: NDArray[np.float64]
    reconstructed_r2: NDArray[np.float64]

    def as_dict(self) -> dict[str, object]:
        """Give it as plain JSON values; None for NaN."""
        head = {name: getattr(self, name) for name in ("model", "subset", "marker", "patients")}
        return {
            **head,
            "available": list(self.available),
            "leads": list(self.leads),
            "real_r2": plain(self.real_r2.tolist()),
            "reconstructed_r2": plain(self.reconstructed_r2.tolist()),
        }


@dataclass(frozen=True, eq=False)
class Points:
    """The pairs behind a row, one a patient.

    Attributes
    ----------
    rows : ndarray of int, shape (patients,)
        Places in `AgreementReport.recordings`.
    real_uv, estimated_uv : ndarray, shape (patients,)
        Amplitudes.
    """

    rows: NDArray[np.int64]
    real_uv: NDArray[np.float64]
    estimated_uv: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AgreementReport:
    """What a study of agreement came to.

    Attributes
    ----------
    command : str
        The command line, or what the window did.
    version : str
        Of ecgview.
    sources : dict of str to int
        Data sets, with the number of recordings found in each.
    folds : tuple of int
        Folds the recordings are from.
    found, patients : int
        Recordings (stretches of ten seconds) that were chosen, and patients of those prepared.
    recordings : tuple of RecordingFacts
        Those that were prepared, in order.
    left_out : tuple of LeftOut
        Those without values, and why.
    models : tuple of ModelFacts
        In the order of the table.
    input_sets : tuple of tuple of str
        Sets of available leads that a model takes.
    subsets : tuple of Subset
        In the order of the table, those without statistics too.
    values : tuple of Values
        One for each model and set that it takes.
    rows : tuple of MarkerAgreement
        The table.
    matrices : tuple of InterLead
        For each model, set, subset with statistics, and marker.
    tests : int
        How many p-values the table holds.
    warnings : tuple of str
        What makes figures better than they should be: models that were trained on these folds;
        and sets that no model takes.
    """

    command: str
    version: str
    sources: dict[str, int]
    folds: tuple[int, ...]
    found: int
    patients: int
    recordings: tuple[RecordingFacts, ...]
    left_out: tuple[LeftOut, ...]
    models: tuple[ModelFacts, ...]
    input_sets: tuple[tuple[str, ...], ...]
    subsets: tuple[Subset, ...]
    values: tuple[Values, ...]
    rows: tuple[MarkerAgreement, ...]
    matrices: tuple[InterLead, ...]
    tests: int
    warnings: tuple[str, ...] = ()

    def subset(self, key: str) -> Subset:
        """Give a subset by its key."""
        return next(each for each in self.subsets if each.key == key)

    def rows_of(
        self, model: str, available: tuple[str, ...], subset: str = "all"
    ) -> Iterator[MarkerAgreement]:
        """Rows of one model, set and subset: leads in order, markers in order."""
        wanted = model, available, subset
        return (row for row in self.rows if (row.model, row.available, row.subset) == wanted)

    def row(
        self, model: str, available: tuple[str, ...], subset: str, lead: str, marker: str
    ) -> MarkerAgreement:
        """Give one row of the table."""
        rows = self.rows_of(model, available, subset)
        return next(row for row in rows if (row.lead, row.marker) == (lead, marker))

    def values_of(self, model: str, available: tuple[str, ...]) -> Values:
        """Give the values of one model and set."""
        wanted = model, available
        return next(each for each in self.values if (each.model, each.available) == wanted)

    def points(self, row: MarkerAgreement) -> Points:
        """Give the pairs that a row is computed from."""
        values = self.values_of(row.model, row.available)
        rows = np.array(self.subset(row.subset).rows, dtype=np.int64)
        lead, marker = LEAD_INDEX[row.lead], MARKERS.index(row.marker)
        real, estimated = (v[rows, lead, marker] for v in (values.real_uv, values.estimated_uv))
        both = np.isfinite(real) & np.isfinite(estimated)
        return Points(rows[both], real[both], estimated[both])

    def matrix(
        self, model: str, available: tuple[str, ...], subset: str, marker: str
    ) -> InterLead | None:
        """Give the matrices of one marker; None for a subset without statistics."""
        wanted = model, available, subset, marker
        found = (m for m in self.matrices if (m.model, m.available, m.subset, m.marker) == wanted)
        return next(found, None)

    def as_dict(self) -> dict[str, object]:
        """Give all but the values of single recordings as plain JSON values."""
        return {
            "command": self.command,
            "version": self.version,
            "sources": self.sources,
            "folds": list(self.folds),
            "found": self.found,
            "recordings": len(self.recordings),
            "patients": self.patients,
            "left_out": [_facts(each) for each in self.left_out],
            "models": [_facts(each) for each in self.models],
            "input_sets": [list(leads) for leads in self.input_sets],
            "subsets": [_facts(each, without=("rows",)) for each in self.subsets],
            "tests": self.tests,
            "warnings": list(self.warnings),
            "rows": [row.as_dict() for row in self.rows],
            "inter_lead": [matrix.as_dict() for matrix in self.matrices],
        }


def _facts(each: object, without: tuple[str, ...] = ()) -> dict[str, object]:
    names = [one.name for one in fields(each) if one.name not in without]  # type: ignore[arg-type]
    return {name: plain(getattr(each, name)) for name in names}
