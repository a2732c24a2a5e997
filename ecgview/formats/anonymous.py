"""What may be kept of a recording that must not tell whose it is.

Nothing is searched for names: only facts of a known form are taken over, and all other text stays
behind. The rule is the safe harbour of the United States' HIPAA, 45 CFR 164.514(b)(2): no names,
numbers, dates (but the year) and serial numbers of devices, and ages over 89 in one category, 90
or older. Who has another electrocardiogram of the same heart can still recognise it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ecgview.formats.dicom.codes import NUMBER_OF_LEAD
from ecgview.formats.patients import age_between
from ecgview.leads import LEADS, OTHER_LEADS, normalise_lead_name, normalise_other_lead
from ecgview.recording import Mark, Patient

OLDEST_AGE = 89
"""Years; older people are told apart by their age (45 CFR 164.514(b)(2)(i)(C))."""
KNOWN_LEADS = frozenset({*LEADS, *OTHER_LEADS, *NUMBER_OF_LEAD})
BEAT_CODES = frozenset("NLRBAaJSVrFejnE/fQ?ptu()|~!x`'^")
"""Codes of beats and waves as in PhysioNet's annotation files; they say nothing of a person."""
_AGE = re.compile(
    r"0*(?P<number>\d{1,3})(?:\.\d+)?\+?\s*(?P<unit>y|years?|m|months?|w|weeks?|d|days?|)\.?",
    re.IGNORECASE,
)
_UNITS = {"m": " months", "w": " weeks", "d": " days"}


def known_lead(name: str) -> str | None:
    """Give the standard name of a lead of any known system; None for any other text."""
    lead = normalise_lead_name(name) or normalise_other_lead(name)
    return lead or (name if name in KNOWN_LEADS else None)


def safe_patient(patient: Patient, started: str = "") -> Patient:
    """Keep sex and age of a patient.

    Parameters
    ----------
    patient : Patient
        As the file says.
    started : str
        When it was recorded, ISO 8601; with the birth date it gives an age that is not stated.

    Returns
    -------
    Patient
        ``male`` or ``female``, and an age in years (``90+`` above 89), months, weeks or days.
    """
    sex = patient.sex if patient.sex in ("male", "female") else ""
    age = patient.age or age_between(patient.birth_date, started)
    return Patient(sex=sex, age=_safe_age(age))


def _safe_age(text: str) -> str:
    found = _AGE.fullmatch(text.strip())
    if found is None:
        return ""
    number, unit = int(found["number"]), found["unit"][:1].lower()
    if unit in _UNITS:
        return f"{number}{_UNITS[unit]}"
    return str(number) if number <= OLDEST_AGE else f"{OLDEST_AGE + 1}+"


def safe_marks(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Keep the marks whose text is the code of a beat or wave, with their time and lead."""
    return tuple(
        replace(mark, text=mark.text.strip()) for mark in marks if mark.text.strip() in BEAT_CODES
    )
