"""Errors of networks on recordings they have not seen: what an interval is learned from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ecgview.engine.augmentation import twelve_leads
from ecgview.engine.input_sets import draw_known
from ecgview.engine.models import estimate
from ecgview.engine.precision import autocast
from ecgview.engine.scoring import TABLE_FS_HZ
from ecgview.leads import LEAD_INDEX
from ecgview.signals.beats import find_beats
from ecgview.signals.filters import clean

_WINDOWS_BY = LEAD_INDEX["II"]


@dataclass(frozen=True, eq=False)
class Batch:
    """Recordings with what a network made of them.

    Attributes
    ----------
    signals : Tensor, shape (batch, 12, samples)
        Known leads in mV, zero elsewhere.
    known : Tensor of bool, shape (batch, 12)
        Which are known.
    estimate : Tensor, shape (batch, 8, samples)
        Independent leads in mV.
    residual_mv : Tensor, shape (batch, 12, samples)
        Clean error of the twelve leads.
    segments : Tensor of bool, shape (batch, 3, samples)
        QRS, ST-T and baseline.
    normal : Tensor, shape (batch,)
        1 for normal recordings, 0 for others, NaN where it is not known.
    """

    signals: Tensor
    known: Tensor
    estimate: Tensor
    residual_mv: Tensor
    segments: Tensor
    normal: Tensor


def segment_masks(signals_mv: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Find QRS, ST-T and what is left in lead II of some recordings.

    Parameters
    ----------
    signals_mv : ndarray, shape (recordings, 8, samples)
        Independent leads at `TABLE_FS_HZ`.

    Returns
    -------
    ndarray of bool, shape (recordings, 3, samples)
        Each sample lies in one of the three.
    """
    beats = find_beats(clean(signals_mv[:, _WINDOWS_BY], TABLE_FS_HZ), TABLE_FS_HZ)
    qrs = np.stack([its.qrs_mask() for its in beats])
    st_t = np.stack([its.st_t_mask() for its in beats])
    return np.stack([qrs, st_t, ~(qrs | st_t)], axis=1)


class UnseenErrors:
    """Draws recordings and sets of leads, and gives the errors of networks that did not see them.

    Parameters
    ----------
    signals_mv : ndarray, shape (recordings, 8, samples)
        Independent leads at `TABLE_FS_HZ`, medians removed.
    networks : sequence of torch.nn.Module
        Lead models in evaluation mode.
    unseen_by : sequence of int
        For each recording the place of the network that has not seen it.
    normal : sequence of float
        For each recording 1 if it is normal, 0 if not, NaN where that is not known.
    batch_size : int
        Recordings in a batch; all of one network.
    seed : int
        Of order and sets.
    """

    def __init__(
        self,
        signals_mv: NDArray[np.float32],
        networks: Sequence[nn.Module],
        unseen_by: Sequence[int],
        normal: Sequence[float],
        batch_size: int,
        seed: int,
    ) -> None:
        self._signals_mv = signals_mv
        self._networks = networks
        self._unseen_by = np.asarray(unseen_by)
        self._normal = np.asarray(normal, dtype=np.float32)
        self._batch_size = batch_size
        self.generator = np.random.default_rng(seed)
        self._segments = np.concatenate(
            [segment_masks(signals_mv[first : first + 64]) for first in range(0, self.count, 64)]
        )

    @property
    def count(self) -> int:
        """Number of recordings."""
        return len(self._signals_mv)

    @property
    def n_batches(self) -> int:
        """Batches in a pass over all recordings."""
        counts = np.bincount(self._unseen_by)
        return int((-(-counts // self._batch_size)).sum())

    def epoch(self) -> Iterator[Batch]:
        """Go through all recordings once, in random order, each with a random set of leads."""
        batches = []
        for number in np.unique(self._unseen_by):
            places = self.generator.permutation(np.flatnonzero(self._unseen_by == number))
            edges = range(self._batch_size, len(places), self._batch_size)
            batches += [(number, part) for part in np.split(places, list(edges))]
        for batch in self.generator.permutation(len(batches)):
            number, places = batches[batch]
            yield self._draw(self._networks[number], places)

    def _draw(self, network: nn.Module, places: NDArray[np.intp]) -> Batch:
        truth = twelve_leads(torch.from_numpy(np.array(self._signals_mv[places])))
        known = torch.from_numpy(draw_known(len(places), self.generator))
        signals = truth * known[:, :, None]
        with autocast(torch.device("cpu"), "auto"):
            independent = estimate(network, signals, known)
        error_mv = (truth - twelve_leads(independent)).numpy()
        return Batch(
            signals,
            known,
            independent,
            torch.from_numpy(clean(error_mv, TABLE_FS_HZ)),
            torch.from_numpy(self._segments[places]),
            torch.from_numpy(self._normal[places]),
        )
