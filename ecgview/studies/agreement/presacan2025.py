"""The case of Presacan et al. (2025): twelve leads from I, or I and II, of people with normal ECGs.

What they report of their network, set beside the same figures of ours. What is the same is the
question, not the recordings: theirs are 9,514 normal ones of all of PTB-XL, learned from and
tested on by another split.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from math import isfinite
from pathlib import Path
from statistics import median

from ecgview.engine.reports import told_of
from ecgview.leads import LEAD_INDEX
from ecgview.studies.agreement.results import READINGS, AgreementReport, plain
from ecgview.studies.agreement.results import MarkerAgreement as Row
from ecgview.studies.agreement.statistics import LIMITS
from ecgview.studies.agreement.tables import write_table

INPUT_SETS = (("I",), ("I", "II"))
SUBSET = "normal"
LEVEL = 0.05
"""A p-value by Holm below it counts."""
_MOST = 0.8
"""A statement that holds in so many markers agrees; the other way round it does not."""
_TWO = INPUT_SETS[1]
_V3_R = "V3", "R"


@dataclass(frozen=True)
class Claim:
    """A statement of the paper and what we find.

    Attributes
    ----------
    claim, theirs : str
        What is stated, and their figure, where they print one.
    model, available, patients
        Ours: which model, from what, over how many people.
    ours : str
        Our figure.
    agrees : str
        ``yes``, ``no`` or ``in part``; empty where the paper says nothing.
    """

    claim: str
    theirs: str
    model: str
    available: tuple[str, ...]
    patients: int
    ours: str
    agrees: str


def claims(report: AgreementReport) -> tuple[Claim, ...]:
    """Set the statements of the paper beside a study.

    Parameters
    ----------
    report : AgreementReport
        Of `INPUT_SETS`, with the subset of normals.

    Returns
    -------
    tuple of Claim
        By statement, then model, then set; none where the normals are too few.
    """
    if report.subset(SUBSET).reason:
        return ()
    return tuple(
        each
        for about in (_variances, _biases, _slopes, _errors, _inter_lead, _second_lead, _shrinkage)
        for model in dict.fromkeys(values.model for values in report.values)
        for each in about(report, model)
    )


def _sets(report: AgreementReport, model: str) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    for available in INPUT_SETS:
        rows = [row for row in report.rows_of(model, available, SUBSET) if not row.reason]
        if rows:
            yield available, rows


def _counted(
    report: AgreementReport,
    model: str,
    words: tuple[str, str],
    counts: Callable[[Row], bool],
) -> Iterator[Claim]:
    for available, rows in _sets(report, model):
        n = sum(map(counts, rows))
        ours = f"{n} of {len(rows)} markers of reconstructed leads"
        yield Claim(*words, model, available, rows[0].patients, ours, _agreeing(n, len(rows)))


def _agreeing(n: int, of: int) -> str:
    return "yes" if n >= _MOST * of else "no" if n <= (1 - _MOST) * of else "in part"


def _variances(report: AgreementReport, model: str) -> Iterator[Claim]:
    words = "people differ less in the estimate (variance smaller, F-test)", "yes"
    yield from _counted(
        report, model, words, lambda row: row.variance_ratio < 1 and row.f_p_holm < LEVEL
    )


def _biases(report: AgreementReport, model: str) -> Iterator[Claim]:
    words = "means are biased (paired t-test)", "yes"
    yield from _counted(report, model, words, lambda row: row.t_p_holm < LEVEL)


def _slopes(report: AgreementReport, model: str) -> Iterator[Claim]:
    words = "Bland-Altman plots slope: the smaller the real value, the more is added", "yes"
    yield from _counted(report, model, words, lambda row: row.slope_on_mean < 0)


def _v3_r(report: AgreementReport, model: str) -> Iterator[Row]:
    return (row for _, rows in _sets(report, model) for row in rows if _cell(row) == _V3_R)


def _errors(report: AgreementReport, model: str) -> Iterator[Claim]:
    for row in _v3_r(report, model):
        ours = (
            f"R2 {row.error_r2:.2f} ({row.error_r2_low:.2f} to {row.error_r2_high:.2f}), slope "
            f"{row.slope_on_real:.2f}"
        )
        yield Claim(
            "the error of R in V3 is explained by the real R (regression to the mean)",
            "R2 0.92",
            model,
            row.available,
            row.patients,
            ours,
            "yes" if row.error_r2 > 0.8 else "in part" if row.error_r2 > 0.5 else "no",
        )


def _inter_lead(report: AgreementReport, model: str) -> Iterator[Claim]:
    for available, _ in _sets(report, model):
        matrix = report.matrix(model, available, SUBSET, "R")
        at = LEAD_INDEX["I"], LEAD_INDEX["V3"]
        if matrix is not None and isfinite(matrix.reconstructed_r2[at]):
            real, rebuilt = float(matrix.real_r2[at]), float(matrix.reconstructed_r2[at])
            yield Claim(
                "R of I and of V3 go together more than in life",
                "R2 0.04 in life, 0.49 rebuilt",
                model,
                available,
                matrix.patients,
                f"R2 {real:.2f} in life, {rebuilt:.2f} rebuilt",
                "yes" if rebuilt > real + 0.1 else "no",
            )


def _second_lead(report: AgreementReport, model: str) -> Iterator[Claim]:
    """Compare chest markers from one limb lead with the same from two."""
    by_set = {
        available: {_cell(row): row for row in rows} for available, rows in _sets(report, model)
    }
    if len(by_set) < len(INPUT_SETS):
        return
    one, two = (by_set[available] for available in INPUT_SETS)
    both = sorted(one.keys() & two.keys())
    if not both:
        return
    better = sum(two[cell].r2 > one[cell].r2 for cell in both)
    typical = [median(rows[cell].r2 for cell in both) for rows in (one, two)]
    words = "a second limb lead does not help: r2 of chest leads", "no gain"
    ours = (
        f"median r2 {typical[0]:.2f} from I, {typical[1]:.2f} from I and II; larger in {better} "
        f"of {len(both)} markers"
    )
    agrees = _agreeing(len(both) - better, len(both))
    yield Claim(*words, model, _TWO, two[both[0]].patients, ours, agrees)
    if _V3_R in both:
        spreads = [_error_sd_uv(rows[_V3_R]) for rows in (one, two)]
        yield Claim(
            "a second limb lead does not help: R in V3",
            "no gain",
            model,
            _TWO,
            two[_V3_R].patients,
            f"SD of the error {spreads[0]:.0f} uV from I, {spreads[1]:.0f} uV from I and II",
            "no" if spreads[1] < 0.95 * spreads[0] else "yes",
        )


def _cell(row: Row) -> tuple[str, str]:
    return row.lead, row.marker


def _error_sd_uv(row: Row) -> float:
    return (row.limits_high_uv - row.bias_uv) / LIMITS


def _shrinkage(report: AgreementReport, model: str) -> Iterator[Claim]:
    """Tell how much of the smaller variance is more than an honest estimate must show."""
    for available, rows in _sets(report, model):
        counts = Counter(row.reading for row in rows)
        said = ", ".join(f"{counts[reading]} {reading}" for reading in READINGS)
        yield Claim(
            "ours to add: is the variance smaller than r2 asks for?",
            "",
            model,
            available,
            rows[0].patients,
            f"{said}, of {len(rows)}",
            "",
        )


def write_claims(found: Sequence[Claim], folder: Path) -> Path:
    """Write ``presacan2025.csv``: a row a statement, model and set.

    Raises
    ------
    EcgviewError
        If it cannot be written.
    """
    heads = [each.name for each in fields(Claim)]
    path = folder / "presacan2025.csv"
    with told_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_table(path, heads, ([plain(getattr(one, head)) for head in heads] for one in found))
    return path
