"""Makes a `Recording` of what a parser of ecgdatakit gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ecgview.errors import RecordingError
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
from ecgview.formats.options import ImportColumn, ImportOptions, ImportPreview, NeedsOptions
from ecgview.leads import normalise_lead_name, normalise_other_lead
from ecgview.recording import ArraySource, Recording


def parts_of(record: Any) -> dict[str, list[Any]]:
    """Give the parts of an ``ECGRecord`` that hold leads, the rhythm first."""
    parts = {
        "rhythm": record.leads,
        "median beat": record.median_beats,
        "enhanced": record.leads_enhanced,
    }
    return {name: leads for name, leads in parts.items() if leads}


def choose_part(path: Path, parts: Sequence[str], wanted: str | None) -> str:
    """Give the part to open: the one that is wanted, else the first.

    Raises
    ------
    RecordingError
        If there is no such part.
    """
    if wanted is None:
        return parts[0]
    if wanted not in parts:
        raise RecordingError(
            f"{path.name} has no part “{wanted}”.", f"Its parts are {', '.join(parts)}."
        )
    return wanted


def ask_what_is_missing(
    path: Path,
    format_name: str,
    signals: Signals,
    options: ImportOptions,
    parts: tuple[str, ...] = (),
    part: str = "",
    device: str = "",
) -> None:
    """Ask for what neither the file nor the user says.

    Parameters
    ----------
    path : Path
        The file.
    format_name : str
        Its format.
    signals : Signals
        What was found; a rate of 0 is unknown, an empty unit too.
    options : ImportOptions
        What the user says.
    parts, part, device : tuple of str, str, str
        As in `Recording`.

    Raises
    ------
    NeedsOptions
        If no signal is named as a lead, leads have no scale, or the rate is not known.
    """
    facts = signals.facts
    names = options.leads or tuple(fact.name for fact in facts)
    known = [bool(normalise_lead_name(name) or normalise_other_lead(name)) for name in names]
    unscaled = any(
        not fact.unit and (is_lead or not any(known))
        for fact, is_lead in zip(facts, known, strict=False)
    )
    rate_hz = options.rate_hz or signals.fs_hz or None
    if any(known) and rate_hz is not None and (options.unit is not None or not unscaled):
        return
    columns = zip(names, facts, strict=False)
    raise NeedsOptions(
        ImportPreview(
            path=path,
            format_name=format_name,
            found=f"Signals: {', '.join(name or 'no name' for name in names)}.",
            columns=tuple(ImportColumn(name, unit=fact.unit) for name, fact in columns),
            first_rows=tuple(
                tuple(f"{sample:g}" for sample in row) for row in signals.samples[:, :12].T
            ),
            rate_hz=rate_hz,
            rate_from="the file" if signals.fs_hz else "",
            unit=options.unit,
            parts=parts if len(parts) > 1 else (),
            part=part if len(parts) > 1 else "",
            kind=kind_of(format_name, device, facts),
        )
    )


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
    device = device_of(record)
    ask_what_is_missing(path, kit.format_name, signals, options, parts, part, device)
    return assemble(
        path,
        kit.format_name,
        signals.fs_hz,
        signals.facts,
        ArraySource(signals.samples),
        options=options,
        patient=patient_of(record),
        comments=comments_of(record),
        warnings=(*parsed.warnings, *signals.warnings),
        started=started_of(record),
        device=device,
        parts=parts if len(parts) > 1 else (),
        part=part if len(parts) > 1 else "",
        mark_reader=partial(marks_of, record, signals.fs_hz) if is_rhythm else None,
    )
