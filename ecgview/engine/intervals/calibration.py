"""Calibration of the network of an interval on recordings that nothing was trained on."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ecgview.engine.augmentation import twelve_leads
from ecgview.engine.evaluation import estimate_set
from ecgview.engine.events import Event, Progress
from ecgview.engine.input_sets import (
    PAPER_SETS,
    QUALITY_SETS,
    distinct_sets,
    known_leads,
    known_mask,
)
from ecgview.engine.intervals.batches import input_batches, padded
from ecgview.engine.intervals.conformal import (
    conformal_quantile,
    kind_factors,
    log_of,
    sample_weights,
)
from ecgview.engine.intervals.coverage import NORMAL, PATHOLOGICAL
from ecgview.engine.intervals.network import N_KINDS, SpreadNetwork, membership, set_index
from ecgview.engine.intervals.parts import N_PARTS, part_of
from ecgview.engine.scoring import TABLE_SAMPLES, Truth
from ecgview.engine.signal_set import SignalSet
from ecgview.interval import DEFAULT_LEVEL, LEVELS
from ecgview.leads import LEAD_INDEX, LEADS

_THINNING = 4
"""Sets that no table reports are calibrated on every fourth recording, and shrunk halfway to
what is usual for the lead."""


@dataclass(frozen=True, eq=False)
class SetErrors:
    """What a set of available leads gave on some recordings.

    Attributes
    ----------
    leads : tuple of str
        The reconstructed ones.
    clean_mv, raw_mv : ndarray, shape (recordings, leads, samples)
        Errors.
    log_half : ndarray, shape (recordings, leads, samples)
        Logarithms of half widths before calibration.
    membership : ndarray, shape (recordings, 6, samples)
        To which degree the network takes a sample for each kind.
    segments : ndarray of bool, shape (recordings, 3, samples)
        Where they are.
    """

    leads: tuple[str, ...]
    clean_mv: NDArray[np.floating]
    raw_mv: NDArray[np.floating]
    log_half: NDArray[np.floating]
    membership: NDArray[np.floating]
    segments: NDArray[np.bool_]


def set_errors(
    model: nn.Module,
    network: SpreadNetwork,
    data: SignalSet,
    truth: Truth,
    available: tuple[str, ...],
) -> SetErrors:
    """Run a model and the network of its interval on recordings.

    Parameters
    ----------
    model : torch.nn.Module
        The lead model.
    network : SpreadNetwork
        Of its interval.
    data : SignalSet
        The recordings.
    truth : Truth
        Of the same recordings.
    available : tuple of str
        What the model is given.
    """
    estimate_mv = estimate_set(model, data.signals_mv, available)
    log_half, membership = _spread_set(network, data.signals_mv, estimate_mv, available)
    known = known_leads(available)
    rows = [row for row, lead in enumerate(LEADS) if lead not in known]
    clean_mv, raw_mv = truth.errors(estimate_mv, rows)
    return SetErrors(
        tuple(LEADS[row] for row in rows),
        clean_mv,
        raw_mv,
        log_half[:, rows, :TABLE_SAMPLES],
        membership[..., :TABLE_SAMPLES],
        truth.segments(available),
    )


def _spread_set(
    network: SpreadNetwork,
    signals_mv: NDArray[np.float32],
    estimate_mv: NDArray[np.float32],
    available: tuple[str, ...],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    halves, memberships = [], []
    for _, signals, known, independent in input_batches(signals_mv, estimate_mv, available):
        with torch.inference_mode():
            log_half, segments, normal = network.spread(padded(signals), known, padded(independent))
        halves.append(log_half.numpy())
        memberships.append(membership(segments, normal).numpy())
    return np.concatenate(halves), np.concatenate(memberships)


@dataclass(frozen=True, eq=False)
class SetCalibration:
    """Calibration of one set of available leads.

    Attributes
    ----------
    log_factors : ndarray, shape (12, 6)
        By lead and kind of sample.
    shares : ndarray, shape (12, 2)
        Half widths of the lower levels as shares.
    wander_mv : ndarray, shape (12,)
        What raw signals add.
    """

    log_factors: NDArray[np.float64]
    shares: NDArray[np.float64]
    wander_mv: NDArray[np.float64]


def kinds_of(segments: NDArray[np.bool_], groups: Sequence[str]) -> NDArray[np.bool_]:
    """Take segments of normal and of other recordings apart.

    Parameters
    ----------
    segments : ndarray of bool, shape (recordings, 3, samples)
        QRS, ST-T and baseline.
    groups : sequence of str
        Of each recording; one of no group is of no kind.

    Returns
    -------
    ndarray of bool, shape (recordings, 6, samples)
        In the order of `ecgview.engine.intervals.network.N_KINDS`.
    """
    its = np.array(groups)
    return np.concatenate(
        [segments & (its == group)[:, None, None] for group in (PATHOLOGICAL, NORMAL)], axis=1
    )


def calibrate_set(
    errors: SetErrors, kinds: NDArray[np.bool_], counts: NDArray[np.bool_]
) -> SetCalibration:
    """Calibrate one set of available leads.

    Parameters
    ----------
    errors : SetErrors
        On calibration recordings.
    kinds : ndarray of bool, shape (recordings, 6, samples)
        Samples of each kind, see `kinds_of`.
    counts : ndarray of bool, shape (recordings,)
        Those of them to take.
    """
    factors = np.zeros((len(LEADS), N_KINDS))
    shares, wander_mv = np.full((len(LEADS), len(LEVELS) - 1), 0.5), np.zeros(len(LEADS))
    weights = sample_weights(errors.segments) * counts[:, None]
    for row, lead in enumerate(errors.leads):
        log_error, log_half = log_of(errors.clean_mv[:, row]), errors.log_half[:, row]
        its = kind_factors(log_error, log_half, errors.membership, kinds, counts, DEFAULT_LEVEL)
        log_half = log_half + np.einsum("s,rst->rt", its, errors.membership)
        place = LEAD_INDEX[lead]
        factors[place] = its
        shares[place] = [
            np.exp(conformal_quantile(log_error - log_half, weights, level))
            for level in LEVELS[:-1]
        ]
        beyond = np.square(errors.raw_mv[:, row]) - np.exp(2 * log_half)
        wander_mv[place] = conformal_quantile(
            np.sqrt(np.maximum(beyond, 0)), weights, DEFAULT_LEVEL
        )
    return SetCalibration(factors, np.minimum(shares, 1), wander_mv)


def calibrate(
    model: nn.Module,
    network: SpreadNetwork,
    data: SignalSet,
    truth: Truth,
    groups: Sequence[str],
    input_sets: Sequence[tuple[str, ...]] | None = None,
) -> Generator[Event, None, None]:
    """Fill in the tables of a network, for all parts.

    Parameters
    ----------
    model : torch.nn.Module
        The lead model.
    network : SpreadNetwork
        Of its interval; its tables are changed.
    data : SignalSet
        Calibration recordings.
    truth : Truth
        Of the same recordings.
    groups : sequence of str
        ``normal``, ``pathological`` or nothing, for each recording.
    input_sets : sequence of tuple of str, optional
        Sets of available leads; all 510 if not given.

    Yields
    ------
    Event
        `Progress` after each set.
    """
    wanted = list(distinct_sets() if input_sets is None else input_sets)
    exact = {known_leads(leads) for leads in (*QUALITY_SETS, *PAPER_SETS)}
    found: dict[tuple[str, ...], list[SetCalibration]] = {}
    for number, available in enumerate(wanted):
        thinned = known_leads(available) not in exact
        step = slice(number % _THINNING, None, _THINNING) if thinned else slice(None)
        some, some_truth = (_thinned(data, step), None) if thinned else (data, truth)
        its_truth = some_truth or _truth_of(some)
        errors = set_errors(model, network, some, its_truth, available)
        parts = np.array([part_of(entry) for entry in some.entries])
        kinds = kinds_of(errors.segments, groups[step])
        found[available] = [
            calibrate_set(errors, kinds, parts != part) for part in range(N_PARTS + 1)
        ]
        yield Progress(number + 1, len(wanted), f"Interval: {', '.join(available)}")
    _fill(network, found, exact)


def _thinned(data: SignalSet, step: slice) -> SignalSet:
    return SignalSet(data.entries[step], data.signals_mv[step], data.fs_hz, ())


def _truth_of(data: SignalSet) -> Truth:
    twelve_mv = twelve_leads(torch.from_numpy(np.array(data.signals_mv))).numpy()
    return Truth(twelve_mv, data.fs_hz, [entry.person for entry in data.entries])


def _fill(
    network: SpreadNetwork,
    found: dict[tuple[str, ...], list[SetCalibration]],
    exact: set[tuple[str, ...]],
) -> None:
    """Write calibrations into the tables, shrinking those of sets that no table reports."""
    for part in range(N_PARTS + 1):
        usual = _usual([(available, its[part]) for available, its in found.items()])
        for available, its in found.items():
            limb, chest = set_index(torch.from_numpy(known_mask(available))[None])
            place = (part, int(limb), int(chest))
            own = 1.0 if known_leads(available) in exact else 0.5
            for name in ("log_factors", "shares", "wander_mv"):
                mixed = own * getattr(its[part], name) + (1 - own) * getattr(usual, name)
                getattr(network, name)[place] = torch.from_numpy(mixed).float()


def _usual(found: Sequence[tuple[tuple[str, ...], SetCalibration]]) -> SetCalibration:
    """Mean calibration of each lead over the sets that reconstruct it."""
    hidden = np.stack([~known_mask(available) for available, _ in found]).astype(float)
    weights = hidden / np.maximum(hidden.sum(axis=0), 1)
    return SetCalibration(
        *(
            np.einsum("sl,sl...->l...", weights, np.stack([getattr(its, name) for _, its in found]))
            for name in ("log_factors", "shares", "wander_mv")
        )
    )
