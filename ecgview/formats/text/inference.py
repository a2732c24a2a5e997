"""Finding the table in a text file: delimiter, header, time column, units and rate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.files import decode_text, unreadable
from ecgview.formats.options import ImportColumn
from ecgview.formats.text.cells import find_table, is_number, not_a_number, split_cells
from ecgview.formats.text.preview import DELIMITERS, CsvPreview
from ecgview.formats.units import mv_per_unit

PREVIEW_BYTES = 65536
ROWS_SHOWN = 20
LONGEST_NAME = 80
LONGEST_LINE = 400
"""Characters of a name and of a line above the table that are looked at."""
PLAUSIBLE_HZ = (50.0, 100_000.0)
"""A time column without a unit counts as seconds only if that gives a rate in this range."""

_VOLT = r"(?:[mµμun]?v|(?:milli|micro|nano)?volts?)"
_TIME_UNITS = {"s": 1.0, "sec": 1.0, "second": 1.0, "ms": 1e-3, "msec": 1e-3, "millisecond": 1e-3}
_TIME_NAMES = {"t", "time", "timestamp", "elapsed", "elapsed time"}
_INDEX_NAMES = {"index", "sample", "samples", "sample number", "sample no", "no", "nr", "n", "row"}
_NAME_AND_UNIT = re.compile(
    r"(?P<name>.*?)\s*(?:\[(?P<square>[^\]]*)\]|\((?P<round>[^)]*)\)"
    rf"|[\s_/](?P<bare>{_VOLT}|{'|'.join(_TIME_UNITS)}))\s*",
    re.IGNORECASE,
)
_STATED_RATE = re.compile(
    r"(?:sampl\w*[ _-]*(?:rate|freq\w*)|\bfs)\b(?P<unit>[^0-9]*)(?P<rate>\d+\.?\d*)\s*(?P<kilo>k?)",
    re.IGNORECASE,
)
_STATED_UNIT = re.compile(rf"\bunits?\b[\s:=,;]+(?P<unit>{_VOLT})\b", re.IGNORECASE)
_STATED_GAIN = re.compile(
    rf"\bgain\s*\(\s*\w+\s*(?:/|per)\s*(?P<unit>{_VOLT})\s*\)[\s:=,;]+(?P<gain>\d+\.?\d*)",
    re.IGNORECASE,
)


def preview_csv(path: str | Path) -> CsvPreview:
    """Infer the layout of a text file from its first 64 KB, for an import dialog.

    Parameters
    ----------
    path : str or Path
        Comma, semicolon, tab or space separated text, with or without a header.

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
    return infer_layout(path, decode_text(content, path.name).splitlines())


def infer_layout(path: Path, lines: Sequence[str]) -> CsvPreview:
    """Infer the layout of a text file from its first lines.

    Parameters
    ----------
    path : Path
        The file, for messages.
    lines : sequence of str
        Its first lines.

    Returns
    -------
    CsvPreview
        What could be told, and from where.

    Raises
    ------
    RecordingError
        If the lines hold no table of numbers, or its header does not fit.
    """
    delimiter, n_columns, first = find_table(lines, path)
    rows = [split_cells(line, delimiter) for line in lines[first:]]
    rows = [row for row in rows if len(row) == n_columns and all(map(is_number, row))]
    header = _find_header(lines[:first], delimiter, n_columns, path)
    names = [] if header is None else split_cells(_bare(lines[header]), delimiter)
    if n_columns > 1 and not any(row[-1] for row in rows) and not "".join(names[n_columns - 1 :]):
        n_columns -= 1  # a delimiter at the end of every line
    columns = [_column(name) for name in names[:n_columns]]
    if header is not None:
        columns = _add_units(columns, lines, range(header + 1, first), delimiter, path)
    above = [line for index, line in enumerate(lines[:first]) if index != header and line.strip()]
    preview = CsvPreview(
        path=path,
        format_name="CSV",
        found=f"{n_columns} columns separated by {DELIMITERS[delimiter]}, numbers from line "
        f"{first + 1}.",
        delimiter=delimiter,
        data_line=first + 1,
        columns=tuple(columns or _unnamed_columns(rows, n_columns)),
        columns_from="" if header is None else f"line {header + 1}",
        first_rows=tuple(tuple(row) for row in rows[:ROWS_SHOWN]),
        comments=tuple(_bare(line) for line in above),
    )
    return _with_rate(_with_unit(preview, lines[:first]), lines[:first], rows)


def _bare(line: str) -> str:
    return line.strip().lstrip("#").strip()


def _find_header(
    above: Sequence[str], delimiter: str | None, n_columns: int, path: Path
) -> int | None:
    """Give the index of the line that names the columns: of leads, or else the one above them."""
    written = [index for index, line in enumerate(above) if line.strip()]
    for index in reversed(written):
        cells = split_cells(_bare(above[index]), delimiter)
        # A delimiter may end the rows, but not the header.
        if len(cells) in (n_columns, n_columns - 1) and any(
            _column(cell).names_a_lead for cell in cells
        ):
            return index
    if not written:
        return None
    last = above[written[-1]]
    for other in () if last.startswith("#") else DELIMITERS:
        cells = split_cells(last, other)
        if sum(_column(cell).names_a_lead for cell in cells) > 1:
            raise _unlike_rows(path, written[-1], len(cells), n_columns)
    is_header = len(split_cells(_bare(last), delimiter)) == n_columns > 1
    return written[-1] if is_header else None


