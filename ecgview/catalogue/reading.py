"""From a folder to its catalogue, as a job that tells how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ecgview.catalogue.entries import Catalogue
from ecgview.catalogue.finding import data_set_above
from ecgview.catalogue.others import is_challenge_2011, read_any, read_challenge_2011, with_header
from ecgview.catalogue.ptb_xl import is_ptb_xl, read_ptb_xl
from ecgview.catalogue.shelf import Shelf
from ecgview.engine.events import Event, Finished, Progress
from ecgview.errors import DatasetError

_FIRST_HEADERS = 200
_TELL_EVERY = 20


@dataclass(frozen=True, eq=False)
class Listed(Event):
    """The recordings are listed; what their headers say is not read of all of them yet."""

    shelf: Shelf


def read_catalogue(folder: Path) -> Catalogue:
    """Read what a folder holds from its table, or list the recordings in it.

    Parameters
    ----------
    folder : Path
        In the layout of PTB-XL, the Challenge 2011 or PTB, or any folder of recordings; of a
        folder inside PTB-XL or the Challenge 2011, their tables tell too.

    Returns
    -------
    Catalogue
        Without the facts of headers, see `catalogue_events`; maybe of no recording.

    Raises
    ------
    DatasetError
        If there is no such folder, or its table cannot be read.
    """
    if not folder.is_dir():
        raise DatasetError(f"There is no folder {folder}.", "Choose a folder of recordings.")
    if is_ptb_xl(folder):
        return read_ptb_xl(folder)
    if is_challenge_2011(folder):
        return read_challenge_2011(folder)
    return _part_of_data_set(folder) or read_any(folder)


def _part_of_data_set(folder: Path) -> Catalogue | None:
    """Take from the table of a data set above a folder what lies in the folder."""
    whole = data_set_above(folder)
    inside = [one for one in whole.entries if folder in one.path.parents] if whole else []
    return (
        replace(whole, folder=folder, entries=tuple(inside), n_absent=0)
        if whole and inside
        else None
    )


def catalogue_events(folder: Path) -> Iterator[Event]:
    """Read what a folder holds; a generator of events.

    Parameters
    ----------
    folder : Path
        See `read_catalogue`.

    Yields
    ------
    Event
        `Progress`; `Listed` as soon as the names are known, and again while headers are read, the
        more seldom the more there are; at last `Finished` with a `Shelf`.

    Raises
    ------
    DatasetError
        If there is no such folder, its table cannot be read, or it holds no recording.
    """
    yield Progress(0, 0, f"Looking through {folder.name}")
    catalogue = read_catalogue(folder)
    if not catalogue.entries:
        absent = (
            f" of the {catalogue.n_absent:,} that its table lists" if catalogue.n_absent else ""
        )
        raise DatasetError(
            f"{folder.name} holds no recording{absent} that ecgview reads.",
            "Choose the folder that the recordings lie in, or one above it.",
        )
    shelf = Shelf(catalogue)
    n_unread = catalogue.n_unread
    if n_unread:
        yield Listed(shelf)
        entries = list(catalogue.entries)
        tell_next = _FIRST_HEADERS
        for row, entry in enumerate(entries):
            entries[row] = with_header(entry)
            if row % _TELL_EVERY == 0:
                yield Progress(row, len(entries), "Reading headers")
            if row + 1 == tell_next:
                tell_next *= 3
                yield Listed(Shelf(replace(catalogue, entries=tuple(entries))))
        shelf = Shelf(replace(catalogue, entries=tuple(entries)))
    yield Finished(shelf)
