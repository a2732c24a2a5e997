"""What can be told of a text file before its numbers are read."""

from __future__ import annotations

from dataclasses import dataclass

from ecgview.formats.options import ImportPreview

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", None: "white space"}
"""Delimiters that are looked for, and their names."""


@dataclass(frozen=True, kw_only=True)
class CsvPreview(ImportPreview):
    """What was inferred of a text file.

    Attributes
    ----------
    delimiter : str or None
        None for runs of white space.
    data_line : int
        Line number (from 1) of the first row of numbers.
    columns_from : str
        Where the names of the columns come from.
    comments : tuple of str
        The other lines above the numbers.
    """

    delimiter: str | None
    data_line: int
    columns_from: str
    comments: tuple[str, ...]
