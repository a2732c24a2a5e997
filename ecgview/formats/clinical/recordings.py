"""Makes a `Recording` of what a parser of ecgdatakit gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ecgview.errors import RecordingError
from ecgview.formats.asking import ask_what_is_missing, choose_part
from ecgview.formats.assemble import assemble, kind_of
from ecgview.formats.clinical.facts import (
    comments_of,
    device_of,
    marks_of,
    patient_of,
    started_of,
)
from ecgview.formats.clinical.kit import Kit, Parsed
from ecgview.formats.clinical.signals import Signals, signals_of
from ecgview.formats.options import ImportOptions
from ecgview.recording import ArraySource, ImportWarning, Mark, Patient, Recording


def parts_of(record: Any) -> dict[str, list[Any]]:
    """Give the parts of an ``ECGRecord`` that hold leads, the rhythm first."""
    parts = {
        "rhythm": record.leads,
        "median beat": record.median_beats,
        "enhanced": record.leads_enhanced,
    }
    return {name: leads for name, leads in parts.items() if leads}


def names_of_parts(n_rhythms: int, *, has_median: bool) -> tuple[str, ...]:
    """Name the parts of a file: ``rhythm``, ``rhythm 2`` ... and ``median beat``."""
    more = (f"rhythm {number}" for number in range(2, n_rhythms + 1))
    return ("rhythm", *more, *(("median beat",) if has_median else ()))


def make_recording(
    kit: Kit,
    path: Path,
    options: ImportOptions,
    parsed: Parsed,
    *,
    change: Callable[[Signals], Signals] | None = None,
    parts: tuple[str, ...] | None = None,
    part: str = "",
) -> Recording:
    """Make a recording of one part of what was parsed.

    Parameters
    ----------
    kit : Kit
        The parser it comes from.
    path : Path
        The file.
    options : ImportOptions
        What the user says; its `part` chooses, by default the rhythm.
    parsed : Parsed
        What the parser gave.
    change : callable, optional
        Changes the rhythm, such as cutting off a calibration pulse.
    parts, part : tuple of str, str
        Names of all parts and of the one that `parsed` holds as its rhythm, where the reader
        has chosen already.

    Returns
    -------
    Recording
        Checked, with what the file says of the patient, the recorder and its findings.

    Raises
    ------
    NeedsOptions
        If no signal is named as a lead, or leads have no scale in the file.
    RecordingError
        If there is no such part, or no samples.
    """
    record = parsed.record
    held = parts_of(record)
    if not held:
        raise RecordingError(f"{path.name} holds no leads.", "The file is empty or damaged.")
    parts = parts or tuple(held)
    part = part or choose_part(path, tuple(held), options.part)
    leads = held.get(part, record.leads)
    signals = signals_of(record, leads)
    is_rhythm = leads is record.leads
    if change is not None and is_rhythm:
        signals = change(signals)
    return recording_of(
        path,
        kit.format_name,
        options,
        signals,
        parts,
        part,
        patient=patient_of(record),
        comments=comments_of(record),
        warnings=parsed.warnings,
        started=started_of(record),
        device=device_of(record),
        mark_reader=partial(marks_of, record, signals.fs_hz) if is_rhythm else None,
    )


def recording_of(
    path: Path,
    format_name: str,
    options: ImportOptions,
    signals: Signals,
    parts: tuple[str, ...],
    part: str,
    *,
    patient: Patient,
    comments: Iterable[str],
    warnings: Sequence[ImportWarning] = (),
    started: str,
    device: str,
    mark_reader: Callable[[], tuple[Mark, ...]] | None = None,
) -> Recording:
    """Make a recording of leads in memory, once what the file does not say has been asked.

    Parameters
    ----------
    path, format_name, options, part, patient, comments, warnings, started, device, mark_reader
        As for `ecgview.formats.assemble.assemble`.
    signals : Signals
        A rate of 0 is not known, nor is the size of steps whose unit is empty.
    parts : tuple of str
        Names of all parts, also of a single one.

    Raises
    ------
    NeedsOptions
        If no signal is named as a lead, or leads have no scale in the file.
    RecordingError
        If the options do not fit.
    """
    kind, source = kind_of(format_name, device, signals.facts), ArraySource(signals.samples)
    if len(parts) == 1:
        parts, part = (), ""
    ask_what_is_missing(
        path,
        format_name,
        signals.fs_hz,
        signals.facts,
        source,
        options,
        kind=kind,
        parts=parts,
        part=part,
    )
    return assemble(
        path,
        format_name,
        signals.fs_hz,
        signals.facts,
        source,
        options=options,
        patient=patient,
        comments=comments,
        warnings=(*warnings, *signals.warnings),
        started=started,
        device=device,
        parts=parts,
        part=part,
        kind=kind,
        mark_reader=mark_reader,
    )
