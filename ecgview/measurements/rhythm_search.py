"""Look for R peaks, block by block, so that a day of ECG takes the memory of minutes.

neurokit2 finds the peaks. Our own QRS finder looks at the same samples; a piece of ten seconds in
which the two do not agree is left out and counted, since a rate of noise would be made up.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import LeadError, RecordingError
from ecgview.measurements import library, pieces
from ecgview.measurements.rhythm import Rhythm
from ecgview.recording import Recording
from ecgview.signals.beats import find_beats
from ecgview.signals.filters import fill_gaps

BLOCK_S = 300.0
MARGIN_S = 10.0
_LOOK_S = 60.0
_PREFERRED = ("II", "V5", "I", "V4", "V6", "V2", "V3", "aVF", "V1", "III", "aVL", "aVR")
_NO_PEAKS = np.empty(0, dtype=np.int64)

Steps = Generator[tuple[int, int], None, Rhythm]
"""Yields (samples searched, samples in all) after each block; returns the rhythm."""


def find_rhythm(
    recording: Recording, leads: Sequence[str], start: int = 0, stop: int | None = None
) -> Steps:
    """Find the R peaks of a stretch; a generator that can be closed between blocks.

    Parameters
    ----------
    recording : Recording
        With or without gaps.
    leads : sequence of str
        Measured leads to choose from; the clearest rhythm lead is taken, lead II first. A single
        one is taken as it is.
    start, stop : int
        Samples ``[start, stop)``; the whole recording by default.

    Yields
    ------
    tuple of int
        How many of how many samples are searched.

    Returns
    -------
    Rhythm
        Peaks of the stretch, and what was left out of it.

    Raises
    ------
    LeadError
        If there is no lead to choose from.
    RecordingError
        If no beats can be told from flat or noisy signal, with which lead and why.
    """
    stop = recording.n_samples if stop is None else stop
    if recording.fs_hz < library.LOWEST_RATE_HZ:
        raise RecordingError(
            f"Beats are not looked for below {library.LOWEST_RATE_HZ:g} samples a second; "
            f"{recording.name} has {recording.fs_hz:g}."
        )
    lead = leads[0] if len(leads) == 1 else best_lead(recording, leads, start, stop)
    rhythm = yield from _search(recording, lead, start, stop)
    if not len(rhythm.peaks):
        raise _no_beats(recording, rhythm)
    return rhythm


def rhythm_of(
    recording: Recording, leads: Sequence[str], start: int = 0, stop: int | None = None
) -> Rhythm:
    """Find the R peaks of a stretch without telling how far it is; see `find_rhythm`."""
    steps = find_rhythm(recording, leads, start, stop)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            rhythm: Rhythm = end.value
            return rhythm


def best_lead(recording: Recording, leads: Sequence[str], start: int, stop: int) -> str:
    """Choose the first of the usual rhythm leads in which both finders see the same beats.

    It looks at up to a minute in the middle of the stretch.

    Raises
    ------
    LeadError
        If there is none to choose from.
    """
    candidates = [lead for lead in _PREFERRED if lead in leads]
    if not candidates:
        raise LeadError(
            f"{recording.name} has no measured lead to find beats in.",
            "Beats are not looked for in reconstructed leads.",
        )
    half = round(min(_LOOK_S, (stop - start) / recording.fs_hz) * recording.fs_hz / 2)
    middle = (start + stop) // 2
    shares = []
    for lead in candidates:
        looked = _look(recording, lead, max(start, middle - half), min(stop, middle + half))
        shares.append(looked)
        if looked == 1.0:
            break
    return candidates[int(np.argmax(shares))]


def _look(recording: Recording, lead: str, start: int, stop: int) -> float:
    """Share of a stretch that can be trusted, 0 where there are no beats."""
    try:
        peaks, left_out = _search_block(recording, lead, (start, stop), (start, stop))
    except RecordingError:
        return 0.0
    lost = sum(last - first for first, last in pieces.merged(left_out))
    return 1.0 - lost / max(1, stop - start) if peaks.size else 0.0


def _search(recording: Recording, lead: str, start: int, stop: int) -> Steps:
    fs_hz = recording.fs_hz
    # Whole pieces, so that a piece is judged alike whichever block it falls into.
    block = round(BLOCK_S / pieces.PIECE_S) * round(pieces.PIECE_S * fs_hz)
    margin = round(MARGIN_S * fs_hz)
    found: list[NDArray[np.int64]] = []
    left_out: list[tuple[int, int]] = []
    seam = start
    for first in range(start, stop, block):
        last = min(first + block, stop)
        if stop - last < margin:
            last = stop
        read = max(start, first - margin), min(stop, last + margin)
        peaks, lost = _search_block(recording, lead, read, (first, last))
        peaks = peaks[peaks >= seam]
        seam = stop if last == stop else _seam(peaks, last)
        found.append(peaks[peaks < seam])
        left_out += lost
        yield last - start, stop - start
        if last == stop:
            break
    peaks = np.concatenate([_NO_PEAKS, *found])
    lost_ranges = pieces.merged(left_out)
    return Rhythm(lead, fs_hz, start, stop, peaks[pieces.outside(peaks, lost_ranges)], lost_ranges)


def _seam(peaks: NDArray[np.int64], near: int) -> int:
    """Choose where the next block takes over: midway between two beats, near a sample.

    Two blocks may put a peak a few samples apart; a seam through it would lose or double it.
    """
    at = int(np.searchsorted(peaks, near))
    if at == 0 or at == len(peaks):
        return near
    return int(peaks[at - 1] + peaks[at]) // 2


def _search_block(
    recording: Recording, lead: str, read: tuple[int, int], judged: tuple[int, int]
) -> tuple[NDArray[np.int64], list[tuple[int, int]]]:
    """Peaks of the samples read, and what is left out of the part of them that is judged."""
    fs_hz, (start, stop), (first, last) = recording.fs_hz, read, judged
    signal_mv = recording.read([lead], start, stop)[0].astype(np.float64)
    runs = pieces.whole_runs(signal_mv, fs_hz)
    filled = fill_gaps(signal_mv[None])[0]
    peaks, checks = [_NO_PEAKS], [_NO_PEAKS]
    usable = np.zeros(signal_mv.size, dtype=bool)
    for a, b in runs:
        found, own = _peaks_of_run(filled[a:b], fs_hz, lead)
        peaks.append(found + start + a)
        checks.append(own + start + a)
        usable[a:b] = True
    both = (np.concatenate(peaks), np.concatenate(checks))
    lost = first + pieces.runs_of(~usable[first - start : last - start])
    left_out = [(int(a), int(b)) for a, b in lost]
    for a, b in pieces.split(first, last, fs_hz):
        here = slice(a - start, b - start)
        flat = not usable[here].any() or pieces.is_flat(filled[here][usable[here]])
        if flat or pieces.agreement(*both, a, b, fs_hz) < pieces.LEAST_AGREEMENT:
            left_out.append((int(a), int(b)))
    return both[0], left_out


def _peaks_of_run(
    signal_mv: NDArray[np.float64], fs_hz: float, lead: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """R peaks by neurokit2, and the middles of our own QRS complexes."""
    if pieces.is_flat(signal_mv):
        return _NO_PEAKS, _NO_PEAKS
    with library.quietly(f"find R peaks in lead {lead}"):
        peaks = library.r_peaks(library.clean_lead(signal_mv, fs_hz), fs_hz)
    own = find_beats(signal_mv[None], fs_hz)[0]
    return peaks, ((own.onsets + own.offsets) // 2).astype(np.int64)


def _no_beats(recording: Recording, rhythm: Rhythm) -> RecordingError:
    signal_mv = recording.read(
        [rhythm.lead], rhythm.start, min(rhythm.stop, rhythm.start + round(_LOOK_S * rhythm.fs_hz))
    )[0]
    finite = signal_mv[np.isfinite(signal_mv)]
    if not finite.size:
        why = "has no samples"
    elif pieces.is_flat(finite):
        why = "is flat"
    else:
        why = "is too noisy, or its QRS complexes are too small, to tell beats in"
    return RecordingError(
        f"Lead {rhythm.lead} of {recording.name} {why} from "
        f"{rhythm.start / rhythm.fs_hz:.1f} to {rhythm.stop / rhythm.fs_hz:.1f} s.",
        "Choose another lead or another stretch.",
    )
