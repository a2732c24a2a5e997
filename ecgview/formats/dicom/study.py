"""Patient, time and recorder of a DICOM object."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ecgview.formats.dicom.groups import text_of
from ecgview.formats.patients import sex_of
from ecgview.recording import Patient

if TYPE_CHECKING:
    from pydicom import Dataset

NO_DATE = "19000101"
"""Stands where a date must be and none is known; no electrocardiogram is as old."""
_AGE_UNITS = {"D": "days", "W": "weeks", "M": "months"}
_AGE = re.compile(r"0*(\d+)\s*([DWMY]?)", re.IGNORECASE)
_MOMENT = re.compile(
    r"(?P<day>\d{8})(?:(?P<hour>\d\d)(?P<minute>\d\d)?(?P<second>\d\d)?(?:\.(?P<part>\d{1,6}))?)?"
)


def patient_of(dataset: Dataset) -> Patient:
    """Give what the object says of the patient."""
    return Patient(
        identifier=text_of(dataset, "PatientID"),
        age=_age(text_of(dataset, "PatientAge")),
        sex=sex_of(text_of(dataset, "PatientSex")),
        name=_name(text_of(dataset, "PatientName")),
        birth_date=_iso_date(text_of(dataset, "PatientBirthDate")),
    )


def _name(text: str) -> str:
    """Put a person name (family^given^middle^prefix^suffix, PS3.5 6.2) as ``Family, Given``."""
    alphabetic = next((form for form in text.split("=") if form.strip("^ ")), "")
    family, _, rest = alphabetic.partition("^")
    return ", ".join(
        part for part in (family.strip(), " ".join(rest.replace("^", " ").split())) if part
    )


def _age(text: str) -> str:
    found = _AGE.fullmatch(text)
    if found is None:
        return text
    unit = _AGE_UNITS.get(found[2].upper())
    return f"{found[1]} {unit}" if unit else found[1]


def _iso_date(text: str) -> str:
    digits = re.sub(r"[.\-]", "", text)
    is_date = re.fullmatch(r"\d{8}", digits) and digits != NO_DATE
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if is_date else ""


def moment(text: str) -> datetime | None:
    """Read a date and time (PS3.5 VR DT, or DA and TM put together); None where it is not one."""
    found = _MOMENT.match(text.replace(":", ""))
    if found is None or found["day"] == NO_DATE:
        return None
    day, part = found["day"], found["part"] or ""
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    try:
        date = datetime(int(day[:4]), int(day[4:6]), int(day[6:]), hour, minute, second)
    except ValueError:
        return None
    return date + timedelta(microseconds=int(part.ljust(6, "0")))


def acquired_of(dataset: Dataset) -> datetime | None:
    """Tell when the acquisition began, as exactly as the object says; None where it does not."""
    whole = moment(text_of(dataset, "AcquisitionDateTime"))
    if whole is not None:
        return whole
    for name in ("Acquisition", "Content", "Study"):
        day, time = text_of(dataset, f"{name}Date"), text_of(dataset, f"{name}Time")
        if (found := moment(day + time)) is not None:
            return found
    return None


def started_of(acquired: datetime | None, offset_s: float) -> str:
    """Put the start of a part as ISO 8601, empty where it is not known."""
    if acquired is None:
        return ""
    try:
        began = acquired + timedelta(seconds=offset_s)
    except OverflowError:
        began = acquired
    return began.isoformat(timespec="milliseconds" if began.microsecond else "seconds")


def device_of(dataset: Dataset) -> str:
    """Give maker and model of the recorder."""
    names = (text_of(dataset, "Manufacturer"), text_of(dataset, "ManufacturerModelName"))
    return " ".join(name for name in names if name)
