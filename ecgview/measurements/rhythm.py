"""R peaks of a stretch, and the heart rate and RR intervals that follow from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MS = 1000.0
_MS_A_MINUTE = 60_000.0


@dataclass(frozen=True)
class RateFigures:
    """Heart rate and RR intervals over a stretch; None where there is nothing to say.

    Attributes
    ----------
    lead : str
        Where the beats were found.
    from_s, to_s : float
        The stretch, in seconds of the recording.
    beats, intervals : int
        R peaks, and pairs of neighbours with nothing left out between them.
    rate_bpm : float or None
        60 s over the mean RR interval.
    rr_mean_ms, rr_sd_ms, rr_min_ms, rr_max_ms : float or None
        Of the RR intervals; the spread with n - 1, from two intervals on.
    left_out_s : float
        Seconds of the stretch without any figure: gaps, flat or doubtful signal.
    """

    lead: str
    from_s: float
    to_s: float
    beats: int
    intervals: int
    rate_bpm: float | None
    rr_mean_ms: float | None
    rr_sd_ms: float | None
    rr_min_ms: float | None
    rr_max_ms: float | None
    left_out_s: float


@dataclass(frozen=True, eq=False)
class Rhythm:
    """The R peaks of a stretch of one lead.

    Attributes
    ----------
    lead : str
        Where they were found.
    fs_hz : float
        Sampling rate.
    start, stop : int
        The stretch that was searched, in samples of the recording.
    peaks : ndarray of int, shape (beats,)
        Sample numbers in the recording, ascending.
    left_out : ndarray of int, shape (pieces, 2)
        Samples ``[from, to)`` that were left out, ascending: gaps, flat or doubtful signal.
    """

    lead: str
    fs_hz: float
    start: int
    stop: int
    peaks: NDArray[np.int64]
    left_out: NDArray[np.int64]

    def covers(self, start: int, stop: int) -> bool:
        """Tell whether all of a stretch was searched."""
        return self.start <= start and stop <= self.stop

    def joined(self) -> NDArray[np.bool_]:
        """Tell of each pair of neighbours whether nothing was left out between them."""
        before = np.searchsorted(self.left_out[:, 0], self.peaks)
        return before[1:] == before[:-1]

    def within(self, start: int, stop: int) -> Rhythm:
        """Give the part of it in samples ``[start, stop)``."""
        kept = (self.peaks >= start) & (self.peaks < stop)
        pieces = np.clip(self.left_out, start, stop)
        return Rhythm(
            self.lead,
            self.fs_hz,
            max(start, self.start),
            min(stop, self.stop),
            self.peaks[kept],
            pieces[pieces[:, 1] > pieces[:, 0]],
        )

    def rr_ms(self) -> NDArray[np.float64]:
        """RR interval after each peak but the last, in ms; NaN where something was left out."""
        intervals = np.diff(self.peaks) * (_MS / self.fs_hz)
        return np.where(self.joined(), intervals, np.nan)

    def figures(self) -> RateFigures:
        """Work out rate and RR intervals of the stretch."""
        rr_ms = self.rr_ms()
        rr_ms = rr_ms[np.isfinite(rr_ms)]
        some = rr_ms.size > 0
        mean_ms = float(rr_ms.mean()) if some else None
        return RateFigures(
            lead=self.lead,
            from_s=self.start / self.fs_hz,
            to_s=self.stop / self.fs_hz,
            beats=len(self.peaks),
            intervals=int(rr_ms.size),
            rate_bpm=_MS_A_MINUTE / mean_ms if mean_ms else None,
            rr_mean_ms=mean_ms,
            rr_sd_ms=float(rr_ms.std(ddof=1)) if rr_ms.size > 1 else None,
            rr_min_ms=float(rr_ms.min()) if some else None,
            rr_max_ms=float(rr_ms.max()) if some else None,
            left_out_s=float((self.left_out[:, 1] - self.left_out[:, 0]).sum()) / self.fs_hz,
        )
