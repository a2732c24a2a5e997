"""Finding the table in a text file: delimiter, head, time column, units and rate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.asking import ROWS_SHOWN
from ecgview.formats.files import decode_text, unreadable
from ecgview.formats.options import ImportColumn
from ecgview.formats.steps import are_steps, limb_order_fits, muse_microvolts
from ecgview.formats.text.cells import Numbers, Table, find_table, is_row, split_cells
from ecgview.formats.text.heads import Head, columns_of_head, find_head
from ecgview.formats.text.lines import lines_of
from ecgview.formats.text.names import column_of
from ecgview.formats.text.preview import DELIMITERS, CsvPreview
from ecgview.formats.text.statements import Statements, bare, read_statements
from ecgview.formats.text.times import clock_column, is_clock, rate_of_times
from ecgview.formats.text.turned import refuse_long_format
from ecgview.leads import LEADS

PREVIEW_BYTES = 65536
LINES_LOOKED_AT = 400
"""Lines that the layout is inferred from."""
LOOKED_AT = 2_000_000
"""Characters that the layout is inferred from, of at most as many lines."""
MOST_COLUMNS = 512


_LABEL = re.compile(r"([A-Za-z][^:=,;\t]{2,40})[:=,;\t]")


def preview_csv(path: str | Path) -> CsvPreview:
    """Infer the layout of a text file from its first 64 KB, for an import dialog.

    Parameters
    ----------
    path : str or Path
        Text separated by commas, semicolons, tabs, bars or spaces, with or without a head.

    Returns
    -------
    CsvPreview
        Its ``missing`` names what the user must add.

    Raises
    ------
    RecordingError
        If the file cannot be read or holds no table of numbers.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(PREVIEW_BYTES)
            is_whole = not file.read(1)
    except OSError as error:
        raise unreadable(path, error) from error
    if not content:
        raise RecordingError(f"{path.name} is empty.", "Copy or export the file again.")
    if not is_whole and b"\n" in content:
        content = content[: content.rindex(b"\n")]  # the last line may be cut in the middle
    lines = lines_of(decode_text(content, path.name), path)
    return infer_layout(path, lines.table, lines.below)


def infer_layout(
    path: Path, lines: Sequence[str], below: Sequence[tuple[int, str]] = ()
) -> CsvPreview:
    """Infer the layout of a text file from its first lines.

    Parameters
    ----------
    path : Path
        The file, for messages.
    lines : sequence of str
        Its first lines.
    below : sequence of (int, str)
        Numbers and texts of the lines below its table.

    Returns
    -------
    CsvPreview
        What could be told, and from where.

    Raises
    ------
    RecordingError
        If the lines hold no table of numbers, or its head does not fit.
    """
    lines = _some(lines)
    try:
        table = find_table(lines, path)
    except RecordingError:
        refuse_long_format(lines, path)
        raise
    if table.n_columns > MOST_COLUMNS:
        raise RecordingError(
            f"{path.name} has {table.n_columns} columns, more than there are leads.",
            "Save it with a row for each sample and a column for each lead.",
        )
    above = list(enumerate(lines[: table.first], start=1))
    if single := _one_column_with_commas(lines, above, table, path):
        table = single
    head = find_head(lines, table, below, path)
    table = replace(table, first=head.first)
    rows = _rows(lines, table)
    if not rows:
        raise RecordingError(
            f"{path.name} holds no row of samples below its head.", "Export the file again."
        )
    beside = [line for line in (*above, *below) if line[0] - 1 not in head.lines]
    said = read_statements(beside, path)
    return _preview(path, table, rows, head, said)


def _some(lines: Sequence[str]) -> Sequence[str]:
    """Take as many of the first lines as can be looked at quickly."""
    n_characters = 0
    for index, line in enumerate(lines[:LINES_LOOKED_AT]):
        n_characters += len(line)
        if n_characters > LOOKED_AT:
            return lines[: index + 1]
    return lines[:LINES_LOOKED_AT]


def _one_column_with_commas(
    lines: Sequence[str], above: Sequence[tuple[int, str]], table: Table, path: Path
) -> Table | None:
    """Tell one lead with decimal commas, which looks like two columns, by what is above it."""
    if table.delimiter != "," or table.n_columns != 2:
        return None
    written = [bare(line) for _, line in above if line.strip()]
    head = written[-1] if written else ""
    is_head = "," not in head and column_of(head).names_a_lead
    if not is_head and len(read_statements(above, path).names) != 1:
        return None
    rows = (i for i, line in enumerate(lines) if is_row([line.strip()], Numbers.COMMA))
    return Table(";", 1, next(rows), Numbers.COMMA)


def _rows(lines: Sequence[str], table: Table) -> list[list[str]]:
    rows = [split_cells(line, table.delimiter) for line in lines[table.first :]]
    return [row for row in rows if len(row) == table.n_columns and is_row(row, table.numbers)]


