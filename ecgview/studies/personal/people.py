"""Who was recorded more than once, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.layouts import PTB_XL_TABLE, Entry, is_ptb_xl, read_rows
from ecgview.errors import EcgviewError
from ecgview.formats import open_recording
from ecgview.leads import INDEPENDENT_LEADS, complete_limb_leads
from ecgview.signals.filters import median
from ecgview.signals.resampling import RateRatio, resample

DURATION_S = 10.0
_ROWS = [0, 1, 6, 7, 8, 9, 10, 11]


@dataclass(frozen=True)
class Pair:
    """Two recordings of a person, by their places in a list.

    Attributes
    ----------
    first, second : int
        The earlier one, which is learnt from, and the later one.
    days : float or None
        Between them; None where the data set has no dates.
    """

    first: int
    second: int
    days: float | None


def recording_dates(data_dirs: Iterable[Path]) -> dict[str, datetime]:
    """Read when recordings were made, by their names; of PTB-XL, whose table tells."""
    dates: dict[str, datetime] = {}
    for folder in data_dirs:
        if not is_ptb_xl(folder):
            continue
        for row in read_rows(folder / PTB_XL_TABLE):
            with suppress(KeyError, ValueError):
                when = datetime.fromisoformat(row["recording_date"])
                dates.update({row[column]: when for column in ("filename_hr", "filename_lr")})
    return dates


def recorded_more_than_once(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Keep the recordings of people who have several files."""
    files: dict[str, set[Path]] = defaultdict(set)
    for entry in entries:
        files[entry.person].add(entry.path)
    return tuple(entry for entry in entries if len(files[entry.person]) > 1 and not entry.start_s)


def pairs_of(entries: Sequence[Entry], dates: Mapping[str, datetime]) -> list[Pair]:
    """Pair every earlier recording of a person with every later one.

    Parameters
    ----------
    entries : sequence of Entry
        Recordings; without a date the order is that of the names.
    dates : mapping of str to datetime
        By name.
    """
    by_person: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        by_person[entry.person].append(place)
    pairs = []
    for places in by_person.values():
        ordered = sorted(places, key=lambda p: (dates.get(entries[p].name, datetime.min), p))
        for first, second in combinations(ordered, 2):
            times = [dates.get(entries[place].name) for place in (first, second)]
            days = None
            if times[0] is not None and times[1] is not None:
                days = (times[1] - times[0]).total_seconds() / 86400
            pairs.append(Pair(first, second, days))
    return pairs


def ten_seconds(entry: Entry, fs_hz: float) -> NDArray[np.float32] | None:
    """Read the first ten seconds of the independent leads, whatever their amplitude.

    Tables leave out recordings with a lead beyond 6 mV; people with few recordings are all taken.

    Returns
    -------
    ndarray, shape (8, samples), or None
        At the rate wanted, medians removed; None where the file is short, lacks leads, has gaps or
        cannot be read.
    """
    try:
        recording = open_recording(entry.path)
        twelve_mv = recording.read_twelve(0, min(recording.n_samples, _samples(recording.fs_hz)))
    except EcgviewError:
        return None
    leads_mv = complete_limb_leads(twelve_mv, recording.leads)[_ROWS]
    if leads_mv.shape[1] < _samples(recording.fs_hz) or not np.isfinite(leads_mv).all():
        return None
    at_rate = resample(
        leads_mv - median(leads_mv)[:, None], RateRatio.between(recording.fs_hz, fs_hz)
    )
    assert len(at_rate) == len(INDEPENDENT_LEADS)
    return at_rate[:, : _samples(fs_hz)].astype(np.float32)


def _samples(fs_hz: float) -> int:
    return round(DURATION_S * fs_hz)
