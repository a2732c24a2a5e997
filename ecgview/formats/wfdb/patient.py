"""What the record line and the comments of a WFDB header tell of the recording.

Comments have no standard; the forms here are those of the sets on PhysioNet: ``# Age: 60``
(Challenges, PTB), ``# <age>: 65 <sex>: F`` (INCART, LUDB), ``# Age: 62  Sex: M`` (European ST-T)
and ``# 69 M 1085 1629 x1`` (MIT-BIH).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, time

from ecgview.formats.patients import month_number, sex_of
from ecgview.recording import Patient

_FACT = re.compile(
    r"[\s;,]*<?\s*(age|sex|gender|name|(?:patient|subject)[ _-]?(?:id|name)|"
    r"date[ _]of[ _]birth|birth[ _]?date|dob)\s*>?\s*[:=]\s*"
    r"(.*?)(?=\s{2,}|\s*<|\s*[;,]?\s+(?:age|sex|gender)\s*>?\s*[:=]|$)",
    re.IGNORECASE,
)
_AGE_AND_SEX = re.compile(r"(\d{1,3})\s+([MF])(?:\s|$)")
_UNTOLD = {"", "?", "-", "nan", "none", "n/a", "unknown"}
_CLOCK = re.compile(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d*)?)?")
_DATES = (
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})-(?P<m>\d{1,2}|[A-Za-z]{3})-(?P<y>\d{4})"),
)


def patient_of(comments: Sequence[str]) -> Patient:
    """Find identifier, name, date of birth, age and sex in the comments of a header."""
    facts: dict[str, str] = {}
    for line in comments:
        place = 0
        while found := _FACT.match(line, place):
            place = found.end()
            if found[2].strip().lower() not in _UNTOLD:
                facts.setdefault(_field(found[1].lower()), found[2].strip())
    short = _AGE_AND_SEX.match(comments[0]) if comments else None
    if short and not facts:
        facts = {"age": short[1], "sex": short[2]}
    birth_date = facts.get("birth_date", "")
    return Patient(
        identifier=facts.get("identifier", ""),
        age=facts.get("age", ""),
        sex=sex_of(facts.get("sex", "")),
        name=facts.get("name", ""),
        birth_date=_date(birth_date) or birth_date,
    )


def _field(key: str) -> str:
    if key.endswith("id"):
        return "identifier"
    if key.endswith("name"):
        return "name"
    if "birth" in key or key == "dob":
        return "birth_date"
    return "sex" if key == "gender" else key


def started_of(words: Iterable[str]) -> str:
    """Find the start among the last words of a record line; empty where no date is told.

    The format wants ``hh:mm:ss dd/mm/yyyy``; the Challenges write ``23-Mar-2021 20:20:47`` and
    ``2014-05-08 05:05:15``.
    """
    days = clocks = ""
    for word in words:
        days = days or _date(word)
        clocks = clocks or _clock(word)
    return f"{days}T{clocks}" if days and clocks else days


def _date(word: str) -> str:
    found = next((match for form in _DATES if (match := form.fullmatch(word))), None)
    if found is None:
        return ""
    try:
        month = int(found["m"]) if found["m"].isdecimal() else month_number(found["m"])
        return date(int(found["y"]), month, int(found["d"])).isoformat()
    except ValueError:
        return ""


def _clock(word: str) -> str:
    found = _CLOCK.fullmatch(word)
    if found is None:
        return ""
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0)).isoformat()
    except ValueError:
        return ""
