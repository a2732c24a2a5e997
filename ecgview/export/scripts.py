"""Every result on screen as a command and as a Python program; no Qt here, only descriptions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ecgview.catalogue.query import Query
from ecgview.export.script import Opened, Program, Question, Script, as_program, written
from ecgview.export.shell import option

_PRINT_ROWS = (
    "for row in figures.rows:",
    "    print(row.lead, row.origin.value, row.pcc, row.rmse_uv, row.max_uv)",
    'print("mean PCC over reconstructed chest leads:", figures.mean_pcc_chest)',
)


_CALIBRATED = ("score", "worst", "reconstruct")
"""Commands that calibrate to the person."""


@dataclass(frozen=True)
class Page:
    """A page of paper, in the words of ``ecgview picture``.

    Attributes
    ----------
    start_s : float
        Time at its left edge.
    words : tuple of str
        Options of the page that differ from the command's own.
    """

    start_s: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """What is asked of a folder of recordings, and how they are sorted.

    Attributes
    ----------
    folder : Path
        The data set.
    query : Query
        What is asked for.
    sort : str
        Name of a column as ``ecgview browse`` has it; empty for the order of the data set.
    reverse : bool
        The other way round.
    scored : Question or None
        How the recordings shown were rebuilt; None where they were not.
    """

    folder: Path
    query: Query = field(default_factory=Query)
    sort: str = ""
    reverse: bool = False
    scored: Question | None = None


def agreement_script(question: Question) -> Script:
    """Give the table of agreement."""
    program = Program()
    question.write(program)
    program.use("ecgview", "agreement")
    how = f"clean={question.clean}{question.stretch_arguments()}"
    program.line(f"figures = agreement(recording, result, {how})")
    if question.interval:
        clean = question.clean or question.filters.removes_wander
        program.line(
            f"# Half widths sample by sample; row.interval_at({question.interval}) sums them up.",
            "half_mv = result.interval.half_width(",
            f"    result.reconstructed_leads, level={question.interval}, clean={clean}",
            ")",
        )
    program.line(*_PRINT_ROWS)
    command = _command("score", question, (*question.stretch_words(), *question.interval_words()))
    return Script("Agreement table", command, program.text())


def worst_script(question: Question, threshold: float) -> Script:
    """Give the list of windows in which the reconstruction fails."""
    program = Program()
    question.write(program)
    program.use("ecgview.engine.tally", "tally_of")
    program.use("ecgview.engine.worst", "worst_runs")
    how = f"clean={question.clean}{question.stretch_arguments()}"
    program.line(
        f"windows = tally_of(recording, result, {how}).windows()",
        f"for run in worst_runs(windows, {threshold!r}):",
        "    print(run.start_s, run.stop_s, run.lead, run.pcc)",
    )
    more = (*question.stretch_words(), *option("--threshold", f"{threshold!r}"))
    return Script("Worst windows", _command("worst", question, more), program.text())


def reconstruction_script(question: Question, name: str) -> Script:
    """Write the twelve leads into a folder beside the place where the script runs.

    Parameters
    ----------
    question : Question
        The reconstruction.
    name : str
        Of the recording, and of the file.
    """
    program = Program()
    question.write(program)
    program.use("ecgview", "LEADS", "save_recording")
    program.use("ecgview.engine.exported", "origin_comments")
    program.line(
        "path = save_recording(",
        f"    {f'{name}_rec'!r},",
        "    result.read(),",
        "    recording.fs_hz,",
        '    "reconstructed",',
        "    comments=origin_comments(result),",
        "    resolution_mv=recording.resolution_mv,",
        "    leads=LEADS,",
        "    overwrite=True,",
        ")",
        "print(path)",
    )
    more = ("--output", "reconstructed", "--overwrite")
    command = _command("reconstruct", question, more)
    return Script("Reconstruction file", command, program.text())


def page_script(question: Question, page: Page, output: str) -> Script:
    """Draw the page on screen to scale.

    Parameters
    ----------
    question : Question
        What is drawn; without leads and model the recording alone.
    page : Page
        The page.
    output : str
        Name of the file to write.
    """
    more = ("--output", output, "--overwrite", "--start", f"{page.start_s!r}", *page.words)
    command = _command("picture", question, more)
    remark = "Its figures are of the whole recording, not of the marked stretch."
    made = bool(question.stretch and question.model)
    remarks = [remark] if made else []
    remarks += ["It is not calibrated to the person."] if question.calibrated else []
    return Script("Picture of the page", command, as_program(command), " ".join(remarks))


def comparison_script(question: Question, estimates: Sequence[Path]) -> Script:
    """Compare with estimates from files.

    Parameters
    ----------
    question : Question
        The recording; its model is not run. Its filters are of recording and estimates alike.
    estimates : sequence of Path
        The files.
    """
    opened, filters = question.opened, question.filters
    program = Program()
    opened.write(program)
    program.use("ecgview", "agreement", "open_recording")
    program.use("ecgview.engine.comparison", "estimate_from")
    truth, rebuilt = "recording", "estimate.reconstruction"
    if filters:
        program.use("ecgview.filtered", "filtered_recording", "filtered_reconstruction")
        program.use("ecgview.signals.filtering", "Filters")
        program.line(f"filters = {written(filters)}")
        truth = f"filtered_recording({truth}, filters)"
        rebuilt = f"filtered_reconstruction({rebuilt}, filters, recording.fs_hz)"
    how = f"clean={question.clean}{question.stretch_arguments()}"
    program.line(
        f"for path in {[str(path) for path in estimates]!r}:",
        "    estimate = estimate_from(recording, open_recording(path))",
        f"    figures = agreement({truth}, {rebuilt}, {how})",
        "    print(estimate.name, figures.mean_pcc_chest)",
        "    for row in figures.rows:",
        "        print(row.lead, row.origin.value, row.pcc, row.rmse_uv, row.max_uv)",
    )
    words = ["ecgview", "compare", str(opened.path), *(str(path) for path in estimates)]
    words += ["--clean"] if question.clean else []
    words += option("--filter", filters.option) if filters else ()
    remark = "ecgview compare takes the whole recording, not the marked stretch."
    return Script(
        "Comparison with estimates",
        (*words, *opened.words()) if opened.path else (),
        program.text(),
        remark if question.stretch else "",
    )


def beats_script(question: Question, leads: Collection[str], lead: str) -> Script:
    """Find R peaks, heart rate and RR intervals.

    Parameters
    ----------
    question : Question
        The recording and the stretch searched; its model is not run.
    leads : collection of str
        Measured leads to choose from.
    lead : str
        The one that was chosen; empty for the clearest.
    """
    program = Program()
    question.opened.write(program)
    program.use("ecgview.measurements.rhythm_search", "rhythm_of")
    among = [lead] if lead else list(leads)
    program.line(
        f"rhythm = rhythm_of(recording, {among!r}{question.stretch_arguments()})",
        "figures = rhythm.figures()",
        "print(figures.lead, figures.beats, figures.rate_bpm, figures.rr_mean_ms)",
    )
    opened = question.opened
    words = ["ecgview", "beats", str(opened.path), *(["--lead", lead] if lead else [])]
    words += [*question.stretch_words(), *opened.words()]
    return Script("Beats", tuple(words) if opened.path else (), program.text())


def average_script(question: Question, leads: Collection[str], lead: str) -> Script:
    """Average the beats, and give P, R, S, ST and T of original and reconstruction.

    Parameters
    ----------
    question : Question
        The reconstruction, and the stretch whose beats are averaged.
    leads : collection of str
        Measured leads, in all of which beats must be alike.
    lead : str
        Where the windows come from; empty for the clearest.
    """
    program = Program()
    question.write(program)
    program.use("ecgview", "LEADS")
    program.use("ecgview.measurements.average", "average_beat")
    how = f"{list(leads)!r}{question.stretch_arguments()}"
    program.line(
        f"average = average_beat(recording, result, {how}, lead={lead!r})",
        "for row, lead in enumerate(LEADS):",
        "    original_mv, rebuilt_mv = average.original.values_mv, average.rebuilt.values_mv",
        "    print(lead, original_mv[row], rebuilt_mv[row], average.pcc[row])",
    )
    opened = question.opened
    words = ["ecgview", "beats", str(opened.path), *(["--lead", lead] if lead else [])]
    words += [*question.model_words(), *question.filter_words()]
    words += [*question.stretch_words(), *opened.words()]
    return Script("Average beat", tuple(words) if opened.path else (), program.text())


def marks_script(opened: Opened) -> Script:
    """List the annotations of the file and the user's own notes."""
    program = Program()
    opened.write(program)
    program.use("ecgview.formats.notes", "read_notes")
    program.line(
        "for mark in (*recording.marks, *read_notes(recording).notes):",
        "    print(mark.start_s, mark.duration_s, mark.text)",
    )
    command = ("ecgview", "marks", str(opened.path), *opened.words())
    return Script("Marks", command if opened.path else (), program.text())


