"""What a set of available leads gives on some recordings: errors, half widths, kinds of samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ecgview.engine.evaluation import estimate_set
from ecgview.engine.input_sets import known_leads
from ecgview.engine.intervals.batches import input_batches, padded
from ecgview.engine.intervals.coverage import NORMAL, PATHOLOGICAL
from ecgview.engine.intervals.network import SpreadNetwork, membership
from ecgview.engine.scoring import TABLE_SAMPLES, Truth
from ecgview.engine.signal_set import SignalSet
from ecgview.leads import LEADS


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
    every: int = 1,
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
    every : int
        Take only every so many samples: neighbours tell the same.
    """
    estimate_mv = estimate_set(model, data.signals_mv, available)
    log_half, membership = _spread_set(network, data.signals_mv, estimate_mv, available)
    known = known_leads(available)
    rows = [row for row, lead in enumerate(LEADS) if lead not in known]
    clean_mv, raw_mv = truth.errors(estimate_mv, rows)
    taken = slice(None, TABLE_SAMPLES, every)
    return SetErrors(
        tuple(LEADS[row] for row in rows),
        clean_mv[..., taken],
        raw_mv[..., taken],
        log_half[:, rows, taken],
        membership[..., taken],
        truth.segments(available)[..., taken],
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
