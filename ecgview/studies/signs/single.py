"""Limits of single leads and of the rhythm: what nearly all recordings keep to."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import numpy as np

from ecgview.engine.dataset import Entry
from ecgview.engine.events import Event, Failed, Progress
from ecgview.engine.signs.figures import heart_rate_bpm, lead_figures, spikes_mv
from ecgview.engine.signs.stretches import Stretch, cut
from ecgview.errors import EcgviewError
from ecgview.formats import open_recording
from ecgview.leads import INDEPENDENT_LEADS
from ecgview.studies.signs.facts import Facts

_MODEL_HZ = 125.0
_OF_LEADS = 0.996
"""Share of the recordings that keep to each limit of a lead."""
_OF_RATES = 0.9975
_OF_SPIKES = 0.995
_SPIKE_LEADS = (INDEPENDENT_LEADS, ("I",), ("II",), ("I", "II"), ("I", "II", "V2"))


def learn_signals(
    entries: Sequence[Entry], facts: Mapping[str, Facts]
) -> Generator[Event, None, dict[str, float]]:
    """Learn the limits of `Standards.signals` from recordings as they are.

    Recordings with the statement PACE say nothing of spikes that are none.
    """
    single: list[tuple[float, ...]] = []
    rates: list[float] = []
    spikes: list[list[float]] = []
    for done, entry in enumerate(entries, start=1):
        try:
            stretch = cut(open_recording(entry.path), INDEPENDENT_LEADS, entry.start_s, _MODEL_HZ)
        except EcgviewError as error:
            yield Failed(entry.name, str(error))
            continue
        if stretch is None:
            continue
        single.append(_extremes(stretch))
        rate_bpm = heart_rate_bpm(stretch, "II")
        rates += [rate_bpm] if rate_bpm is not None else []
        if not facts.get(entry.name, Facts()).paced:
            spikes.append(_spikes(stretch))
        yield Progress(done, len(entries), "What is usual of single leads")
    least, *most = np.transpose(single)
    noise, wander, largest = (float(np.quantile(one, _OF_LEADS)) for one in most)
    slow, fast = np.quantile(rates, [1 - _OF_RATES, _OF_RATES])
    limits = {
        "least_spread_mv": float(np.quantile(least, 1 - _OF_LEADS)),
        "noise_mv": noise,
        "wander_mv": wander,
        "largest_mv": largest,
        "slowest_bpm": float(slow),
        "fastest_bpm": float(fast),
        "spikes_mv": float(np.quantile(np.array(spikes), _OF_SPIKES, axis=0).max()),
    }
    return {name: round(limit, 4) for name, limit in limits.items()}


def _extremes(stretch: Stretch) -> tuple[float, float, float, float]:
    """Of the lead that is quietest, noisiest, wanders and reaches most."""
    figures = [lead_figures(stretch, INDEPENDENT_LEADS, lead) for lead in INDEPENDENT_LEADS]
    return (
        min(one.spread_mv for one in figures),
        max(one.noise_mv for one in figures),
        max(one.wander_mv for one in figures),
        max(one.largest_mv for one in figures),
    )


def _spikes(stretch: Stretch) -> list[float]:
    rows = [[INDEPENDENT_LEADS.index(lead) for lead in leads] for leads in _SPIKE_LEADS]
    found = [spikes_mv(stretch.recorded_mv[some], stretch.fs_hz) for some in rows]
    return [one[0] if one is not None else 0.0 for one in found]
