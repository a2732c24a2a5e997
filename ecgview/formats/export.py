"""What of an open recording is written: leads, comments, marks, and what must not leave."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ecgview.errors import LeadError, RecordingError
from ecgview.formats.anonymous import known_lead, safe_marks, safe_patient
from ecgview.formats.corrections import describe_options
from ecgview.formats.writers.contents import Contents
from ecgview.leads import in_order, normalise_other_lead
from ecgview.recording import Mark, Patient, Recording

MOST_VALUES = 160_000_000
"""Samples times leads that are written at once, with some 15 bytes of memory for each: a day of
three leads at 500 Hz, or seven hours of twelve."""


def contents_of(
    recording: Recording,
    *,
    leads: Sequence[str] | None = None,
    start: int = 0,
    stop: int | None = None,
    keep_patient: bool = False,
) -> Contents:
    """Gather what is written when a recording is converted.

    Parameters
    ----------
    recording : Recording
        As opened.
    leads : sequence of str, optional
        Leads of the twelve; all voltages of the recording if not given.
    start, stop : int
        Samples ``[start, stop)``; the whole recording by default.
    keep_patient : bool
        Write name, number, birth date, the date of the recording, the recorder and the free text
        of the file. Age and sex are always written.

    Returns
    -------
    Contents
        Comments say what is derived, what the user has corrected and what is left out.

    Raises
    ------
    LeadError
        If the recording lacks one of `leads`.
    RecordingError
        If the stretch is empty or too long to be held in memory.
    """
    rows = _chosen_rows(recording, leads, lambda name: normalise_other_lead(name) or name)
    patient = recording.patient
    marks = tuple(_marks_within(recording, start, stop, rows))
    comments = [*_origin(recording, "converted"), *_left_out(recording, leads)]
    if keep_patient:
        comments += [f"recorder: {recording.device}"] if recording.device else []
        comments += recording.comments
    else:
        patient = Patient(age=patient.age, sex=patient.sex)
        marks = tuple(mark for mark in marks if not names_patient(mark.text, recording.patient))
    return replace(
        _samples(recording, rows, start, stop),
        comments=_single_lines(comments),
        patient=patient,
        started=recording.started if keep_patient else "",
        marks=marks,
    )


def anonymous_contents(recording: Recording, name: str) -> Contents:
    """Gather what may be written of a recording without telling whose it is.

    Only facts of a known form are taken over, see `ecgview.formats.anonymous`: samples, rate, names
    of known leads, sex, age, codes of beats. All text of the file stays behind.

    Parameters
    ----------
    recording : Recording
        As opened.
    name : str
        A name in the place of the file's, which often holds a name or number.

    Returns
    -------
    Contents
        The whole recording.

    Raises
    ------
    RecordingError
        If it is too long to be held in memory.
    """
    names = _chosen_rows(recording, None, lambda name: known_lead(name) or "channel")
    marks = safe_marks(_marks_within(recording, 0, None, names))
    # Names of parts and of channels are text of the file.
    nameless = replace(
        recording, part="", channels=(), options=replace(recording.options, leads=None)
    )
    return replace(
        _samples(recording, names, 0, None),
        name=name,
        comments=(*_origin(nameless, "anonymised"), *_derived(recording)),
        patient=safe_patient(recording.patient, recording.started),
        marks=marks,
    )


def _samples(recording: Recording, rows: dict[int, str], start: int, stop: int | None) -> Contents:
    stop = recording.n_samples if stop is None else min(stop, recording.n_samples)
    if not 0 <= start < stop:
        raise RecordingError(
            f"{recording.name} has no samples there; it lasts {recording.duration_s:g} s.",
            "Choose a start within the recording.",
        )
    if (stop - start) * len(rows) > MOST_VALUES:
        hours = MOST_VALUES / len(rows) / recording.fs_hz / 3600
        raise RecordingError(
            f"{recording.name} is too long to be written at once.",
            "Write fewer leads (--leads), or parts (--start, --duration) of up to "
            f"{math.floor(10 * hours) / 10:g} hours.",
        )
    return Contents(
        name=recording.name,
        leads=tuple(rows.values()),
        leads_mv=recording.source.read(start, stop, list(rows)),
        fs_hz=recording.fs_hz,
        resolution_mv=recording.resolution_mv,
    )


def _chosen_rows(
    recording: Recording, leads: Sequence[str] | None, called: Callable[[str], str]
) -> dict[int, str]:
    """Choose channels and the names they are written under, the twelve leads first."""
    row_of_lead = {channel.lead: row for row, channel in enumerate(recording.channels)}
    missing = [lead for lead in leads or () if lead not in row_of_lead]
    if missing:
        raise LeadError(
            f"{recording.name} has no lead {', '.join(missing)}.",
            f"It has {', '.join(recording.leads) or 'none of the twelve leads'}.",
        )
    rows = {
        row_of_lead[lead]: lead for lead in in_order(recording.leads if leads is None else leads)
    }
    if leads is None:
        taken = {*rows.values()}
        for row, channel in enumerate(recording.channels):
            if row not in rows and channel.unit == "mV":
                rows[row] = _unused(called(channel.name), taken)
                taken.add(rows[row])
    return rows


def _unused(name: str, taken: set[str]) -> str:
    name = re.sub(r"[\x00-\x1f\x7f,;\"]+", " ", name).strip() or "channel"
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _marks_within(
    recording: Recording, start: int, stop: int | None, names: dict[int, str]
) -> Iterator[Mark]:
    """Give the marks of a stretch, in its time and with the names that channels get."""
    renamed = {recording.channels[row].name: name for row, name in names.items()}
    start_s = start / recording.fs_hz
    end_s = (recording.n_samples if stop is None else stop) / recording.fs_hz
    for mark in recording.marks:
        if start_s <= mark.start_s < end_s and (not mark.channel or mark.channel in renamed):
            channel = renamed.get(mark.channel, "")
            yield replace(mark, start_s=mark.start_s - start_s, channel=channel)


def _origin(recording: Recording, done: str) -> Iterator[str]:
    from ecgview import __version__

    part = f", {recording.part}" if recording.part else ""
    yield f"ecgview {__version__}: {done} from {recording.format_name or 'memory'}{part}"
    if recording.simulated:
        yield "simulated, not a patient"
    yield from _derived(recording)
    yield from correction_comments(recording)


def correction_comments(recording: Recording) -> tuple[str, ...]:
    """Say for a file's comments what the user has corrected; nothing where that is nothing."""
    corrected = describe_options(recording.options, recording.channels)
    return (f"corrected by the user: {'; '.join(corrected)}",) if corrected else ()


def _derived(recording: Recording) -> tuple[str, ...]:
    leads = recording.derived_leads
    return (f"derived: {', '.join(leads)}",) if leads else ()


def _left_out(recording: Recording, leads: Sequence[str] | None) -> Iterator[str]:
    others = [channel for channel in recording.channels if channel.unit != "mV"]
    if others and leads is None:
        named = ", ".join(f"{channel.name} ({channel.unit})" for channel in others)
        yield f"left out, not voltages: {named}"


def names_patient(text: str, patient: Patient) -> bool:
    """Tell whether a text holds a word of the patient's name or number."""
    words = re.findall(r"[^\W_]{3,}", f"{patient.name} {patient.identifier}".casefold())
    return any(word in text.casefold() for word in words)


def _single_lines(comments: Sequence[str]) -> tuple[str, ...]:
    lines = (line.strip() for comment in comments for line in comment.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))
