"""The head of a table: the line that names its columns, and a row of units below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.options import ImportColumn
from ecgview.formats.text.cells import Numbers, Table, not_a_number, split_cells
from ecgview.formats.text.names import column_of, seconds_of_unit, without_common_prefix
from ecgview.formats.text.preview import DELIMITERS
from ecgview.formats.text.statements import bare
from ecgview.formats.units import mv_per_unit

_CHANNELS_OF_BIOPAC = re.compile(r"(?:\S+[\s,]+)?CH\d+\b.*", re.IGNORECASE)
_FIELD = re.compile(r"\w+=\t")
"""A line of LabChart's header."""
_STATEMENT = re.compile(r"\W*[A-Za-z][^,;|\t]{0,60}?[:=]")
_SPACE_BEFORE_UNIT = re.compile(r"\s+(?=[\[({])")


@dataclass(frozen=True)
class Head:
    """What names the columns of a table.

    Attributes
    ----------
    names, units : tuple of str
        As written, from left to right; empty where there is none.
    where : str
        The line of the names.
    lines : frozenset of int
        Indices of its lines, which state nothing else.
    first : int
        Index of the first row of samples.
    """

    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    where: str = ""
    lines: frozenset[int] = frozenset()
    first: int = 0


def find_head(
    lines: Sequence[str], table: Table, below: Sequence[tuple[int, str]], path: Path
) -> Head:
    """Find the line that names the columns: of leads, or else the one above the numbers.

    Parameters
    ----------
    lines : sequence of str
        The first lines of the file.
    table : Table
        Where its numbers are.
    below : sequence of (int, str)
        Lines below the table, in case the names stand there.
    path : Path
        For messages.

    Raises
    ------
    RecordingError
        If it names more or fewer leads than there are columns, or damage lies between the names
        and the numbers.
    """
    above = lines[: table.first]
    written = [index for index, line in enumerate(above) if line.strip()]
    for index in reversed(written):
        if names := _names_of_leads(above[index], table):
            return _with_rows_between(Head(names), lines, index, table, path)
    for number, line in below:
        if names := _names_of_leads(line, table):
            where = f"line {number}"
            return Head(names, (), where, frozenset((number - 1,)), table.first)
    return _last_line_above(lines, [i for i in written if not _FIELD.match(above[i])], table, path)


def _last_line_above(
    lines: Sequence[str], written: Sequence[int], table: Table, path: Path
) -> Head:
    """Take the line above the numbers (and their units) as names, whatever it names."""
    if not written:
        return Head(first=table.first)
    if not lines[written[-1]].startswith(("#", "%")):
        _refuse_other_width(lines[written[-1]], written[-1], table, path)
    index = next((i for i in reversed(written) if not _is_units(lines[i], table)), written[-1])
    names = tuple(split_cells(_joined(lines[index]), table.delimiter))
    is_listed = bool(_CHANNELS_OF_BIOPAC.fullmatch(bare(lines[index])))
    if table.n_columns > 1 and (len(names) == table.n_columns or is_listed):
        return _with_rows_between(Head(names), lines, index, table, path)
    return Head(first=table.first)


def _joined(line: str) -> str:
    return _SPACE_BEFORE_UNIT.sub("", bare(line))


def _names_of_leads(line: str, table: Table) -> tuple[str, ...]:
    """Split a line that names a lead; more than half of them where its delimiter is another."""
    if _FIELD.match(line):
        return ()
    for delimiter in (table.delimiter, *DELIMITERS):
        names = split_cells(_joined(line), delimiter)
        n_leads = sum(column_of(name).names_a_lead for name in names)
        is_head = n_leads > (0 if delimiter == table.delimiter else len(names) / 2)
        if is_head and _fits(names, table):
            return tuple(names)
    return ()


def _fits(cells: Sequence[str], table: Table) -> bool:
    """Tell as many cells as columns: one less where a delimiter ends rows, or numbers them."""
    n_cells, n_columns = len(cells), table.n_columns
    return n_cells == n_columns or 1 < n_cells == n_columns - 1


def _is_units(line: str, table: Table) -> bool:
    """Tell a row of nothing but units."""
    units = [cell.strip("[](){}") for cell in split_cells(line, table.delimiter)]
    known = [mv_per_unit(unit) or seconds_of_unit(unit) for unit in units if unit]
    return bool(known) and all(known)


