"""Going to a time that is typed."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?) *s?")


def seconds_of(text: str) -> float | None:
    """Read a time.

    Parameters
    ----------
    text : str
        Seconds (``83.5``), ``1:23.5`` or ``0:01:23.5``.

    Returns
    -------
    float or None
        Seconds; None where it is no time.
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = (part or "0" for part in found.groups())
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))
