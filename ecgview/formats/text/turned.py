"""Tables that lie the other way: a row for each lead, or a row for each sample of each lead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.text.cells import Numbers, split_cells
from ecgview.formats.text.preview import DELIMITERS
from ecgview.leads import normalise_lead_name

MOST_LINES = 200
MOST_ROWS = 64
FEWEST_CELLS = 100
"""A table with fewer rows than one and longer rows than the other has its leads in rows."""
LARGEST_TURNED = 10_000_000
"""Characters of a text that is turned: cells take ten times their room."""
_LONG_ROWS = 24


def turned(lines: Sequence[str], path: Path) -> list[str] | None:
    """Turn a table with leads in rows, so that each row is a sample.

    Parameters
    ----------
    lines : sequence of str
        The whole file.
    path : Path
        For messages.

    Returns
    -------
    list of str or None
        The lines above the table, and the table with its first cells as its head; None where the
        rows are samples already.

    Raises
    ------
    RecordingError
        If it is too large to be turned.
    """
    if len(lines) > MOST_LINES:
        return None
    rows = [index for index, line in enumerate(lines) if line.strip()]
    long = [index for index in rows if len(lines[index]) >= 2 * FEWEST_CELLS]
    if not 0 < len(long) <= MOST_ROWS or len(long) < len(rows) // 2:
        return None
    for delimiter in DELIMITERS:
        if not _is_lead_row(split_cells(lines[long[0]][:1000], delimiter)[:-1]):
            continue
        if sum(len(lines[index]) for index in long) > LARGEST_TURNED:
            raise RecordingError(
                f"{path.name} has a row for each lead and is too large to be turned.",
                "Save it with a row for each sample.",
            )
        table = [split_cells(lines[index].rstrip(delimiter), delimiter) for index in long]
        width = len(table[0])
        if width >= FEWEST_CELLS and all(len(r) == width and _is_lead_row(r) for r in table):
            above = [lines[index] for index in rows if index < long[0]]
            joined = delimiter or " "
            return [*above, *(joined.join(cells) for cells in zip(*table, strict=True))]
    return None


def _is_lead_row(row: Sequence[str]) -> bool:
    """Tell a row of numbers, with or without a name before them."""
    return len(row) > 2 and any(
        all(map(numbers.is_number, row[1:])) for numbers in (Numbers.POINT, Numbers.COMMA)
    )


def refuse_long_format(lines: Sequence[str], path: Path) -> None:
    """Refuse a table with a column of lead names, which has a row for each sample of each lead.

    Raises
    ------
    RecordingError
        If every row of the beginning has a lead's name in the same column.
    """
    for delimiter in DELIMITERS:
        rows = [split_cells(line, delimiter) for line in lines[1 : 1 + _LONG_ROWS]]
        if len(rows) < _LONG_ROWS or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
            continue
        if any(all(map(normalise_lead_name, column)) for column in zip(*rows, strict=True)):
            raise RecordingError(
                f"{path.name} has a row for each sample of each lead (long format).",
                "Save it with one row a sample and one column a lead: pivot the table.",
            )
