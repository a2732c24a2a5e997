"""Lines of a text file as rows of cells, and the table of numbers among them."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.text.preview import DELIMITERS
from ecgview.formats.text.times import is_clock

_COMMA_NUMBER = re.compile(
    r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d*)(?:,\d*)?(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf)", re.IGNORECASE
)
_FEW_CLOCKS = 3
"""Times and dates stand in the first columns."""


class Numbers(Enum):
    """How a file writes its numbers: 0.5, or 0,5 with points between thousands."""

    POINT = "."
    COMMA = ","

    def is_number(self, cell: str) -> bool:
        """Tell whether a cell is a number or, being empty or NaN, a gap."""
        if self is Numbers.COMMA:
            if not _COMMA_NUMBER.fullmatch(cell):
                return False
            cell = self.plain(cell)
        try:
            return not cell or (float(cell) is not None and "_" not in cell)
        except ValueError:
            return False

    def plain(self, text: str) -> str:
        """Write the numbers of a text with points."""
        return text if self is Numbers.POINT else text.replace(".", "").replace(",", ".")

    def number(self, cell: str) -> float:
        """Give the number; NaN for an empty cell and for one that is none."""
        try:
            return float(self.plain(cell) or "nan")
        except ValueError:
            return math.nan


@dataclass(frozen=True)
class Table:
    """Where the numbers of a file are.

    Attributes
    ----------
    delimiter : str or None
        None for runs of white space.
    n_columns : int
        Cells of a row.
    first : int
        Index of its first line.
    numbers : Numbers
        How they are written.
    """

    delimiter: str | None
    n_columns: int
    first: int
    numbers: Numbers


def split_cells(line: str, delimiter: str | None) -> list[str]:
    """Split a line into its cells, without quotes and surrounding space."""
    if delimiter is None:
        return line.split()
    if '"' in line:
        with suppress(csv.Error):
            return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
    return [cell.strip().strip("'") for cell in line.split(delimiter)]


def is_row(cells: Sequence[str], numbers: Numbers) -> bool:
    """Tell a row of numbers, the first cells of which may be clock times."""
    if all(map(numbers.is_number, cells)):
        return any(cells)
    rest = [cell for cell in cells[:_FEW_CLOCKS] if not is_clock(cell)] + list(cells[_FEW_CLOCKS:])
    return 0 < len(rest) < len(cells) and all(map(numbers.is_number, rest))


def not_a_number(path: Path, line: int, column: int, cell: str) -> RecordingError:
    """Make the error for a cell of text among numbers (`line` from 1, `column` from 0)."""
    return RecordingError(
        f"Line {line}, column {column + 1} of {path.name} reads “{cell[:40]}”, not a number.",
        "Correct the cell, or leave it empty where a sample is missing.",
    )


def find_table(lines: Sequence[str], path: Path) -> Table:
    """Find the numbers among the lines of a file.

    Delimiter and decimal mark are those that give the widest rows of nothing but numbers (and
    clock times); of several, those that give the most rows, and points rather than commas.

    Raises
    ------
    RecordingError
        If no line is a row of numbers.
    """
    best: tuple[tuple[int, int], Table] | None = None
    are_quoted = any('"' in line for line in lines[-3:])
    for numbers in Numbers:
        for delimiter in DELIMITERS:
            if numbers is Numbers.COMMA and delimiter == "," and not are_quoted:
                continue
            found = _table(lines, delimiter, numbers)
            if found and (best is None or found[0] > best[0]):
                best = found
        if best is not None and best[0][0] > 1 and best[0][1] > 0.9 * len(lines):
            break  # commas would not make nearly every line a wider row
    if best is None:
        raise RecordingError(
            f"{path.name} holds no table of numbers.",
            "ecgview reads text with one row a sample and one column a lead, separated by commas, "
            "semicolons, tabs, bars or spaces.",
        )
    return best[1]


def _table(
    lines: Sequence[str], delimiter: str | None, numbers: Numbers
) -> tuple[tuple[int, int], Table] | None:
    widths = {}
    for index, line in enumerate(lines):
        cells = split_cells(line, delimiter)
        if is_row(cells, numbers):
            widths[index] = len(cells)
    if not widths:
        return None
    counts = Counter(widths.values())
    width = max(counts, key=lambda width: (counts[width], width))
    first = next(index for index, found in widths.items() if found == width)
    return (width, counts[width]), Table(delimiter, width, first, numbers)
