"""What a data set says of one file: its table is looked for in the folders above."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ecgview.catalogue.entries import Catalogue, Entry
from ecgview.catalogue.others import read_challenge_2011
from ecgview.catalogue.ptb_xl import STATEMENTS, at_full_rate, read_ptb_xl
from ecgview.engine.layouts import CHALLENGE_TABLE, PTB_XL_TABLE, is_challenge_2011, is_ptb_xl
from ecgview.errors import DatasetError

_TABLES = (PTB_XL_TABLE, STATEMENTS, CHALLENGE_TABLE)
FOLDERS_ABOVE = 4
"""How far up the table of a data set is looked for."""


def entry_of(path: Path) -> tuple[Catalogue, Entry] | None:
    """Find what its data set says of a file.

    Parameters
    ----------
    path : Path
        A recording.

    Returns
    -------
    tuple of (Catalogue, Entry) or None
        None where no data set is around it, its table does not list it, or cannot be read.
        Tables are read once, and again when they have changed.
    """
    catalogue = data_set_above(path)
    if catalogue is None:
        return None
    header = path.absolute().with_suffix(".hea")
    rows = catalogue.row_of_path
    row = rows.get(header, rows.get(at_full_rate(header), -1))
    return None if row < 0 else (catalogue, catalogue.entries[row])


def data_set_above(path: Path) -> Catalogue | None:
    """Read the data set that a file or folder lies in.

    Parameters
    ----------
    path : Path
        The folders above it are looked at, the nearest first.

    Returns
    -------
    Catalogue or None
        None where there is no table of a known data set, or it cannot be read.
    """
    for folder in list(path.absolute().parents)[:FOLDERS_ABOVE]:
        try:
            stamps = tuple(_stamp(folder / name) for name in _TABLES)
            catalogue = _catalogue(folder, stamps) if any(stamps) else None
        except (DatasetError, OSError):
            continue
        if catalogue is not None:
            return catalogue
    return None


def _stamp(table: Path) -> tuple[int, ...]:
    try:
        facts = table.stat()
    except OSError:
        return ()
    return (facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=2)
def _catalogue(folder: Path, stamps: tuple[object, ...]) -> Catalogue | None:
    if is_ptb_xl(folder):
        return read_ptb_xl(folder)
    if is_challenge_2011(folder):
        return read_challenge_2011(folder)
    return None
