"""Standard output and error as they may be: closed, no longer read, or on a full disk."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ecgview.errors import EcgviewError

_NO_SPACE = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def make_sure_of_streams() -> None:
    """Let what is said go nowhere where a stream was closed; Python has None in its place."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (stays)


@contextmanager
def written_to_the_end() -> Iterator[None]:
    """Write everything printed inside this, rather than at exit, where errors come too late.

    Raises
    ------
    BrokenPipeError
        If the output is no longer read; the rest of it goes nowhere.
    EcgviewError
        If a disk is full, be it that of the output or another one.
    """
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _let_output_go()
        raise
    except OSError as error:
        if error.errno not in _NO_SPACE:
            raise
        _let_output_go()
        raise EcgviewError(
            "No space is left on the disk that is written to.", "Make room there and try again."
        ) from error


def _let_output_go() -> None:
    """Leave nothing to be written at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
