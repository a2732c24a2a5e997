"""The user's own notes on a recording: kept beside it as a WFDB annotation file, never in it.

The annotator is called ``ecgnotes``: notes on ``100.hea`` are ``100.ecgnotes``, those on
``ecg.xml`` are ``ecg.xml.ecgnotes``, so that WFDB programs find them by record and annotator and
files of one stem do not share them. Each note is an annotation of type NOTE (``"``) with its text,
UTF-8, in the auxiliary field; the file states the sampling rate. Lead and duration, for which the
format has no field, follow the text in brackets, readable anywhere: ``U wave? [V3, 0.160 s]``.
The first annotation, ``# ecgview notes``, tells the file from others of that name.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.guard import foreign_parser
from ecgview.formats.wfdb.definitions import would_hang
from ecgview.paths import user_notes_dir
from ecgview.recording import Mark, Recording
from ecgview.storing import put_whole

ANNOTATOR = "ecgnotes"
LONGEST_TEXT_BYTES = 200
"""An auxiliary field holds 255 bytes; lead and duration need some of them."""
_HEADLINE = "# ecgview notes"
_TAIL = re.compile(r" \[(?:([^\[\],]+), )?(\d+\.\d{3}) s\]$")


@dataclass(frozen=True)
class KeptNotes:
    """Notes, and where they are kept.

    Attributes
    ----------
    notes : tuple of Mark
        By time; `Mark.channel` is the lead, empty for all.
    path : Path or None
        The file; None where there is none.
    beside : bool
        Whether that is beside the recording; else it is in the user's own folder, because the
        recording's cannot be written to or holds a foreign file of the name.
    """

    notes: tuple[Mark, ...] = ()
    path: Path | None = None
    beside: bool = True


def tidy_note(note: Mark, fs_hz: float) -> Mark:
    """Bring a note to what the file can hold, so that it comes back the same.

    Parameters
    ----------
    note : Mark
        As written by the user.
    fs_hz : float
        Sampling rate of the recording.

    Returns
    -------
    Mark
        On a sample, the second at the earliest (notes on the first are definitions, which readers
        leave out), its duration in whole milliseconds, its text on one line of at most
        `LONGEST_TEXT_BYTES`.
    """
    text = " ".join("".join(c if c.isprintable() else " " for c in note.text).split())
    # Two signs would make it a definition.
    text = re.sub("^##+ ", "# ", text)
    short = text.encode()[:LONGEST_TEXT_BYTES].decode(errors="ignore").strip()
    start_s = max(round(note.start_s * fs_hz), 1) / fs_hz
    return replace(note, start_s=start_s, text=short, duration_s=round(note.duration_s, 3))


def notes_path(recording: Recording) -> Path | None:
    """Give the file beside a recording that its notes belong into; None without a file."""
    path = recording.path
    if path is None:
        return None
    name = path.stem if path.suffix.lower() == ".hea" else path.name
    if recording.part and recording.part != recording.parts[0]:
        name += "." + re.sub(r"\W+", "-", recording.part.lower()).strip("-")
    return path.with_name(f"{name}.{ANNOTATOR}")


def read_notes(recording: Recording) -> KeptNotes:
    """Read the user's notes on a recording.

    Parameters
    ----------
    recording : Recording
        Whichever; one without a file has none.

    Returns
    -------
    KeptNotes
        Those in the user's own folder, where there are any, else those beside the recording.

    Raises
    ------
    RecordingError
        If the file is damaged.
    """
    beside = notes_path(recording)
    if beside is None:
        return KeptNotes()
    for path in (_elsewhere(beside), beside):
        if is_notes_file(path):
            return KeptNotes(_read(path, recording), path, path == beside)
    return KeptNotes()


def save_notes(
    recording: Recording, notes: Sequence[Mark], known: Collection[Mark] = ()
) -> KeptNotes:
    """Write the user's notes, beside the recording where possible; the old file stays on failure.

    Parameters
    ----------
    recording : Recording
        What they belong to.
    notes : sequence of Mark
        All of them, tidy; where there are none the file goes.
    known : collection of Mark
        What the file held when it was last read or written: what another program has added or
        removed since then is taken over.

    Returns
    -------
    KeptNotes
        What the file holds now.

    Raises
    ------
    RecordingError
        If the recording has no file, or nothing can be written.
    """
    beside = notes_path(recording)
    if beside is None:
        raise RecordingError(
            f"{recording.name} has no file that notes could be kept beside.",
            "Save the recording first; until then they last as long as the window.",
        )
    now = merged(known, notes, read_notes(recording).notes)
    own = _elsewhere(beside)
    if is_notes_file(beside) or not beside.exists():
        with suppress(OSError, RecordingError):
            if is_notes_file(own) and is_notes_file(beside):
                # Someone else's may lie there since ours could not.
                now = merged(known, now, (*now, *_read(beside, recording)))
            _replace(beside, now, recording.fs_hz)
            own.unlink(missing_ok=True)
            return KeptNotes(now, beside)
    try:
        own.parent.mkdir(parents=True, exist_ok=True)
        _replace(own, now, recording.fs_hz)
    except OSError as error:
        raise RecordingError(
            f"The notes on {recording.name} cannot be written: {error.strerror or error}.",
            "They stay in the window until it is closed. Make room, or copy the text.",
        ) from error
    return KeptNotes(now, own, beside=False)


def merged(
    known: Collection[Mark], ours: Collection[Mark], theirs: Collection[Mark]
) -> tuple[Mark, ...]:
    """Bring two versions of the notes together.

    Parameters
    ----------
    known : collection of Mark
        What both began with.
    ours, theirs : collection of Mark
        The versions.

    Returns
    -------
    tuple of Mark
        Ours, with what they added and without what they removed; by time.
    """
    added = [note for note in theirs if note not in known and note not in ours]
    kept = [note for note in ours if note in theirs or note not in known]
    return tuple(sorted((*kept, *added), key=lambda note: note.start_s))


def is_notes_file(path: Path) -> bool:
    """Tell whether a file holds notes of ecgview, rather than something foreign of the name."""
    try:
        with path.open("rb") as file:
            return _HEADLINE.encode() in file.read(256)
    except OSError:
        return False


def _elsewhere(beside: Path) -> Path:
    """Name the file in the user's own folder: of each recording another."""
    key = hashlib.sha256(str(beside.absolute()).encode()).hexdigest()[:12]
    return user_notes_dir() / f"{beside.stem}-{key}.{ANNOTATOR}"


