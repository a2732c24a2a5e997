"""Which recordings are said to be normal, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from ecgview.catalogue.finding import entry_of
from ecgview.engine.layouts import Entry

_NORMAL = ("NORM",)


def normal_recordings(entries: Sequence[Entry]) -> dict[str, bool]:
    """Tell normal recordings from pathological ones, by the diagnostic superclasses stated.

    Parameters
    ----------
    entries : sequence of Entry
        Recordings of data sets.

    Returns
    -------
    dict of str to bool
        By name: True where normal is all that is stated, False where there is anything else; what
        no diagnosis is stated of is not in it.
    """
    found = ((entry.name, entry_of(entry.path)) for entry in entries)
    stated = {name: one[1].superclasses for name, one in found if one is not None}
    return {name: classes == _NORMAL for name, classes in stated.items() if classes}
