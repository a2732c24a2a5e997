"""Where the data records of an EDF+ file lie in time: stretches, and the gaps between them."""

from __future__ import annotations

from typing import NamedTuple

from ecgview.formats.edf.annotations import record_onsets
from ecgview.formats.edf.header import EdfHeader
from ecgview.formats.edf.source import Stretch
from ecgview.recording import ImportWarning

TOLERATED_SAMPLES = 2
"""Clocks drift and onsets are rounded; less than this is no gap."""
LONGEST_GAPS = 100
"""Gaps of more than this times the samples of a file are not shown as gaps,"""
SHORT_SAMPLES = 10_000_000
"""unless the whole is no longer than this."""


class Timing(NamedTuple):
    """The stretches of a file, its time of the first sample, and what is wrong with them."""

    stretches: tuple[Stretch, ...]
    first_onset_s: float
    warnings: tuple[ImportWarning, ...]


def read_timing(header: EdfHeader, fs_hz: float, samples_per_record: int) -> Timing:
    """Place the data records of a file in time.

    Parameters
    ----------
    header : EdfHeader
        Of the file.
    fs_hz : float
        Rate of the leads.
    samples_per_record : int
        Samples of the leads in each record.

    Returns
    -------
    Timing
        One stretch where there are no gaps.

    Raises
    ------
    RecordingError
        If the file cannot be read.
    """
    n_records, record_s = header.n_records, samples_per_record / fs_hz
    whole = (Stretch(0, 0, n_records),)
    first, last = record_onsets(header, [0, n_records - 1])
    begin_s = first or 0.0
    if last is None:
        untold = ImportWarning(
            "record-times",
            "The file is said to have gaps, but its data records do not tell their times.",
            "They are shown one after the other.",
        )
        return Timing(whole, begin_s, (untold,) if header.plus == "D" else ())
    surplus_s = last - begin_s - (n_records - 1) * record_s
    # Continuous files need no look at each record, which is slow; some that say so have gaps.
    tolerated_s = TOLERATED_SAMPLES / fs_hz if header.plus == "D" else max(1.0, record_s)
    if abs(surplus_s) <= tolerated_s:
        return Timing(whole, begin_s, ())
    onsets = record_onsets(header, range(n_records))
    stretches, n_backward = _stretches(onsets, begin_s, fs_hz, samples_per_record)
    warnings = (_backward(n_backward),) if n_backward else ()
    return Timing(stretches, begin_s, warnings)


def _stretches(
    onsets: list[float | None], begin_s: float, fs_hz: float, samples_per_record: int
) -> tuple[tuple[Stretch, ...], int]:
    """Join records that follow each other; those that would overlap follow, and are counted."""
    stretches: list[Stretch] = []
    start = first_record = next_sample = n_backward = 0
    for record, onset in enumerate(onsets):
        place = next_sample if onset is None else round((onset - begin_s) * fs_hz)
        if place > next_sample + TOLERATED_SAMPLES:
            if record > first_record:
                stretches.append(Stretch(start, first_record, record - first_record))
            start, first_record, next_sample = place, record, place
        n_backward += place < next_sample - TOLERATED_SAMPLES
        next_sample += samples_per_record
    stretches.append(Stretch(start, first_record, len(onsets) - first_record))
    return tuple(stretches), n_backward


def _backward(n_records: int) -> ImportWarning:
    return ImportWarning(
        "record-times",
        f"{n_records} data records are said to start before the end of the one before.",
        "They are shown after it; times after them may be wrong.",
    )


def is_scattered(stretches: tuple[Stretch, ...], n_records: int, samples_per_record: int) -> bool:
    """Tell whether there is so little in so long a time that each stretch is shown by itself."""
    last = stretches[-1]
    n_samples = last.start + last.n_records * samples_per_record
    return n_samples > max(SHORT_SAMPLES, LONGEST_GAPS * n_records * samples_per_record)
