"""Reader of text files: one row a sample, one column a lead."""

from __future__ import annotations

import array
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.formats.assemble import assemble
from ecgview.formats.facts import SignalFacts
from ecgview.formats.files import decode_text, read_bytes
from ecgview.formats.guard import gaps_for_absurd
from ecgview.formats.options import ImportOptions, NeedsOptions
from ecgview.formats.steps import are_steps, smallest_step
from ecgview.formats.text.cells import Numbers, not_a_number, split_cells
from ecgview.formats.text.inference import infer_layout
from ecgview.formats.text.lines import lines_of
from ecgview.formats.text.preview import CsvPreview
from ecgview.formats.text.times import is_clock, rate_of_times, started_at
from ecgview.formats.units import mv_per_unit
from ecgview.recording import ArraySource, Recording

CSV_LIMIT = 200_000_000
"""Largest text file that is read, in bytes: about two hours of twelve leads at 500 Hz."""


def open_csv(path: Path, options: ImportOptions) -> Recording:
    """Open a text file of samples.

    Parameters
    ----------
    path : Path
        Text separated by commas, semicolons, tabs, bars or spaces, with or without a head.
    options : ImportOptions, optional
        Lead names, rate and unit that the file does not state, or states wrongly.

    Returns
    -------
    Recording
        In memory; empty cells are gaps. Its comments say where rate and unit come from.

    Raises
    ------
    NeedsOptions
        If lead names, rate or unit are neither in the file nor in the options.
    RecordingError
        If a row has too few or too many cells, a cell is text, or times jump.
    """
    content = read_bytes(path, CSV_LIMIT, "Convert it to WFDB, which is read piece by piece.")
    lines = lines_of(decode_text(content, path.name), path)
    inferred = infer_layout(path, lines.table, lines.below)
    preview = _with_options(inferred, options)
    if preview.missing:
        raise NeedsOptions(preview)
    values = _numbers(lines.table, preview)
    _ask_about_idle_gain(preview, values)
    return _recording(preview, values, _rate(preview, values), options)


def _with_options(preview: CsvPreview, options: ImportOptions) -> CsvPreview:
    if options.leads is not None:
        preview = _with_leads(preview, options.leads)
    if options.rate_hz is not None:
        preview = replace(preview, rate_hz=options.rate_hz, rate_from="given")
    if options.unit is not None:
        columns = tuple(
            replace(column, unit="") if column.lead else column for column in preview.columns
        )
        preview = replace(preview, columns=columns, unit=options.unit, unit_from="given")
    return preview


def _with_leads(preview: CsvPreview, names: Sequence[str]) -> CsvPreview:
    if len(names) == len(preview.columns) and not preview.columns_from:
        # A column without a name that climbs like a sample number is a lead after all.
        columns = tuple(replace(column, role="signal") for column in preview.columns)
        preview = replace(preview, columns=columns)
    if len(names) != len(preview.signals):
        raise RecordingError(
            f"{len(names)} lead names were given, but {preview.path.name} has "
            f"{len(preview.signals)} columns of signals.",
            "Name every column from left to right; time and sample number do not count.",
        )
    given = iter(names)
    columns = tuple(
        replace(column, name=next(given)) if column.role == "signal" else column
        for column in preview.columns
    )
    return replace(preview, columns=columns, columns_from="given")


def _numbers(lines: Sequence[str], preview: CsvPreview) -> NDArray[np.float64]:
    """Read the rows of numbers, shape (samples, columns)."""
    rows = lines[preview.data_line - 1 :]
    if preview.numbers is Numbers.COMMA and not preview.has_clock:
        rows = preview.numbers.plain("\n".join(rows)).split("\n")
    try:
        return np.loadtxt(
            rows,
            delimiter=preview.delimiter,
            comments=None,
            usecols=_columns_to_read(preview),
            quotechar='"',
            ndmin=2,
        )
    except ValueError:
        # A gap, clock times or damage: slower, but it fills gaps and tells where damage is.
        return _numbers_with_gaps(lines, preview)


