"""The last step of every reader: facts and samples become a checked `Recording`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.applying import apply_options
from ecgview.formats.checks import import_warnings
from ecgview.formats.facts import SignalFacts
from ecgview.formats.naming import leads_by_name
from ecgview.formats.sources import CompletedSource
from ecgview.formats.units import mv_per_unit
from ecgview.leads import (
    EASI_LEADS,
    FRANK_LEADS,
    LEAD_INDEX,
    LIMB_LEADS,
    best_limb_pair,
    limb_weights,
    normalise_lead_name,
    normalise_other_lead,
)
from ecgview.recording import (
    Channel,
    ImportOptions,
    ImportWarning,
    Mark,
    Patient,
    Recording,
    Source,
)

MAX_FS_HZ = 100_000.0
"""No electrocardiograph samples faster; a higher rate is a damaged header."""


def check_rate(fs_hz: float, file_name: str) -> float:
    """Refuse a sampling rate that cannot be one.

    Raises
    ------
    RecordingError
        If it is not a number above 0 and up to 100 kHz.
    """
    if not (math.isfinite(fs_hz) and 0 < fs_hz <= MAX_FS_HZ):
        raise RecordingError(
            f"{file_name} states a sampling rate of {fs_hz:g} Hz.",
            "A rate lies above 0 and at or below 100 kHz; the file is damaged or misread.",
        )
    return fs_hz


def _name_channels(signals: Sequence[SignalFacts]) -> tuple[Channel, ...]:
    """Tell which signals are leads: known by name, in a unit of voltage, the first of its name."""
    taken: set[str | None] = set()
    channels = []
    leads = leads_by_name([signal.name for signal in signals])
    for signal, lead in zip(signals, leads, strict=True):
        is_voltage = mv_per_unit(signal.unit) is not None
        if lead in taken or not is_voltage:
            lead = None
        taken.add(lead)
        unit = "mV" if is_voltage else signal.unit
        channels.append(Channel(signal.name, lead, unit, file_unit=signal.unit))
    return tuple(channels)


def _with_file_names(
    channels: tuple[Channel, ...], named: Sequence[SignalFacts]
) -> tuple[Channel, ...]:
    """Keep the names of the file beside those that the user has given."""
    return tuple(
        channel if channel.name == signal.name else replace(channel, file_name=signal.name)
        for channel, signal in zip(channels, named, strict=True)
    )


def _require_leads(channels: Sequence[Channel], signals: Sequence[SignalFacts], file: str) -> None:
    if any(channel.lead for channel in channels) or _other_system(channels):
        return
    uncalibrated = [
        signal
        for signal in signals
        if normalise_lead_name(signal.name) is not None and mv_per_unit(signal.unit) is None
    ]
    if uncalibrated:
        units = ", ".join(sorted({s.unit or "none" for s in uncalibrated}))
        raise RecordingError(
            f"{file} gives its leads in a unit that is not a voltage ({units}).",
            "ecgview reads mV, uV, V and nV; correct the unit in the file.",
        )
    names = ", ".join(signal.name for signal in signals)
    raise RecordingError(
        f"{file} holds none of the twelve leads; its signals are {names}.",
        "Rename the signals to I, II, III, aVR, aVL, aVF, V1 ... V6 if they are leads.",
    )


def _other_system(channels: Sequence[Channel]) -> bool:
    """Tell whether Frank's three leads or the EASI leads are there: the twelve follow from them."""
    present = {normalise_other_lead(channel.name) for channel in channels if channel.unit == "mV"}
    return set(FRANK_LEADS) <= present or set(EASI_LEADS) <= present


def _completed(
    channels: tuple[Channel, ...], source: Source, resolution_mv: dict[str, float]
) -> tuple[tuple[Channel, ...], Source]:
    """Add the limb leads that the file lacks and that follow exactly from two that it has."""
    row_of_lead = {channel.lead: row for row, channel in enumerate(channels) if channel.lead}
    pair = best_limb_pair(row_of_lead)
    lacking = [lead for lead in LIMB_LEADS if lead not in row_of_lead]
    if pair is None or not lacking:
        return channels, source
    weights = limb_weights(pair)[[LEAD_INDEX[lead] for lead in lacking]]
    for lead in lacking:
        resolution_mv[lead] = max(resolution_mv[known] for known in pair)
    added = tuple(Channel(lead, lead, derived=True) for lead in lacking)
    rows = (row_of_lead[pair[0]], row_of_lead[pair[1]])
    return (*channels, *added), CompletedSource(source, rows, weights)


