"""Reads the XML of GE's CardioSoft and CASE (CardiologyXML), which the UK Biobank uses too.

``StripData`` is the rhythm and ``MedianSamples`` the median beat: leads of whole numbers between
commas, with the size of one in uV. Known from public readers and descriptions of such files.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.formats.asking import choose_part
from ecgview.formats.clinical.recordings import recording_of
from ecgview.formats.clinical.signals import Signals, comma_separated, padded
from ecgview.formats.clinical.xml_tree import read_xml, text_at
from ecgview.formats.facts import SignalFacts
from ecgview.formats.guard import gaps_for_absurd
from ecgview.formats.options import ImportOptions
from ecgview.formats.patients import sex_of
from ecgview.recording import ImportWarning, Patient, Recording

FORMAT_NAME = "GE CardioSoft XML"

_PARTS = {"StripData": "rhythm", "MedianSamples": "median beat"}
_UV_PER_STEP = ("uvperlsb", "microvoltsperlsb")
_MEASURED = {
    "VentricularRate": "heart rate {} /min",
    "PQInterval": "PQ {} ms",
    "QRSDuration": "QRS {} ms",
    "QTInterval": "QT {} ms",
    "QTCInterval": "QTc {} ms",
    "PAxis": "P axis {}°",
    "RAxis": "QRS axis {}°",
    "TAxis": "T axis {}°",
}


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if np.isfinite(number) and number > 0 else None


def _parts(root: ET.Element) -> dict[str, ET.Element]:
    """Give the waveforms by name, the rhythm first."""
    parts: dict[str, ET.Element] = {}
    for tag, name in _PARTS.items():
        held = [each for each in root.iter(tag) if each.find("WaveformData") is not None]
        for number, waveforms in enumerate(held, start=1):
            parts[name if number == 1 else f"{name} {number}"] = waveforms
    return parts


def _side_by_side(
    rows: Sequence[NDArray[np.float64]], announced: str
) -> tuple[NDArray[np.float32], list[ImportWarning]]:
    samples = padded(rows)
    longest = samples.shape[1]
    stated = _number(announced)
    if all(row.size == longest for row in rows) and stated in (None, longest):
        return samples, []
    message = (
        f"The leads hold up to {longest} samples; not all of them do, or others are announced."
    )
    hint = "What is missing is shown as a gap. Was the file cut short?"
    return samples, [ImportWarning("unequal-leads", message, hint)]


def _scale(waveforms: ET.Element) -> tuple[str, float]:
    """Give unit and size of one step; an empty unit where they are not stated as they are known."""
    resolution = waveforms.find("Resolution")
    size = _number(text_at(waveforms, "Resolution"))
    units = "" if resolution is None else resolution.get("units", "")
    return ("uV", size) if size and units.strip().lower() in _UV_PER_STEP else ("", 1.0)


def _moment(element: ET.Element | None) -> datetime | None:
    fields = ("Year", "Month", "Day", "Hour", "Minute", "Second")
    numbers = [text_at(element, field) for field in fields]
    try:
        year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
        return datetime(year, month, day, hour, minute, second)
    except (ValueError, OverflowError):
        return None


def _patient(root: ET.Element) -> Patient:
    info = next(root.iter("PatientInfo"), None)
    names = (text_at(info, "Name/GivenName"), text_at(info, "Name/FamilyName"))
    born = _moment(None if info is None else info.find("BirthDateTime"))
    return Patient(
        identifier=text_at(info, "PID"),
        name=" ".join(name for name in names if name),
        age=text_at(info, "Age"),
        sex=sex_of(text_at(info, "Gender")),
        birth_date=born.date().isoformat() if born else "",
    )


def _comments(root: ET.Element) -> list[str]:
    lines = [
        (statement.text or "").strip()
        for interpretation in root.iter("Interpretation")
        for statement in interpretation.iter("DiagnosisText")
    ]
    measurements = next(root.iter("RestingECGMeasurements"), None)
    measured = [
        words.format(value)
        for name, words in _MEASURED.items()
        if text_at(measurements, name).lstrip("-").isdecimal()
        for value in [text_at(measurements, name)]
    ]
    lines += [f"Measured by the recorder: {', '.join(measured)}"] if measured else []
    return [line for line in dict.fromkeys(lines) if line]


def _device(root: ET.Element) -> str:
    info = next(root.iter("DeviceInfo"), None)
    return text_at(info, "Desc") or text_at(root, "Device-Type")


def _signals(waveforms: ET.Element, file: str) -> Signals:
    """Read the leads of one waveform; rate and unit stay empty where they are not known."""
    leads = waveforms.findall("WaveformData")
    rows = [comma_separated(lead.text or "", lead.get("lead", "a lead"), file) for lead in leads]
    samples, warnings = _side_by_side(rows, text_at(waveforms, "ChannelSampleCountTotal"))
    unit, size = _scale(waveforms)
    samples *= np.float32(size / 1000 if unit else 1)
    gaps_for_absurd(samples)
    facts = tuple(SignalFacts(lead.get("lead", "").strip(), unit, size) for lead in leads)
    rate_hz = _number(text_at(waveforms, "SampleRate")) or 0.0
    return Signals(rate_hz, facts, samples, tuple(warnings))


def open_cardiosoft(path: Path, options: ImportOptions) -> Recording:
    """Open an XML file of CardioSoft.

    Parameters
    ----------
    path : Path
        The file.
    options : ImportOptions
        What the user says; parts are ``rhythm``, ``rhythm 2`` ... and ``median beat``.

    Returns
    -------
    Recording
        Of the rhythm by default.

    Raises
    ------
    NeedsOptions
        If the file does not state rate or unit in a way that is known.
    RecordingError
        If it cannot be read.
    """
    _, root = read_xml(path, FORMAT_NAME)
    parts = _parts(root)
    if not parts:
        raise RecordingError(f"{path.name} holds no waveforms.", "Export it with its ECG.")
    names = tuple(parts)
    part = choose_part(path, names, options.part)
    started = _moment(root.find("ObservationDateTime"))
    return recording_of(
        path,
        FORMAT_NAME,
        options,
        _signals(parts[part], path.name),
        names,
        part,
        patient=_patient(root),
        comments=_comments(root),
        started=started.isoformat() if started else "",
        device=_device(root),
    )
