"""Recordings brought to one rate and length, once, and kept on disk for the next time.

Threads read (see `reading`), one writer appends to a file in order: nothing but a few dozen
recordings is ever in memory.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
import time
import weakref
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview import __version__
from ecgview.engine.cache import CacheSlot, SetFacts
from ecgview.engine.dataset import data_sources
from ecgview.engine.events import Event, Failed, Finished, Progress, result_of
from ecgview.engine.fingerprints import FileFinder
from ecgview.engine.layouts import DURATION_S, SHORT_NAMES, Entry
from ecgview.engine.reading import read_chunk, read_in_order
from ecgview.engine.row_file import RowFile, open_rows
from ecgview.engine.signal_set import (
    FLAT_MV,
    LARGEST_CHEST_MV,
    SignalSet,
    row_shape,
)
from ecgview.errors import DatasetError
from ecgview.paths import user_cache_dir

PREPARATION_VERSION = 1
"""To be raised when the same files give other signals."""

_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)
_PATIENCE_S = 20.0
_POLL_S = 0.2

_Prepared = tuple[NDArray[np.float32], SetFacts]
_Work = Generator[Event, None, _Prepared]


def prepare(
    entries: Sequence[Entry], fs_hz: float, *, cache: bool = True
) -> Generator[Event, None, SignalSet]:
    """Bring ten seconds of each recording to one rate, as a part of a longer job.

    Parameters
    ----------
    entries : sequence of Entry
        What to read.
    fs_hz : float
        The rate wanted.
    cache : bool
        Whether to take and leave the result in the user's cache folder, where an interrupted
        preparation goes on too. Without it a temporary file holds the signals.

    Yields
    ------
    Event
        `Progress`, then `Failed` for each file that cannot be read.

    Returns
    -------
    SignalSet
        What ``yield from`` gives.

    Raises
    ------
    DatasetError
        If no recording can be used, or the disk does not take them.
    """
    if not entries:
        raise DatasetError("There is no recording to prepare.")
    job = _Job(tuple(entries), float(fs_hz))
    signals_mv, facts = yield from (_cached(job) if cache else _uncached(job))
    yield Progress(len(entries), len(entries), "Recordings are ready")
    yield from job.failures(facts)
    left_out = dict(facts.left_out)
    return SignalSet(
        entries=tuple(e for place, e in enumerate(job.entries) if place not in left_out),
        signals_mv=signals_mv,
        fs_hz=fs_hz,
        left_out=tuple((job.entries[place].name, why) for place, why in left_out.items()),
    )


def prepare_events(
    entries: Sequence[Entry], fs_hz: float, *, cache: bool = True
) -> Iterator[Event]:
    """Do what `prepare` does; the last event is `Finished` with the `SignalSet`."""
    yield Finished((yield from prepare(entries, fs_hz, cache=cache)))


def load(entries: Sequence[Entry], fs_hz: float, *, cache: bool = False) -> SignalSet:
    """Prepare recordings as `prepare_events` does, without telling and without the cache."""
    signals: SignalSet = result_of(prepare_events(entries, fs_hz, cache=cache))
    return signals


@dataclass(frozen=True)
class _Job:
    entries: tuple[Entry, ...]
    fs_hz: float

    @property
    def name(self) -> str:
        """Folder name: which data, which rate, and a hash of files and settings."""
        sources = [SHORT_NAMES.get(source, source) for source in data_sources(self.entries)]
        words = re.sub(r"[^a-z0-9.+-]+", "-", "+".join(sources).lower())[:40].strip(".-+")
        return f"{words or 'data'}-{self.fs_hz:g}hz-{self._key()[:16]}"

    def _key(self) -> str:
        settings = (__version__, PREPARATION_VERSION, self.fs_hz, DURATION_S)
        digest = hashlib.sha256(repr((*settings, LARGEST_CHEST_MV, FLAT_MV)).encode())
        finder = FileFinder()
        for entry in self.entries:
            digest.update(repr((entry.name, entry.start_s, finder.files(entry.path))).encode())
        return digest.hexdigest()

    @property
    def largest_bytes(self) -> int:
        """What the signals take if nothing is left out."""
        return 4 * int(np.prod(row_shape(self.fs_hz))) * len(self.entries)

    def failures(self, facts: SetFacts) -> Iterator[Failed]:
        """Tell which files could not be read."""
        for place, words in facts.failed:
            yield Failed(self.entries[place].name, words)


def _cached(job: _Job) -> _Work:
    try:
        slot = CacheSlot(user_cache_dir() / job.name)
        found = _intact(slot, job)
        if found is not None:
            return found
        locked = yield from _wait_for_lock(slot)
    except OSError as error:
        if error.errno not in _NOT_ALLOWED:
            raise _no_room(job, user_cache_dir(), error, "or use --no-cache") from error
        locked = False  # who has no home to write in trains all the same
    if not locked:
        return (yield from _uncached(job))
    try:
        found = _intact(slot, job)
        if found is None:
            with _disk_errors(job, slot.part, "(ecgview cache --clear), or use --no-cache"):
                rows = RowFile(slot.part, row_shape(job.fs_hz))
                facts = yield from _fill(rows, job)
                slot.finish(rows, facts)
            found = slot.open()
    finally:
        slot.unlock()
    if found is None:
        raise DatasetError(
            f"What was written to {slot.folder} cannot be read back.",
            "Is the disk failing? --no-cache prepares into a temporary file.",
        )
    return found


def _intact(slot: CacheSlot, job: _Job) -> _Prepared | None:
    """Open a finished set, unless a file that could not be read when it was made now can be."""
    found = slot.open()
    if found is None:
        return None
    signals_mv, facts = found
    is_whole = len(signals_mv) + len(facts.left_out) == len(job.entries)
    unreadable = [job.entries[place] for place, _ in facts.failed if is_whole]
    if is_whole and all(read_chunk([entry], job.fs_hz).failed for entry in unreadable):
        return found
    slot.discard()
    return None


def _wait_for_lock(slot: CacheSlot) -> Generator[Event, None, bool]:
    """Wait while another process prepares the same set; give up when it stands still."""
    size, since_s = -1, time.monotonic()
    while not slot.lock():
        if (now := slot.bytes_written()) != size:
            size, since_s = now, time.monotonic()
        elif time.monotonic() - since_s > _PATIENCE_S:
            return False
        yield Progress(0, 0, "Another ecgview prepares these recordings; waiting")
        time.sleep(_POLL_S)
    return True


def _uncached(job: _Job) -> _Work:
    holder = tempfile.TemporaryDirectory(prefix="ecgview-", ignore_cleanup_errors=True)
    try:
        folder = Path(holder.name)
        with _disk_errors(job, folder, "or let TMPDIR name a larger disk"):
            rows = RowFile(folder, row_shape(job.fs_hz))
            facts = yield from _fill(rows, job)
            rows.finish()
        signals_mv = open_rows(folder, facts.crc32)
        if signals_mv is None:
            raise DatasetError(f"What was written to {folder} cannot be read back.")
    except BaseException:
        holder.cleanup()
        raise
    if os.name == "nt":  # where a file cannot be removed while it is mapped
        weakref.finalize(signals_mv, holder.cleanup)
    else:
        holder.cleanup()
    return signals_mv, facts


@contextmanager
def _disk_errors(job: _Job, folder: Path, way_out: str) -> Iterator[None]:
    """Put errors of the disk into words; what cannot be finished on a full one goes."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = sum(file.stat().st_size for file in folder.iterdir())
        if shutil.disk_usage(folder).free + there < job.largest_bytes:
            raise OSError("the disk is too full")
        yield
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise _no_room(job, folder.parent, error, way_out) from error


