"""Columns of times: numbers with a unit, clock times, dates with times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

import numpy as np

from ecgview.formats.options import ImportColumn
from ecgview.formats.text.names import seconds_of_unit

PLAUSIBLE_HZ = (50.0, 100_000.0)
"""A time column without a unit counts as seconds only if that gives a rate in this range."""

_TIME = r"(?P<hours>\d{1,2}:)?(?P<minutes>\d{1,2}):(?P<seconds>\d{2}(?:[.,:]\d{1,9})?)"
_DATE = (
    r"(?:(?P<year>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"|(?P<day>\d{1,2}[-/.]\d{1,2}[-/.]\d{4}))"
)
_ZONE = r"(?:\s*(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
_CLOCK = re.compile(rf"\[?\s*(?:{_DATE}[T ]+)?{_TIME}{_ZONE}(?:\s+[\d/]+)?\s*\]?")
_DATE_ALONE = re.compile(_DATE)


def is_clock(cell: str) -> bool:
    """Tell a clock time or date with time: ``0:00.002``, ``10:15:30.500``, ``2020-01-31T10:15:30``.

    Bare dates count too.
    """
    return bool(":" in cell and _CLOCK.fullmatch(cell)) or bool(_DATE_ALONE.fullmatch(cell))


def clock_seconds(cell: str) -> float:
    """Give the seconds of a clock time, or of a date with time since 1970; NaN for anything else.

    Of a date that may be read in two ways (``01/02/2020``) only the time of day counts.
    """
    match = _CLOCK.fullmatch(cell)
    if match is None:
        return float("nan")
    seconds = float(re.sub("[,:]", ".", match["seconds"]))
    hours = int(match["hours"][:-1]) if match["hours"] else 0
    days_s = _start_of_day(match)
    return days_s + 3600 * hours + 60 * int(match["minutes"]) + seconds


def _start_of_day(match: re.Match[str]) -> float:
    if not match["year"]:
        return 0.0
    try:
        date = datetime(int(match["year"]), int(match["m"]), int(match["d"]), tzinfo=UTC)
    except ValueError:
        return float("nan")
    return date.timestamp()


def started_at(cell: str) -> str:
    """Give a date with time as ISO 8601; empty where the date may be read in two ways."""
    match = _CLOCK.fullmatch(cell)
    if match is None or not match["year"] or not match["hours"]:
        return ""
    seconds = int(match["seconds"][:2])
    return (
        f"{match['year']}-{int(match['m']):02}-{int(match['d']):02}T"
        f"{int(match['hours'][:-1]):02}:{int(match['minutes']):02}:{seconds:02}"
    )


def iso_date(said: str) -> str:
    """Give a date as ``YYYY-MM-DD``; empty where it cannot be told or be read in two ways."""
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%b %d, %Y", "%d %b %Y", "%d %B %Y"):
        with suppress(ValueError):
            return datetime.strptime(said.strip(), form).date().isoformat()
    return ""


def clock_column(rows: Sequence[Sequence[str]]) -> int | None:
    """Give the column of clock times among the first ones; None where there is none."""
    if not rows:
        return None
    return next((i for i, cell in enumerate(rows[0][:3]) if ":" in cell and is_clock(cell)), None)


def rate_of_times(times: np.ndarray, column: ImportColumn) -> float | None:
    """Compute the sampling rate from a time column.

    Parameters
    ----------
    times : ndarray, shape (samples,)
        The numbers of the column.
    column : ImportColumn
        Its name and unit; without a unit they count as seconds if the rate is then plausible.

    Returns
    -------
    float or None
        In Hz; None where the steps are not even, or the unit cannot be told.
    """
    steps = np.diff(times)
    if not len(steps) or not np.isfinite(steps).all():
        return None
    typical = float(np.median(steps))
    # Times rounded to a millisecond alternate between steps; a lost sample doubles one.
    if typical <= 0 or steps.min() <= 0.4 * typical or steps.max() >= 1.6 * typical:
        return None
    length = float(times[-1] - times[0])
    rate_hz = len(steps) / length / (seconds_of_unit(column.unit) or 1.0)
    # The rounding of the times limits how well the rate is known.
    whole = round(rate_hz)
    if whole and abs(rate_hz / whole - 1) < 1e-6 + float(np.ptp(steps)) / length:
        rate_hz = float(whole)
    if not column.unit and not PLAUSIBLE_HZ[0] <= rate_hz <= PLAUSIBLE_HZ[1]:
        return None
    return rate_hz
