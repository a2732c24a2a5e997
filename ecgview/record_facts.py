"""The small facts that a recording is described by: channels, patient, marks, remarks."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Channel:
    """One signal of a recording.

    Attributes
    ----------
    name : str
        The name in the file, or the one that the user has given.
    lead : str or None
        The standard lead it is, or None (a Frank lead, V3R, a pressure, a duplicate).
    unit : str
        ``mV`` for every voltage; what is not a voltage keeps the unit of its file.
    derived : bool
        It is not in the file: exact algebra from two limb leads that are.
    file_unit : str
        The unit that its file states, before any conversion; empty where there is none.
    file_name : str
        The name in the file where the user has given another; else empty.
    """

    name: str
    lead: str | None
    unit: str = "mV"
    derived: bool = False
    file_unit: str = ""
    file_name: str = ""


@dataclass(frozen=True)
class Patient:
    """What the file says of the patient, as text; empty where it says nothing.

    Attributes
    ----------
    identifier, name : str
        As written.
    birth_date : str
        ``YYYY-MM-DD``.
    age : str
        In years, or with its unit.
    sex : str
        ``male`` or ``female`` where it can be told, else as written.
    """

    identifier: str = ""
    age: str = ""
    sex: str = ""
    name: str = ""
    birth_date: str = ""


@dataclass(frozen=True)
class Mark:
    """An annotation of the file: a beat, a rhythm, an event, a note.

    Attributes
    ----------
    start_s : float
        Seconds from the first sample.
    text : str
        What it says: a beat code such as ``N``, or free text.
    duration_s : float
        0 for a moment.
    channel : str
        Name of the signal it belongs to; empty if it belongs to all.
    """

    start_s: float
    text: str
    duration_s: float = 0.0
    channel: str = ""


@dataclass(frozen=True)
class ImportOptions:
    """What the user says of a file; it goes before what the file says.

    Attributes
    ----------
    leads : tuple of str or None
        Names of all signals in the order of the file (in text files from left to right, time and
        index columns not counted).
    rate_hz : float or None
        Sampling rate.
    unit : str or None
        Unit of the numbers in the file: ``mV``, ``uV``, ``V``, ``nV``; or a gain such as
        ``200/mV``, which is applied to the converter steps whatever gains the file states.
    gains : tuple of float or None
        Factors that the amplitudes are multiplied by: one for all signals, or one for each in the
        order of the file. -1 turns a lead round.
    part : str or None
        Which of the parts of a file to open (see `ecgview.recording.Recording.parts`).
    """

    leads: tuple[str, ...] | None = None
    rate_hz: float | None = None
    unit: str | None = None
    gains: tuple[float, ...] | None = None
    part: str | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is said at all."""
        return any(getattr(self, field.name) is not None for field in fields(self))


@dataclass(frozen=True)
class ImportWarning:
    """Something the reader of a recording must know about it.

    Attributes
    ----------
    code : str
        A short name that tests and JSON output use, such as ``limb-identity``.
    message : str
        One sentence: what was found.
    hint : str
        What it may mean.
    suggestion : ImportOptions or None
        What would put it right, beside the options in force, whose gains it is multiplied with
        (`ecgview.formats.applying.combined`); for the user to accept, never applied unasked.
    """

    code: str
    message: str
    hint: str = ""
    suggestion: ImportOptions | None = None

    @property
    def is_note(self) -> bool:
        """Whether it only informs: nothing may be wrong."""
        return self.code in NOTES


NOTES = frozenset(
    {
        "calibration-pulse",
        "checked-part",
        "completed",
        "corrected",
        "limb-offset",
        "limb-rounding",
        "other-channels",
        "other-leads",
    }
)
"""Codes of warnings that only inform."""