def _columns_to_read(preview: CsvPreview) -> range | None:
    # Naming columns makes loadtxt pass over longer rows, so only a trailing delimiter needs it.
    n_columns = len(preview.columns)
    return range(n_columns) if len(preview.first_rows[0]) > n_columns else None


def _numbers_with_gaps(lines: Sequence[str], preview: CsvPreview) -> NDArray[np.float64]:
    n_columns, values = len(preview.columns), array.array("d")
    timed = [place for place, cell in enumerate(preview.first_rows[0]) if is_clock(cell)]
    for number, line in enumerate(lines[preview.data_line - 1 :], start=preview.data_line):
        if not line.strip() or line.startswith(("#", "%")):
            continue
        cells = split_cells(line, preview.delimiter)
        if len(cells) == n_columns + 1 and not cells[-1]:
            del cells[-1]
        if len(cells) != n_columns:
            raise RecordingError(
                f"Line {number} of {preview.path.name} has {len(cells)} cells where {n_columns} "
                "are expected.",
                "The file may be cut off, or the line damaged; correct it or export again.",
            )
        for place, cell in enumerate(cells):
            is_time = place in timed and is_clock(cell)
            if not is_time and not preview.numbers.is_number(cell):
                raise not_a_number(preview.path, number, place, cell)
        values.extend(map(preview.value, cells))
    return np.frombuffer(values, dtype=np.float64).reshape(-1, n_columns)


def _ask_about_idle_gain(preview: CsvPreview, values: NDArray[np.float64]) -> None:
    """Ask for the unit where the file states a gain, but its numbers are no converter steps."""
    if "/" not in (preview.unit or "") or preview.unit_from == "given":
        return
    signals = [place for place, column in enumerate(preview.columns) if column.role == "signal"]
    if not are_steps(values[:, signals]):
        raise NeedsOptions(replace(preview, unit=None, unit_from=""))


def _rate(preview: CsvPreview, values: NDArray[np.float64]) -> float:
    """Give the rate, after a look at the whole time column if that is what states it."""
    assert preview.rate_hz is not None
    time = preview.time_column
    if time is None or not preview.rate_from.startswith("the time column"):
        return preview.rate_hz
    rate_hz = rate_of_times(values[:, time], preview.columns[time])
    if rate_hz is None:
        steps = np.diff(values[:, time])
        row = int(np.argmax(~(np.abs(steps / steps[0] - 1) < 0.6)))
        raise RecordingError(
            f"The time column of {preview.path.name} jumps from {values[row, time]:g} to "
            f"{values[row + 1, time]:g} at sample {row + 2}.",
            "Samples are missing there; fill them with empty cells, or pass over the column with "
            "--rate-hz.",
        )
    return rate_hz


def _recording(
    preview: CsvPreview, values: NDArray[np.float64], rate_hz: float, options: ImportOptions
) -> Recording:
    places = [i for i, column in enumerate(preview.columns) if column.role == "signal"]
    signals, facts = [], []
    for place in places:
        column = preview.columns[place]
        unit = column.unit or preview.unit or ""
        size_mv = mv_per_unit(unit) or 1.0
        samples = values[:, place] * size_mv
        gaps_for_absurd(samples)
        step_mv = smallest_step(samples)
        signals.append(samples.astype(np.float32))
        facts.append(
            SignalFacts(column.name or f"column {place + 1}", unit, step_mv and step_mv / size_mv)
        )
    said = [f"Sampling rate {rate_hz:g} Hz: {preview.rate_from}."]
    if preview.unit_from:
        said.append(f"Unit {preview.unit}: {preview.unit_from}.")
    return assemble(
        preview.path,
        "CSV",
        rate_hz,
        facts,
        ArraySource(np.array(signals)),
        options=options,
        patient=preview.patient,
        comments=(*preview.comments, *said),
        started=preview.started or _started(preview),
        device=preview.device,
        kind=preview.kind,
    )


def _started(preview: CsvPreview) -> str:
    """Give the date and time of the first sample where the time column says them."""
    time = preview.time_column
    return "" if time is None else started_at(preview.first_rows[0][time])
