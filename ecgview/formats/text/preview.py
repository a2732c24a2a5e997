"""What can be told of a text file before its numbers are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ecgview.formats.options import ImportPreview
from ecgview.formats.text.times import clock_seconds
from ecgview.record_facts import Patient

if TYPE_CHECKING:
    from ecgview.formats.text.cells import Numbers

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", None: "white space"}
"""Delimiters that are looked for, and their names."""


@dataclass(frozen=True, kw_only=True)
class CsvPreview(ImportPreview):
    """What was inferred of a text file.

    Attributes
    ----------
    delimiter : str or None
        None for runs of white space.
    numbers : Numbers
        How they are written.
    data_line : int
        Line number (from 1) of the first row of numbers.
    columns_from : str
        Where the names of the columns come from.
    comments : tuple of str
        The other lines above and below the numbers.
    patient, started, device
        As in `ecgview.recording.Recording`.
    """

    delimiter: str | None
    numbers: Numbers
    data_line: int
    columns_from: str
    comments: tuple[str, ...]
    patient: Patient = field(default_factory=Patient)
    started: str = ""
    device: str = ""

    @property
    def time_column(self) -> int | None:
        """Place of the first column of times."""
        roles = [column.role for column in self.columns]
        return roles.index("time") if "time" in roles else None

    @property
    def has_clock(self) -> bool:
        """Whether the times are clock times, or there are dates."""
        return any(not self.numbers.is_number(cell) for row in self.first_rows[:1] for cell in row)

    def value(self, cell: str) -> float:
        """Give the number, or the seconds, in a cell; NaN for an empty one."""
        if not self.numbers.is_number(cell):
            return clock_seconds(cell)
        return self.numbers.number(cell)
