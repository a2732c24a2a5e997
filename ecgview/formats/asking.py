"""What a reader asks of the user: what the file does not state, and which part of it to open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.facts import SignalFacts
from ecgview.formats.naming import name_leads
from ecgview.formats.options import ImportColumn, ImportOptions, ImportPreview, NeedsOptions
from ecgview.formats.units import mv_per_unit
from ecgview.recording import Source

ROWS_SHOWN = 20
"""First samples in a preview."""
PARTS_NAMED = 20


def ask_what_is_missing(
    path: Path,
    format_name: str,
    fs_hz: float | None,
    signals: Sequence[SignalFacts],
    source: Source,
    options: ImportOptions,
    *,
    kind: str,
    parts: tuple[str, ...] = (),
    part: str = "",
) -> None:
    """Ask for lead names, rate or unit that neither the file nor the user states.

    Parameters
    ----------
    path : Path
        The file.
    format_name : str
        Such as ``EDF``.
    fs_hz : float or None
        Its sampling rate, None where it is not stated.
    signals : sequence of SignalFacts
        As the file states them; an empty unit is that of converter steps of unknown size.
    source : Source
        Their samples, of which the first are shown.
    options : ImportOptions
        What the user says.
    kind, parts, part : str, tuple of str, str
        As in `ecgview.recording.Recording`.

    Raises
    ------
    NeedsOptions
        If no signal that may be a lead is named as one, none of the leads is a voltage, or there
        is no rate. Nothing is asked where nothing can be a lead, nor of options that do not fit:
        `ecgview.formats.assemble.assemble` refuses those.
    """
    names = options.leads or tuple(signal.name for signal in signals)
    units = [options.unit or signal.unit for signal in signals]
    if len(names) != len(units):
        return
    is_lead = name_leads(names)
    units_of_leads = [unit for unit, lead in zip(units, is_lead, strict=True) if lead]
    if units_of_leads:
        has_rate = bool(fs_hz or options.rate_hz)
        is_complete = has_rate and any(mv_per_unit(unit) is not None for unit in units_of_leads)
    else:
        may_be_leads = any(mv_per_unit(unit) is not None or not unit for unit in units)
        is_complete = options.leads is not None or not may_be_leads
    if is_complete:
        return
    first = source.read(0, min(ROWS_SHOWN, source.n_samples), range(len(signals))).T
    columns = [
        ImportColumn(name, unit=signal.unit) for name, signal in zip(names, signals, strict=True)
    ]
    shown = ", ".join(f"{column.name} ({column.unit or 'no unit'})" for column in columns)
    raise NeedsOptions(
        ImportPreview(
            path=path,
            format_name=format_name,
            found=f"Signals: {shown}.",
            columns=tuple(columns),
            first_rows=tuple(tuple(f"{sample:.4g}" for sample in row) for row in first),
            rate_hz=fs_hz or options.rate_hz,
            rate_from="the file" if fs_hz else "",
            unit=options.unit,
            parts=parts,
            part=part,
            kind=kind,
        )
    )


def choose_part(path: Path, parts: Sequence[str], wanted: str | None) -> str:
    """Give the name of the part to open: the one that is wanted, else the first.

    Raises
    ------
    RecordingError
        If there is no such part.
    """
    if wanted is None:
        return parts[0]
    if wanted not in parts:
        more = ", ..." if len(parts) > PARTS_NAMED else ""
        raise RecordingError(
            f"{path.name} has no part “{wanted}”.",
            f"Its parts are {', '.join(parts[:PARTS_NAMED])}{more}.",
        )
    return wanted