def library_script(search: Search) -> Script:
    """List the recordings of a data set that the library shows."""
    query = search.query
    words = ["ecgview", "browse", str(search.folder)]
    if query.text:
        words += option("--search", query.text)
    for name, values in (
        ("--superclass", query.superclasses),
        ("--statement", query.statements),
        ("--sex", query.sexes),
        ("--quality", query.qualities),
    ):
        if values:
            words += option(name, ",".join(sorted(values)))
    if query.min_likelihood:
        words += option("--likelihood", f"{query.min_likelihood!r}")
    youngest, oldest = query.ages
    if query.ages != (None, None):
        words += option("--age", f"{_number(youngest)}-{_number(oldest)}")
    if query.folds:
        words += option("--fold", ",".join(map(str, sorted(query.folds))))
    for rate_hz in sorted(query.rates_hz)[:1]:
        words += option("--rate-hz", f"{rate_hz!r}")
    if search.scored is not None:
        words += ["--triage", *search.scored.model_words()]
        words += ["--clean"] if search.scored.clean else []
    if search.sort:
        words += ["--sort", search.sort]
    words += ["--reverse"] if search.reverse else []
    remark = "ecgview browse takes one rate." if len(query.rates_hz) > 1 else ""
    return Script("Library query", tuple(words), as_program(words), remark)


def training_script(command: Sequence[str], title: str) -> Script:
    """Train or evaluate as a card or a form says, which hold a command line."""
    return Script(title, tuple(command), as_program(command))


def _command(name: str, question: Question, more: Sequence[str]) -> tuple[str, ...]:
    opened = question.opened
    if opened.path is None:
        return ()
    words = ["ecgview", name, str(opened.path), *question.model_words(), *question.filter_words()]
    words += ["--clean"] if question.clean else []
    words += question.calibration_words() if name in _CALIBRATED else []
    return (*words, *more, *opened.words())


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
