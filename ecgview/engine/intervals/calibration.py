"""Calibration of the network of an interval on recordings that nothing was trained on."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ecgview.engine.evaluation import truth_of
from ecgview.engine.events import Event, Progress
from ecgview.engine.input_sets import (
    PAPER_SETS,
    QUALITY_SETS,
    distinct_sets,
    known_leads,
    known_mask,
)
from ecgview.engine.intervals.conformal import (
    KindScores,
    conformal_quantile,
    kind_factors,
    kind_weights,
    log_of,
    sample_weights,
)
from ecgview.engine.intervals.errors import SetErrors, kinds_of, set_errors
from ecgview.engine.intervals.network import N_KINDS, N_SEGMENTS, SpreadNetwork, set_index
from ecgview.engine.intervals.parts import N_PARTS, part_of
from ecgview.engine.precision import autocast
from ecgview.engine.scoring import Truth
from ecgview.engine.signal_set import SignalSet
from ecgview.interval import DEFAULT_LEVEL, LEVELS
from ecgview.leads import LEAD_INDEX, LEADS

_BALANCE = 0.75
"""How far normal and pathological recordings are made to be covered alike. Which of them a
recording is can only be guessed: all the way would take intervals wider than they need be."""
_EVERY = 2
_THINNING = 6
_FEWEST = 10 * _THINNING
_THINNED_EVERY = 4
"""Sets that no table reports are calibrated on every sixth recording, and shrunk halfway to what is
usual for the lead; of neighbouring samples, which tell the same, one in four is looked at, in the
other sets one in two."""


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

    @classmethod
    def empty(cls) -> SetCalibration:
        """One that changes nothing."""
        n_leads, n_shares = len(LEADS), len(LEVELS) - 1
        return cls(
            np.zeros((n_leads, N_KINDS)), np.full((n_leads, n_shares), 0.5), np.zeros(n_leads)
        )

    def rest(
        self,
        errors: SetErrors,
        row: int,
        counts: NDArray[np.bool_],
        weights: NDArray[np.floating],
    ) -> None:
        """Fill in the lower levels and the wander of a lead whose factors are there.

        Parameters
        ----------
        errors : SetErrors
            On calibration recordings.
        row : int
            Which of its leads.
        counts : ndarray of bool, shape (recordings,)
            Recordings to calibrate on.
        weights : ndarray, shape (recordings, samples)
            See `sample_weights`.
        """
        place = LEAD_INDEX[errors.leads[row]]
        factors = self.log_factors[place].astype(np.float32)
        mixed = np.einsum("s,rst->rt", factors, errors.membership[counts], optimize=True)
        log_half = errors.log_half[counts, row] + mixed
        ratio, weights = log_of(errors.clean_mv[counts, row]) - log_half, weights[counts]
        shares = [conformal_quantile(ratio, weights, level) for level in LEVELS[:-1]]
        self.shares[place] = np.minimum(np.exp(shares), 1)
        beyond = np.square(errors.raw_mv[counts, row]) - np.exp(2 * log_half)
        wander = log_of(np.sqrt(np.maximum(beyond, 0)))
        self.wander_mv[place] = np.exp(conformal_quantile(wander, weights, DEFAULT_LEVEL))


def calibrate_set(
    errors: SetErrors, kinds: NDArray[np.bool_], parts: NDArray[np.int_]
) -> list[SetCalibration]:
    """Calibrate one set of available leads.

    Parameters
    ----------
    errors : SetErrors
        On calibration recordings.
    kinds : ndarray of bool, shape (recordings, 6, samples)
        Samples of each kind, see `kinds_of`.
    parts : ndarray of int, shape (recordings,)
        See `ecgview.engine.intervals.parts.part_of`.

    Returns
    -------
    list of SetCalibration
        From all recordings, then without each of the parts.
    """
    found = [SetCalibration.empty() for _ in range(N_PARTS + 1)]
    weights = sample_weights(errors.segments)
    guessed = errors.membership
    blind_guessed = guessed[:, :N_SEGMENTS] + guessed[:, N_SEGMENTS:]
    aware, blind = kind_weights(kinds), kind_weights(errors.segments)
    # Where nothing is stated of the recordings only segments can be told apart.
    balance = _BALANCE if kinds.any(axis=(0, 2)).all() else 0.0
    for row, lead in enumerate(errors.leads):
        ratio = log_of(errors.clean_mv[:, row]) - errors.log_half[:, row]
        by_group = KindScores(ratio, guessed, *aware)
        by_segment = KindScores(ratio, blind_guessed, *blind)
        balanced = plain = None
        for part, calibration in enumerate(found):
            counts = parts != part
            balanced = kind_factors(by_group, counts, DEFAULT_LEVEL, balanced)
            plain = kind_factors(by_segment, counts, DEFAULT_LEVEL, plain)
            mixed = balance * balanced + (1 - balance) * np.tile(plain, 2)
            calibration.log_factors[LEAD_INDEX[lead]] = mixed
            calibration.rest(errors, row, counts, weights)
    return found


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
    thinning = _THINNING if len(data.entries) >= _FEWEST else 1
    steps = [slice(first, None, thinning) for first in range(thinning)]
    thinned = [(step, _thinned(data, step)) for step in steps]
    some = [(step, its, truth_of(its)) for step, its in thinned]
    found: dict[tuple[str, ...], list[SetCalibration]] = {}
    for number, available in enumerate(wanted):
        is_exact = known_leads(available) in exact
        whole = (slice(None), data, truth)
        step, its_data, its_truth = whole if is_exact else some[number % thinning]
        every = _EVERY if is_exact else _THINNED_EVERY
        with autocast(torch.device("cpu"), "fp32" if is_exact else "auto"):
            errors = set_errors(model, network, its_data, its_truth, available, every)
        kinds = kinds_of(errors.segments, groups[step])
        parts = np.array([part_of(entry) for entry in its_data.entries])
        found[available] = calibrate_set(errors, kinds, parts)
        yield Progress(number + 1, len(wanted), f"Interval: {', '.join(available)}")
    _fill(network, found, exact)


def _thinned(data: SignalSet, step: slice) -> SignalSet:
    return SignalSet(data.entries[step], data.signals_mv[step], data.fs_hz, ())


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
