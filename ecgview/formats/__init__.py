"""Readers and writers, one file format each, and the table that chooses among them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.applying import check_options
from ecgview.formats.corrections import Corrections, describe_options, user_corrections
from ecgview.formats.foreign import why_not
from ecgview.formats.head import Head, read_head
from ecgview.formats.info import describe
from ecgview.formats.options import ImportColumn, ImportOptions, ImportPreview, NeedsOptions
from ecgview.formats.search import find_recordings
from ecgview.formats.table import ENDINGS, READERS, Reader, find_reader
from ecgview.formats.writers import save_recording
from ecgview.recording import ImportWarning, Recording

__all__ = [
    "ENDINGS",
    "READERS",
    "Corrections",
    "ImportColumn",
    "ImportOptions",
    "ImportPreview",
    "NeedsOptions",
    "describe",
    "describe_options",
    "find_recordings",
    "open_recording",
    "save_recording",
    "user_corrections",
]


def open_recording(
    path: str | Path,
    *,
    options: ImportOptions | None = None,
    corrections: Corrections | None = None,
) -> Recording:
    """Open a recording of any known format, which is recognised by its content.

    Parameters
    ----------
    path : str or Path
        A file; of a WFDB record its header, a signal file or the record's name without ending.
    options : ImportOptions, optional
        What the user says of the file: lead names, rate, unit, gains, part.
    corrections : Corrections, optional
        What is remembered for files of this kind; applied where `options` say nothing but the
        part, and said in a warning ``corrected``.

    Returns
    -------
    Recording
        Long WFDB and EDF files are read by window.

    Raises
    ------
    NeedsOptions
        If the file does not state its leads, rate or unit and `options` does not either.
    RecordingError
        If the file cannot be opened.
    """
    file = _header_of(Path(path))
    head = read_head(file)
    reader = find_reader(head)
    if reader is None and _belongs_to_header(file):
        file = file.with_suffix(".hea")
        head = read_head(file)
        reader = find_reader(head)
    if reader is None or (reader is READERS[-1] and why_not(head)):
        raise _foreign(head)
    options = options or ImportOptions()
    check_options(options)
    only_part = options == ImportOptions(part=options.part)
    if corrections is None or not only_part:
        return reader.open(file, options)
    return _open_corrected(reader, file, options.part, corrections)


def _foreign(head: Head) -> RecordingError:
    """Say what a file is that no reader is for."""
    what, hint = why_not(head) or ("", "")
    return RecordingError(
        f"{head.path.name} is not in a format that ecgview reads{what}.",
        hint or f"It reads {', '.join(reader.name for reader in READERS)}.",
    )


def _open_corrected(
    reader: Reader, file: Path, part: str | None, corrections: Corrections
) -> Recording:
    try:
        plain = reader.open(file, ImportOptions(part=part))
    except NeedsOptions as question:
        remembered = corrections.recall(question.preview.kind)
        if not remembered:
            raise
        return _noted(reader.open(file, replace(remembered, part=part)))
    remembered = corrections.recall(plain.kind)
    if not remembered:
        return plain
    try:
        return _noted(reader.open(file, replace(remembered, part=part)))
    except RecordingError as error:
        unfit = ImportWarning(
            "correction-unfit",
            f"What is remembered for files of this kind does not fit: {error}",
            "The file is shown as it is; forget the correction if it is wrong.",
        )
        return replace(plain, warnings=(unfit, *plain.warnings))


def _noted(recording: Recording) -> Recording:
    done = "; ".join(describe_options(recording.options, recording.channels))
    note = ImportWarning("corrected", f"Corrected as remembered for files of this kind: {done}.")
    return replace(recording, warnings=(note, *recording.warnings))


def _header_of(path: Path) -> Path:
    """Give the WFDB header that a signal file or record name belongs to, or the path itself."""
    with suppress(PermissionError):  # the reader says so
        if not path.exists():
            by_name = Path(f"{path}.hea")
            return by_name if by_name.is_file() else path
        if path.suffix.lower() in (".dat", ".mat") and _belongs_to_header(path):
            return path.with_suffix(".hea")
    return path


def _belongs_to_header(path: Path) -> bool:
    """Tell whether a file that is no format of its own lies beside a header of its name."""
    return path.suffix != ".hea" and path.is_file() and path.with_suffix(".hea").is_file()
