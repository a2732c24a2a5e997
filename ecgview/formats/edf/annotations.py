"""Annotations of EDF+ and BDF+: the times of data records, and what is said at which time.

A time-stamped annotation list (TAL) is ``onset [0x15 duration] 0x14 text 0x14 ... 0x00``; the first
of each data record has an empty text and tells when the record starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from ecgview.formats.edf.fields import decode
from ecgview.formats.edf.header import EdfHeader, EdfSignal
from ecgview.formats.files import unreadable
from ecgview.recording import Mark

_TAL = re.compile(
    rb"([+-]\d{1,15}(?:[.,]\d*)?)(?:\x15(\d{0,15}(?:[.,]\d*)?))?\x14([^\x00]*)", re.DOTALL
)


class Tal(NamedTuple):
    """One annotation list: a time and what is said of it."""

    onset_s: float
    duration_s: float
    texts: tuple[str, ...]


def parse_tals(raw: bytes) -> list[Tal]:
    """Read the lists of one data record; what is not one is passed over."""
    found = []
    for onset, duration, texts in _TAL.findall(raw):
        said = [decode(text) for text in texts.split(b"\x14") if text]
        found.append(Tal(_seconds(onset), _seconds(duration or b"0"), tuple(filter(None, said))))
    return found


def _seconds(text: bytes) -> float:
    return float(text.replace(b",", b".").rstrip(b".") or b"0")


def _annotation_signals(header: EdfHeader) -> list[EdfSignal]:
    return [s for s in header.signals if s.is_annotation and s.samples_per_record]


def _read(file: BinaryIO, header: EdfHeader, record: int, signal: EdfSignal) -> bytes:
    file.seek(header.n_bytes + record * header.record_bytes + signal.first_byte)
    return file.read(signal.samples_per_record * header.bytes_per_sample)


def read_tals(header: EdfHeader, records: Iterable[int]) -> Iterator[tuple[int, list[Tal]]]:
    """Read the annotation lists of some data records, and of nothing else in the file.

    Parameters
    ----------
    header : EdfHeader
        Of the file.
    records : iterable of int
        Numbers of data records.

    Yields
    ------
    record : int
        The number of the record.
    tals : list of Tal
        Its lists, of all annotation signals in order.

    Raises
    ------
    RecordingError
        If the file cannot be read.
    """
    signals = _annotation_signals(header)
    try:
        with header.path.open("rb", buffering=0) as file:
            for record in records:
                raw = [_read(file, header, record, signal) for signal in signals]
                yield record, [tal for part in raw for tal in parse_tals(part)]
    except OSError as error:
        raise unreadable(header.path, error) from error


def record_onsets(header: EdfHeader, records: Sequence[int]) -> list[float | None]:
    """Give the times at which data records start, in seconds; None where one does not tell."""
    signals = _annotation_signals(header)
    if not signals:
        return [None] * len(records)
    try:
        with header.path.open("rb", buffering=0) as file:
            found = (_TAL.search(_read(file, header, record, signals[0])) for record in records)
            return [_seconds(tal[1]) if tal else None for tal in found]
    except OSError as error:
        raise unreadable(header.path, error) from error


def read_marks(
    header: EdfHeader, records: range, first_onset_s: float, stop_s: float
) -> tuple[Mark, ...]:
    """Read the annotations of some data records.

    Parameters
    ----------
    header : EdfHeader
        Of the file.
    records : range
        Numbers of data records; annotations may stand in any record, whenever they happened.
    first_onset_s : float
        The file's time of the first sample.
    stop_s : float
        Length of the recording; what lies outside is left out.

    Returns
    -------
    tuple of Mark
        Without those that `is_comment`; a text ``...@@label`` belongs to the signal of that label.
    """
    if not _annotation_signals(header):
        return ()
    labels = {signal.label for signal in header.signals}
    marks = []
    for _, tals in read_tals(header, records):
        for tal in tals:
            start_s = round(tal.onset_s - first_onset_s, 9)
            if 0 <= start_s <= stop_s:
                said = [text for text in tal.texts if not is_comment(text)]
                marks += [_mark(start_s, tal.duration_s, text, labels) for text in said]
    return tuple(marks)


def _mark(start_s: float, duration_s: float, text: str, labels: set[str]) -> Mark:
    said, _, label = text.rpartition("@@")
    if said and label in labels:
        return Mark(start_s, said, duration_s, label)
    return Mark(start_s, text, duration_s)


def is_comment(text: str) -> bool:
    """Tell whether an annotation is a comment on the whole recording, as ecgview writes them."""
    return text.startswith("# ")
