"""What ecgdatakit tells of patient, recorder and findings, in the words of ecgview."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from ecgview.formats.patients import sex_of
from ecgview.recording import Mark, Patient

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FREE_TEXT = ("rhythm", "comments", "comment", "note", "interpretation_comment")
_MEASUREMENTS = (
    ("heart_rate", "heart rate", "/min"),
    ("pr_interval", "PR", "ms"),
    ("qrs_duration", "QRS", "ms"),
    ("qt_interval", "QT", "ms"),
    ("qtc_bazett", "QTc (Bazett)", "ms"),
    ("qtc_fridericia", "QTc (Fridericia)", "ms"),
    ("p_axis", "P axis", "°"),
    ("qrs_axis", "QRS axis", "°"),
    ("t_axis", "T axis", "°"),
)


def patient_of(record: Any) -> Patient:
    """Tell of the patient of an ``ECGRecord``."""
    info = record.patient
    names = (info.first_name.strip(), info.last_name.strip())
    return Patient(
        identifier=info.patient_id.strip(),
        name=" ".join(name for name in names if name),
        birth_date=info.birth_date.date().isoformat() if info.birth_date else "",
        age="" if info.age is None else str(info.age),
        sex=sex_of(info.sex),
    )


def device_of(record: Any) -> str:
    """Maker and model of the recorder."""
    device = record.recording.device
    maker, model = device.manufacturer.strip(), device.model.strip()
    if not maker or model.lower().startswith(maker.lower()):
        return model
    return f"{maker} {model}".strip()


def started_of(record: Any) -> str:
    """When it was recorded, ISO 8601: the date alone where the time is not known."""
    date = record.recording.date
    if isinstance(date, datetime):
        return date.isoformat()
    stated = str(record.raw_metadata.get("acquisition_date", ""))
    return stated if _ISO_DATE.fullmatch(stated) else ""


def _filters(record: Any) -> str:
    filters = record.recording.acquisition.filters
    words = []
    if filters.highpass:
        words.append(f"high-pass {filters.highpass:g} Hz")
    if filters.lowpass:
        words.append(f"low-pass {filters.lowpass:g} Hz")
    if filters.notch and filters.notch_active is not False:
        words.append(f"notch {filters.notch:g} Hz")
    return f"Filters of the recorder: {', '.join(words)}" if words else ""


def _measurements(record: Any) -> str:
    values = record.measurements
    words = [
        f"{name} {value}{'' if unit == '°' else ' '}{unit}"
        for field, name, unit in _MEASUREMENTS
        if (value := getattr(values, field)) is not None
    ]
    return f"Measured by the recorder: {', '.join(words)}" if words else ""


def comments_of(record: Any) -> tuple[str, ...]:
    """Statements of the interpretation, measurements, filters and free text, one a line."""
    lines = [
        ": ".join(part.strip() for part in statement if part.strip())
        for statement in record.interpretation.statements
    ]
    lines += [_measurements(record), _filters(record)]
    for key in _FREE_TEXT:
        lines += str(record.annotations.get(key, "")).splitlines()
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _beat(kind: object) -> str:
    """Name a beat by the number of its shape; 0 is the shape that most have."""
    return "QRS" if str(kind or 0) == "0" else f"QRS {kind}"


def marks_of(record: Any, fs_hz: float) -> tuple[Mark, ...]:
    """Beats and events that the file places in its rhythm.

    GE MUSE gives the times of its beats in ms (the unit is not in the file; on real recordings
    the R waves lie there), SCP-ECG and MFER give sample numbers, SCP-ECG's from 1.
    """
    stated = record.raw_metadata
    marks = []
    for beat in stated.get("qrs_times", ()):
        stated_ms = str(beat.get("time", ""))
        if stated_ms.isdecimal() and len(stated_ms) < 12:
            marks.append(Mark(int(stated_ms) / 1000, _beat(beat.get("type"))))
    for beat in stated.get("qrs_locations", ()):
        marks.append(Mark(max(beat["fiducial"] - 1, 0) / fs_hz, _beat(beat["type"])))
    for event in stated.get("events", ()):
        if event.get("start", -1) >= 0:
            text = event.get("description") or f"event {event.get('code', '')}"
            duration_s = max(event.get("duration", 0), 0) / fs_hz
            marks.append(Mark(event["start"] / fs_hz, text.strip(), duration_s))
    return tuple(marks)
