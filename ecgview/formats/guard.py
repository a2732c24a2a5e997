"""Guards around the parsers of others: no exception, warning or bomb gets past them."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import EcgviewError, RecordingError

LARGEST_NUMBER = 1e20
"""What is larger, or infinite, is no sample but damage or a mark for a missing one."""
SMALLEST_LIMIT = 256_000_000
"""Bytes that any file may unpack to: eleven hours of twelve leads at 250 Hz and 16 bits."""
LARGEST_RATIO = 2
"""How many times its own size a larger file may unpack to."""

# What Python does with warnings is a state of the whole process. Threads that change it side by
# side would leave it changed; one thread may change it twice.
_one_at_a_time = threading.RLock()


@contextmanager
def collected_warnings() -> Iterator[list[warnings.WarningMessage]]:
    """Collect the warnings of a library instead of printing them; no other thread warns meanwhile.

    Yields
    ------
    list of warnings.WarningMessage
        Those given so far.
    """
    with _one_at_a_time, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


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
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")
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