def _preview(
    path: Path, table: Table, rows: list[list[str]], head: Head, said: Statements
) -> CsvPreview:
    n_columns = table.n_columns
    names = head.names
    if n_columns > 1 and not any(row[-1] for row in rows) and not "".join(names[n_columns - 1 :]):
        n_columns -= 1  # a delimiter at the end of every line
    columns = columns_of_head(names, n_columns, rows, table.numbers, head)
    columns = _with_clock(columns, rows)
    columns, names_from = _with_stated_names(columns, said, head.where)
    is_whole = _are_steps(columns, rows, table.numbers)
    has_gain = said.unit is not None and (is_whole or not said.is_gain)
    preview = CsvPreview(
        path=path,
        format_name="CSV",
        found=_sentence(table, columns, rows, said.is_gain and not is_whole),
        delimiter=table.delimiter,
        numbers=table.numbers,
        data_line=table.first + 1,
        columns=tuple(columns),
        columns_from=names_from,
        first_rows=tuple(tuple(row) for row in rows[:ROWS_SHOWN]),
        comments=said.comments,
        unit=said.unit if has_gain else None,
        unit_from=said.unit_from if has_gain else "",
        patient=said.patient,
        started=said.started,
        device=said.device,
    )
    preview = _with_rate(preview, said, rows)
    return replace(preview, kind=_kind(preview))


def _with_clock(columns: list[ImportColumn], rows: Sequence[Sequence[str]]) -> list[ImportColumn]:
    """Give clock times and dates their roles, whatever they are called."""
    clock = clock_column(rows)
    first = rows[0] if rows else []
    for place, cell in enumerate(first[: len(columns)]):
        if place == clock:
            columns[place] = ImportColumn(columns[place].name, "time", "s")
        elif is_clock(cell):
            columns[place] = ImportColumn(columns[place].name, "index", "")
    return columns


def _with_stated_names(
    columns: list[ImportColumn], said: Statements, where: str
) -> tuple[list[ImportColumn], str]:
    """Take the names of the signals from a list beside the table if the head names no lead."""
    signals = [column for column in columns if column.role == "signal"]
    if not said.names or any(c.names_a_lead for c in signals) or len(said.names) != len(signals):
        return columns, where
    units = said.units if len(said.units) == len(signals) else ("",) * len(signals)
    stated = iter(zip(said.names, units, strict=True))
    named = []
    for column in columns:
        if column.role == "signal":
            name, unit = next(stated)
            column = ImportColumn(column_of(name).name, "signal", column.unit or unit)
        named.append(column)
    return named, "the list of channels"


def _are_steps(
    columns: Sequence[ImportColumn], rows: Sequence[Sequence[str]], numbers: Numbers
) -> bool:
    """Tell whether the signals can be converter steps, as far as the first rows show."""
    signals = [place for place, column in enumerate(columns) if column.role == "signal"]
    return are_steps(
        np.array([[numbers.number(row[place]) for place in signals] for row in rows[:100]])
    )


def _sentence(
    table: Table,
    columns: Sequence[ImportColumn],
    rows: Sequence[Sequence[str]],
    is_gain_idle: bool,
) -> str:
    commas = " and decimal commas" if table.numbers is Numbers.COMMA else ""
    separated = f"{len(columns)} columns separated by {DELIMITERS[table.delimiter]}{commas}"
    text = f"{separated if len(columns) > 1 else '1 column'}, numbers from line {table.first + 1}."
    if is_gain_idle:
        text += " A gain is stated, but the numbers are no converter steps."
    if len(columns) == len(LEADS) and not any(column.name for column in columns):
        first = np.array([list(map(table.numbers.number, row[: len(LEADS)])) for row in rows]).T
        text += limb_order_fits(first) + muse_microvolts(first)
    return text


def _with_rate(preview: CsvPreview, said: Statements, rows: Sequence[Sequence[str]]) -> CsvPreview:
    stated = replace(preview, rate_hz=said.rate_hz, rate_from=said.rate_from)
    time = preview.time_column
    if time is None:
        return stated
    times = np.array([preview.value(row[time]) for row in rows])
    column_hz = rate_of_times(times, preview.columns[time])
    if said.rate_hz and column_hz and abs(said.rate_hz / column_hz - 1) > 0.02:
        return preview  # two statements that contradict each other: ask
    if said.rate_hz is not None or column_hz is None:
        return stated
    name = preview.columns[time].name
    return replace(preview, rate_hz=column_hz, rate_from=f"the time column “{name}”")


def _kind(preview: CsvPreview) -> str:
    """Name the layout: files of one program share delimiter, names, units and labels."""
    named = ", ".join(f"{column.name} {column.unit}".strip() for column in preview.columns)
    columns = named if preview.columns_from else f"{len(preview.columns)} columns"
    commas = "decimal commas" if preview.numbers is Numbers.COMMA else ""
    labels = [found[1] for line in preview.comments[:3] if (found := _LABEL.match(line))]
    delimiter = DELIMITERS[preview.delimiter]
    return "; ".join(filter(None, ["CSV", delimiter, commas, columns, preview.unit, *labels]))
