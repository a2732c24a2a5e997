"""Lines of a text file as rows of cells, and the table of numbers among them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.text.preview import DELIMITERS

_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")


def split_cells(line: str, delimiter: str | None) -> list[str]:
    """Split a line into its cells, without quotes and surrounding space."""
    if delimiter is None:
        return line.split()
    if '"' in line:
        with suppress(csv.Error):
            return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
    return [cell.strip() for cell in line.split(delimiter)]


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number or, being empty or NaN, a gap."""
    try:
        return not cell or (float(cell) is not None and "_" not in cell)
    except ValueError:
        return False


def not_a_number(path: Path, line: int, column: int, cell: str) -> RecordingError:
    """Make the error for a cell of text among numbers (`line` from 1, `column` from 0)."""
    return RecordingError(
        f"Line {line}, column {column + 1} of {path.name} reads “{cell[:40]}”, not a number.",
        "Correct the cell, or leave it empty where a sample is missing.",
    )


def find_table(lines: Sequence[str], path: Path) -> tuple[str | None, int, int]:
    """Give the delimiter, the number of columns and the index of the first row of numbers.

    The delimiter is the one that gives the widest rows of nothing but numbers.

    Raises
    ------
    RecordingError
        If no line is a row of numbers.
    """
    best: tuple[int, str | None, int] = (0, ",", 0)
    for delimiter in DELIMITERS:
        widths = {}
        for index, line in enumerate(lines):
            cells = split_cells(line, delimiter)
            if any(cells) and all(is_number(cell) for cell in cells):
                widths[index] = len(cells)
        if widths:
            counts = Counter(widths.values())
            width = max(counts, key=lambda width: (counts[width], width))
            first = next(index for index, found in widths.items() if found == width)
            if width > best[0]:
                best = (width, delimiter, first)
    width, delimiter, first = best
    if width == 0:
        raise _no_table(lines, path)
    return delimiter, width, first


def _no_table(lines: Sequence[str], path: Path) -> RecordingError:
    for line in lines[:50]:
        for delimiter in (";", "\t", None):
            cells = split_cells(line, delimiter)
            if len(cells) > 1 and sum(bool(_DECIMAL_COMMA.fullmatch(c)) for c in cells) > 1:
                return RecordingError(
                    f"{path.name} writes numbers with decimal commas (“{cells[-1]}”).",
                    "Export it with decimal points, or replace the commas by points.",
                )
    return RecordingError(
        f"{path.name} holds no table of numbers.",
        "ecgview reads text with one row a sample and one column a lead, separated by commas, "
        "semicolons, tabs or spaces.",
    )
