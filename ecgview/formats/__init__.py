"""Readers and writers, one file format each, and the table that chooses among them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.csv_inference import preview_csv
from ecgview.formats.csv_preview import CsvColumn, CsvOptions, CsvPreview, NeedsCsvOptions
from ecgview.formats.files import unreadable
from ecgview.formats.info import describe
from ecgview.formats.search import find_recordings
from ecgview.formats.writers import save_recording
from ecgview.recording import Recording

__all__ = [
    "READERS",
    "CsvColumn",
    "CsvOptions",
    "CsvPreview",
    "NeedsCsvOptions",
    "describe",
    "find_recordings",
    "open_recording",
    "preview_csv",
    "save_recording",
]


def _open_wfdb(path: Path, csv: CsvOptions | None) -> Recording:
    from ecgview.formats.wfdb_format import open_wfdb

    return open_wfdb(path)


def _open_csv(path: Path, csv: CsvOptions | None) -> Recording:
    from ecgview.formats.csv_format import open_csv

    return open_csv(path, csv)


Reader = Callable[[Path, CsvOptions | None], Recording]
READERS: dict[str, Reader] = {
    ".hea": _open_wfdb,
    ".csv": _open_csv,
    ".tsv": _open_csv,
    ".txt": _open_csv,
}
"""The reader of each file name's ending; signal files lead to their header."""


def open_recording(path: str | Path, *, csv: CsvOptions | None = None) -> Recording:
    """Open a recording of any known format.

    Parameters
    ----------
    path : str or Path
        A WFDB header, signal file or record name without ending; or a text file (``.csv``,
        ``.tsv``, ``.txt``).
    csv : CsvOptions, optional
        Lead names, rate and unit of a text file that does not state them.

    Returns
    -------
    Recording
        Long WFDB records are read by window.

    Raises
    ------
    NeedsCsvOptions
        If a text file does not state its leads, rate or unit and `csv` does not either.
    RecordingError
        If the file cannot be opened.
    """
    file = _header_of(Path(path))
    if reader := READERS.get(file.suffix.lower()):
        return reader(file, csv)
    try:
        file.open("rb").close()
    except OSError as error:
        raise unreadable(file, error) from error
    raise RecordingError(
        f"{file.name} is not in a format that ecgview reads.",
        "It reads WFDB records (.hea) and text files (.csv, .tsv, .txt).",
    )


def _header_of(path: Path) -> Path:
    """Give the WFDB header that a signal file or record name belongs to, or the path itself."""
    if path.suffix.lower() in READERS:
        return path
    by_name, by_stem = Path(f"{path}.hea"), path.with_suffix(".hea")
    if not path.exists():
        return by_name if by_name.is_file() else path
    return by_stem if path.is_file() and by_stem.is_file() else path
