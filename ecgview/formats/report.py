"""The import report: what was found in a file, and what was checked on opening it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ecgview.formats.corrections import describe_options
from ecgview.leads import INDEPENDENT_LEADS, LEADS, LIMB_LEADS
from ecgview.record_facts import Channel, ImportOptions, ImportWarning, Patient
from ecgview.recording import Recording


class State(Enum):
    """What came of a check."""

    PASSED = "passed"
    NOTE = "note"
    """It only informs, or the check could not be made."""
    WARNING = "warning"


@dataclass(frozen=True)
class CheckLine:
    """One line of the report.

    Attributes
    ----------
    title : str
        What was checked, such as ``Limb leads``.
    state : State
        What came of it.
    message : str
        One sentence.
    hint : str
        What it may mean; may be empty.
    code : str
        That of the warning; empty where the check was passed or could not be made.
    suggestion : ImportOptions or None
        Options that would put it right, to open the file with; never applied unasked.
    """

    title: str
    state: State
    message: str
    hint: str = ""
    code: str = ""
    suggestion: ImportOptions | None = None


@dataclass(frozen=True)
class SignalLine:
    """One signal of the file, or lead that follows from them.

    Attributes
    ----------
    name : str
        In the file; that of the lead where it is derived.
    lead : str or None
        The standard lead it is taken for.
    origin : str
        ``measured``, ``derived`` (exact from two limb leads of the file) or ``other`` (kept, but
        not one of the twelve).
    unit : str
        In the file, as far as it states one.
    """

    name: str
    lead: str | None
    origin: str
    unit: str


@dataclass(frozen=True)
class ImportReport:
    """What an open recording is, and what the checks found.

    Attributes
    ----------
    name, format_name, device, started, part, parts, comments, path, simulated
        As in `Recording`.
    fs_hz, duration_s : float
        Sampling rate and length.
    n_samples : int
        Of each signal.
    signals : tuple of SignalLine
        In the order of the file, derived leads last.
    absent_leads : tuple of str
        Those of the twelve that are neither in the file nor follow exactly.
    resolution_uv : float
        One unit of the last digit (the coarsest of the twelve leads).
    patient : Patient
        For the screen; exports leave it out.
    n_marks : int
        Annotations in the file.
    corrections : tuple of str
        What the user has changed, in words.
    checks : tuple of CheckLine
        Also those that were passed.
    """

    name: str
    path: Path | None
    format_name: str
    simulated: bool
    fs_hz: float
    n_samples: int
    duration_s: float
    signals: tuple[SignalLine, ...]
    absent_leads: tuple[str, ...]
    resolution_uv: float
    patient: Patient
    started: str
    device: str
    parts: tuple[str, ...]
    part: str
    comments: tuple[str, ...]
    n_marks: int
    corrections: tuple[str, ...] = ()
    checks: tuple[CheckLine, ...] = ()

    @property
    def state(self) -> State:
        """The gravest of the checks."""
        states = [check.state for check in self.checks]
        return max(states, key=list(State).index, default=State.PASSED)


@dataclass(frozen=True)
class _Check:
    """Warnings that answer one question.

    Attributes
    ----------
    title : str
        What was checked.
    codes : tuple of str
        Codes of the warnings that belong to it.
    passed : str
        What to say where there is none of them; empty where that needs no line.
    """

    title: str
    codes: tuple[str, ...]
    passed: str


_CHECKS = (
    _Check(
        "Lead names",
        ("duplicate-lead", "unknown-lead", "other-leads", "other-channels"),
        "Every signal is one of the twelve leads.",
    ),
    _Check(
        "Units and amplitudes",
        ("unknown-unit", "default-gain", "implausible-amplitude", "small-amplitude"),
        "The amplitudes are those of a heart.",
    ),
    _Check(
        "Limb leads",
        ("limb-identity", "limb-offset", "limb-rounding"),
        "They obey Einthoven's and Goldberger's equations.",
    ),
    _Check("Derived leads", ("completed",), ""),
    _Check(
        "Electrodes",
        ("limb-reversal", "chest-order"),
        "No sign of exchanged electrodes.",
    ),
    _Check(
        "Signals",
        ("flat-lead", "stuck-lead", "saturated", "copied-lead"),
        "No lead is flat, clipped or a copy of another.",
    ),
    _Check("Gaps", ("gap",), "No sample is missing."),
    _Check(
        "Sampling rate",
        ("low-rate", "default-rate", "other-rate", "mixed-rates", "record-times"),
        "100 Hz or more.",
    ),
    _Check("Calibration pulse", ("calibration-pulse",), "None at the end."),
    _Check("Part checked", ("checked-part",), ""),
    _Check("Corrections", ("corrected", "correction-unfit"), ""),
)
_SPOILING = frozenset({"flat-lead", "limb-identity"})
_KNOWN_CODES = frozenset(code for check in _CHECKS for code in check.codes)


def import_report(recording: Recording) -> ImportReport:
    """Put together what is known of an open recording.

    Parameters
    ----------
    recording : Recording
        As opened; its annotations are read, its samples are not.

    Returns
    -------
    ImportReport
        For the window and the terminal.
    """
    return ImportReport(
        name=recording.name,
        path=recording.path,
        format_name=recording.format_name,
        simulated=recording.simulated,
        fs_hz=recording.fs_hz,
        n_samples=recording.n_samples,
        duration_s=recording.duration_s,
        signals=tuple(map(_signal, recording.channels)),
        absent_leads=tuple(lead for lead in LEADS if lead not in recording.leads),
        resolution_uv=1000 * recording.resolution_mv,
        patient=recording.patient,
        started=recording.started,
        device=recording.device,
        parts=recording.parts,
        part=recording.part,
        comments=recording.comments,
        n_marks=len(recording.marks),
        corrections=describe_options(recording.options, recording.channels),
        # What was not opened from a file was not checked.
        checks=tuple(_lines(recording)) if recording.path is not None else (),
    )


def _signal(channel: Channel) -> SignalLine:
    origin = "derived" if channel.derived else "other" if channel.lead is None else "measured"
    name = channel.file_name or channel.name
    return SignalLine(name, channel.lead, origin, channel.file_unit or channel.unit)


def _lines(recording: Recording) -> Iterator[CheckLine]:
    for warning in recording.warnings:
        if warning.code not in _KNOWN_CODES:
            yield _said("Reading", warning)
    for check in _CHECKS:
        found = [warning for warning in recording.warnings if warning.code in check.codes]
        for warning in found:
            yield _said(check.title, warning)
        if not found and (obstacle := _obstacle(check, recording)):
            yield CheckLine(check.title, State.NOTE, obstacle)
        elif not found and check.passed:
            yield CheckLine(check.title, State.PASSED, check.passed)


def _said(title: str, warning: ImportWarning) -> CheckLine:
    state = State.NOTE if warning.is_note else State.WARNING
    return CheckLine(title, state, warning.message, warning.hint, warning.code, warning.suggestion)


def _obstacle(check: _Check, recording: Recording) -> str:
    """Say why a check could not be made; empty where it was."""
    measured = {channel.lead for channel in recording.channels if not channel.derived}
    if check.title == "Limb leads" and len(measured.intersection(LIMB_LEADS)) < 3:
        return "Fewer than three are in the file: they cannot be checked against each other."
    if check.title == "Electrodes" and not set(INDEPENDENT_LEADS) <= set(recording.leads):
        return "Not checked: that needs I, II and V1 to V6."
    spoilt = {warning.code for warning in recording.warnings} & _SPOILING
    if check.title == "Electrodes" and spoilt:
        return "Not checked: the leads have flaws of another kind."
    return ""
