"""The last step of every reader: facts and samples become a checked `Recording`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.checks import import_warnings
from ecgview.formats.units import mv_per_unit
from ecgview.leads import EASI_LEADS, FRANK_LEADS, normalise_lead_name, normalise_other_lead
from ecgview.recording import Channel, ImportWarning, Patient, Recording, Source

MAX_FS_HZ = 100_000.0
"""No electrocardiograph samples faster; a higher rate is a damaged header."""


@dataclass(frozen=True)
class SignalFacts:
    """What a file says of one of its signals.

    Attributes
    ----------
    name : str
        The name in the file.
    unit : str
        The unit in the file.
    resolution : float or None
        One unit of the last digit, in the unit of the file; None where unknown.
    """

    name: str
    unit: str
    resolution: float | None

    @property
    def resolution_mv(self) -> float | None:
        """One unit of the last digit in mV, None where that is unknown."""
        size_mv = mv_per_unit(self.unit)
        return None if size_mv is None or self.resolution is None else self.resolution * size_mv


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


def name_channels(signals: Sequence[SignalFacts]) -> tuple[Channel, ...]:
    """Tell which signals are leads: known by name, in a unit of voltage, the first of its name."""
    taken: set[str] = set()
    channels = []
    for signal in signals:
        lead = normalise_lead_name(signal.name)
        is_voltage = mv_per_unit(signal.unit) is not None
        if lead is None or lead in taken or not is_voltage:
            lead = None
        else:
            taken.add(lead)
        channels.append(Channel(signal.name, lead, "mV" if is_voltage else signal.unit))
    return tuple(channels)


def _require_leads(channels: Sequence[Channel], signals: Sequence[SignalFacts], file: str) -> None:
    if any(channel.lead for channel in channels) or _other_system(channels):
        return
    uncalibrated = [s for s in signals if normalise_lead_name(s.name) is not None]
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


def assemble(
    path: Path,
    format_name: str,
    fs_hz: float,
    signals: Sequence[SignalFacts],
    source: Source,
    *,
    patient: Patient | None = None,
    comments: Iterable[str] = (),
    warnings: Iterable[ImportWarning] = (),
) -> Recording:
    """Make a recording of what a reader found, and check it.

    Parameters
    ----------
    path : Path
        The file it was opened from; its stem is the recording's name.
    format_name : str
        Such as ``WFDB``.
    fs_hz : float
        Sampling rate.
    signals : sequence of SignalFacts
        One for each channel of `source`.
    source : Source
        Voltages in mV, other quantities in the unit of the file.
    patient : Patient, optional
        What the file says of the patient.
    comments : iterable of str
        Free text of the file.
    warnings : iterable of ImportWarning
        What the reader itself found.

    Returns
    -------
    Recording
        With the warnings of the reader and of the import checks.

    Raises
    ------
    RecordingError
        If the rate is absurd, there are no leads (of the twelve, Frank's or EASI) or no samples,
        or all of them are NaN.
    """
    check_rate(fs_hz, path.name)
    channels = name_channels(signals)
    _require_leads(channels, signals, path.name)
    if source.n_samples == 0:
        raise RecordingError(f"{path.name} holds no samples.", "The file is empty or damaged.")
    has_leads = any(channel.lead for channel in channels)
    resolution_mv = {
        lead: signal.resolution_mv or 0.001
        for channel, signal in zip(channels, signals, strict=True)
        if (lead := channel.lead or (not has_leads and normalise_other_lead(channel.name)))
    }
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
    )
    return replace(recording, warnings=(*warnings, *import_warnings(recording, resolution_mv)))
