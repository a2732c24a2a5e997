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
from ecgview.formats.asking import ask_what_is_missing, choose_part
from ecgview.formats.assemble import assemble, kind_of
from ecgview.formats.clinical.kit import MAX_FILE_BYTES
from ecgview.formats.clinical.signals import Signals
from ecgview.formats.clinical.xml_tree import checked_xml, read_tree
from ecgview.formats.facts import SignalFacts
from ecgview.formats.files import read_bytes
from ecgview.formats.guard import gaps_for_absurd
from ecgview.formats.options import ImportOptions
from ecgview.formats.patients import sex_of
from ecgview.recording import ArraySource, ImportWarning, Patient, Recording

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


def _text(element: ET.Element | None, path: str) -> str:
    return "" if element is None else (element.findtext(path) or "").strip()


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


def _row(lead: ET.Element, file: str) -> NDArray[np.float64]:
    try:
        words = [word for word in (lead.text or "").split(",") if word.strip()]
        return np.array(words, dtype=np.float64)
    except ValueError as error:
        raise RecordingError(
            f"{file}: a sample of {lead.get('lead', 'a lead')[:20]} is not a number.",
            "The file is damaged; copy or export it again.",
        ) from error


def _side_by_side(
    rows: Sequence[NDArray[np.float64]], announced: str
) -> tuple[NDArray[np.float32], list[ImportWarning]]:
    longest = max(row.size for row in rows)
    samples = np.full((len(rows), longest), np.nan, dtype=np.float32)
    for place, row in enumerate(rows):
        samples[place, : row.size] = row
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
    size = _number(_text(waveforms, "Resolution"))
    units = "" if resolution is None else resolution.get("units", "")
    return ("uV", size) if size and units.strip().lower() in _UV_PER_STEP else ("", 1.0)


def _moment(element: ET.Element | None) -> datetime | None:
    fields = ("Year", "Month", "Day", "Hour", "Minute", "Second")
    numbers = [_text(element, field) for field in fields]
    try:
        year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
        return datetime(year, month, day, hour, minute, second)
    except (ValueError, OverflowError):
        return None


def _patient(root: ET.Element) -> Patient:
    info = next(root.iter("PatientInfo"), None)
    names = (_text(info, "Name/GivenName"), _text(info, "Name/FamilyName"))
    born = _moment(None if info is None else info.find("BirthDateTime"))
    return Patient(
        identifier=_text(info, "PID"),
        name=" ".join(name for name in names if name),
        age=_text(info, "Age"),
        sex=sex_of(_text(info, "Gender")),
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
        if _text(measurements, name).lstrip("-").isdecimal()
        for value in [_text(measurements, name)]
    ]
    lines += [f"Measured by the recorder: {', '.join(measured)}"] if measured else []
    return [line for line in dict.fromkeys(lines) if line]


def _device(root: ET.Element) -> str:
    info = next(root.iter("DeviceInfo"), None)
    return _text(info, "Desc") or _text(root, "Device-Type")


def _signals(waveforms: ET.Element, file: str) -> Signals:
    """Read the leads of one waveform; rate and unit stay empty where they are not known."""
    leads = waveforms.findall("WaveformData")
    rows = [_row(lead, file) for lead in leads]
    samples, warnings = _side_by_side(rows, _text(waveforms, "ChannelSampleCountTotal"))
    unit, size = _scale(waveforms)
    samples *= np.float32(size / 1000 if unit else 1)
    gaps_for_absurd(samples)
    facts = tuple(SignalFacts(lead.get("lead", "").strip(), unit, size) for lead in leads)
    rate_hz = _number(_text(waveforms, "SampleRate")) or 0.0
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
    content = read_bytes(path, MAX_FILE_BYTES, f"Export a shorter piece as {FORMAT_NAME}.")
    root = read_tree(checked_xml(content, path.name), path.name)
    parts = _parts(root)
    if not parts:
        raise RecordingError(f"{path.name} holds no waveforms.", "Export it with its ECG.")
    part = choose_part(path, tuple(parts), options.part)
    signals, device = _signals(parts[part], path.name), _device(root)
    kind, source = kind_of(FORMAT_NAME, device, signals.facts), ArraySource(signals.samples)
    names = tuple(parts) if len(parts) > 1 else ()
    part = part if names else ""
    started = _moment(root.find("ObservationDateTime"))
    ask_what_is_missing(
        path,
        FORMAT_NAME,
        signals.fs_hz,
        signals.facts,
        source,
        options,
        kind=kind,
        parts=names,
        part=part,
    )
    return assemble(
        path,
        FORMAT_NAME,
        signals.fs_hz,
        signals.facts,
        source,
        options=options,
        patient=_patient(root),
        comments=_comments(root),
        warnings=signals.warnings,
        started=started.isoformat() if started else "",
        device=device,
        parts=names,
        part=part,
        kind=kind,
    )