def _moved(
    mark_reader: Callable[[], tuple[Mark, ...]] | None, factor: float
) -> Callable[[], tuple[Mark, ...]] | None:
    """Keep annotations at their samples where the user has corrected the rate."""
    if mark_reader is None or factor == 1:
        return mark_reader
    read = mark_reader
    return lambda: tuple(
        replace(mark, start_s=mark.start_s * factor, duration_s=mark.duration_s * factor)
        for mark in read()
    )


def kind_of(format_name: str, device: str, signals: Sequence[SignalFacts]) -> str:
    """Name the kind of file that corrections are remembered for.

    Parameters
    ----------
    format_name, device : str
        As in `Recording`.
    signals : sequence of SignalFacts
        As the file names them. Files with the same signals in steps of another size come from
        another recorder; where each signal has steps of its own, their sizes change from file to
        file and do not count.
    """
    columns = ", ".join(f"{signal.name} {signal.unit}".strip() for signal in signals)
    sizes_mv = [size_mv for size_mv in {signal.resolution_mv for signal in signals} if size_mv]
    steps = "".join(f"{1000 * size_mv:.4g} uV a step; " for size_mv in sizes_mv)
    return f"{format_name}; {device}; {steps if len(sizes_mv) == 1 else ''}{columns}"


def assemble(
    path: Path,
    format_name: str,
    fs_hz: float,
    signals: Sequence[SignalFacts],
    source: Source,
    *,
    options: ImportOptions | None = None,
    patient: Patient | None = None,
    comments: Iterable[str] = (),
    warnings: Iterable[ImportWarning] = (),
    started: str = "",
    device: str = "",
    parts: tuple[str, ...] = (),
    part: str = "",
    kind: str = "",
    mark_reader: Callable[[], tuple[Mark, ...]] | None = None,
) -> Recording:
    """Make a recording of what a reader found, correct it as the user says, and check it.

    Parameters
    ----------
    path : Path
        The file it was opened from; its stem is the recording's name.
    format_name : str
        Such as ``WFDB``.
    fs_hz : float
        Sampling rate.
    signals : sequence of SignalFacts
        One for each channel of `source`, as the file says.
    source : Source
        Voltages in mV, other quantities in the unit of the file.
    options : ImportOptions, optional
        What the user says instead; applied here, so that a reader need not.
    patient : Patient, optional
        What the file says of the patient.
    comments : iterable of str
        Free text of the file.
    warnings : iterable of ImportWarning
        What the reader itself found.
    started, device, parts, part, mark_reader
        As in `Recording`.
    kind : str
        As in `Recording`; made of format, device and signals where a reader gives none.

    Returns
    -------
    Recording
        Limb leads that follow exactly from two in the file are added; with the warnings of the
        reader and of the import checks.

    Raises
    ------
    RecordingError
        If the options do not fit, the rate is absurd, there are no leads (of the twelve, Frank's
        or EASI) or no samples, or all of them are NaN.
    """
    kind = kind or kind_of(format_name, device, signals)
    options = options or ImportOptions()
    named, file_fs_hz = signals, fs_hz
    fs_hz, signals, source = apply_options(options, fs_hz, signals, source)
    check_rate(fs_hz, path.name)
    channels = _with_file_names(_name_channels(signals), named)
    _require_leads(channels, signals, path.name)
    if source.n_samples == 0:
        raise RecordingError(f"{path.name} holds no samples.", "The file is empty or damaged.")
    has_leads = any(channel.lead for channel in channels)
    resolution_mv = {
        lead: signal.resolution_mv or 0.001
        for channel, signal in zip(channels, signals, strict=True)
        if (lead := channel.lead or (not has_leads and normalise_other_lead(channel.name)))
    }
    channels, source = _completed(channels, source, resolution_mv)
    recording = Recording(
        name=path.stem,
        fs_hz=fs_hz,
        channels=channels,
        source=source,
        resolution_mv=max(resolution_mv.values()),
        path=path,
        format_name=format_name,
        patient=patient or Patient(),
        comments=tuple(comments),
        started=started,
        device=device,
        parts=parts,
        part=part,
        kind=kind,
        options=options,
        mark_reader=_moved(mark_reader, file_fs_hz / fs_hz),
    )
    return replace(recording, warnings=(*warnings, *import_warnings(recording, resolution_mv)))
