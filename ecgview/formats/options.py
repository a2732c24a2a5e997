"""What the user says of a file, and what is asked where the file itself does not say.

Nothing is guessed silently: each inference says where it comes from, and what cannot be told is
asked for (`NeedsOptions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.units import mv_per_unit
from ecgview.leads import LEADS, OTHER_LEADS, normalise_lead_name
from ecgview.record_facts import ImportOptions

__all__ = ["ImportColumn", "ImportOptions", "ImportPreview", "NeedsOptions"]


@dataclass(frozen=True)
class ImportColumn:
    """One signal (or column of times or sample numbers) of a file.

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
    role: str = "signal"
    unit: str = ""

    @property
    def lead(self) -> str | None:
        """The standard lead it is, if any."""
        return normalise_lead_name(self.name) if self.role == "signal" else None

    @property
    def names_a_lead(self) -> bool:
        """Whether its name is that of a lead, of the twelve or of another system."""
        other = self.role == "signal" and self.name.strip().upper() in OTHER_LEADS
        return self.lead is not None or other


@dataclass(frozen=True, kw_only=True)
class ImportPreview:
    """What was told of a file by itself, for the import dialog.

    Attributes
    ----------
    path : Path
        The file.
    format_name : str
        Such as ``CSV`` or ``HDF5``.
    found : str
        One sentence on how the file is laid out.
    columns : tuple of ImportColumn
        In the order of the file.
    first_rows : tuple of tuple of str
        First samples as text, a cell a column; may be empty.
    rate_hz : float or None
        Sampling rate, None where nothing states it.
    rate_from : str
        Where it comes from.
    unit : str or None
        Unit of the leads that state none themselves; None where nothing states it.
    unit_from : str
        Where it comes from.
    parts : tuple of str
        Names of the parts (data sets, variables) that could be opened instead; may be empty.
    part : str
        Which of them this is.
    kind : str
        As in `ecgview.recording.Recording`.
    """

    path: Path
    format_name: str
    found: str = ""
    columns: tuple[ImportColumn, ...]
    first_rows: tuple[tuple[str, ...], ...] = ()
    rate_hz: float | None = None
    rate_from: str = ""
    unit: str | None = None
    unit_from: str = ""
    parts: tuple[str, ...] = ()
    part: str = ""
    kind: str = ""

    @property
    def signals(self) -> tuple[ImportColumn, ...]:
        """The columns that hold signals."""
        return tuple(column for column in self.columns if column.role == "signal")

    @property
    def missing(self) -> tuple[str, ...]:
        """What must be asked: any of ``leads``, ``rate_hz``, ``unit``."""
        leads = [column for column in self.signals if column.names_a_lead]
        units = [column.unit or self.unit or "" for column in leads or self.signals]
        unknown = [mv_per_unit(unit) is None for unit in units]
        needs = {
            "leads": not leads,
            "rate_hz": self.rate_hz is None,
            # Before the leads are named, a signal that is no voltage may be none of them.
            "unit": any(unknown) if leads else all(unknown),
        }
        return tuple(name for name, is_missing in needs.items() if is_missing)


class NeedsOptions(RecordingError):  # noqa: N818 (it is a question rather than a failure)
    """A file does not say all that is needed to show it.

    Parameters
    ----------
    preview : ImportPreview
        What could be told; its ``missing`` says what could not.

    Attributes
    ----------
    given : str
        Options of the command line that would answer it, with values as examples.
    """

    def __init__(self, preview: ImportPreview) -> None:
        leads = "standard" if len(preview.signals) == len(LEADS) else "I,II,..."
        words = {
            "leads": ("lead names", f"--lead-names {leads}"),
            "rate_hz": ("sampling rate", "--rate-hz 500"),
            "unit": ("unit", "--unit mV"),
        }
        asked = [words[name] for name in preview.missing]
        *others, last = [name for name, _ in asked] or ["leads"]
        lacking = f"{', '.join(others)} and {last}" if others else last
        given = " ".join(option for _, option in asked)
        n_parts = len(preview.parts)
        other = f" It is one of {n_parts} parts, which --part names." if n_parts > 1 else ""
        super().__init__(
            f"{preview.path.name} does not state its {lacking}.",
            f"Give it: {given} (the values are examples). {preview.found}{other}".strip(),
        )
        self.preview = preview
        self.given = given