def _unlike_rows(path: Path, index: int, n_names: int, n_columns: int) -> RecordingError:
    return RecordingError(
        f"Line {index + 1} of {path.name} names {n_names} columns, but the rows have {n_columns}.",
        "Names and rows must use the same delimiter and have the same number of cells.",
    )


def _column(cell: str) -> ImportColumn:
    name, unit = cell[:LONGEST_NAME], ""
    match = _NAME_AND_UNIT.fullmatch(name)
    if match and match["name"]:
        name = match["name"].strip()
        unit = (match["square"] or match["round"] or match["bare"] or "").strip()
    word = re.sub(r"[\W_]+", " ", name).strip().lower()
    if word in _TIME_NAMES or word.removesuffix("s") in _TIME_UNITS or word in _TIME_UNITS:
        return ImportColumn(name, "time", unit or (word if word not in _TIME_NAMES else ""))
    return ImportColumn(name, "index" if word in _INDEX_NAMES else "signal", unit)


def _add_units(
    columns: list[ImportColumn],
    lines: Sequence[str],
    between: range,
    delimiter: str | None,
    path: Path,
) -> list[ImportColumn]:
    """Take units from a row of units below the names; any other row there is damage."""
    for index in between:
        line = lines[index]
        if not line.strip() or line.startswith("#"):
            continue
        units = [cell.strip("[]()") for cell in split_cells(line, delimiter)]
        if not any(mv_per_unit(unit) for unit in units) or len(units) != len(columns):
            bad = next((i for i, unit in enumerate(units) if not is_number(unit)), 0)
            raise not_a_number(path, index + 1, bad, units[bad])
        columns = [
            replace(column, unit=column.unit or unit)
            for column, unit in zip(columns, units, strict=True)
        ]
    return columns


def _unnamed_columns(rows: Sequence[Sequence[str]], n_columns: int) -> list[ImportColumn]:
    columns = [ImportColumn("", "signal", "")] * n_columns
    if n_columns > 1 and len(rows) >= 10:
        steps = np.diff([float(row[0] or "nan") for row in rows])
        # No lead climbs in equal steps: this is a time or a sample number without a name.
        if np.all(steps > 0) and np.ptp(steps) <= 0.01 * steps.mean():
            columns[0] = ImportColumn("", "index", "")
    return columns


def _with_unit(preview: CsvPreview, above: Sequence[str]) -> CsvPreview:
    for number, line in enumerate(above, start=1):
        if gain := _STATED_GAIN.search(line[:LONGEST_LINE]):
            unit = f"{gain['gain']}/{gain['unit']}"
            return replace(preview, unit=unit, unit_from=f"line {number}")
        if stated := _STATED_UNIT.search(line[:LONGEST_LINE]):
            return replace(preview, unit=stated["unit"], unit_from=f"line {number}")
    return preview


def _with_rate(
    preview: CsvPreview, above: Sequence[str], rows: Sequence[Sequence[str]]
) -> CsvPreview:
    stated_hz, source = _stated_rate(above)
    time = next((i for i, column in enumerate(preview.columns) if column.role == "time"), None)
    if time is None:
        return replace(preview, rate_hz=stated_hz, rate_from=source)
    times = np.array([float(row[time] or "nan") for row in rows])
    column_hz = rate_of_times(times, preview.columns[time])
    if stated_hz and column_hz and abs(stated_hz / column_hz - 1) > 0.02:
        return preview  # two statements that contradict each other: ask
    if stated_hz is not None or column_hz is None:
        return replace(preview, rate_hz=stated_hz, rate_from=source)
    name = preview.columns[time].name
    return replace(preview, rate_hz=column_hz, rate_from=f"the time column “{name}”")


def _stated_rate(above: Sequence[str]) -> tuple[float | None, str]:
    for number, line in enumerate(above, start=1):
        if found := _STATED_RATE.search(line[:LONGEST_LINE]):
            is_khz = found["kilo"] or "khz" in found["unit"].lower()
            return float(found["rate"]) * (1000 if is_khz else 1), f"line {number}"
    return None, ""


def rate_of_times(times: np.ndarray, column: ImportColumn) -> float | None:
    """Compute the sampling rate from a time column.

    Parameters
    ----------
    times : ndarray, shape (samples,)
        The numbers of the column.
    column : ImportColumn
        Its name and unit; without a unit they count as seconds if the rate is then plausible.

    Returns
    -------
    float or None
        In Hz; None where the steps are not even, or the unit cannot be told.
    """
    steps = np.diff(times)
    if not len(steps) or not np.isfinite(steps).all():
        return None
    typical = float(np.median(steps))
    # Times rounded to a millisecond alternate between steps; a lost sample doubles one.
    if typical <= 0 or steps.min() <= 0.4 * typical or steps.max() >= 1.6 * typical:
        return None
    unit = column.unit.lower()
    length = float(times[-1] - times[0])
    rate_hz = len(steps) / length / _TIME_UNITS.get(unit if len(unit) < 3 else unit.rstrip("s"), 1)
    # The rounding of the times limits how well the rate is known.
    whole = round(rate_hz)
    if whole and abs(rate_hz / whole - 1) < 1e-6 + float(np.ptp(steps)) / length:
        rate_hz = float(whole)
    if not unit and not PLAUSIBLE_HZ[0] <= rate_hz <= PLAUSIBLE_HZ[1]:
        return None
    return rate_hz
