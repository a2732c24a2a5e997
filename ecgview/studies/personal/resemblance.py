"""Whether another person, or moved electrodes, would be noticed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.personal.beat import average_qrs, qrs_distance
from ecgview.engine.personal.mismatch import usual_distance
from ecgview.leads import INDEPENDENT_LEADS
from ecgview.signals.filters import clean
from ecgview.studies.personal.people import Pair

SAME_SHARE = 0.9
"""So many pairs of the same person are to be found usual."""
N_STRANGERS = 2000
SEED = 20250102

_I, _II = 0, 1


@dataclass(frozen=True)
class Noticing:
    """How often something is said of a set of leads.

    Attributes
    ----------
    available : tuple of str
        The set.
    n_same, n_other : int
        Pairs of the same person, and of different people.
    distance : float
        That nine in ten of the pairs of the same person keep to: what thresholds are made of.
    auc : float
        Share of (same, other) couples of pairs in which the other one is further apart.
    false_alarms, hits : float
        Shares of pairs of the same person, and of different ones, of which something is said with
        the thresholds in use.
    held_out_false_alarms : float
        The same of recordings that no threshold was made of; NaN where there are none.
    moved : dict of str to float
        Shares of the same person's pairs of which something is said when the later recording has
        electrodes exchanged by us.
    """

    available: tuple[str, ...]
    n_same: int
    n_other: int
    distance: float
    auc: float
    false_alarms: float
    hits: float
    held_out_false_alarms: float
    moved: dict[str, float]


@dataclass(frozen=True, eq=False)
class Beats:
    """Average QRS complexes of all independent leads, for many recordings."""

    signals_mv: NDArray[np.floating]
    fs_hz: float

    def of(self, leads: Sequence[str]) -> list[NDArray[np.float64]]:
        """Complexes of some leads."""
        rows = [INDEPENDENT_LEADS.index(lead) for lead in leads]
        return [average_qrs(one[rows], self.fs_hz) for one in self.signals_mv]


def exchanges(available: Sequence[str]) -> dict[str, dict[int, tuple[tuple[int, float], ...]]]:
    """Name exchanges of electrodes that show in a set, each as row -> what stands there instead."""
    found: dict[str, dict[int, tuple[tuple[int, float], ...]]] = {}
    if {"I", "II"} & set(available):
        found["arms exchanged"] = {_I: ((_I, -1.0),), _II: ((_II, 1.0), (_I, -1.0))}
    chest = [INDEPENDENT_LEADS.index(lead) for lead in available if lead.startswith("V")]
    if chest:
        last = len(INDEPENDENT_LEADS) - 1
        found["chest leads one place on"] = {
            row: ((row + 1 if row < last else row - 1, 1.0),) for row in chest
        }
    return found


def notice(
    signals_mv: NDArray[np.floating],
    people: Sequence[str],
    learnable: NDArray[np.bool_],
    pairs: Sequence[Pair],
    available: tuple[str, ...],
    fs_hz: float,
) -> Noticing:
    """Compare pairs of recordings of the same and of different people.

    Parameters
    ----------
    signals_mv : ndarray, shape (recordings, 8, samples)
        Independent leads.
    people : sequence of str
        Whose each is.
    learnable : ndarray of bool, shape (recordings,)
        Of which thresholds may be made: folds 1-8.
    pairs : sequence of Pair
        Of the same people.
    available : tuple of str
        Leads that are looked at, independent ones.
    fs_hz : float
        The rate.
    """
    beats = Beats(clean(signals_mv, fs_hz), fs_hz)
    shapes = beats.of(available)
    same, held_out = (
        _distances(
            shapes, [(p.first, p.second) for p in pairs if learnable[p.first] == mine], fs_hz
        )
        for mine in (True, False)
    )
    other = _distances(shapes, strangers(people, learnable), fs_hz)
    usual = usual_distance(len(available))
    moved = {}
    for name, exchange in exchanges(available).items():
        changed = Beats(_exchanged(beats.signals_mv, exchange), fs_hz).of(available)
        apart = [
            qrs_distance(shapes[p.first], changed[p.second], fs_hz)
            for p in pairs
            if learnable[p.first]
        ]
        moved[name] = _share_above(np.array(apart), usual)
    return Noticing(
        available,
        len(same),
        len(other),
        float(np.nanquantile(same, SAME_SHARE)),
        float(np.mean(same[:, None] < other[None])),
        _share_above(same, usual),
        _share_above(other, usual),
        _share_above(held_out, usual),
        moved,
    )


def strangers(people: Sequence[str], learnable: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Draw pairs of recordings of different people, the same ones every time."""
    generator = np.random.default_rng(SEED)
    places = np.flatnonzero(learnable)
    drawn = generator.choice(places, size=(2 * N_STRANGERS, 2))
    different = [(int(a), int(b)) for a, b in drawn if people[a] != people[b]]
    return different[:N_STRANGERS]


def _exchanged(
    signals_mv: NDArray[np.floating], exchange: dict[int, tuple[tuple[int, float], ...]]
) -> NDArray[np.floating]:
    changed = signals_mv.copy()
    for row, terms in exchange.items():
        changed[:, row] = sum(weight * signals_mv[:, source] for source, weight in terms)
    return changed


def _distances(
    shapes: Sequence[NDArray[np.float64]], couples: Sequence[tuple[int, int]], fs_hz: float
) -> NDArray[np.float64]:
    return np.array([qrs_distance(shapes[a], shapes[b], fs_hz) for a, b in couples])


def _share_above(distances: NDArray[np.float64], usual: float) -> float:
    there = distances[np.isfinite(distances)]
    return float(np.mean(there > usual)) if there.size else float("nan")
