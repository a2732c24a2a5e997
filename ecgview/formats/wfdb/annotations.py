"""Annotations beside a WFDB record: files of its name with the annotator as their ending.

An annotation file is known by its content, which is a chain of 16-bit words that must end where the
file ends (WFDB Applications Guide, annot(5)), so that no list of annotators is needed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import lru_cache
from os import SEEK_END
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.guard import foreign_parser
from ecgview.formats.notes import ANNOTATOR, is_notes_file
from ecgview.formats.wfdb.definitions import would_hang
from ecgview.formats.wfdb.header import Header
from ecgview.leads import normalise_lead_name
from ecgview.recording import ImportWarning, Mark

SIZE_LIMIT = 1_500_000
"""A week of beats; more would take the library longer than anyone waits."""
_USUAL = {"atr", "qrs", "ecg", "ari", "ann", "man", "pwave", "stf", "sta", "stb", "apn", "st"}
"""Annotators of PhysioNet: a damaged file of theirs is worth a sentence."""
_SKIP, _AUX, _LARGEST_CODE = 59, 63, 49
_MODIFIERS = (60, 61, 62)


class AnnotationFiles(NamedTuple):
    """The annotation files of a record, and a sentence for each damaged one."""

    paths: tuple[Path, ...]
    warnings: tuple[ImportWarning, ...]


def find_annotations(header: Header) -> AnnotationFiles:
    """Find the annotation files in the folder of a record.

    Parameters
    ----------
    header : Header
        Of the record.

    Returns
    -------
    AnnotationFiles
        The reference annotator ``atr`` first, then by name.
    """
    stem = header.path.stem.removesuffix(".hea")
    endings = _endings(header.path.parent, stem)
    if not endings:
        return AnnotationFiles((), ())
    signal_files = {signal.file_name for signal in header.signals} | {header.path.name}
    paths, warnings = [], []
    for ending in endings:
        path = header.path.with_name(f"{stem}.{ending}")
        if path.name in signal_files or (ending == ANNOTATOR and is_notes_file(path)):
            continue
        if _is_annotation(path):
            paths.append(path)
        elif ending.lower() in _USUAL:
            warnings.append(
                ImportWarning(
                    "annotations",
                    f"{path.name} cannot be read as annotations.",
                    "It is damaged, of another format, or longer than a week of beats; the "
                    "recording is shown without it.",
                )
            )
    paths.sort(key=lambda path: (path.suffix.lower() != ".atr", path.name))
    return AnnotationFiles(tuple(paths), tuple(warnings))


def _endings(folder: Path, stem: str) -> tuple[str, ...]:
    try:
        changed_ns = folder.stat().st_mtime_ns
        if time.time_ns() - changed_ns < 2e9:  # it may change again within its clock's step
            return _listing.__wrapped__(str(folder), changed_ns).get(stem, ())
        return _listing(str(folder), changed_ns).get(stem, ())
    except OSError:
        return ()


@lru_cache(maxsize=256)
def _listing(folder: str, _changed_ns: int) -> dict[str, tuple[str, ...]]:
    """List a folder once for all records in it: some hold ten thousand, and sets many folders."""
    endings: dict[str, tuple[str, ...]] = {}
    for name in sorted(os.listdir(folder)):  # noqa: PTH208 (ten times as fast)
        stem, dot, ending = name.rpartition(".")
        if dot and ending not in ("", "hea", "dat", "mat"):
            endings[stem] = (*endings.get(stem, ()), ending)
    return endings


def _is_annotation(path: Path) -> bool:
    try:
        if not path.is_file() or not 4 <= path.stat().st_size <= SIZE_LIMIT:
            return False
        with path.open("rb") as file:
            file.seek(-2, SEEK_END)
            # The end mark first: tables and texts of the same name are not read in vain.
            if file.read(2) != b"\0\0":
                return False
            file.seek(0)
            content = file.read()
            return _is_chain(content) and not would_hang(content)
    except OSError:
        return False


def _is_chain(content: bytes) -> bool:
    """Follow the words of an annotation file to its end mark; what follows may only be zeros."""
    words = np.frombuffer(content[: len(content) // 2 * 2], dtype="<u2").tolist()
    place = n_annotations = n_blanks = 0
    while place < len(words):
        word = words[place]
        code = word >> 10
        place += 1
        if word == 0:
            # Some blanks move the clock back; samples of a quiet signal would be full of them.
            return n_blanks <= n_annotations > 0 and not any(words[place:])
        if code == _SKIP:
            place += 2
        elif code == _AUX:
            place += ((word & 0x3FF) + 1) // 2
        elif code > _LARGEST_CODE and code not in _MODIFIERS:
            return False
        n_blanks += code == 0
        n_annotations += 0 < code <= _LARGEST_CODE
    return False


def read_marks(
    paths: Sequence[Path], header: Header, signal_names: Sequence[str], duration_s: float
) -> tuple[Mark, ...]:
    """Read annotation files.

    Parameters
    ----------
    paths : sequence of Path
        As found by `find_annotations`.
    header : Header
        Of the record.
    signal_names : sequence of str
        Names of its signals.
    duration_s : float
        Length of the record; what lies outside is left out.

    Returns
    -------
    tuple of Mark
        With the code of the annotation (``N``, ``V``, ``(``, ``p``) or its text (``(AFIB``), by an
        annotator other than the first with its name in brackets. Annotators that are called as a
        lead (LUDB) mark that lead. Of a file that cannot be read there are none.
    """
    marks: list[Mark] = []
    first_of_all = ""
    for path in paths:
        annotator = path.suffix[1:]
        channel = _signal_called(annotator, signal_names)
        if not channel:
            first_of_all = first_of_all or annotator
        by = "" if channel or annotator == first_of_all else f" [{annotator}]"
        marks += _marks_of_file(path, header, signal_names, channel, by)
    return tuple(mark for mark in marks if 0 <= mark.start_s <= duration_s)


def _signal_called(annotator: str, signal_names: Sequence[str]) -> str:
    lead = normalise_lead_name(annotator)
    same = (name for name in signal_names if lead and normalise_lead_name(name) == lead)
    return next(same, "")


def _marks_of_file(
    path: Path, header: Header, signal_names: Sequence[str], channel: str, by: str
) -> list[Mark]:
    import wfdb

    try:
        with foreign_parser(path, "WFDB annotations"):
            found: Any = wfdb.rdann(str(path.with_suffix("")), path.suffix[1:])
            rate_hz = float(found.fs or header.frames_hz)
            tells_channels = len(set(found.chan)) > 1
            return [
                Mark(
                    float(sample) / rate_hz,
                    _text(symbol, aux) + by,
                    channel=_channel(int(number), signal_names) if tells_channels else channel,
                )
                for sample, symbol, aux, number in zip(
                    found.sample, found.symbol, found.aux_note, found.chan, strict=True
                )
            ]
    except RecordingError:
        return []


def _text(symbol: object, aux: object) -> str:
    """Give the code of a beat, and the text of a rhythm or a note."""
    code = symbol if isinstance(symbol, str) and symbol.strip() else "?"
    said = "".join(c for c in _decoded(str(aux or "")) if c.isprintable()).strip()
    if not said:
        return code
    return said if code in '+"~=sT|@?' else f"{code} {said}"


def _decoded(aux: str) -> str:
    """Decode a text that the library gives as one character a byte."""
    try:
        return aux.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return aux


def _channel(number: int, signal_names: Sequence[str]) -> str:
    return signal_names[number] if 0 <= number < len(signal_names) else ""
