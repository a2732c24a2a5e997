"""What is asked for of a catalogue, and the parsing of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from ecgview.errors import EcgviewError

_AGES = re.compile(r"\s*(\d+(?:\.\d+)?)?\s*(-)?\s*(\d+(?:\.\d+)?)?\s*")

AgeRange = tuple[float | None, float | None]
ANY_AGE: AgeRange = (None, None)


@dataclass(frozen=True)
class Query:
    """What is asked for; what is empty does not matter. Within a field any of its values will do.

    Attributes
    ----------
    text : str
        Words, see `ecgview.catalogue.search`.
    superclasses, statements : frozenset of str
        Diagnostic superclasses; codes of statements.
    min_likelihood : float
        Diagnostic statements below it, in percent, do not count for these two fields.
    sexes : frozenset of str
        ``female``, ``male``.
    ages : tuple of (float or None, float or None)
        Youngest and oldest in years.
    folds : frozenset of int
        Folds.
    qualities : frozenset of str
        Keys of `ecgview.catalogue.entries.QUALITIES`.
    rates_hz : frozenset of float
        Sampling rates.
    """

    text: str = ""
    superclasses: frozenset[str] = frozenset()
    statements: frozenset[str] = frozenset()
    min_likelihood: float = 0.0
    sexes: frozenset[str] = frozenset()
    ages: AgeRange = ANY_AGE
    folds: frozenset[int] = frozenset()
    qualities: frozenset[str] = frozenset()
    rates_hz: frozenset[float] = frozenset()

    @property
    def n_asked(self) -> int:
        """How many of its fields matter."""
        plain = Query()
        return sum(getattr(self, one.name) != getattr(plain, one.name) for one in fields(self))


def parse_ages(text: str) -> AgeRange:
    """Parse ages: ``40-60``, ``65-``, ``-17`` or ``50``.

    Parameters
    ----------
    text : str
        Years; nothing for any age.

    Returns
    -------
    tuple of (float or None, float or None)
        Youngest and oldest.

    Raises
    ------
    EcgviewError
        If it is none of these.
    """
    found = _AGES.fullmatch(text)
    hint = "Write 40-60, 65- for 65 and older, or -17 for 17 and younger."
    if found is None or (text.strip() and not (found[1] or found[3])):
        raise EcgviewError(f"“{text}” is not a range of ages.", hint)
    first = float(found[1]) if found[1] else None
    last = float(found[3]) if found[3] else None
    if not found[2]:
        last = first
    if first is not None and last is not None and first > last:
        raise EcgviewError(f"“{text}” is not a range of ages: {first:g} is above {last:g}.", hint)
    return (first, last)
