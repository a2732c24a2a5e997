"""What the user answers in the import dialog: pure, from texts in fields to import options."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ecgview.formats.options import ImportColumn, ImportOptions, ImportPreview
from ecgview.formats.units import mv_per_unit
from ecgview.leads import (
    CHEST_LEADS,
    EASI_LEADS,
    FRANK_LEADS,
    LEADS,
    OTHER_LEADS,
    normalise_lead_name,
    normalise_other_lead,
)

KEEP = "other"
"""The choice for a signal that is no lead."""
UNITS = ("mV", "uV", "V", "nV")
RATES_HZ = (1.0, 100_000.0)
PROVISIONAL_HZ = 500.0
"""The rate that a trace is read with as long as none is given."""

ORDERS: dict[str, tuple[str, ...]] = {
    "I, II, III, aVR, aVL, aVF, V1 to V6": LEADS,
    "I, II, III, aVL, aVR, aVF, V1 to V6": (
        "I", "II", "III", "aVL", "aVR", "aVF", *CHEST_LEADS,
    ),
    "Cabrera: aVL, I, -aVR, II, aVF, III, V1 to V6": (
        "aVL", "I", "-aVR", "II", "aVF", "III", *CHEST_LEADS,
    ),
    "Twelve leads, then Frank's X, Y, Z": (*LEADS, *FRANK_LEADS),
    "I, II, V1 to V6": ("I", "II", *CHEST_LEADS),
    "The six limb leads": LEADS[:6],
    "Frank's X, Y, Z": FRANK_LEADS,
}  # fmt: skip
"""Usual orders of the signals of a file; a lead with a minus sign is recorded upside down."""


@dataclass(frozen=True)
class Answers:
    """The texts in the fields.

    Attributes
    ----------
    leads : tuple of str
        The choice for each signal: a lead, or `KEEP`.
    gains : tuple of str
        The factor for each signal; empty for 1.
    rate, unit : str
        Sampling rate in Hz and unit of the leads; empty where not given.
    """

    leads: tuple[str, ...]
    gains: tuple[str, ...]
    rate: str
    unit: str

    @property
    def rate_hz(self) -> float | None:
        """The rate as a number, None where it is not one that a recorder can have."""
        rate_hz = number(self.rate)
        return rate_hz if rate_hz is not None and RATES_HZ[0] <= rate_hz <= RATES_HZ[1] else None

    def ordered(self, order: Sequence[str]) -> Answers:
        """Give the signals the leads of one of `ORDERS`."""
        gains = tuple("-1" if lead.startswith("-") else "" for lead in order)
        return replace(self, leads=tuple(lead.removeprefix("-") for lead in order), gains=gains)


def number(text: str) -> float | None:
    """Read a number with a point or a comma; None where it is none."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def orders_for(n_signals: int) -> tuple[str, ...]:
    """Titles of the usual orders of so many signals."""
    return tuple(title for title, order in ORDERS.items() if len(order) == n_signals)


def first_answers(preview: ImportPreview, in_force: ImportOptions) -> Answers:
    """Fill the fields with what is in force, else with what the file says.

    Parameters
    ----------
    preview : ImportPreview
        Of the file by itself.
    in_force : ImportOptions
        What the user has said before; what does not fit the file is passed over.
    """
    n_signals = len(preview.signals)
    leads = tuple(column.lead or KEEP for column in preview.signals)
    if in_force.leads is not None and len(in_force.leads) == n_signals:
        named = replace(preview, columns=_named(preview, in_force.leads))
        leads = tuple(column.lead or _other_lead(column.name) for column in named.signals)
    gains = in_force.gains or ()
    gains = gains * n_signals if len(gains) == 1 else gains
    if len(gains) != n_signals:
        gains = (1.0,) * n_signals
    return Answers(
        leads=leads,
        gains=tuple("" if gain == 1 else f"{gain:g}" for gain in gains),
        rate=_rate_text(in_force.rate_hz or preview.rate_hz),
        unit=in_force.unit or preview.unit or "",
    )


