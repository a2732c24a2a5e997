"""Fields of an EDF header, as recorders write them and not only as the standard wants them.

What is tolerated here stands in files of real recorders: decimal commas, NUL padding, times with
colons, dates of 00.00.00, a micro sign in a dozen encodings.
"""

from __future__ import annotations

import math
import re
from datetime import date, time

from ecgview.formats.patients import month_number, sex_of
from ecgview.recording import Patient

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_THREE_NUMBERS = re.compile(r"\s*(\d{1,2})\D(\d{1,2})\D\s*(\d{1,2})\s*")
_LONG_DATE = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})")
_VOLTS = re.compile(r"(micro|milli|nano|[munµμ]?)\s*v(?:olts?)?", re.IGNORECASE)
_BROKEN_MICROVOLT = re.compile(r"(?:[^\x00-\x7f]{1,3}|\?)[vV]")
_AGE = re.compile(r"[Aa]ge[=:_](\S+)")
_ANONYMOUS = {"X", "DD-MMM-YYYY"}
"""What stands where nothing is said; the second is the template that some recorders leave."""
_DEFAULT_START = "1985-01-01T00:00:00"
"""The start that EDF software writes where there is none to tell."""


def decode(field: bytes) -> str:
    """Decode a text field: ASCII by the standard, UTF-8 or Latin-1 in fact."""
    try:
        text = field.decode("utf-8")
    except UnicodeDecodeError:
        text = field.decode("latin-1")
    return "".join(c if c.isprintable() else " " for c in text).strip()


def number(field: bytes) -> float | None:
    """Read a number; None where there is none."""
    text = field.decode("latin-1").replace("\0", "").replace(" ", "").replace(",", ".")
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def whole_number(field: bytes) -> int | None:
    """Read a whole number; None where there is none."""
    value = number(field)
    return int(value) if value is not None and value == int(value) else None


def unit(field: bytes) -> str:
    """Read a physical dimension; every spelling of the microvolt becomes ``uV``."""
    text = decode(field)
    if spelled := _VOLTS.fullmatch(text):
        text = f"{spelled[1].lower().replace('micro', 'u')[:1]}V"
    # The micro sign of Shift-JIS, of DOS, of MacOS, or one that was replaced: no other prefix of
    # the volt lies outside of ASCII.
    return "uV" if _BROKEN_MICROVOLT.fullmatch(text) else text


def _long_date(text: str) -> str:
    """Turn ``02-MAY-1951`` into ``1951-05-02``; empty where it is no date."""
    match = _LONG_DATE.fullmatch(text)
    if match is None:
        return ""
    try:
        return date(int(match[3]), month_number(match[2]), int(match[1])).isoformat()
    except ValueError:
        return ""


def started(date_field: bytes, time_field: bytes, recording: str) -> str:
    """Give the start, ISO 8601; empty where it is not told or hidden.

    Parameters
    ----------
    date_field, time_field : bytes
        ``dd.mm.yy`` and ``hh.mm.ss``, with whatever between the numbers.
    recording : str
        The recording field; in EDF+ it begins with the date and tells the century.
    """
    words = recording.split()
    is_plus = len(words) > 1 and words[0].lower() == "startdate"
    if is_plus and words[1].upper() == "X":
        return ""
    day = (_long_date(words[1]) if is_plus else "") or _short_date(decode(date_field))
    clock = _clock(decode(time_field))
    start = f"{day}T{clock}" if day and clock else day
    return "" if start == _DEFAULT_START else start


def _short_date(text: str) -> str:
    match = _THREE_NUMBERS.fullmatch(text)
    if match is None:
        return ""
    day, month, year = map(int, match.groups())
    try:
        return date(year + (1900 if year >= 85 else 2000), month, day).isoformat()
    except ValueError:
        return ""


def _clock(text: str) -> str:
    match = _THREE_NUMBERS.fullmatch(text)
    if match is None:
        return ""
    try:
        return time(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return ""


def patient(text: str) -> Patient:
    """Read the patient field: code, sex, date of birth and name in EDF+, anything in EDF."""
    words = text.split()
    is_plus = len(words) >= 3 and words[1].upper() in ("M", "F", "X")
    if not is_plus or not (words[2].upper() == "X" or _long_date(words[2])):
        said = [word for word in words if word.upper() not in _ANONYMOUS]
        return Patient(identifier=" ".join(said))
    code, sex, birth, *more = words
    ages = [match[1] for word in more if (match := _AGE.fullmatch(word))]
    return Patient(
        identifier="" if code.upper() in _ANONYMOUS else code,
        age=_told(ages[0]) if ages else "",
        sex=sex_of(sex),
        birth_date=_long_date(birth),
        name=_told(more[0]) if more else "",
    )


def _told(word: str) -> str:
    return "" if word.upper() in _ANONYMOUS else word.replace("_", " ").strip()


def device_and_remarks(text: str) -> tuple[str, tuple[str, ...]]:
    """Split the recording field into the recorder and what else it says.

    Returns
    -------
    device : str
        The equipment, which only EDF+ tells apart.
    remarks : tuple of str
        Lines of free text.
    """
    words = text.split()
    if len(words) < 2 or words[0].lower() != "startdate":
        return "", (text,) if text else ()
    codes = [_told(word) for word in words[2:5]]
    codes += [""] * (3 - len(codes))
    more = " ".join(words[5:])
    return codes[2], tuple(line for line in (codes[0], codes[1], more) if line)
