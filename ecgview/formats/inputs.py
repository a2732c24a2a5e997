"""The files that a recording is read from, which nothing may be written over."""

from __future__ import annotations

from pathlib import Path

from ecgview.errors import RecordingError


def files_of(path: Path) -> frozenset[Path]:
    """List the files that belong to a recording.

    Parameters
    ----------
    path : Path
        As found: of a WFDB record its header.

    Returns
    -------
    frozenset of Path
        Resolved: the file; of a WFDB record also its signal files, its segments with theirs, and
        all files of its name, which may be annotations.
    """
    found = {path}
    if path.suffix == ".hea":
        headers = [path, *(path.with_name(f"{name}.hea") for name in _segments(path))]
        for header in headers:
            found.update((header, *_signal_files(header)))
        found.update(file for file in path.parent.glob("*") if file.stem == path.stem)
    return frozenset(file.resolve() for file in found)


def _segments(header: Path) -> list[str]:
    from ecgview.formats.wfdb.header import read_header

    try:
        return [line.name for line in read_header(header).segments]
    except RecordingError:
        return []  # it cannot be opened either


def _signal_files(header: Path) -> list[Path]:
    from ecgview.formats.wfdb.header import read_header

    try:
        return [header.with_name(Path(one.file_name).name) for one in read_header(header).signals]
    except RecordingError:
        return []
