"""What is written of an unexpected problem: where it arose, and nothing of the recording.

Messages of exceptions may quote what was being read: a file's name, a patient's. None of them is
written, only types, modules, lines and functions.
"""

from __future__ import annotations

import datetime
import sys
import traceback
from contextlib import suppress
from pathlib import Path, PurePath

from ecgview import __version__

LIMIT_BYTES = 200_000
"""A log that has grown beyond this is put aside, in the place of the one put aside before."""


def log_entry(error: BaseException) -> str:
    """Describe an exception without its message.

    Parameters
    ----------
    error : BaseException
        What was raised.

    Returns
    -------
    str
        A line with time and version; then for the exception and each that led to it its type and,
        innermost last, module, line and function of each call.
    """
    now = datetime.datetime.now().isoformat(timespec="seconds")
    version = f"Python {sys.version.split()[0]}, {sys.platform}"
    lines = [f"{now} ecgview {__version__}, {version}"]
    told: traceback.TracebackException | None
    told = traceback.TracebackException.from_exception(error, lookup_lines=False)
    seen: set[int] = set()
    while told is not None and id(told) not in seen:
        seen.add(id(told))
        lines.append(_type_name(told))
        lines.extend(
            f"  {_module_path(frame.filename)}:{frame.lineno} in {frame.name}"
            for frame in told.stack
        )
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
    return "\n".join(lines) + "\n"


def write_entry(log_file: Path, entry: str) -> None:
    """Append an entry to the log.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):  # another window may put it aside just now
        if log_file.is_file() and log_file.stat().st_size > LIMIT_BYTES:
            log_file.replace(log_file.with_suffix(".old.log"))
    with log_file.open("a", encoding="utf-8") as log:
        log.write(entry + "\n")


def _type_name(told: traceback.TracebackException) -> str:
    kind = told.exc_type
    assert kind is not None
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _module_path(filename: str) -> str:
    """Name the module, not the folders above it: they are named after people and projects."""
    parts = PurePath(filename).parts
    for root in ("site-packages", "ecgview"):
        if root in parts:
            below = parts[len(parts) - parts[::-1].index(root) :]
            return "/".join(below if root == "site-packages" else (root, *below))
    return parts[-1] if parts else "?"
