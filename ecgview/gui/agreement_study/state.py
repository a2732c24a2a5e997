"""What the agreement page shows: one frozen state, and the pure questions asked of it. No Qt."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ecgview.engine.events import Failed, Progress
from ecgview.errors import LeadError
from ecgview.leads import LEAD_INDEX, parse_leads
from ecgview.studies.agreement.results import (
    MARKERS,
    READINGS,
    AgreementReport,
    MarkerAgreement,
)

if TYPE_CHECKING:
    from ecgview.engine.dataset import DataSummary

View = Literal["plot", "map", "matrices"]
Key = tuple[str, str]
"""Lead and marker: a row of the table."""
FIRST_ROW: Key = ("V3", "R")
"""Looked at first, as in the paper."""
USUAL_FOLD = 9


@dataclass(frozen=True, eq=False)
class StudyState:
    """Everything the page shows.

    Attributes
    ----------
    folders : tuple of Path
        Data folders chosen.
    summary : DataSummary or None
        What was found in them.
    looking : bool
        Whether they are being looked through.
    data_problem : str
        Why they cannot be used.
    folds : tuple of int
        Folds to take.
    input_sets : tuple of tuple of str
        Sets of available leads.
    models : tuple of str
        Names of models.
    running : bool
        Whether a study is under way.
    step : Progress or None
        How far it is.
    failed : tuple of Failed
        Recordings that it could not read.
    failure : str
        Why the last one ended without a result.
    report : AgreementReport or None
        The result shown.
    model, available, subset : str, tuple of str, str
        Which rows of it are shown.
    chosen : tuple of str
        Lead and marker of the row that is looked at.
    sort, descending : str, bool
        Column that the table is sorted by, empty for leads in order; and which way.
    view : str
        ``plot`` for the Bland-Altman plot, ``map`` for v against r2, or ``matrices``.
    against : str
        What lies along the Bland-Altman plot: ``real`` or ``mean``.
    saving : str
        What is being written; empty when nothing is.
    """

    folders: tuple[Path, ...] = ()
    summary: DataSummary | None = None
    looking: bool = False
    data_problem: str = ""
    folds: tuple[int, ...] = ()
    input_sets: tuple[tuple[str, ...], ...] = ()
    models: tuple[str, ...] = ()
    running: bool = False
    step: Progress | None = None
    failed: tuple[Failed, ...] = ()
    failure: str = ""
    report: AgreementReport | None = None
    model: str = ""
    available: tuple[str, ...] = ()
    subset: str = "all"
    chosen: Key = FIRST_ROW
    sort: str = ""
    descending: bool = False
    view: View = "plot"
    against: Literal["real", "mean"] = "real"
    saving: str = ""

    @property
    def why_not(self) -> str:
        """Why no study can be started; empty if one can."""
        if self.running:
            return "A study is under way."
        if self.summary is None:
            return "" if self.looking else "Choose a folder of recordings first."
        if not self.folds:
            return "Choose at least one fold."
        if not self.input_sets:
            return "Choose at least one set of available leads."
        return "" if self.models else "Choose at least one model."

    @property
    def can_start(self) -> bool:
        """Whether everything that a study takes is chosen."""
        return self.summary is not None and not self.why_not

    @property
    def rows(self) -> tuple[MarkerAgreement, ...]:
        """Rows shown, in the order shown; those without statistics last."""
        if self.report is None:
            return ()
        rows = list(self.report.rows_of(self.model, self.available, self.subset))
        if self.sort:
            rows.sort(key=lambda row: sort_key(row, self.sort), reverse=self.descending)
            rows.sort(key=lambda row: is_undefined(row, self.sort))
        return tuple(rows)

    @property
    def row(self) -> MarkerAgreement | None:
        """The row that is looked at; the first where the chosen one is not shown."""
        rows = self.rows
        chosen = (row for row in rows if (row.lead, row.marker) == self.chosen)
        return next(chosen, rows[0] if rows else None)

    @property
    def models_shown(self) -> tuple[str, ...]:
        """Models of the report that take the set shown."""
        values = self.report.values if self.report else ()
        return tuple(each.model for each in values if each.available == self.available)


def sort_key(row: MarkerAgreement, column: str) -> tuple[float, float, int]:
    """Give what a row is sorted by: the figure, or lead and marker in their own order."""
    lead, marker = LEAD_INDEX[row.lead], MARKERS.index(row.marker)
    if column == "lead":
        return 0.0, lead, marker
    if column == "marker":
        return 0.0, marker, lead
    if column == "reading":
        order = list(READINGS)
        return float(order.index(row.reading) if row.reading else len(order)), lead, marker
    value = getattr(row, column)
    return (value if math.isfinite(value) else 0.0), lead, marker


def is_undefined(row: MarkerAgreement, column: str) -> bool:
    """Tell whether a row has nothing in a column."""
    value = getattr(row, column)
    return not value if isinstance(value, str) else not math.isfinite(value)


def parsed_sets(text: str) -> tuple[tuple[str, ...], ...]:
    """Read sets of leads as they are typed.

    Parameters
    ----------
    text : str
        Such as ``I; I, II, V2``.

    Returns
    -------
    tuple of tuple of str
        Each once.

    Raises
    ------
    LeadError
        If something in it is no lead.
    """
    sets = [parse_leads(part) for part in text.split(";") if part.strip()]
    return tuple(dict.fromkeys(sets))


def problem_of_sets(text: str) -> str:
    """Say what is wrong with sets as they are typed; empty where nothing is."""
    try:
        parsed_sets(text)
    except LeadError as error:
        return str(error)
    return ""


def usual_folds(folds: Collection[int]) -> tuple[int, ...]:
    """Choose the folds to begin with: the ninth, which models have not seen, or all there are."""
    return (USUAL_FOLD,) if USUAL_FOLD in folds else tuple(sorted(folds))


def progress_line(state: StudyState) -> str:
    """Say how far a study is."""
    step = state.step
    if step is None:
        return "Starting…"
    count = f": {step.done:,} of {step.total:,}" if step.total else "…"
    return (step.message or "Working") + count


def fraction_of(state: StudyState) -> float | None:
    """Give how much of the step under way is done; None where that is not known."""
    step = state.step
    return step.done / step.total if step is not None and step.total else None


def left_out_line(state: StudyState) -> str:
    """Say how many recordings were left out."""
    left_out = state.report.left_out if state.report and not state.running else state.failed
    if not left_out:
        return ""
    one = "recording was" if len(left_out) == 1 else "recordings were"
    return f"{len(left_out):,} {one} left out"


def left_out_tip(state: StudyState, most: int = 12) -> str:
    """Name what was left out, and why."""
    lines = [f"{one.item}: {one.message}" for one in state.failed]
    if state.report is not None and not state.running:
        lines = [f"{one.name}: {one.reason}" for one in state.report.left_out]
    more = [f"and {len(lines) - most:,} more"] if len(lines) > most else []
    return "\n".join([*lines[:most], *more])