def _read(path: Path, recording: Recording) -> tuple[Mark, ...]:
    import wfdb

    if would_hang(path.read_bytes()):
        raise RecordingError(
            f"{path.name} cannot be read as notes.", "It is damaged; it was left as it is."
        )
    with foreign_parser(path, "notes"):
        found: Any = wfdb.rdann(str(path.with_suffix("")), ANNOTATOR)
    fs_hz = float(found.fs or recording.fs_hz)
    texts = [
        str(aux).encode("latin-1", "replace").decode(errors="replace") for aux in found.aux_note
    ]
    return tuple(
        _note(int(sample) / fs_hz, text)
        for sample, text in zip(found.sample, texts, strict=True)
        if not text.startswith(_HEADLINE)
    )


def _note(start_s: float, written: str) -> Mark:
    tail = _TAIL.search(written)
    if tail is None:
        return Mark(start_s, written)
    return Mark(start_s, written[: tail.start()], float(tail[2]), tail[1] or "")


def _written(note: Mark) -> str:
    """Write a note's text with lead and duration, so that `_note` gives the same note back."""
    if not note.channel and not note.duration_s and not _TAIL.search(note.text):
        return note.text
    lead = f"{note.channel}, " if note.channel else ""
    return f"{note.text} [{lead}{note.duration_s:.3f} s]"


def _replace(path: Path, notes: Sequence[Mark], fs_hz: float) -> None:
    """Write a whole file in the place of the old one, or remove it where there are no notes."""
    if not notes:
        path.unlink(missing_ok=True)
        return
    put_whole(path, _file_of(notes, fs_hz))


def _file_of(notes: Sequence[Mark], fs_hz: float) -> bytes:
    import wfdb

    texts = [_HEADLINE, *(_written(note) for note in notes)]
    with tempfile.TemporaryDirectory(prefix="ecgview-") as folder:
        # The library takes neither dots in names of records nor other folders' paths.
        wfdb.wrann(
            "notes",
            ANNOTATOR,
            np.array([0, *(round(note.start_s * fs_hz) for note in notes)]),
            symbol=['"'] * len(texts),
            # It writes one byte a character.
            aux_note=[text.encode().decode("latin-1") for text in texts],
            fs=fs_hz,
            write_dir=folder,
        )
        return (Path(folder) / f"notes.{ANNOTATOR}").read_bytes()
