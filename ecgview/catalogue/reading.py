"""From a folder to its catalogue, as a job that tells how far it is."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ecgview.catalogue.entries import Catalogue
from ecgview.catalogue.finding import data_set_above
from ecgview.catalogue.others import list_any, read_challenge_2011, with_header
from ecgview.catalogue.ptb_xl import read_ptb_xl
from ecgview.catalogue.shelf import Shelf
from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.layouts import is_challenge_2011, is_ptb_xl
from ecgview.errors import DatasetError
from ecgview.formats.search import walk_recordings

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
    known = _known_data_set(folder)
    if known is not None:
        return known
    return list_any(folder, (path for found in walk_recordings(folder) for path in found))


def _known_data_set(folder: Path) -> Catalogue | None:
    """Read a data set, or a part of one, from its table; None where there is no table."""
    if not folder.is_dir():
        raise DatasetError(f"There is no folder {folder}.", "Choose a folder of recordings.")
    if is_ptb_xl(folder):
        return read_ptb_xl(folder)
    if is_challenge_2011(folder):
        return read_challenge_2011(folder)
    whole = data_set_above(folder)
    if whole is None:
        return None
    at = folder.absolute()
    inside = tuple(entry for entry in whole.entries if at in entry.path.parents)
    return replace(whole, folder=folder, entries=inside, n_absent=0) if inside else None


def _listing(folder: Path) -> Generator[Event, None, Catalogue]:
    """List a folder, telling how many recordings are found; returns its catalogue."""
    known = _known_data_set(folder)
    if known is not None:
        return known
    paths: list[Path] = []
    for found in walk_recordings(folder):
        paths += found
        # Told after each folder: a long search can be left then.
        yield Progress(0, 0, f"Looking through {folder.name}: {len(paths):,} recordings so far")
    return list_any(folder, paths)


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
    catalogue = yield from _listing(folder)
    if not catalogue.entries:
        absent = (
            f" of the {catalogue.n_absent:,} that its table lists" if catalogue.n_absent else ""
        )
        raise DatasetError(
            f"{folder} holds no recording{absent} that ecgview reads.",
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