def complaint(preview: ImportPreview, answers: Answers) -> str:
    """Say what is still missing or wrong; empty when the file can be opened so."""
    chosen = [lead for lead in answers.leads if lead != KEEP]
    known = {_effective(preview, place, answers) for place in range(len(answers.leads))}
    twelve = [lead for lead in chosen if lead in LEADS]
    if not twelve and not any(set(system) <= known for system in (FRANK_LEADS, EASI_LEADS)):
        usual = " “Set order” gives a usual order." if orders_for(len(answers.leads)) else ""
        return f"Say which signal is which lead; at least one.{usual}"
    twice = [lead for lead, count in Counter(chosen).items() if count > 1]
    if twice:
        return f"{', '.join(twice)} is given to more than one signal."
    if answers.rate_hz is None:
        return "Give the sampling rate in Hz; it is never guessed."
    unit = answers.unit.strip()
    if not unit and not _have_own_units(preview, answers):
        return "Give the unit of the samples."
    if unit and mv_per_unit(unit) is None:
        return f"“{unit}” is not a unit of voltage. Use mV, µV, V, nV, or a gain like 200/mV."
    wrong = [text for text in answers.gains if text.strip() and not number(text)]
    if wrong:
        return f"“{wrong[0]}” is not a factor. Use a number such as 5, or -1 to turn a lead round."
    return ""


def options_of(preview: ImportPreview, answers: Answers, part: str | None) -> ImportOptions:
    """Give what the user says otherwise than the file; only valid without a `complaint`.

    Parameters
    ----------
    preview : ImportPreview
        Of the file by itself.
    answers : Answers
        The fields.
    part : str or None
        The part of the file that was chosen.
    """
    names = tuple(_name(preview, place, answers) for place in range(len(answers.leads)))
    said = tuple(column.name for column in preview.signals)
    gains = tuple(number(text) or 1.0 for text in answers.gains)
    unit = answers.unit.strip()
    return ImportOptions(
        leads=None if names == said and "leads" not in preview.missing else names,
        rate_hz=None if answers.rate == _rate_text(preview.rate_hz) else answers.rate_hz,
        unit=unit if unit and unit != preview.unit else None,
        gains=None if all(gain == 1 for gain in gains) else gains,
        part=part,
    )


def provisional(preview: ImportPreview, answers: Answers, part: str | None) -> ImportOptions:
    """Give options that the signals can be looked at with, whatever is still missing.

    Names, rate and unit that are not given are filled in; what is drawn must not claim them.
    """
    gains = tuple(text if number(text) else "" for text in answers.gains)
    unit = answers.unit.strip()
    if (unit and mv_per_unit(unit) is None) or not (unit or _have_own_units(preview, answers)):
        unit = "mV"
    rate = answers.rate if answers.rate_hz is not None else f"{PROVISIONAL_HZ:g}"
    leads = answers.leads
    if not any(lead in LEADS for lead in leads):
        leads = tuple(LEADS[place] if place < len(LEADS) else KEEP for place in range(len(leads)))
    return options_of(preview, Answers(leads, gains, rate, unit), part)


def _named(preview: ImportPreview, names: Sequence[str]) -> tuple[ImportColumn, ...]:
    given = iter(names)
    return tuple(
        replace(column, name=next(given)) if column.role == "signal" else column
        for column in preview.columns
    )


def _other_lead(name: str) -> str:
    return name if name in OTHER_LEADS else KEEP


def _effective(preview: ImportPreview, place: int, answers: Answers) -> str:
    """Name the lead that a signal will be, of the twelve or of another system."""
    name = _name(preview, place, answers)
    return normalise_lead_name(name) or normalise_other_lead(name) or ""


def _name(preview: ImportPreview, place: int, answers: Answers) -> str:
    """Name a signal as chosen; one that is no lead keeps the name that it has."""
    column, choice = preview.signals[place], answers.leads[place]
    if choice == KEEP:
        # A name that reads as a lead must not come back as one that the user took away.
        return column.name if column.name and column.lead is None else f"column {place + 1}"
    return column.name if choice == column.lead else choice


def _have_own_units(preview: ImportPreview, answers: Answers) -> bool:
    columns = [
        column
        for place, column in enumerate(preview.signals)
        if _effective(preview, place, answers)
    ]
    return bool(columns) and all(mv_per_unit(column.unit) is not None for column in columns)


def _rate_text(rate_hz: float | None) -> str:
    return "" if rate_hz is None else f"{rate_hz:g}"