def _no_room(job: _Job, folder: Path, error: OSError, way_out: str) -> DatasetError:
    return DatasetError(
        f"The prepared recordings cannot be written to {folder} ({error.strerror or error}).",
        f"They take up to {job.largest_bytes / 1e6:.0f} MB; make room {way_out}.",
    )


def _fill(rows: RowFile, job: _Job) -> Generator[Event, None, SetFacts]:
    """Append what is not yet in a file, and say what is known of the whole."""
    total = len(job.entries)
    done = rows.notes[-1]["stop"] if rows.notes else 0
    try:
        for chunk in read_in_order(job.entries[done:], job.fs_hz):
            places = range(done, done + chunk.size)
            note = {
                "stop": places.stop,
                "left_out": [(places[k], reason) for k, reason in chunk.left_out],
                "failed": [(places[k], words) for k, words in chunk.failed],
            }
            content = np.array(chunk.rows, np.float32).reshape(-1, *row_shape(job.fs_hz))
            rows.append(content, note)
            done = places.stop
            yield Progress(done, total, "Preparing recordings")
    except BaseException:
        rows.close()
        raise
    facts = SetFacts(
        sources=data_sources(job.entries),
        fs_hz=job.fs_hz,
        made=datetime.now().isoformat(timespec="seconds"),
        crc32=rows.crc32,
        left_out=[(place, why) for note in rows.notes for place, why in note["left_out"]],
        failed=[(place, words) for note in rows.notes for place, words in note["failed"]],
    )
    if rows.n_rows == 0:
        rows.close()
        yield from job.failures(facts)
        first, why = facts.left_out[0]
        raise DatasetError(
            "None of the recordings can be used.", f"{job.entries[first].name}: {why}."
        )
    return facts