def _refuse_other_width(line: str, index: int, table: Table, path: Path) -> None:
    if _fits(split_cells(line, table.delimiter), table):
        return
    for delimiter in DELIMITERS:
        cells = split_cells(line, delimiter)
        if sum(column_of(cell).names_a_lead for cell in cells) > 1:
            raise RecordingError(
                f"Line {index + 1} of {path.name} names {len(cells)} columns, but the rows have "
                f"{table.n_columns}.",
                "Names and rows must use the same delimiter and have the same number of cells.",
            )


def _with_rows_between(
    head: Head, lines: Sequence[str], index: int, table: Table, path: Path
) -> Head:
    """Take units from a row below the names; rows of words are passed over, others are damage."""
    counts = bool(_CHANNELS_OF_BIOPAC.fullmatch(bare(lines[index])))
    units: tuple[str, ...] = ()
    first, used = table.first, {index}
    for between in range(index + 1, first):
        line = lines[between]
        cells = [cell.strip("[](){}") for cell in split_cells(line, table.delimiter)]
        if not line.strip() or line.startswith(("#", "%")):
            continue
        if not _fits(cells, table) and _STATEMENT.match(line):
            continue
        used.add(between)
        if found := _units_row(line, table):
            units = found
        elif not counts and (bad := _damaged(cells, table)) is not None:
            raise not_a_number(path, between + 1, bad, cells[bad])
    if counts and _are_counts(lines[first], table):
        first += 1
    where = f"line {index + 1}"
    return replace(head, units=units, where=where, lines=frozenset(used), first=first)


def _units_row(line: str, table: Table) -> tuple[str, ...]:
    """Split a row of units by whatever delimiter does it; empty where it is none."""
    for delimiter in (table.delimiter, *DELIMITERS):
        cells = [cell.strip("[](){}") for cell in split_cells(line.strip(), delimiter)]
        if _fits(cells, table) and any(map(mv_per_unit, cells)):
            return tuple(cells)
    return ()


def _damaged(cells: Sequence[str], table: Table) -> int | None:
    """Give the first cell of text in a row that has numbers too, or that is no row of the head."""
    words = [place for place, cell in enumerate(cells) if not table.numbers.is_number(cell)]
    is_description = len(words) == len([cell for cell in cells if cell]) and len(cells) > 1
    return None if is_description else (words[0] if words else 0)


def _are_counts(line: str, table: Table) -> bool:
    """Tell the row of numbers of samples that AcqKnowledge writes below the names."""
    cells = [cell for cell in split_cells(line, table.delimiter) if cell]
    return all(cell.isdecimal() and len(cell) < 12 and int(cell) > 1 for cell in cells)


def columns_of_head(
    names: Sequence[str],
    n_columns: int,
    rows: Sequence[Sequence[str]],
    numbers: Numbers,
    head: Head,
) -> list[ImportColumn]:
    """Make the columns of their names, units and first numbers.

    Parameters
    ----------
    names : sequence of str
        As written; may be one short where rows are numbered, or empty.
    n_columns : int
        Cells of a row, one at the end of every line not counted.
    rows : sequence of sequence of str
        First rows.
    numbers : Numbers
        How they are written.
    head : Head
        For its units.
    """
    names, units = list(names[:n_columns]), list(head.units[:n_columns])
    if 0 < len(names) < n_columns:
        names.insert(0, "")
    if 0 < len(units) < n_columns:
        units.insert(0, "")
    columns = [column_of(name) for name in names] or [ImportColumn("")] * n_columns
    for place, unit in enumerate(units):
        columns[place] = replace(columns[place], unit=columns[place].unit or unit)
    if n_columns > 1 and not columns[0].name and _climbs_evenly(rows, numbers):
        columns[0] = ImportColumn("", "index", "")
    return without_common_prefix(columns)


def _climbs_evenly(rows: Sequence[Sequence[str]], numbers: Numbers) -> bool:
    """Tell a time or a sample number without a name: no lead climbs in equal steps."""
    first = [row[0] for row in rows]
    if len(first) < 10 or not all(map(numbers.is_number, first)):
        return False
    steps = np.diff([numbers.number(cell) for cell in first])
    return bool(np.all(steps > 0) and np.ptp(steps) <= 0.01 * steps.mean())
