"""Pyramids of long recordings kept on disk, so that a day is seen at once when it is opened again.

A file belongs to one state of one recording: path, size and time of its files, and what was said of
them on import. The oldest are removed when there are too many.
"""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from glob import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.formats.notes import ANNOTATOR
from ecgview.paths import user_overviews_dir
from ecgview.recording import Recording
from ecgview.signals.pyramid import Pyramid

MOST_BYTES = 400_000_000
"""All files together take no more: some ten days of twelve leads."""
_VERSION = 1
_DRAFT_LASTS_S = 3600.0
_PREFIX = "overview-"


@dataclass(frozen=True)
class KeptOverview:
    """A file of the cache.

    Attributes
    ----------
    name : str
        As ``ecgview cache`` lists it.
    path : Path
        The file.
    size_bytes : int
        What it takes on disk.
    changed : datetime
        When it was written or last used.
    """

    name: str
    path: Path
    size_bytes: int
    changed: datetime


def overview_key(recording: Recording) -> str | None:
    """Name the state of a recording's files; None for a recording without a file.

    Parameters
    ----------
    recording : Recording
        As it was opened, not filtered.

    Returns
    -------
    str or None
        Another one whenever the file, or what was said of it, is another.
    """
    if recording.path is None:
        return None
    path = recording.path.absolute()
    try:
        beside = sorted(path.parent.glob(escape(path.stem) + ".*")) or [path]
        # Notes come and go without a change of the samples.
        facts = [(file.name, file.stat()) for file in beside if file.suffix != f".{ANNOTATOR}"]
        states = [(name, fact.st_size, fact.st_mtime_ns) for name, fact in facts]
    except OSError:
        return None
    shape = (recording.fs_hz, recording.n_samples, recording.leads, recording.part)
    said = repr((_VERSION, str(path), states, recording.options, shape))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def load_overview(key: str, pyramid: Pyramid, levels_mv: NDArray[np.float32]) -> bool:
    """Fill a pyramid from the cache.

    Parameters
    ----------
    key : str
        See `overview_key`.
    pyramid : Pyramid
        Filled whole, or left as it is.
    levels_mv : ndarray, shape (leads,)
        What was taken off each lead; a file with other levels is not used.

    Returns
    -------
    bool
        False where there is none, or it cannot be read; it is to be built then.
    """
    path = _path(key)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = [kept[name] for name in ("lowest", "highest", "holed", "levels")]
        with suppress(OSError):
            os.utime(path)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, NotImplementedError):
        return False
    lowest, highest, packed, levels = arrays
    if not np.array_equal(levels, levels_mv) or lowest.shape != pyramid.shape:
        return False
    holed = None
    if packed.size:
        holed = np.unpackbits(packed, axis=1, count=lowest.shape[1]).astype(np.bool_)
    pyramid.put_back(lowest, highest, holed)
    return True


def save_overview(key: str, pyramid: Pyramid, levels_mv: NDArray[np.float32]) -> bool:
    """Write a complete pyramid to the cache, whole or not at all.

    Returns
    -------
    bool
        False where the disk is full or the folder cannot be written to; nothing is lost by it.
    """
    path = _path(key)
    part = path.with_suffix(f".{os.getpid()}.part")
    level = pyramid.levels[0]
    holed = np.empty((0, 0), np.uint8) if level.holed is None else np.packbits(level.holed, axis=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(
                file, lowest=level.lowest, highest=level.highest, holed=holed, levels=levels_mv
            )
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        return False
    _drop_oldest()
    return True


def list_overviews() -> list[KeptOverview]:
    """List what is kept, the latest used first."""
    found = []
    folder = user_overviews_dir()
    for path in folder.glob("*.npz") if folder.is_dir() else ():
        with suppress(OSError):
            facts = path.stat()
            changed = datetime.fromtimestamp(facts.st_mtime)
            found.append(KeptOverview(_PREFIX + path.stem, path, facts.st_size, changed))
    return sorted(found, key=lambda each: each.changed, reverse=True)


def clear_overviews(names: Collection[str] | None = None) -> list[KeptOverview]:
    """Remove files of the cache.

    Parameters
    ----------
    names : collection of str, optional
        Names or beginnings of names; everything by default.

    Returns
    -------
    list of KeptOverview
        What was removed.
    """
    removed = []
    for kept in list_overviews():
        if names is None or kept.name.startswith(tuple(names)):
            with suppress(OSError):
                kept.path.unlink()
                removed.append(kept)
    return removed


def _drop_oldest() -> None:
    """Keep to the room there is, and take away what a process that was ended began to write."""
    for draft in user_overviews_dir().glob("*.part"):
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime > _DRAFT_LASTS_S:
                draft.unlink()
    total = 0
    for kept in list_overviews():
        total += kept.size_bytes
        if total > MOST_BYTES:
            with suppress(OSError):
                kept.path.unlink()


def _path(key: str) -> Path:
    return user_overviews_dir() / f"{key}.npz"
