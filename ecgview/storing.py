"""Results as files: whole or not at all, and never over another file unless that is allowed."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from ecgview.errors import RecordingError

READERS_HOLD = os.name == "nt"
"""Whether a file cannot be replaced while another program reads it, as on Windows."""
_TRIES = 20
_PAUSE_S = 0.05


def check_absent(path: Path, *, overwrite: bool) -> None:
    """Refuse, before any work, to write over a file.

    Raises
    ------
    RecordingError
        If it is there and may not be replaced, or is a folder.
    """
    if path.is_dir():
        raise RecordingError(f"{path} is a folder.", "Name a file.")
    if path.exists() and not overwrite:
        raise RecordingError(
            f"{path.parent} already holds {path.name}.",
            "Choose another name, or allow it to be replaced (option --overwrite).",
        )


def put_in_place(draft: Path, path: Path) -> Path:
    """Let a finished file take the place of another, or of none.

    On Windows that is refused while someone else has the file open, were it only another ecgview
    that lists training runs or a program that looks for viruses; there it is tried for a second.

    Parameters
    ----------
    draft, path : Path
        The new file, and where it goes.

    Returns
    -------
    Path
        Where it is now.

    Raises
    ------
    OSError
        If it cannot go there.
    """
    for _ in range(_TRIES - 1 if READERS_HOLD else 0):
        try:
            return draft.replace(path)
        except PermissionError:
            time.sleep(_PAUSE_S)
    return draft.replace(path)


def put_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and put it there whole, or leave what is there as it is.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    # Of each process another one; others may read it where the user lets them read new files.
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(content)
        put_in_place(draft, path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def store(path: Path, content: bytes) -> None:
    """Write a file whole, in a folder that is made where it is not there.

    Raises
    ------
    RecordingError
        If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put_whole(path, content)
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be written ({error.strerror or error}).", "Choose another folder."
        ) from error
