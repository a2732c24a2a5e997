"""The figures of a study of agreement, and their files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from textwrap import wrap

from ecgview import DISCLAIMER
from ecgview.engine.events import Event, Finished, Progress, result_of
from ecgview.engine.folds import fold_phrase
from ecgview.export.bland_altman import Against, Panel, bland_altman_grid, bland_altman_picture
from ecgview.export.calibration_plot import calibration_picture
from ecgview.export.document import Picture
from ecgview.export.lead_matrices import matrices_picture
from ecgview.export.style import save_figure
from ecgview.leads import CHEST_LEADS, LIMB_LEADS
from ecgview.paths import check_folder
from ecgview.studies.agreement.results import MARKERS, AgreementReport, MarkerAgreement

DETAILED = ("all", "normal")
"""Subsets with Bland-Altman plots and matrices; the others have the picture of all markers."""
_LINE_CHARACTERS = 128
_PLOT = (
    "Each point is one patient. Solid: bias; dashed: 1.96 standard deviations of the differences "
    "to both sides (limits of agreement); orange: line of the differences. Triangles lie beyond "
    "the axes."
)
_MATRIX = (
    "Squared correlation between the amplitudes of two leads over patients, in per cent. "
    "* measured or derived: the same in both."
)
_CALIBRATION = (
    "v is the variance of reconstructed over that of real amplitudes between patients, r their "
    "correlation; where that is negative the point stands at 0. On the line the slope of real on "
    "reconstructed amplitude is 1."
)


@dataclass(frozen=True, eq=False)
class PlannedFigure:
    """A figure that can be drawn.

    Attributes
    ----------
    name : str
        Of its file, without the ending.
    picture : callable
        Describes it; it is drawn by `Picture.figure`.
    """

    name: str
    picture: Callable[[], Picture]


def write_agreement_figures(
    report: AgreementReport, folder: Path, formats: Sequence[str] = (".png", ".svg")
) -> list[Path]:
    """Draw all figures of a study; see `planned_figures`.

    Parameters
    ----------
    report : AgreementReport
        What was found.
    folder : Path
        Made where it does not exist; figures of the same names are replaced.
    formats : sequence of str
        Of `ecgview.export.style.FORMATS`.

    Returns
    -------
    list of Path
        The files.
    """
    written: list[Path] = result_of(figure_events(report, folder, formats))
    return written


def figure_events(
    report: AgreementReport, folder: Path, formats: Sequence[str] = (".png", ".svg")
) -> Iterator[Event]:
    """Draw all figures as `write_agreement_figures` does; a generator of events.

    Yields
    ------
    Event
        `Progress` before each figure; at last a `Finished` with the files.

    Raises
    ------
    EcgviewError
        If the folder cannot be written to.
    """
    check_folder(folder)
    planned, written = planned_figures(report), []
    for done, one in enumerate(planned):
        yield Progress(done, len(planned), "Drawing the figures")
        figure = one.picture().figure()
        for suffix in formats:
            written.append(save_figure(figure, folder / f"{one.name}{suffix}", overwrite=True))
    yield Finished(written)


def planned_figures(report: AgreementReport) -> list[PlannedFigure]:
    """Name the figures of a study.

    For each set of leads and subset with statistics v against r-squared with all models; for each
    model and the subsets of `DETAILED` Bland-Altman plots, chest and limb leads apart, over the
    real amplitudes and over the mean, and for each marker the matrices between leads.
    """
    planned = []
    for available in report.input_sets:
        for subset in report.subsets:
            if subset.reason:
                continue
            name = _name("calibration", "-".join(available), subset.key)
            planned.append(PlannedFigure(name, partial(calibration, report, available, subset.key)))
            if subset.key in DETAILED:
                planned += _of_models(report, available, subset.key)
    return planned


def _of_models(
    report: AgreementReport, available: tuple[str, ...], subset: str
) -> Iterator[PlannedFigure]:
    for values in report.values:
        if values.available != available:
            continue
        rest = (values.model, "-".join(available), subset)
        for group in lead_groups(values.leads):
            for against in ("real", "mean"):
                name = _name(f"bland-altman-{against}-{group}", *rest)
                draw = partial(grid, report, values.model, available, subset, group, against)
                yield PlannedFigure(name, draw)
        for marker in MARKERS:
            if report.matrix(values.model, available, subset, marker) is not None:
                draw = partial(matrices, report, values.model, available, subset, marker)
                yield PlannedFigure(_name(f"leads-{marker}", *rest), draw)


def _name(*parts: str) -> str:
    return re.sub(r"[^\w.-]+", "-", "-".join(parts))


def lead_groups(leads: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Part leads into chest and limb leads; a part without leads is left out."""
    groups = {
        "chest": tuple(lead for lead in leads if lead in CHEST_LEADS),
        "limb": tuple(lead for lead in leads if lead in LIMB_LEADS),
    }
    return {name: group for name, group in groups.items() if group}


