"""Which pieces of a lead can be trusted: without gaps, not flat, and alike to two finders."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PIECE_S = 10.0
"""Trust is given or refused for so much at a time."""
LEAST_AGREEMENT = 0.7
"""Two finders that share fewer of their beats than this are not believed. On lead II of 456
recordings of PTB-XL 2 % fall below 0.8; white noise reaches 0.5, random walks 0.35."""
FLAT_MV = 0.03
SHORTEST_GAP_S = 0.1
SHORTEST_RUN_S = 0.6
_SAME_BEAT_S = 0.15
_EDGE_S = 0.3

Ranges = NDArray[np.int64]
"""Shape (pieces, 2): samples ``[from, to)``, ascending."""


def runs_of(flags: NDArray[np.bool_]) -> Ranges:
    """List the runs of True, shape (runs, 2)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return edges.reshape(-1, 2).astype(np.int64)


def whole_runs(signal_mv: NDArray[np.floating], fs_hz: float) -> Ranges:
    """List the runs without gaps that are long enough to look for beats in.

    A gap too short to hide a beat does not break a run; it is bridged by a straight line.
    """
    gaps = runs_of(~np.isfinite(signal_mv))
    wide = gaps[:, 1] - gaps[:, 0] > SHORTEST_GAP_S * fs_hz
    # At the edges there is nothing to bridge to.
    edge = (gaps[:, 0] == 0) | (gaps[:, 1] == signal_mv.size)
    there = np.ones(signal_mv.size, dtype=bool)
    for start, stop in gaps[wide | edge]:
        there[start:stop] = False
    runs = runs_of(there)
    return runs[runs[:, 1] - runs[:, 0] >= SHORTEST_RUN_S * fs_hz]


def split(start: int, stop: int, fs_hz: float) -> Ranges:
    """Cut a stretch into pieces of about `PIECE_S`, counted from its start."""
    length = round(PIECE_S * fs_hz)
    count = max(1, round((stop - start) / length))
    edges = start + np.arange(count) * length
    return np.stack([edges, np.append(edges[1:], stop)], axis=1).astype(np.int64)


def agreement(
    first: NDArray[np.int64], second: NDArray[np.int64], start: int, stop: int, fs_hz: float
) -> float:
    """Share of the beats of two finders that both have, 0 to 1; 1 where neither has any.

    This is bSQI (Li, Mark & Clifford 2008), with 150 ms between the two marks of a beat.

    Parameters
    ----------
    first, second : ndarray of int, shape (beats,)
        Ascending sample numbers.
    start, stop : int
        Where to compare. Beats near the edges may be missing from either and are not counted.
    fs_hz : float
        Sampling rate.
    """
    edge = min(_EDGE_S * fs_hz, (stop - start) / 6)
    inner = [beats[(beats >= start + edge) & (beats < stop - edge)] for beats in (first, second)]
    total = inner[0].size + inner[1].size
    if not total:
        return 1.0
    tolerance = _SAME_BEAT_S * fs_hz
    return (_near(inner[0], second, tolerance) + _near(inner[1], first, tolerance)) / total


def _near(beats: NDArray[np.int64], others: NDArray[np.int64], tolerance: float) -> int:
    """Count the beats that have another near."""
    if not others.size or not beats.size:
        return 0
    at = np.searchsorted(others, beats)
    before = others[np.clip(at - 1, 0, others.size - 1)]
    after = others[np.clip(at, 0, others.size - 1)]
    distance = np.minimum(np.abs(beats - before), np.abs(after - beats))
    return int((distance <= tolerance).sum())


def is_flat(signal_mv: NDArray[np.floating]) -> bool:
    """Tell whether a piece without gaps holds nothing that could be a heart."""
    return bool(np.ptp(signal_mv) < FLAT_MV)


def merged(pieces: list[tuple[int, int]]) -> Ranges:
    """Sort pieces and join those that touch."""
    joined: list[list[int]] = []
    for start, stop in sorted(pieces):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], stop)
        else:
            joined.append([start, stop])
    return np.array(joined, dtype=np.int64).reshape(-1, 2)


def outside(samples: NDArray[np.int64], ranges: Ranges) -> NDArray[np.bool_]:
    """Tell which samples lie in none of the ranges, which do not overlap."""
    if not len(ranges):
        return np.ones(samples.shape, dtype=bool)
    at = np.searchsorted(ranges[:, 0], samples, side="right") - 1
    return ~((at >= 0) & (samples < ranges[np.maximum(at, 0), 1]))
