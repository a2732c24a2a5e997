"""Reading many recordings in threads, in order.

Threads, for numpy and scipy let go of the interpreter while they work: on two cores two threads
read the 2,277 recordings of PTB-XL at hand twice as fast as one, two processes hardly faster than
one, for they must start and send every signal back.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.layouts import Entry
from ecgview.engine.signal_set import prepared_leads
from ecgview.errors import EcgviewError
from ecgview.formats import NeedsOptions, open_recording

UNREADABLE = "unreadable"

_AT_ONCE = 16
_MOST_WORKERS = 8


@dataclass(frozen=True, eq=False)
class Chunk:
    """What reading some entries gave.

    Attributes
    ----------
    size : int
        How many entries there were.
    rows : list of ndarray, shape (8, samples)
        The signals of those that can serve, in order.
    left_out, failed : list of (int, str)
        Places in the chunk of those that cannot serve, with the reason; the first place of each
        file among them that cannot even be read, with what was said.
    """

    size: int
    rows: list[NDArray[np.float32]]
    left_out: list[tuple[int, str]]
    failed: list[tuple[int, str]]


def read_chunk(entries: Sequence[Entry], fs_hz: float) -> Chunk:
    """Read recordings one after another; what goes wrong with one is noted.

    Parameters
    ----------
    entries : sequence of Entry
        Those of the same file one after another, so that it is opened once.
    fs_hz : float
        The rate wanted.
    """
    chunk = Chunk(len(entries), [], [], [])
    for path, same_file in groupby(enumerate(entries), key=lambda placed: placed[1].path):
        group = list(same_file)
        try:
            recording = open_recording(path)
            prepared = [prepared_leads(recording, entry.start_s, fs_hz) for _, entry in group]
        except (EcgviewError, OSError) as error:
            # What a file does not state can be said for one file, not for a whole data set.
            words = _advice(error) if isinstance(error, NeedsOptions) else str(error)
            chunk.failed.append((group[0][0], words))
            chunk.left_out.extend((place, UNREADABLE) for place, _ in group)
            continue
        for (place, _), (leads_mv, reason) in zip(group, prepared, strict=True):
            if reason:
                chunk.left_out.append((place, reason))
            else:
                chunk.rows.append(leads_mv)
    return chunk


def _advice(question: NeedsOptions) -> str:
    """Say how to bring a file into a data set that does not state all that is needed."""
    several = " --part all" if question.preview.parts else ""
    return (
        f"{question.message} Convert such files first: ecgview convert IN OUT "
        f"{question.given}{several} (the values are examples)."
    )


def read_in_order(entries: Sequence[Entry], fs_hz: float) -> Iterator[Chunk]:
    """Read recordings in threads, a few chunks ahead of what is taken.

    Parameters
    ----------
    entries : sequence of Entry
        What to read.
    fs_hz : float
        The rate wanted.

    Yields
    ------
    Chunk
        In the order of `entries`. Closing the generator ends the threads.
    """
    workers = min(_MOST_WORKERS, os.cpu_count() or 1)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="ecgview-prepare")
    ahead: deque[Future[Chunk]] = deque()
    try:
        for chunk in _chunks(entries):
            ahead.append(pool.submit(read_chunk, chunk, fs_hz))
            if len(ahead) > workers + 1:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _chunks(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Cut into pieces of some entries, never between two of the same file."""
    chunk: list[Entry] = []
    for _, same_file in groupby(entries, key=lambda entry: entry.path):
        chunk += same_file
        if len(chunk) >= _AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
