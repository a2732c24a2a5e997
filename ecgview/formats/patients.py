"""Facts on patients, as many formats write them."""

from __future__ import annotations

from datetime import date

_SEXES = {
    **dict.fromkeys(("m", "male"), "male"),
    **dict.fromkeys(("f", "female", "w"), "female"),
    **dict.fromkeys(("o", "other"), "other"),
    **dict.fromkeys(("x", "u", "unknown", "?", "-"), ""),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def sex_of(text: str) -> str:
    """Give ``male``, ``female`` or ``other``; nothing for unknown, any other text as written."""
    return _SEXES.get(text.strip().lower(), text.strip())


def month_number(name: str) -> int:
    """Give the number of a month by the first three letters of its English name.

    Raises
    ------
    ValueError
        If it is none.
    """
    return _MONTHS.index(name.lower()) + 1


def age_between(birth_date: str, day: str) -> str:
    """Give the age in years on a day.

    Parameters
    ----------
    birth_date, day : str
        ISO 8601; what follows the date is left aside.

    Returns
    -------
    str
        Empty where one of them is not known, or the day lies before birth.
    """
    try:
        born, then = date.fromisoformat(birth_date[:10]), date.fromisoformat(day[:10])
    except ValueError:
        return ""
    years = then.year - born.year - ((then.month, then.day) < (born.month, born.day))
    return str(years) if years >= 0 else ""
