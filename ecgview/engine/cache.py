"""Prepared recordings that are kept: one folder each below the user's cache folder."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.row_file import RowFile, open_rows
from ecgview.errors import DatasetError
from ecgview.paths import user_cache_dir

_FACTS_FILE = "set.json"
_PART = ".part"
_LOCK = ".lock"


@dataclass(frozen=True)
class SetFacts:
    """What is known of a prepared set beside its signals.

    Attributes
    ----------
    sources : dict of str to int
        Data sets, with the number of recordings asked for of each.
    fs_hz : float
        Sampling rate.
    made : str
        ISO date and time, local.
    crc32 : int
        Checksum of the signals.
    left_out : list of [int, str]
        Places, in the order asked for, of what was left out, each with the reason.
    failed : list of [int, str]
        Places of files that could not be read, each with what was said.
    """

    sources: dict[str, int]
    fs_hz: float
    made: str
    crc32: int
    left_out: list[tuple[int, str]]
    failed: list[tuple[int, str]]


@dataclass(frozen=True)
class CachedSet:
    """A folder of the cache.

    Attributes
    ----------
    name : str
        As the folder is called.
    path : Path
        The folder.
    facts : SetFacts or None
        None where preparation was interrupted, or the folder is damaged.
    size_bytes : int
        What it takes on disk.
    changed : datetime
        When it was last written to.
    """

    name: str
    path: Path
    facts: SetFacts | None
    size_bytes: int
    changed: datetime

    @property
    def recordings(self) -> int:
        """How many recordings are ready to use."""
        if self.facts is None:
            return 0
        return sum(self.facts.sources.values()) - len(self.facts.left_out)


class CacheSlot:
    """The place of one prepared set: finished, under way, and the lock of who is at it.

    Parameters
    ----------
    folder : Path
        Where it will be when it is finished; the others are named after it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.part = folder.with_name(folder.name + _PART)
        self._lock_path = folder.with_name(folder.name + _LOCK)
        self._lock: BinaryIO | None = None

    def open(self) -> tuple[NDArray[np.float32], SetFacts] | None:
        """Open the finished set; None if there is none or it is damaged."""
        facts = _read_facts(self.folder)
        signals_mv = None if facts is None else open_rows(self.folder, facts.crc32)
        return None if facts is None or signals_mv is None else (signals_mv, facts)

    def lock(self) -> bool:
        """Try to be the only one who prepares this set; the lock ends with the process."""
        self._lock_path.parent.mkdir(parents=True, exist_ok=True)
        file = self._lock_path.open("ab")
        if not _try_lock(file):
            file.close()
            return False
        self._lock = file
        return True

    def unlock(self) -> None:
        """Let others at it."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def finish(self, rows: RowFile, facts: SetFacts) -> None:
        """Make a set that is under way the finished one, whole or not at all.

        Parameters
        ----------
        rows : RowFile
            All of its signals, written in the folder `part`.
        facts : SetFacts
            What is known of it.
        """
        rows.finish()
        (self.part / _FACTS_FILE).write_text(json.dumps(asdict(facts)) + "\n", encoding="utf-8")
        self.discard()
        self.part.replace(self.folder)

    def discard(self) -> None:
        """Remove the finished set, which is damaged or out of date."""
        if self.folder.exists():
            shutil.rmtree(self.folder)

    def bytes_written(self) -> int:
        """Size of what is under way; it grows while somebody is at it."""
        return _size_bytes(self.part)


def _try_lock(file: BinaryIO) -> bool:
    """Lock a file for this process, or say that another one has it."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read_facts(folder: Path) -> SetFacts | None:
    try:
        facts = json.loads((folder / _FACTS_FILE).read_text(encoding="utf-8"))
        for key in ("left_out", "failed"):
            facts[key] = [(int(place), str(words)) for place, words in facts[key]]
        return SetFacts(**facts)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _size_bytes(folder: Path) -> int:
    try:
        return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    except OSError:
        return 0


def list_cached() -> list[CachedSet]:
    """List what is in the cache, finished or not, the newest first."""
    top = user_cache_dir()
    folders = [folder for folder in top.iterdir() if folder.is_dir()] if top.is_dir() else []
    found = [_cached_set(folder) for folder in folders]
    return sorted(found, key=lambda each: each.changed, reverse=True)


def _cached_set(folder: Path) -> CachedSet:
    facts = None if folder.name.endswith(_PART) else _read_facts(folder)
    changed = datetime.fromtimestamp(folder.stat().st_mtime)
    return CachedSet(folder.name, folder, facts, _size_bytes(folder), changed)


def clear_cache(names: Collection[str] | None = None) -> list[CachedSet]:
    """Remove prepared sets from the cache.

    Parameters
    ----------
    names : collection of str, optional
        Names or beginnings of names; everything by default. What is being prepared right now
        stays.

    Returns
    -------
    list of CachedSet
        What was removed.

    Raises
    ------
    DatasetError
        If a name fits nothing, or a folder cannot be removed.
    """
    found = list_cached()
    for name in names or ():
        if not any(each.name.startswith(name) for each in found):
            raise DatasetError(f"Nothing in the cache is called {name}.", "ecgview cache lists it.")
    if names is not None:
        found = [each for each in found if each.name.startswith(tuple(names))]
    return [each for each in found if _remove(each)]


def _remove(cached: CachedSet) -> bool:
    slot = CacheSlot(cached.path.with_name(cached.name.removesuffix(_PART)))
    if not slot.lock():
        return False
    try:
        shutil.rmtree(cached.path)
    except OSError as error:
        raise DatasetError(
            f"{cached.path} cannot be removed ({error.strerror or error}).",
            "Is another ecgview using it? Close it and try again.",
        ) from error
    finally:
        slot.unlock()
    slot.folder.with_name(slot.folder.name + _LOCK).unlink(missing_ok=True)
    return True
