"""Tables of data sets, read with the standard library."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from ecgview.errors import DatasetError


def read_rows(table: Path) -> list[dict[str, str]]:
    """Read a CSV file with a line of heads.

    Parameters
    ----------
    table : Path
        UTF-8.

    Returns
    -------
    list of dict
        A dict a row; cells that a row lacks are empty.

    Raises
    ------
    DatasetError
        If it cannot be read.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, restval=""))
    except (OSError, ValueError, csv.Error) as error:
        raise DatasetError(f"{table} cannot be read ({error}).", "Download it again.") from error


def files_there(paths: Iterable[Path]) -> set[Path]:
    """Tell which of many files are there; each folder is listed once.

    Parameters
    ----------
    paths : iterable of Path
        Some thousand files in some folders.
    """
    wanted = list(paths)
    there: set[Path] = set()
    for folder in {path.parent for path in wanted}:
        try:
            there.update(folder / name for name in os.listdir(folder))  # noqa: PTH208 (paths cost)
        except OSError:
            continue  # none of its files is there
    return there.intersection(wanted)


def number(text: str) -> float | None:
    """Read a number; None where there is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value else None  # not a number is none


def tidy(text: str) -> str:
    """Take away the commas and blanks that empty fields of a form leave around a word."""
    return ", ".join(part for piece in text.split(",") if (part := piece.strip()))
