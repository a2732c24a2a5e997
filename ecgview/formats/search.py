"""Finding the recordings in folders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.files import unreadable

_SEGMENTED = re.compile(rb"\s*[-\w]+/\d+\s")


def find_recordings(paths: Iterable[str | Path]) -> list[Path]:
    """List recordings: files as named, folders searched for WFDB headers.

    Parameters
    ----------
    paths : iterable of str or Path
        Files and folders.

    Returns
    -------
    list of Path
        Each once, in the order given; those of a folder sorted by path, without the headers of
        segments, which belong to their multi-segment record.

    Raises
    ------
    RecordingError
        If a folder cannot be listed. Files are not looked at, not even whether they exist.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        found.update(dict.fromkeys(_headers_below(path) if path.is_dir() else [path]))
    return list(found)


def _headers_below(folder: Path) -> list[Path]:
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        raise unreadable(folder, error) from error
    headers = sorted(path for path in folder.rglob("*.hea") if path.is_file())
    segments = {segment for header in headers for segment in _segments(header)}
    return [header for header in headers if header not in segments]


def _segments(header: Path) -> list[Path]:
    """Give the headers of the segments that a header names; none if it cannot be read."""
    from ecgview.formats.wfdb.header import read_header

    try:
        with header.open("rb") as file:
            first_lines = file.read(200)
        if not _SEGMENTED.match(first_lines):
            return []
        return [header.with_name(f"{line.name}.hea") for line in read_header(header).segments]
    except (OSError, RecordingError):
        return []  # opening it will say what is wrong