def setting_line(
    report: AgreementReport, available: Sequence[str], subset: str, model: str = ""
) -> str:
    """Say what a figure is over: model, leads, people, folds."""
    people = report.subset(subset)
    title = next((one.title for one in report.models if one.name == model), model)
    parts = [f"{title} from {', '.join(available)}" if model else f"From {', '.join(available)}"]
    parts.append(f"{people.title}: {len(people.rows):,} patients")
    return " · ".join(filter(None, (*parts, fold_phrase(report.folds))))


def panel_of(report: AgreementReport, row: MarkerAgreement) -> Panel:
    """Give a row of the table with its points."""
    return Panel(row, report.points(row))


def single(report: AgreementReport, row: MarkerAgreement) -> Picture:
    """Draw the Bland-Altman plots of one row of the table."""
    subtitle = setting_line(report, row.available, row.subset, row.model)
    return bland_altman_picture(panel_of(report, row), subtitle=subtitle, notes=notes_of(_PLOT))


def grid(
    report: AgreementReport,
    model: str,
    available: tuple[str, ...],
    subset: str,
    group: str,
    against: Against,
) -> Picture:
    """Draw the Bland-Altman plots of a model's chest or limb leads."""
    leads = lead_groups(report.values_of(model, available).leads)[group]
    rows = {(row.lead, row.marker): row for row in report.rows_of(model, available, subset)}
    panels = [[_panel_or_none(report, rows[lead, marker]) for lead in leads] for marker in MARKERS]
    of = "real amplitude" if against == "real" else "mean of real and reconstructed"
    return bland_altman_grid(
        panels,
        against,
        title=f"Bland-Altman plots of {group} leads, over the {of}",
        subtitle=setting_line(report, available, subset, model),
        notes=notes_of(_PLOT),
    )


def _panel_or_none(report: AgreementReport, row: MarkerAgreement) -> Panel | None:
    return None if row.reason else panel_of(report, row)


def calibration(report: AgreementReport, available: tuple[str, ...], subset: str) -> Picture:
    """Draw v against r-squared of all markers, leads and models."""
    wanted = available, subset
    rows = [row for row in report.rows if (row.available, row.subset) == wanted and not row.reason]
    return calibration_picture(
        rows,
        title="What is known, and how much people differ in the reconstruction",
        subtitle=setting_line(report, available, subset),
        notes=notes_of(_CALIBRATION),
    )


def matrices(
    report: AgreementReport, model: str, available: tuple[str, ...], subset: str, marker: str
) -> Picture:
    """Draw how much leads tell of each other in one marker."""
    matrix = report.matrix(model, available, subset, marker)
    assert matrix is not None
    line = setting_line(report, available, subset, model)
    return matrices_picture(
        matrix,
        title=f"{marker}: what leads tell of each other",
        subtitle=f"{line}, {matrix.patients:,} with all leads",
        notes=notes_of(_MATRIX),
    )


def notes_of(text: str) -> list[str]:
    """Break what stands at the foot of a figure into lines, the fixed wording last."""
    return [*wrap(text, _LINE_CHARACTERS), *wrap(DISCLAIMER, _LINE_CHARACTERS)]
