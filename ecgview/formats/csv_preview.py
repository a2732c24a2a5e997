"""What can be told of a text file before its numbers are read: columns, units, rate.

Nothing is guessed silently: each inference says where it comes from, and what cannot be told is
asked for (`NeedsCsvOptions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.units import mv_per_unit
from ecgview.leads import OTHER_LEADS, normalise_lead_name

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", None: "white space"}
"""Delimiters that are looked for, and their names."""


@dataclass(frozen=True)
class CsvOptions:
    """What the user says of a text file; it goes before what the file says.

    Attributes
    ----------
    leads : tuple of str or None
        Names of the signal columns from left to right (time and index columns not counted).
    rate_hz : float or None
        Sampling rate.
    unit : str or None
        Unit of all leads: ``mV``, ``uV``, ``V``, ``nV`` or a gain such as ``200/mV``.
    """

    leads: tuple[str, ...] | None = None
    rate_hz: float | None = None
    unit: str | None = None


@dataclass(frozen=True)
class CsvColumn:
    """A column of a text file.

    Attributes
    ----------
    name : str
        Name in the file without its unit; empty where it has none.
    role : str
        ``signal``, ``time`` or ``index``.
    unit : str
        As written; empty where the column itself states none.
    """

    name: str
    role: str
    unit: str

    @property
    def lead(self) -> str | None:
        """The standard lead it is, if any."""
        return normalise_lead_name(self.name) if self.role == "signal" else None

    @property
    def names_a_lead(self) -> bool:
        """Whether its name is that of a lead, of the twelve or of another system."""
        other = self.role == "signal" and self.name.strip().upper() in OTHER_LEADS
        return self.lead is not None or other


@dataclass(frozen=True)
class CsvPreview:
    """What was inferred of a text file, for the import dialog.

    Attributes
    ----------
    path : Path
        The file.
    delimiter : str or None
        None for runs of white space.
    data_line : int
        Line number (from 1) of the first row of numbers.
    columns : tuple of CsvColumn
        From left to right.
    columns_from : str
        Where their names come from.
    first_rows : tuple of tuple of str
        Cells of the first rows of numbers.
    comments : tuple of str
        The other lines above the numbers.
    rate_hz : float or None
        Sampling rate, None where nothing states it.
    rate_from : str
        Where it comes from.
    unit : str or None
        Unit of the leads that state none themselves; None where nothing states it.
    unit_from : str
        Where it comes from.
    """

    path: Path
    delimiter: str | None
    data_line: int
    columns: tuple[CsvColumn, ...]
    columns_from: str
    first_rows: tuple[tuple[str, ...], ...]
    comments: tuple[str, ...]
    rate_hz: float | None = None
    rate_from: str = ""
    unit: str | None = None
    unit_from: str = ""

    @property
    def delimiter_name(self) -> str:
        """The delimiter in a word."""
        return DELIMITERS[self.delimiter]

    @property
    def signals(self) -> tuple[CsvColumn, ...]:
        """The columns that hold signals."""
        return tuple(column for column in self.columns if column.role == "signal")

    @property
    def missing(self) -> tuple[str, ...]:
        """What must be asked: any of ``leads``, ``rate_hz``, ``unit``."""
        leads = [column for column in self.signals if column.names_a_lead]
        units = [column.unit or self.unit or "" for column in leads or self.signals]
        needs = {
            "leads": not leads,
            "rate_hz": self.rate_hz is None,
            "unit": any(mv_per_unit(unit) is None for unit in units),
        }
        return tuple(name for name, is_missing in needs.items() if is_missing)


class NeedsCsvOptions(RecordingError):  # noqa: N818 (it is a question rather than a failure)
    """A text file does not say all that is needed to show it.

    Parameters
    ----------
    preview : CsvPreview
        What could be told; its ``missing`` says what could not.
    """

    def __init__(self, preview: CsvPreview) -> None:
        words = {
            "leads": ("lead names", "--csv-leads I,II,..."),
            "rate_hz": ("sampling rate", "--rate-hz 500"),
            "unit": ("unit", "--unit mV"),
        }
        asked = [words[name] for name in preview.missing]
        super().__init__(
            f"{preview.path.name} does not state its {', '.join(name for name, _ in asked)}.",
            f"Give it: {' '.join(option for _, option in asked)}.",
        )
        self.preview = preview
