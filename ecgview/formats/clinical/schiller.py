"""Reads Schiller's XML (SchillerEDI, exported by SEMA)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
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
from ecgview.formats.units import mv_per_unit
from ecgview.recording import ArraySource, ImportWarning, Patient, Recording

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


def _text(element: ET.Element | None, path: str) -> str:
    return "" if element is None else (element.findtext(path) or "").strip()


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
        kind = _text(wavedata, "type")
        if wavedata.find("channel") is None:
            continue
        name = _PART_OF_TYPE.get(kind, kind.lower() or "waveform")
        counts[name] += 1
        parts[name if counts[name] == 1 else f"{name} {counts[name]}"] = wavedata
    return dict(sorted(parts.items(), key=lambda part: not part[0].startswith("rhythm")))


def _samples(channel: ET.Element, file: str) -> NDArray[np.float64]:
    name = _text(channel, "name")
    coding = _text(channel, "datastype")
    if coding not in ("", "COMMASEPARATE"):
        raise RecordingError(
            f"{file} holds {name} in the coding {coding[:60]}, which is not known.",
            "Export it with samples separated by commas.",
        )
    try:
        words = [word for word in _text(channel, "data").split(",") if word.strip()]
        return np.array(words, dtype=np.float64)
    except ValueError as error:
        raise RecordingError(
            f"{file}: a sample of {name} is not a number.",
            "The file is damaged; copy or export it again.",
        ) from error


def _side_by_side(
    rows: list[NDArray[np.float64]], names: list[str], counts: list[str]
) -> tuple[NDArray[np.float32], list[ImportWarning]]:
    lengths = [row.size for row in rows]
    samples = np.full((len(rows), max(lengths)), np.nan, dtype=np.float32)
    for place, row in enumerate(rows):
        samples[place, : row.size] = row
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
    stated = _number(_text(wavedata, "resolution/samplerate/value"))
    exponent = _number(_text(wavedata, "resolution/samplerate/exponent"))
    return stated if stated and stated > 0 and exponent in (None, 0, 1) else None


def _patient(root: ET.Element) -> Patient:
    data = root.find("patdata")
    names = (_text(data, "firstname"), _text(data, "lastname"))
    birth = _DATE.fullmatch(_text(data, "birthdate"))
    return Patient(
        identifier=_text(data, "id"),
        name=" ".join(name for name in names if name),
        birth_date="-".join(birth.groups()) if birth else "",
        sex=sex_of(_text(data, "gender")),
    )


def _started(root: ET.Element) -> str:
    date = _DATE.fullmatch(_text(root, "examdescript/startdatetime/date"))
    time = _TIME.fullmatch(_text(root, "examdescript/startdatetime/time"))
    if date is None:
        return ""
    return "-".join(date.groups()) + (f"T{':'.join(time.groups())}" if time else "")


def _device(root: ET.Element) -> str:
    hardware = root.find("examdescript/aquiringdevice/hardware")
    return f"{_text(hardware, 'vendor')} {_text(hardware, 'model')}".strip()


def _comments(root: ET.Element) -> list[str]:
    texts = [
        _text(data, "textdata")
        for data in root.iter("textdata")
        if _text(data, "type") == "INTERPRETATION"
    ]
    values = {_text(each, "name"): _text(each, "value") for each in root.iter("annotation_global")}
    measured = [
        words.format(values[name])
        for name, words in _MEASURED.items()
        if _number(values.get(name, "")) is not None
    ]
    filters = {_text(each, "name"): _text(each, "value") for each in root.iter("filter")}
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
    names = [_text(channel, "name") for channel in channels]
    rows = [_samples(channel, file) for channel in channels]
    counts = [_text(channel, "samplecount") for channel in channels]
    samples, warnings = _side_by_side(rows, names, counts)
    unit = _text(wavedata, "resolution/yres/units")
    size_mv = mv_per_unit(unit)
    per_bit = _number(_text(wavedata, "resolution/yres/unitperbit"))
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
    content = read_bytes(path, MAX_FILE_BYTES, "Export a shorter piece as Schiller XML.")
    content = checked_xml(content, path.name)
    root = read_tree(content, path.name)
    parts = _parts(root)
    if not parts:
        raise RecordingError(f"{path.name} holds no waveforms.", "Export it with its ECG.")
    names = tuple(parts)
    part = choose_part(path, names, options.part)
    signals, device = _signals(parts[part], path.name), _device(root)
    kind, source = kind_of(FORMAT_NAME, device, signals.facts), ArraySource(signals.samples)
    if len(names) == 1:
        names, part = (), ""
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
        started=_started(root),
        device=device,
        parts=names,
        part=part,
        kind=kind,
    )
