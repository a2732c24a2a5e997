"""Standard output and error as they may be: closed, no longer read, or on a full disk."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from ecgview.errors import EcgviewError

_NO_SPACE = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def make_sure_of_streams() -> None:
    """Let whatever is said be said, though nobody listens or not every letter can be shown.

    A stream that was closed, for which Python has None, goes nowhere. A letter that a terminal
    or locale does not have is escaped. On Windows, files and other programs get UTF-8.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (stays)
        stream = getattr(sys, name)
        if isinstance(stream, TextIOWrapper):
            is_apart = sys.platform == "win32" and not stream.isatty()
            encoding = "utf-8" if is_apart else stream.encoding
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


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
        if _is_unread(error):
            _let_output_go()
            raise BrokenPipeError from error
        if error.errno not in _NO_SPACE:
            raise
        _let_output_go()
        raise EcgviewError(
            "No space is left on the disk that is written to.", "Make room there and try again."
        ) from error


def _is_unread(error: OSError) -> bool:
    """Tell what Windows says, in place of a broken pipe, where nobody reads on."""
    is_said_so = error.errno == errno.EINVAL and error.filename is None
    return sys.platform == "win32" and is_said_so and not sys.stdout.isatty()


def _let_output_go() -> None:
    """Leave nothing to be written at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
