"""What the heads of columns say: name, role and unit, in the many ways they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from ecgview.formats.options import ImportColumn

LONGEST_NAME = 80
"""Characters of a name that are looked at."""

VOLT = r"(?:[mµμun]?v|(?:milli|micro|nano)?volts?)"
"""Units of voltage, for patterns."""
SECONDS = {
    "s": 1.0,
    "sec": 1.0,
    "second": 1.0,
    "ms": 1e-3,
    "msec": 1e-3,
    "millisec": 1e-3,
    "millisecond": 1e-3,
    "us": 1e-6,
    "µs": 1e-6,
    "μs": 1e-6,
    "usec": 1e-6,
    "microsecond": 1e-6,
    "ns": 1e-9,
    "nanosecond": 1e-9,
    "min": 60.0,
    "minute": 60.0,
}
"""Units of time."""

_TIME_NAMES = frozenset(
    (
        *("t", "time", "timestamp", "elapsed", "elapsed time", "time stamp", "datetime"),
        *("date time", "zeit", "zeitstempel", "temps", "tiempo", "tempo", "tijd", "tid", "czas"),
        *("время", "时间", "時間"),
    )
)
_TIME_NAMES_OF_DEVICES = re.compile(r".*timestamp( sync)?( formatted)?( unix)?( cal)?")
_INDEX_NAME = re.compile(r"index|samples?( (number|no|nr|index))?|no|nr|n|row|date")
_TIME_UNIT = "|".join(SECONDS)
_NAME_AND_UNIT = re.compile(
    r"(?P<name>.*?)\s*(?:\[(?P<square>[^\]]*)\]|\((?P<round>[^)]*)\)|\{(?P<curly>[^}]*)\}"
    rf"|(?:[\s_/,:.-]+|\s+in\s+)(?P<bare>{VOLT}|{_TIME_UNIT}))\s*",
    re.IGNORECASE,
)
_ELECTRODES = (
    (re.compile(r"(?:.*[\W_])?LA-RA(?:[\W_].*)?", re.IGNORECASE), "I"),
    (re.compile(r"(?:.*[\W_])?LL-RA(?:[\W_].*)?", re.IGNORECASE), "II"),
    (re.compile(r"(?:.*[\W_])?LL-LA(?:[\W_].*)?", re.IGNORECASE), "III"),
)
"""Limb leads by their electrodes, as wearable recorders name them: I = LA - RA, and so on."""


def column_of(cell: str) -> ImportColumn:
    """Tell name, role and unit of a column from its head.

    Parameters
    ----------
    cell : str
        Such as ``I (mV)``, ``V1_uV``, ``aVF in mV``, ``'sample #'``, ``Time [ms]``.

    Returns
    -------
    ImportColumn
        Its name without the unit.
    """
    name, unit = cell[:LONGEST_NAME].strip("'\" "), ""
    match = _NAME_AND_UNIT.fullmatch(name)
    if match and match["name"]:
        name = match["name"].strip()
        found = match["square"] or match["round"] or match["curly"] or match["bare"] or ""
        unit = re.sub(r"^in\s+", "", found.strip(), flags=re.IGNORECASE)
    word = re.sub(r"[\W_]+", " ", name).strip().lower()
    if word in _TIME_NAMES or _TIME_NAMES_OF_DEVICES.fullmatch(word) or _seconds_of(word):
        return ImportColumn(name, "time", unit or (word if _seconds_of(word) else ""))
    if _INDEX_NAME.fullmatch(word):
        return ImportColumn(name, "index", unit)
    is_raw = word.endswith(" raw")
    lead = next((lead for pattern, lead in _ELECTRODES if pattern.fullmatch(name)), None)
    return ImportColumn(lead if lead and not is_raw else name, "signal", unit)


def _seconds_of(word: str) -> float | None:
    return SECONDS.get(word, SECONDS.get(word.removesuffix("s")) if len(word) > 2 else None)


def seconds_of_unit(unit: str) -> float | None:
    """Give a unit of time in seconds; None where it is not one."""
    return _seconds_of(unit.strip().lower())


def without_common_prefix(columns: Sequence[ImportColumn]) -> list[ImportColumn]:
    """Take away a text before the names of the leads that all signals share (``LeadII``).

    Only where no column is named as a lead as it stands, and each is once the text is gone.
    """
    signals = [column for column in columns if column.role == "signal"]
    if len(signals) < 2 or any(column.names_a_lead for column in signals):
        return list(columns)
    for length in range(_common(signals), 0, -1):
        shorter = [replace(column, name=column.name[length:].strip()) for column in signals]
        leads = {column.lead for column in shorter}
        if None not in leads and len(leads) == len(signals):
            found = iter(shorter)
            return [next(found) if column.role == "signal" else column for column in columns]
    return list(columns)


def _common(columns: Sequence[ImportColumn]) -> int:
    """Give the number of characters that all names begin with."""
    letters = zip(*(column.name for column in columns), strict=False)
    return sum(1 for _ in takewhile(lambda several: len(set(several)) == 1, letters))
