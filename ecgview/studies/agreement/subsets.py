"""Which recordings a table is over: all, normal ones, or those of a diagnostic superclass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.catalogue.codes import SUPERCLASSES
from ecgview.catalogue.finding import entry_of
from ecgview.engine.dataset import Entry
from ecgview.studies.agreement.results import LEAST_PATIENTS, Subset
from ecgview.studies.agreement.table import too_few
from ecgview.studies.agreement.task import SUBSETS

ALL, NORMAL, BY_SUPERCLASS = SUBSETS
_NORMAL = "NORM"
_UNKNOWN = "the data set states no diagnoses"


@dataclass(frozen=True, eq=False)
class Sorted:
    """A subset, and which recordings are in it.

    Attributes
    ----------
    subset : Subset
        Of each patient the first usable recording counts.
    inside : ndarray of bool, shape (recordings,)
        Those in it, several of a patient too.
    """

    subset: Subset
    inside: NDArray[np.bool_]


def subsets_of(
    entries: Sequence[Entry], usable: NDArray[np.bool_], wanted: Sequence[str]
) -> tuple[Sorted, ...]:
    """Sort recordings into subsets.

    Parameters
    ----------
    entries : sequence of Entry
        Those that were prepared.
    usable : ndarray of bool, shape (recordings,)
        Whether beats were found in the available leads.
    wanted : sequence of str
        Out of `SUBSETS`.

    Returns
    -------
    tuple of Sorted
        In the order of the table.
    """
    found = [entry_of(entry.path) for entry in entries]
    stated = [one[1].superclasses if one else () for one in found]
    known = any(stated)
    subsets = []
    if ALL in wanted:
        subsets.append(_subset("all", "All subjects", entries, [True] * len(entries), usable))
    if NORMAL in wanted:
        normal = [classes == (_NORMAL,) for classes in stated]
        subsets.append(_subset("normal", "Normals only", entries, normal, usable, known))
    if BY_SUPERCLASS in wanted:
        for key, title in SUPERCLASSES.items():
            if key != _NORMAL:  # those who are nothing else are the normals
                inside = [key in classes for classes in stated]
                title = title[0].upper() + title[1:]
                subsets.append(_subset(key, title, entries, inside, usable, known))
    return tuple(subsets)


def _subset(
    key: str,
    title: str,
    entries: Sequence[Entry],
    inside: Sequence[bool],
    usable: NDArray[np.bool_],
    known: bool = True,
) -> Sorted:
    places = [place for place, flag in enumerate(inside) if flag]
    people = {entries[place].person for place in places}
    first: dict[str, int] = {}
    for place in places:
        if usable[place]:
            first.setdefault(entries[place].person, place)
    reason = "" if len(first) >= LEAST_PATIENTS else too_few(len(first)) if known else _UNKNOWN
    rows = tuple(first.values())
    return Sorted(
        Subset(key, title, len(places), len(people), rows, reason), np.array(inside, dtype=bool)
    )
