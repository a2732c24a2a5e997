"""The report of a study of agreement: in words first, then tables, figures and methods."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from ecgview import DISCLAIMER, __version__
from ecgview.engine.events import Event, Finished, Progress, result_of
from ecgview.errors import EcgviewError
from ecgview.export import agreement_figures as figures
from ecgview.export.agreement_methods import METHODS, SOURCES
from ecgview.export.agreement_tables import (
    means_table,
    people_table,
    subsets_table,
    variances_table,
)
from ecgview.export.agreement_words import data_line, left_out_reasons, summary
from ecgview.export.document import Block, Bullets, Document, Heading, Paragraph, Picture
from ecgview.export.document_html import html_pieces
from ecgview.export.document_pdf import pdf_steps
from ecgview.paths import check_folder
from ecgview.storing import store
from ecgview.studies.agreement.results import MARKERS, READINGS, AgreementReport, ModelFacts

KINDS = ("html", "pdf")
NAME = "agreement-report"
_MATRIX_MARKERS = ("R", "T")


def write_agreement_report(
    report: AgreementReport, folder: Path, kinds: Sequence[str] = ("html",)
) -> list[Path]:
    """Write a report on a study of agreement.

    Parameters
    ----------
    report : AgreementReport
        What was found.
    folder : Path
        Made where it does not exist; reports of the same name are replaced.
    kinds : sequence of str
        Of `KINDS`.

    Returns
    -------
    list of Path
        ``agreement-report.html`` and ``agreement-report.pdf``.

    Raises
    ------
    EcgviewError
        If a kind is unknown, or the folder cannot be written to.
    """
    targets = [folder / f"{NAME}.{kind}" for kind in kinds]
    written: list[Path] = result_of(report_events(report, targets))
    return written


def report_events(report: AgreementReport, targets: Sequence[Path]) -> Iterator[Event]:
    """Write a report into files whose endings say as what; a generator of events.

    Yields
    ------
    Event
        `Progress`; at last a `Finished` with the files.

    Raises
    ------
    EcgviewError
        As `write_agreement_report`.
    """
    for target in targets:
        if target.suffix[1:] not in KINDS:
            raise EcgviewError(
                f"A report cannot be saved as {target.name}.", "Let its name end in .html or .pdf."
            )
        check_folder(target.parent)
    document = document_of(report)
    for target in targets:
        content = yield from _written(document, target)
        store(target, content)
    yield Finished(list(targets))


def _written(document: Document, target: Path) -> Generator[Event, None, bytes]:
    """Write a document as the ending of a file says, telling of each block."""
    total, message = len(document.blocks), f"Writing {target.name}"
    if target.suffix == ".html":
        pieces = []
        for done, piece in enumerate(html_pieces(document)):
            yield Progress(min(done, total), total, message)
            pieces.append(piece)
        return "".join(pieces).encode()
    steps, done = pdf_steps(document), 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return bytes(end.value)
        yield Progress(done, total, message)
        done += 1


def document_of(report: AgreementReport) -> Document:
    """Describe the report: what it says, in which order.

    Names of recordings and of their files are not in it.
    """
    return Document(
        title="Agreement of reconstructed with recorded amplitudes",
        subtitle=data_line(report),
        wording=DISCLAIMER,
        blocks=tuple(_blocks(report)),
        maker=f"Made with ecgview {report.version or __version__}.",
    )


def _blocks(report: AgreementReport) -> Iterator[Block]:
    yield from _reading(report)
    yield from _people(report)
    for available in report.input_sets:
        yield from _results(report, available)
    yield Heading("Methods")
    yield from (Paragraph(text) for text in METHODS)
    yield Paragraph(_tests_line(report), "quiet")
    yield Heading("Sources", 3)
    yield Bullets(SOURCES)
    if report.command:
        yield Heading("Command", 3)
        yield Paragraph(report.command, "code")


def _reading(report: AgreementReport) -> Iterator[Block]:
    """Say first what it comes to."""
    for warning in report.warnings:
        yield Paragraph(f"Note: {warning}", "lead")
    yield Heading("The reading")
    for available in report.input_sets:
        for subset in _spoken_of(report):
            model = _models_for(report, available)[0]
            line = figures.setting_line(report, available, subset, model)
            yield Heading(line, 3)
            first, *others = summary(report, model, available, subset)
            yield Paragraph(first.replace("uV", "µV"), "lead")
            yield Paragraph(" ".join(others).replace("uV", "µV"))
    yield Heading("What the words mean", 3)
    yield Bullets(tuple(f"{word}: {meaning}." for word, meaning in READINGS.items()))


def _spoken_of(report: AgreementReport) -> list[str]:
    return [one.key for one in report.subsets if one.key in figures.DETAILED and not one.reason]


def _models_for(report: AgreementReport, available: tuple[str, ...]) -> list[str]:
    return [each.model for each in report.values if each.available == available]


def _people(report: AgreementReport) -> Iterator[Block]:
    yield Heading("Recordings and models")
    sources = "; ".join(f"{count:,} of {name}" for name, count in report.sources.items())
    yield Paragraph(
        f"{report.found:,} stretches of ten seconds were found ({sources}); "
        f"{len(report.recordings):,} could be used."
    )
    reasons = left_out_reasons(report)
    if reasons:
        yield Paragraph("Left out:")
        yield Bullets(tuple(f"{count:,}: {reason}" for reason, count in reasons.items()))
    yield people_table(report)
    yield Paragraph("Models, as their cards say:")
    yield Bullets(tuple(_model_line(model) for model in report.models))


def _model_line(model: ModelFacts) -> str:
    codes = ", ".join(code[:12] for code in model.sha256 if code)
    weights = f" SHA-256 of the weights begins with {codes}." if codes else ""
    trained = f" Trained on {model.trained_on}." if model.trained_on else ""
    return f"{model.title} ({model.name}), architecture {model.architecture}.{trained}{weights}"


def _results(report: AgreementReport, available: tuple[str, ...]) -> Iterator[Block]:
    given = ", ".join(available)
    yield Heading(f"From {given}")
    yield subsets_table(report, available)
    model = _models_for(report, available)[0]
    for subset in _spoken_of(report):
        yield figures.calibration(report, available, subset)
        yield from _plots(report, model, available, subset)
    for subset in _spoken_of(report):
        for name in _models_for(report, available):
            caption = figures.setting_line(report, available, subset, name)
            rows = tuple(report.rows_of(name, available, subset))
            yield variances_table(rows, caption)
            yield means_table(rows, caption)


def _plots(
    report: AgreementReport, model: str, available: tuple[str, ...], subset: str
) -> Iterator[Picture]:
    groups = figures.lead_groups(report.values_of(model, available).leads)
    group = next(iter(groups), "")
    for against in ("real", "mean") if group else ():
        yield figures.grid(report, model, available, subset, group, against)
    for marker in MARKERS:
        there = report.matrix(model, available, subset, marker) is not None
        if marker in _MATRIX_MARKERS and there:
            yield figures.matrices(report, model, available, subset, marker)


def _tests_line(report: AgreementReport) -> str:
    return (
        f"The tables hold {report.tests:,} p-values. They are printed after Holm's correction "
        "within each model, set of leads and subset."
    )
