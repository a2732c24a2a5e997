"""Checks of each lead by itself: gaps, flat stretches, clipping, copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ecgview.formats.checks.evidence import Evidence
from ecgview.recording import ImportWarning

STUCK_S = 1.0
"""A lead that holds its value this long was not connected."""
FEWEST_EQUAL = 4
"""Samples at the extreme one after another; steep waves have no such top."""
STEEP_UNITS = 8
"""Units of the last digit between such a top and the sample beside it: no round top is so steep."""
FEWEST_RUNS = 2
"""A plateau that is reached once may be an artefact's own."""


def gap_warnings(
    leads: Sequence[str], finite: NDArray[np.bool_], fs_hz: float
) -> Iterator[ImportWarning]:
    """Tell which leads lack samples, how many, and how long the longest gap is."""
    parts = [
        f"{lead} {1 - row.mean():.1%}"
        for lead, row in zip(leads, finite, strict=True)
        if not row.all()
    ]
    longest_s = max(_longest_run(~row) for row in finite) / fs_hz
    yield ImportWarning(
        "gap",
        f"Samples are missing (share of the time): {', '.join(parts)}; up to {longest_s:.3g} s "
        "on end.",
        "Gaps are drawn as gaps, and nothing is reconstructed where an available lead has one.",
    )


def signal_warnings(evidence: Evidence) -> Iterator[ImportWarning]:
    """Warn of leads that are flat, held, clipped, or copies of another."""
    flat = [
        lead for lead, spread in zip(evidence.leads, evidence.spreads_mv, strict=True) if not spread
    ]
    if flat:
        yield ImportWarning(
            "flat-lead",
            f"Flat from start to end: {', '.join(flat)}.",
            "An electrode was off, or the lead was not recorded; switch it off to rebuild it.",
        )
    yield from _stuck(evidence)
    yield from _clipped(evidence)
    yield from _copied(evidence)


def _stuck(evidence: Evidence) -> Iterator[ImportWarning]:
    fs_hz = evidence.recording.fs_hz
    # A stretch of 1 s holds four of the samples that lie a quarter of a second apart.
    looked_at = evidence.signals_mv[:, :: max(round(STUCK_S * fs_hz / 5), 1)]
    same = looked_at[:, 1:] == looked_at[:, :-1]
    thrice = same[:, 2:] & same[:, 1:-1] & same[:, :-2]
    if not thrice.any():
        return
    held = {}
    for row in _varying(evidence, thrice.any(axis=1)):
        longest = _longest_run(np.diff(evidence.signals_mv[row]) == 0)
        if longest >= STUCK_S * fs_hz:
            held[evidence.leads[row]] = longest / fs_hz
    if held:
        parts = ", ".join(f"{lead} for {duration_s:.3g} s" for lead, duration_s in held.items())
        yield ImportWarning(
            "stuck-lead",
            f"Flat for a time: {parts}.",
            "An electrode came off, or the recorder was held; there is no signal in that stretch.",
        )


def _clipped(evidence: Evidence) -> Iterator[ImportWarning]:
    # Where the first of the samples at the extreme is alone, so are the others.
    rows, last = np.arange(len(evidence.leads)), evidence.n_samples - 1
    clipped = []
    for extremes_mv, first in (
        (evidence.largest_mv, evidence.tops),
        (evidence.least_mv, evidence.bottoms),
    ):
        later = first + (FEWEST_EQUAL - 1)
        stays = evidence.signals_mv[rows, np.minimum(later, last)] == extremes_mv
        if stays.any():
            clipped += [
                f"{evidence.leads[row]} at {extremes_mv[row]:.3g} mV"
                for row in _varying(evidence, stays)
                if _is_cut_off(evidence, row, float(extremes_mv[row]))
            ]
    if clipped:
        yield ImportWarning(
            "saturated",
            f"Clipped: {', '.join(clipped)}.",
            "The signal went beyond what the recorder could measure; its peaks are cut off.",
        )


def _is_cut_off(evidence: Evidence, row: int, extreme_mv: float) -> bool:
    """Tell whether a lead runs into its extreme steeply and stays there, more than once."""
    signal_mv = evidence.signals_mv[row]
    at_extreme = signal_mv == extreme_mv
    if np.count_nonzero(at_extreme) < FEWEST_RUNS * FEWEST_EQUAL:
        return False
    starts, stops = _runs(at_extreme)
    long_enough = stops - starts >= FEWEST_EQUAL
    inside = long_enough & (starts > 0) & (stops < len(signal_mv))
    starts, stops = starts[inside], stops[inside]
    into_mv = np.abs(signal_mv[starts - 1] - extreme_mv)
    out_of_mv = np.abs(signal_mv[stops] - extreme_mv) if len(stops) else into_mv
    steep = np.maximum(into_mv, out_of_mv) > STEEP_UNITS * evidence.resolution_mv.get(
        evidence.leads[row], 0.001
    )
    return int(np.count_nonzero(steep)) >= FEWEST_RUNS


def _copied(evidence: Evidence) -> Iterator[ImportWarning]:
    extremes = list(zip(evidence.largest_mv.tolist(), evidence.least_mv.tolist(), strict=True))
    if len(set(extremes)) == len(extremes):
        return
    alike: dict[tuple[float, float], list[int]] = defaultdict(list)
    for row, (largest, least) in enumerate(extremes):
        if largest != least:
            alike[largest, least].append(row)
    pairs = []
    for first, *others in alike.values():
        for row in others:
            if np.array_equal(evidence.signals_mv[first], evidence.signals_mv[row], equal_nan=True):
                pairs.append(f"{evidence.leads[row]} is the same as {evidence.leads[first]}")
    if pairs:
        yield ImportWarning(
            "copied-lead",
            f"One lead was stored as two: {', '.join(pairs)}.",
            "At least one of them is not what its name says.",
        )


def _varying(evidence: Evidence, rows: NDArray[np.bool_]) -> list[int]:
    """Give the rows that are chosen and not flat."""
    return [int(row) for row in np.flatnonzero(rows) if evidence.spreads_mv[row]]


def _runs(is_in: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the runs of true start and stop."""
    edges = np.flatnonzero(np.diff(is_in, prepend=False, append=False))
    return edges[::2], edges[1::2]


def _longest_run(is_in: NDArray[np.bool_]) -> int:
    starts, stops = _runs(is_in)
    return int((stops - starts).max(initial=0))
