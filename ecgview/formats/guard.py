"""Guards around the parsers of others: no exception, warning or bomb gets past them."""

from __future__ import annotations

import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import EcgviewError, RecordingError

LARGEST_NUMBER = 1e20
"""What is larger, or infinite, is no sample but damage or a mark for a missing one."""
SMALLEST_LIMIT = 256_000_000
"""Bytes that any file may unpack to: eleven hours of twelve leads at 250 Hz and 16 bits."""
LARGEST_RATIO = 2
"""How many times its own size a larger file may unpack to."""


class _Listener:
    """Hears the warnings of a thread while others may be heard too.

    What Python does with warnings is a state of the whole process: threads that change it side by
    side, each for itself, leave it changed. So the first that comes changes it, and the last that
    goes puts it back.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._n_inside = 0
        self._before: Any = None
        self._show: Callable[..., None] = warnings.showwarning
        self._thread = threading.local()

    @contextmanager
    def hears(self, said: MutableSequence[Warning]) -> Iterator[None]:
        outer = getattr(self._thread, "said", None)
        self._thread.said = said
        self._enter()
        try:
            yield
        finally:
            self._leave()
            self._thread.said = outer

    def _enter(self) -> None:
        with self._lock:
            if self._n_inside == 0:
                self._before = warnings.catch_warnings()
                self._before.__enter__()
                warnings.simplefilter("always")
                self._show = warnings.showwarning
                warnings.showwarning = self._hear
            self._n_inside += 1

    def _leave(self) -> None:
        with self._lock:
            self._n_inside -= 1
            if self._n_inside == 0:
                self._before.__exit__(None, None, None)

    def _hear(
        self,
        message: Any,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        said = getattr(self._thread, "said", None)
        if said is None:  # it is of a thread that is not inside
            self._show(message, category, filename, lineno, file, line)
        else:
            said.append(message)


_LISTENER = _Listener()


@contextmanager
def collected_warnings() -> Iterator[Sequence[Warning]]:
    """Collect the warnings that a library gives in this thread, instead of printing them.

    Yields
    ------
    sequence of Warning
        Those given so far.
    """
    said: list[Warning] = []
    with _LISTENER.hears(said):
        yield said


@contextmanager
def foreign_parser(path: Path, format_name: str) -> Iterator[None]:
    """Turn whatever a library raises on a damaged file into a sentence, and silence its warnings.

    Parameters
    ----------
    path : Path
        The file, for the sentence.
    format_name : str
        What it is taken for.

    Raises
    ------
    RecordingError
        For any exception but those of ecgview, which pass; also for too deep nesting and for too
        little memory.
    """
    try:
        with _LISTENER.hears(deque(maxlen=0)):
            yield
    except EcgviewError:
        raise
    except Exception as error:
        raise RecordingError(
            f"{path.name} cannot be read as {format_name} ({brief(error)}).",
            "The file is damaged, incomplete or of a variant that ecgview does not know; export "
            "it again.",
        ) from error


def gaps_for_absurd(samples: NDArray[np.floating]) -> None:
    """Make gaps of what is no number, or larger than `LARGEST_NUMBER`, in place."""
    samples[~(np.abs(samples) < LARGEST_NUMBER)] = np.nan


def brief(error: BaseException) -> str:
    """Give what an error says, shortened; its kind where it says nothing."""
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= 80 else f"{words[:77]}..."


def refuse_excess(path: Path, n_bytes: float) -> None:
    """Refuse a file that announces or unpacks to far more than it holds.

    Parameters
    ----------
    path : Path
        The file.
    n_bytes : float
        What it would need in memory.

    Raises
    ------
    RecordingError
        If that is above `SMALLEST_LIMIT` and above `LARGEST_RATIO` times the file.
    """
    size = path.stat().st_size
    if n_bytes > max(SMALLEST_LIMIT, LARGEST_RATIO * size):
        raise RecordingError(
            f"{path.name} has {size / 1e6:.3g} MB and would unpack to {n_bytes / 1e6:.3g} MB.",
            "No recording is packed that tightly; the file is damaged.",
        )
