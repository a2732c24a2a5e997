"""What the library asks of the other rooms; imported when first used, in a worker.

Tests hand in a `LibraryBackend` of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.events import Event, Finished
from ecgview.errors import EcgviewError
from ecgview.gui.native_libraries import loading_quietly
from ecgview.gui.signal_processing import load as load_signal_processing

if TYPE_CHECKING:
    from ecgview.catalogue.entries import Catalogue, Entry
    from ecgview.catalogue.triage import TriageTask

Events = Generator[Event, None, None]

PICTURE_COLUMNS = 256
PICTURE_S = 5.0
"""How much of a recording its small picture shows, from the beginning."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A small picture of a lead.

    Attributes
    ----------
    lead : str
        Which one; another than was asked for where the file lacks that.
    low_mv, high_mv : ndarray, shape (columns,)
        Smallest and largest value in each column, median removed; NaN in gaps. Empty where the
        file cannot be opened.
    """

    lead: str
    low_mv: NDArray[np.float32]
    high_mv: NDArray[np.float32]


_NO_PICTURE = Picture("", np.zeros(0, np.float32), np.zeros(0, np.float32))


def draw_picture(path: Path, lead: str, columns: int = PICTURE_COLUMNS) -> Picture:
    """Read the beginning of a recording and reduce it to columns.

    Parameters
    ----------
    path : Path
        A recording.
    lead : str
        The lead that is wanted; the first one where it is not there.
    columns : int
        How wide it will be.
    """
    from ecgview.formats import open_recording

    try:
        recording = open_recording(path)
        if not recording.leads:
            return _NO_PICTURE
        taken = lead if lead in recording.leads else recording.leads[0]
        stop = min(recording.n_samples, round(PICTURE_S * recording.fs_hz))
        signal_mv = recording.read([taken], 0, stop)[0]
    except EcgviewError:
        return _NO_PICTURE
    return reduced(taken, signal_mv, round(PICTURE_S * recording.fs_hz), columns)


def reduced(
    lead: str, signal_mv: NDArray[np.float32], n_samples: int, columns: int = PICTURE_COLUMNS
) -> Picture:
    """Reduce a signal to the smallest and largest value of each column.

    Parameters
    ----------
    lead : str
        Its name.
    signal_mv : ndarray, shape (samples,)
        In mV.
    n_samples : int
        Samples of the whole width; a shorter signal leaves the rest empty.
    columns : int
        How many.
    """
    if not np.isfinite(signal_mv).any():
        return _NO_PICTURE
    edges = np.linspace(0, max(n_samples, columns), columns + 1).astype(np.int64)
    # Each column begins with the last sample of the one before, so that no gap is seen.
    padded = np.full(int(edges[-1]) + 1, np.nan, dtype=np.float32)
    padded[1 : 1 + len(signal_mv)] = signal_mv - np.nanmedian(signal_mv)
    padded[0] = padded[1]
    low, high = padded.copy(), padded.copy()
    low[np.isnan(padded)], high[np.isnan(padded)] = np.inf, -np.inf
    starts = edges[:-1]
    lows = np.minimum(np.minimum.reduceat(low[1:], starts), low[starts])
    highs = np.maximum(np.maximum.reduceat(high[1:], starts), high[starts])
    empty = lows > highs
    lows[empty] = highs[empty] = np.nan
    return Picture(lead, lows, highs)


def _catalogue_events(folder: Path) -> Events:
    from ecgview.catalogue.reading import catalogue_events

    yield from catalogue_events(folder)


def _triage_events(paths: Sequence[Path], task: TriageTask) -> Events:
    if "ecgview.engine.reconstruct" not in sys.modules:
        with loading_quietly():
            load_signal_processing()
            import ecgview.engine.reconstruct  # noqa: F401
    from ecgview.catalogue.triage import triage_events

    yield from triage_events(paths, task)


def _entry_of(path: Path) -> tuple[Catalogue, Entry] | None:
    from ecgview.catalogue.finding import entry_of

    return entry_of(path)


def entry_job(look_up: Callable[[Path], object], path: Path) -> Events:
    """Look up what the data set around a file says of it; its result may be None."""
    yield Finished(look_up(path))


@dataclass(frozen=True)
class Drawn(Event):
    """One small picture is drawn."""

    path: Path
    lead: str
    picture: Picture


def drawing_job(draw: Callable[[Path, str], Picture], paths: Sequence[Path], lead: str) -> Events:
    """Draw small pictures of some recordings; yields a `Drawn` for each."""
    for path in paths:
        yield Drawn(path, lead, draw(path, lead))


@dataclass(frozen=True)
class LibraryBackend:
    """The functions that the library uses.

    Attributes
    ----------
    catalogue_events : callable
        ``(folder)`` -> events, the last a `Finished` with a `Shelf`.
    triage_events : callable
        ``(paths, task)`` -> events, a `Scored` for each.
    draw : callable
        ``(path, lead)`` -> `Picture`.
    entry_of : callable
        ``(path)`` -> what the data set around a file says of it, or None.
    """

    catalogue_events: Callable[[Path], Events] = _catalogue_events
    triage_events: Callable[[Sequence[Path], TriageTask], Events] = _triage_events
    draw: Callable[[Path, str], Picture] = draw_picture
    entry_of: Callable[[Path], tuple[Catalogue, Entry] | None] = _entry_of
