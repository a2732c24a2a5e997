"""Finding the recordings in folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.files import unreadable
from ecgview.formats.head import read_head
from ecgview.formats.table import find_reader
from ecgview.paths import is_folder

_SEGMENTED = re.compile(rb"\s*[-\w]+/\d+\s")


def find_recordings(paths: Iterable[str | Path]) -> list[Path]:
    """List recordings: files as named, folders searched for files of any known format.

    Parameters
    ----------
    paths : iterable of str or Path
        Files and folders.

    Returns
    -------
    list of Path
        Each once, in the order given; those of a folder sorted by path, known by their content.
        Of a WFDB record that is its header: signal and annotation files, and the headers of
        segments, belong to it. Text is listed if it is a table of samples.

    Raises
    ------
    RecordingError
        If a folder cannot be listed. Files are not looked at, not even whether they exist.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        found.update(dict.fromkeys(_recordings_below(path) if is_folder(path) else [path]))
    return list(found)


def _recordings_below(folder: Path) -> list[Path]:
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        raise unreadable(folder, error) from error
    visible = (path for path in folder.rglob("*") if not path.name.startswith("."))
    return _recordings_among(sorted(path for path in visible if path.is_file()))


def walk_recordings(folder: Path) -> Iterator[list[Path]]:
    """Look for recordings one folder after another, so that a long search can be left.

    Parameters
    ----------
    folder : Path
        It and all folders below it are searched.

    Yields
    ------
    list of Path
        The recordings that lie in one folder, as `find_recordings` would list them; maybe none.

    Raises
    ------
    RecordingError
        If the folder itself cannot be listed; those below that cannot are passed over.
    """
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        raise unreadable(folder, error) from error
    for place, below, names in os.walk(folder):
        below.sort()
        visible = (Path(place, name) for name in names if not name.startswith("."))
        yield _recordings_among(sorted(path for path in visible if path.is_file()))


def _recordings_among(files: list[Path]) -> list[Path]:
    """Choose the recordings among all files of some folders, sorted."""
    headers = {path for path in files if path.suffix == ".hea"}
    segments = {segment for header in headers for segment in _segments(header)}
    of_records = {header.with_suffix("") for header in headers}
    return [
        path
        for path in files
        if (path in headers and path not in segments)
        or (path.with_suffix("") not in of_records and _is_recording(path))
    ]


def _is_recording(path: Path) -> bool:
    """Tell a recording by its first bytes; whether it can be opened is told by opening it."""
    try:
        head = read_head(path)
    except RecordingError:
        return False
    reader = find_reader(head)
    return reader is not None and head.n_bytes > 0 and (reader.finds or reader.recognises)(head)


def _segments(header: Path) -> Iterator[Path]:
    """Give the headers of the segments that a header names; none if it cannot be read."""
    from ecgview.formats.wfdb.header import read_header

    try:
        with header.open("rb") as file:
            first_lines = file.read(200)
        if _SEGMENTED.match(first_lines):
            yield from (
                header.with_name(f"{line.name}.hea") for line in read_header(header).segments
            )
    except (OSError, RecordingError):
        return  # opening it will say what is wrong
