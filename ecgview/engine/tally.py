"""Agreement of long recordings in one pass with bounded memory, also while they are rebuilt.

Both signals are read in blocks. Of each window in a block only its moments are kept: they add up to
the figures of the whole, and say in which windows a reconstruction fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.interval_fit import IntervalTally
from ecgview.engine.metrics import Agreement, Figures, agreement_of, compared_leads
from ecgview.engine.moments import FLAT_MV, Moments, RunningMedian
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filters import clean as clean_filter

WINDOW_S = 10.0
_BLOCK_S = 60.0
_MARGIN_S = 10.0
"""Beyond this a high-pass of 0.5 Hz remembers less than a millionth."""
_LEAST_KNOWN = 0.5
_LEAST_S = 1.0


@dataclass(frozen=True, eq=False)
class WindowFigures:
    """Correlation of each compared lead in windows of one length.

    Attributes
    ----------
    leads : tuple of str
        Reconstructed leads that were recorded.
    fs_hz : float
        The recording's rate.
    edges : ndarray, shape (windows + 1,)
        Samples where the windows begin, and where the last one ends.
    pcc : ndarray, shape (leads, windows)
        NaN where a lead is flat, where more than half of a window is a gap, and where nothing is
        rebuilt yet.
    clean : bool
        Whether both signals were high-passed at 0.5 Hz.
    """

    leads: tuple[str, ...]
    fs_hz: float
    edges: NDArray[np.intp]
    pcc: NDArray[np.float64]
    clean: bool

    @property
    def n_compared(self) -> int:
        """How many windows have a correlation of some lead."""
        return int(np.isfinite(self.pcc).any(axis=0).sum())


class AgreementTally:
    """Counts how a reconstruction agrees with its recording, as far as it is rebuilt.

    Parameters
    ----------
    recording : Recording
        What was recorded.
    reconstruction : Reconstruction
        May grow meanwhile.
    clean : bool
        Whether to high-pass both at 0.5 Hz (zero phase) first.
    start, stop : int
        Samples ``[start, stop)``; the whole recording by default.
    window_s : float
        Length of the windows.
    """

    def __init__(
        self,
        recording: Recording,
        reconstruction: Reconstruction,
        *,
        clean: bool,
        start: int = 0,
        stop: int | None = None,
        window_s: float = WINDOW_S,
    ) -> None:
        self._recording, self._reconstruction, self.clean = recording, reconstruction, clean
        self.start, self.stop = start, recording.n_samples if stop is None else stop
        self._leads = compared_leads(recording, reconstruction) if self.stop > self.start else ()
        self._others = tuple(
            lead for lead in recording.other_leads if lead in reconstruction.others
        )
        window = max(1, round(window_s * recording.fs_hz))
        self._edges = _edges(self.start, self.stop, window, round(_LEAST_S * recording.fs_hz))
        self._moments = Moments.none(len(self._leads) + len(self._others), len(self._edges) - 1)
        self._windows_a_block = max(1, round(_BLOCK_S / window_s))
        self._pending = list(range(0, len(self._edges) - 1, self._windows_a_block))
        self._counted: list[tuple[int, int]] = []
        self._medians: tuple[RunningMedian, RunningMedian] | None = None
        self._intervals = IntervalTally(recording, reconstruction, clean=clean)

    def catch_up(self) -> Iterator[int]:
        """Count what has been rebuilt since; yields how many blocks are left after each."""
        ready = [first for first in self._pending if self._is_ready(first)]
        for first in ready:
            self._count(first)
            self._pending.remove(first)
            yield len(self._pending)

    @property
    def is_whole(self) -> bool:
        """Whether all of it is counted."""
        return not self._pending

    @property
    def blocks(self) -> int:
        """How many blocks there are in all."""
        return -(-(len(self._edges) - 1) // self._windows_a_block)

    def agreement(self) -> Agreement:
        """Give the figures of what is counted so far."""
        figures = self._figures()
        others = {lead: figures[lead] for lead in self._others}
        covered = () if self.is_whole else _joined(self._counted) or ((self.start, self.start),)
        fits = self._intervals.fits()
        return agreement_of(self._reconstruction, figures, others, self.clean, covered, fits)

    def windows(self) -> WindowFigures:
        """Give the correlation of each reconstructed lead in each window."""
        rebuilt = set(self._reconstruction.reconstructed_leads) | set(self._others)
        names = (*self._leads, *self._others)
        rows = [row for row, lead in enumerate(names) if lead in rebuilt]
        enough = self._moments.count[rows] >= _LEAST_KNOWN * np.diff(self._edges)
        pcc = np.where(enough, self._moments.pcc()[rows], np.nan)
        leads = tuple(names[row] for row in rows)
        return WindowFigures(leads, self._recording.fs_hz, self._edges, pcc, self.clean)

    def _span(self, first: int) -> tuple[int, int]:
        last = min(first + self._windows_a_block, len(self._edges) - 1)
        return int(self._edges[first]), int(self._edges[last])

    def _reach(self, first: int) -> tuple[int, int]:
        """Tell which samples the figures of a block depend on."""
        start, stop = self._span(first)
        margin = round(_MARGIN_S * self._recording.fs_hz) if self.clean else 0
        return max(self.start, start - margin), min(self.stop, stop + margin)

    def _is_ready(self, first: int) -> bool:
        start, stop = self._reach(first)
        return any(a <= start and stop <= b for a, b in self._reconstruction.done)

    def _count(self, first: int) -> None:
        reach, (start, stop) = self._reach(first), self._span(first)
        truth_mv, estimate_mv = self._read(*reach)
        if self.clean:
            fs_hz = self._recording.fs_hz
            truth_mv, estimate_mv = clean_filter(truth_mv, fs_hz), clean_filter(estimate_mv, fs_hz)
        part = slice(start - reach[0], stop - reach[0])
        truth_mv, estimate_mv = truth_mv[:, part], estimate_mv[:, part]
        edges = self._edges[first : first + self._windows_a_block + 1]
        for number, (a, b) in enumerate(pairwise(edges), start=first):
            its = slice(a - start, b - start)
            moments = Moments.of(truth_mv[:, None, its], estimate_mv[:, None, its])
            self._moments.put(slice(number, number + 1), moments)
        self._count_levels(truth_mv, estimate_mv)
        n_leads = len(self._leads)
        self._intervals.add(start, self._leads, truth_mv[:n_leads], estimate_mv[:n_leads])
        self._counted.append((start, stop))

    def _read(self, start: int, stop: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        names = (*self._leads, *self._others)
        if not names:
            nothing = np.empty((0, stop - start), dtype=np.float32)
            return nothing, nothing
        rebuilt = [self._reconstruction.read(self._leads, start, stop)]
        rebuilt += [self._reconstruction.others[lead][None, start:stop] for lead in self._others]
        return self._recording.read(names, start, stop), np.vstack(rebuilt)

    def _count_levels(
        self, truth_mv: NDArray[np.floating], estimate_mv: NDArray[np.floating]
    ) -> None:
        if self._medians is None:
            self._medians = RunningMedian(len(truth_mv)), RunningMedian(len(truth_mv))
        both = np.isfinite(truth_mv) & np.isfinite(estimate_mv)
        for running, signals_mv in zip(self._medians, (truth_mv, estimate_mv), strict=True):
            for row, signal_mv in enumerate(signals_mv):
                running.add(row, signal_mv[both[row]])

    def _figures(self) -> dict[str, Figures]:
        names = (*self._leads, *self._others)
        if self._medians is None:
            return dict.fromkeys(names, (None, None, None, None))
        total, pcc = self._moments.total(), self._moments.total().pcc()
        shift_mv = self._medians[0].values_mv() - self._medians[1].values_mv()
        return {
            lead: _lead_figures(total, pcc[row], float(shift_mv[row]), row)
            for row, lead in enumerate(names)
        }


def _lead_figures(total: Moments, pcc: float, shift_mv: float, row: int) -> Figures:
    """Figures of one lead, with both medians removed, from its moments."""
    count = total.count[row]
    if count == 0 or np.ptp(total.range_mv[row]) < FLAT_MV:
        return None, None, None, None
    variance = total.truth_power[row] / count
    spread = (total.truth_power[row] + total.estimate_power[row] - 2 * total.product[row]) / count
    offset_mv = total.truth_mv[row] - total.estimate_mv[row] - shift_mv
    error = max(spread, 0.0) + offset_mv**2
    farthest_mv = max(total.highest_mv[row] - shift_mv, shift_mv - total.lowest_mv[row])
    r2 = float(1 - error / variance) if variance > FLAT_MV**2 else None
    defined = None if np.isnan(pcc) else float(pcc)
    return defined, 1000 * float(np.sqrt(error)), 1000 * float(farthest_mv), r2


def _edges(start: int, stop: int, window: int, least: int) -> NDArray[np.intp]:
    """Edges of windows; a rest shorter than `least` belongs to the last one."""
    edges = list(range(start, stop, window))
    if len(edges) > 1 and stop - edges[-1] < least:
        edges.pop()
    return np.array([*edges, stop] if edges else [start], dtype=np.intp)


def _joined(stretches: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(stop, joined[-1][1])
        else:
            joined.append((start, stop))
    return tuple(joined)


def tally_of(
    recording: Recording,
    reconstruction: Reconstruction,
    *,
    clean: bool,
    start: int = 0,
    stop: int | None = None,
    window_s: float = WINDOW_S,
) -> AgreementTally:
    """Count all that is rebuilt; see `AgreementTally`."""
    tally = AgreementTally(
        recording, reconstruction, clean=clean, start=start, stop=stop, window_s=window_s
    )
    for _ in tally.catch_up():
        pass
    return tally
