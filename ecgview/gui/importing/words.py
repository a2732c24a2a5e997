"""The import report in words for the window: facts, and what a suggestion would do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ecgview.formats.corrections import describe_options
from ecgview.formats.report import ImportReport
from ecgview.formats.units import mv_per_unit
from ecgview.gui.importing.answers import UNITS
from ecgview.record_facts import ImportOptions, Patient
from ecgview.recording import Recording

_LONGEST_LIST = 8


def suggestion_words(recording: Recording, suggestion: ImportOptions) -> str:
    """Say what a suggestion would change.

    Parameters
    ----------
    recording : Recording
        As it is.
    suggestion : ImportOptions
        Made for it.

    Returns
    -------
    str
        Such as ``aVL renamed aVF, aVF renamed aVL``.
    """
    own = [channel for channel in recording.channels if not channel.derived]
    names = suggestion.leads or ()
    if len(names) == len(own):
        own = [
            replace(channel, name=name, file_name=channel.name if name != channel.name else "")
            for channel, name in zip(own, names, strict=True)
        ]
    return "; ".join(describe_options(suggestion, own))


def correction_words(recording: Recording) -> str:
    """Say what the user has said of a recording's file; empty where that is nothing."""
    return "; ".join(describe_options(recording.options, recording.channels))


def fact_lines(report: ImportReport) -> Iterator[tuple[str, str]]:
    """Give the facts about a recording, each with its title; those that are not there left out.

    Parameters
    ----------
    report : ImportReport
        Of a recording just opened.

    Yields
    ------
    tuple of str
        Title and text.
    """
    measured = [line.lead or "" for line in report.signals if line.origin == "measured"]
    derived = [line.lead or "" for line in report.signals if line.origin == "derived"]
    others = [line.name for line in report.signals if line.origin == "other"]
    units = sorted({_unit(line.unit) for line in report.signals if line.origin == "measured"})
    lines = (
        ("Format", report.format_name),
        ("Part", report.part),
        ("Recorder", report.device),
        ("Recorded", report.started.replace("T", " ")),
        ("Patient", patient_words(report.patient)),
        ("Length", f"{report.duration_s:.4g} s, {report.n_samples:,} samples"),
        ("Sampling rate", f"{report.fs_hz:g} Hz"),
        ("In the file", _listed(measured)),
        ("Derived from them", _listed(derived)),
        ("Not there", _listed(report.absent_leads)),
        ("Other signals", _listed(others)),
        ("Unit", f"{', '.join(units)}; one step is {report.resolution_uv:.3g} µV"),
        ("Annotations", f"{report.n_marks:,}" if report.n_marks else ""),
        ("Corrected", "; ".join(report.corrections)),
    )  # fmt: skip
    return ((title, text) for title, said in lines if (text := _printable(said)))


def patient_words(patient: Patient) -> str:
    """Put what the file says of the patient in a line."""
    said = (
        patient.name,
        patient.identifier and f"number {patient.identifier}",
        patient.birth_date and f"born {patient.birth_date}",
        _age(patient.age),
        patient.sex,
    )
    return ", ".join(text for text in said if text)


def _printable(text: str) -> str:
    """Leave out the control characters that some recorders pad their texts with."""
    return "".join(letter for letter in text if letter.isprintable()).strip()


def _unit(said: str) -> str:
    """Spell a unit as usual, whatever capitals the file has."""
    usual = {mv_per_unit(unit): unit for unit in UNITS}
    return said if "/" in said else usual.get(mv_per_unit(said), said)


def _age(age: str) -> str:
    return f"{age} years" if age.isdigit() else age


def _listed(names: list[str] | tuple[str, ...]) -> str:
    more = len(names) - 2 * _LONGEST_LIST
    shown = ", ".join(names[: 2 * _LONGEST_LIST])
    return f"{shown} and {more} more" if more > 0 else shown
