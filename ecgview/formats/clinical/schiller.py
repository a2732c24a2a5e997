"""Reads Schiller's XML (SchillerEDI, exported by SEMA)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
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
from ecgview.formats.units import mv_per_unit
from ecgview.recording import ImportWarning, Patient, Recording

FORMAT_NAME = "Schiller XML"

_PART_OF_TYPE = {"ECG_RHYTHMS": "rhythm", "ECG_AVERAGES": "median beat"}
_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{2})(\d{2})(\d{2})\d*")
_MEASURED = {
    "HR": "heart rate {} /min",
    "PQ": "PQ {} ms",
    "QRS": "QRS {} ms",
    "QT": "QT {} ms",
    "QTC": "QTc {} ms",
    "AXIS_P": "P axis {}°",
    "AXIS_QRS": "QRS axis {}°",
    "AXIS_T": "T axis {}°",
}
_FILTERS = {"HIGHPASS_CUTOFF_FREQ": "high-pass", "LOWPASS_CUTOFF_FREQ": "low-pass"}


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _parts(root: ET.Element) -> dict[str, ET.Element]:
    """Give the waveforms by name, the rhythm first."""
    parts: dict[str, ET.Element] = {}
    counts: Counter[str] = Counter()
    for wavedata in root.iter("wavedata"):
        kind = text_at(wavedata, "type")
        if wavedata.find("channel") is None:
            continue
        name = _PART_OF_TYPE.get(kind, kind.lower() or "waveform")
        counts[name] += 1
        parts[name if counts[name] == 1 else f"{name} {counts[name]}"] = wavedata
    return dict(sorted(parts.items(), key=lambda part: not part[0].startswith("rhythm")))


def _samples(channel: ET.Element, file: str) -> NDArray[np.float64]:
    name = text_at(channel, "name")
    coding = text_at(channel, "datastype")
    if coding not in ("", "COMMASEPARATE"):
        raise RecordingError(
            f"{file} holds {name} in the coding {coding[:60]}, which is not known.",
            "Export it with samples separated by commas.",
        )
    return comma_separated(text_at(channel, "data"), name, file)


def _side_by_side(
    rows: list[NDArray[np.float64]], names: list[str], counts: list[str]
) -> tuple[NDArray[np.float32], list[ImportWarning]]:
    samples, lengths = padded(rows), [row.size for row in rows]
    stated = [
        int(count) if re.fullmatch(r"[0-9]{1,12}", count) else n
        for count, n in zip(counts, lengths, strict=True)
    ]
    if len(set(lengths)) == 1 and stated == lengths:
        return samples, []
    found = ", ".join(f"{name} {length}" for name, length in zip(names, lengths, strict=True))
    message = f"The leads hold other numbers of samples than announced, or differ ({found})."
    hint = "What is missing is shown as a gap. Was the file cut short?"
    return samples, [ImportWarning("unequal-leads", message, hint)]


def _rate_hz(wavedata: ET.Element) -> float | None:
    """Give the sampling rate; its exponent is 1 in the files that are known."""
    stated = _number(text_at(wavedata, "resolution/samplerate/value"))
    exponent = _number(text_at(wavedata, "resolution/samplerate/exponent"))
    return stated if stated and stated > 0 and exponent in (None, 0, 1) else None


def _patient(root: ET.Element) -> Patient:
    data = root.find("patdata")
    names = (text_at(data, "firstname"), text_at(data, "lastname"))
    birth = _DATE.fullmatch(text_at(data, "birthdate"))
    return Patient(
        identifier=text_at(data, "id"),
        name=" ".join(name for name in names if name),
        birth_date="-".join(birth.groups()) if birth else "",
        sex=sex_of(text_at(data, "gender")),
    )


def _started(root: ET.Element) -> str:
    date = _DATE.fullmatch(text_at(root, "examdescript/startdatetime/date"))
    time = _TIME.fullmatch(text_at(root, "examdescript/startdatetime/time"))
    if date is None:
        return ""
    return "-".join(date.groups()) + (f"T{':'.join(time.groups())}" if time else "")


def _device(root: ET.Element) -> str:
    hardware = root.find("examdescript/aquiringdevice/hardware")
    return f"{text_at(hardware, 'vendor')} {text_at(hardware, 'model')}".strip()


def _comments(root: ET.Element) -> list[str]:
    texts = [
        text_at(data, "textdata")
        for data in root.iter("textdata")
        if text_at(data, "type") == "INTERPRETATION"
    ]
    values = {
        text_at(each, "name"): text_at(each, "value") for each in root.iter("annotation_global")
    }
    measured = [
        words.format(values[name])
        for name, words in _MEASURED.items()
        if _number(values.get(name, "")) is not None
    ]
    filters = {text_at(each, "name"): text_at(each, "value") for each in root.iter("filter")}
    passed = [
        f"{word} {filters[name]} Hz"
        for name, word in _FILTERS.items()
        if _number(filters.get(name, ""))
    ]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    lines += [f"Measured by the recorder: {', '.join(measured)}"] if measured else []
    lines += [f"Filters of the recorder: {', '.join(passed)}"] if passed else []
    return [line for line in lines if line]


def _signals(wavedata: ET.Element, file: str) -> Signals:
    """Read the leads of one waveform; rate and unit stay empty where they are not known."""
    channels = wavedata.findall("channel")
    names = [text_at(channel, "name") for channel in channels]
    rows = [_samples(channel, file) for channel in channels]
    counts = [text_at(channel, "samplecount") for channel in channels]
    samples, warnings = _side_by_side(rows, names, counts)
    unit = text_at(wavedata, "resolution/yres/units")
    size_mv = mv_per_unit(unit)
    per_bit = _number(text_at(wavedata, "resolution/yres/unitperbit"))
    scale = ("", 1.0)
    if size_mv is not None and per_bit:
        samples *= np.float32(size_mv * per_bit)
        scale = (unit, abs(per_bit))
    gaps_for_absurd(samples)
    facts = tuple(SignalFacts(name, *scale) for name in names)
    return Signals(_rate_hz(wavedata) or 0.0, facts, samples, tuple(warnings))


def open_schiller(path: Path, options: ImportOptions) -> Recording:
    """Open a Schiller XML file.

    Parameters
    ----------
    path : Path
        The file.
    options : ImportOptions
        What the user says; parts are ``rhythm`` and ``median beat``.

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
    return recording_of(
        path,
        FORMAT_NAME,
        options,
        _signals(parts[part], path.name),
        names,
        part,
        patient=_patient(root),
        comments=_comments(root),
        started=_started(root),
        device=_device(root),
    )
