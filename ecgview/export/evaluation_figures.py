"""The figures of an evaluation: heat maps of each model, raw and clean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.engine.folds import fold_phrase
from ecgview.engine.input_sets import PAPER_SETS
from ecgview.engine.scores import Report, SetScore
from ecgview.export.heatmap import HeatRow, colour_limits, heatmap_figure
from ecgview.export.style import save_figure
from ecgview.leads import LEADS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_VERSIONS = {
    "raw": "Raw: medians removed.",
    "clean": "Clean: high-passed at 0.5 Hz, zero phase.",
}
_ONE_CHEST_LEAD = 3
_COMPUTED = (
    "PCC per recording and lead over 1024 samples at 125 Hz: mean over recordings, then leads; "
    "median over all pairs. Grey: the lead was available, or is not rebuilt."
)


def write_heatmaps(
    report: Report,
    folder: Path,
    formats: Sequence[str] = (".png", ".svg"),
) -> list[Path]:
    """Draw the correlations of each model: rows are sets of available leads, columns chest leads.

    The 25 sets of Gradowski & Buchner (2025) become two figures like theirs, of up to one and of
    two chest leads; any other list of sets becomes one.

    Parameters
    ----------
    report : Report
        What was scored.
    folder : Path
        Made where it does not exist; figures of the same names are replaced.
    formats : sequence of str
        Of `ecgview.export.style.FORMATS`.

    Returns
    -------
    list of Path
        ``MODEL-clean-pcc[-1-chest-lead|-2-chest-leads].svg`` and so on.
    """
    groups = _groups(report)
    return [
        save_figure(figure, folder / f"{name}{suffix}", overwrite=True)
        for title, scores in groups.items()
        for version in _VERSIONS
        for name, figure in _figures(title, scores, report, version)
        for suffix in formats
    ]


def _groups(report: Report) -> dict[str, list[SetScore]]:
    groups: dict[str, list[SetScore]] = {}
    for score in report.scores:
        if not any(lead.lead in LEADS for lead in score.leads):
            continue  # estimates of Frank's leads have no column here
        groups.setdefault(score.model, []).append(score)
    return groups


def _figures(
    title: str, scores: Sequence[SetScore], report: Report, version: str
) -> Iterator[tuple[str, Figure]]:
    # One scale for raw and clean, so that the two can be compared.
    limits = colour_limits([heat_row(score, each) for score in scores for each in _VERSIONS])
    notes = [f"{_VERSIONS[version]} {_COMPUTED}", f"Data: {'; '.join(report.sources)}."]
    for suffix, part in split_tables(scores).items():
        name = re.sub(r"[^\w.-]+", "-", f"{title}-{version}-pcc{suffix}")
        yield (
            name,
            heatmap_figure(
                [heat_row(score, version) for score in part],
                title=f"{title}: correlation of rebuilt leads, {version}",
                subtitle=recordings_line(report),
                notes=notes,
                limits=limits,
            ),
        )


def heat_row(score: SetScore, version: str = "clean", measure: str = "pcc") -> HeatRow:
    """Give a row of a heat map.

    Parameters
    ----------
    score : SetScore
        Of a model with one set.
    version : str
        ``raw`` or ``clean``.
    measure : str
        ``pcc``, ``r2``, ``rmse_uv`` or ``qrs_rmse_uv``.
    """
    name = f"{version}_{measure}"
    means = {lead.lead: lead.summaries[name].mean for lead in score.leads}
    summary = score.summaries[name]
    return HeatRow(", ".join(score.available), means, summary.mean, summary.median)


def split_tables(scores: Sequence[SetScore]) -> dict[str, list[SetScore]]:
    """Split the paper's 25 sets into its two tables, by suffixes for names; others stay whole."""
    if {score.available for score in scores} != set(PAPER_SETS):
        return {"": list(scores)}
    few = [score for score in scores if len(score.available) <= _ONE_CHEST_LEAD]
    pairs = [score for score in scores if len(score.available) > _ONE_CHEST_LEAD]
    return {"-1-chest-lead": few, "-2-chest-leads": pairs}


def recordings_line(report: Report) -> str:
    """Say what figures are over: recordings, patients, folds."""
    segments = f"{report.segments} segments of " if report.segments != report.recordings else ""
    people = f"{report.recordings} recordings of {report.patients} patients"
    return ", ".join(filter(None, (f"{segments}{people}", fold_phrase(report.folds))))
