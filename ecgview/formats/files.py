"""Opening files with a sentence for everything that can go wrong."""

from __future__ import annotations

import os
from pathlib import Path

from ecgview.errors import RecordingError


def unreadable(path: Path, error: OSError) -> RecordingError:
    """Put an operating system's error into a sentence and a hint.

    Parameters
    ----------
    path : Path
        What was to be opened.
    error : OSError
        What the system said.

    Returns
    -------
    RecordingError
        For the caller to raise.
    """
    if isinstance(error, FileNotFoundError):
        return RecordingError(f"There is no file {path}.", "Check the name and the folder.")
    if isinstance(error, PermissionError):
        return RecordingError(
            f"{path} may not be read.", "Change its permissions, or copy it to your own folder."
        )
    if isinstance(error, IsADirectoryError):
        return RecordingError(f"{path} is a folder.", "Name one of the recordings in it.")
    return RecordingError(
        f"{path} cannot be read ({error.strerror or error}).", "Is the disk still there?"
    )


def read_bytes(path: Path, limit: int, hint: str) -> bytes:
    """Read a whole file that must not be larger than `limit`.

    Parameters
    ----------
    path : Path
        The file.
    limit : int
        Largest size in bytes.
    hint : str
        What to do with a larger file.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    RecordingError
        If it cannot be read, is empty or is too large.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > limit:
                raise RecordingError(f"{path.name} is larger than {limit / 1e6:.0f} MB.", hint)
            content = file.read()
    except OSError as error:
        raise unreadable(path, error) from error
    if not content:
        raise RecordingError(f"{path.name} is empty.", "Copy or download the file again.")
    return content


def decode_text(content: bytes, name: str) -> str:
    """Decode a text file: UTF-8, UTF-16 with its mark, or Latin-1.

    Raises
    ------
    RecordingError
        If the content is not text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:65536]:
        raise RecordingError(f"{name} is not a text file.", "It may be damaged, or another format.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
