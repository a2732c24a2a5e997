"""What a low sampling rate costs the R wave, before any model comes into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ecgview.engine.bootstrap import PatientBootstrap, interval
from ecgview.engine.events import Event, Finished
from ecgview.engine.layouts import Entry
from ecgview.engine.preparation import prepare
from ecgview.engine.scoring import TABLE_FS_HZ, TABLE_SAMPLES
from ecgview.engine.signal_set import SignalSet
from ecgview.leads import INDEPENDENT_LEADS
from ecgview.signals.beats import find_beats, r_amplitudes
from ecgview.signals.filters import clean
from ecgview.signals.resampling import RateRatio, resample

_FACTOR = 4
FINE_FS_HZ = _FACTOR * TABLE_FS_HZ
_SMALLEST_R_MV = 0.1


@dataclass(frozen=True)
class RateLoss:
    """R amplitude of a lead at 500 Hz and at 125 Hz, recorded signals, over recordings.

    Attributes
    ----------
    lead : str
        Standard name.
    recordings : int
        Those whose R wave in this lead is at least 0.1 mV.
    r_uv, table_r_uv : float
        Mean at 500 Hz and at the 125 Hz of the table.
    kept, kept_ci95_low, kept_ci95_high, kept_p05 : float
        Mean share that is left at 125 Hz, its 95 % interval by patients, and its 5th percentile.
    """

    lead: str
    recordings: int
    r_uv: float
    table_r_uv: float
    kept: float
    kept_ci95_low: float
    kept_ci95_high: float
    kept_p05: float


def rate_loss_events(entries: Sequence[Entry], *, cache: bool = True) -> Iterator[Event]:
    """Compare the R waves of recordings at 500 Hz and at 125 Hz; a generator of events.

    Parameters
    ----------
    entries : sequence of Entry
        The recordings, of 500 Hz or more.
    cache : bool
        Whether prepared recordings are kept.

    Yields
    ------
    Event
        Those of preparation, then `Finished` with a list of `RateLoss`.
    """
    data = yield from prepare(entries, FINE_FS_HZ, cache=cache)
    yield Finished(_compared(data))


def _compared(data: SignalSet) -> list[RateLoss]:
    fine = np.empty((len(data.entries), len(INDEPENDENT_LEADS)))
    coarse = np.empty_like(fine)
    for number, signals_mv in enumerate(data.signals_mv):
        table_mv = clean(resample(signals_mv, RateRatio(1, _FACTOR)), TABLE_FS_HZ)
        (beats,) = find_beats(table_mv[[INDEPENDENT_LEADS.index("II")]], TABLE_FS_HZ)
        fine_mv = clean(signals_mv, FINE_FS_HZ)
        fine[number] = r_amplitudes(fine_mv, beats.at(_FACTOR), _FACTOR * TABLE_SAMPLES)
        coarse[number] = r_amplitudes(table_mv, beats, TABLE_SAMPLES)
    large = fine >= _SMALLEST_R_MV
    fine, coarse = (np.where(large, r_mv, np.nan) for r_mv in (fine, coarse))
    kept = coarse / fine
    draws = PatientBootstrap([entry.person for entry in data.entries]).means(kept)
    lost = []
    for column, lead in enumerate(INDEPENDENT_LEADS):
        if large[:, column].any():
            low, high = interval(draws[:, column])
            lost.append(
                RateLoss(
                    lead=lead,
                    recordings=int(large[:, column].sum()),
                    r_uv=float(1000 * np.nanmean(fine[:, column])),
                    table_r_uv=float(1000 * np.nanmean(coarse[:, column])),
                    kept=float(np.nanmean(kept[:, column])),
                    kept_ci95_low=low,
                    kept_ci95_high=high,
                    kept_p05=float(np.nanpercentile(kept[:, column], 5)),
                )
            )
    return lost
