"""Prepared recordings and their estimates as the network of an interval takes them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ecgview.engine.augmentation import twelve_leads
from ecgview.engine.input_sets import known_mask
from ecgview.engine.intervals.network import SpreadNetwork
from ecgview.leads import INDEPENDENT_LEADS, LEAD_INDEX

_BATCH = 32
_INDEPENDENT = [LEAD_INDEX[lead] for lead in INDEPENDENT_LEADS]


def input_batches(
    signals_mv: NDArray[np.float32],
    estimate_mv: NDArray[np.float32],
    available: tuple[str, ...],
) -> Iterator[tuple[slice, Tensor, Tensor, Tensor]]:
    """Go through recordings in order, some at a time.

    Parameters
    ----------
    signals_mv : ndarray, shape (recordings, 8, samples)
        As the model was given them.
    estimate_mv : ndarray, shape (recordings, 12, samples)
        What it made of them.
    available : tuple of str
        What it was given.

    Yields
    ------
    tuple
        Which recordings, and the arguments of `SpreadNetwork.spread`, of the length of the
        recordings.
    """
    known = torch.from_numpy(known_mask(available))
    for first in range(0, len(signals_mv), _BATCH):
        part = slice(first, first + _BATCH)
        twelve = twelve_leads(torch.from_numpy(np.array(signals_mv[part])))
        independent = torch.from_numpy(np.ascontiguousarray(estimate_mv[part][:, _INDEPENDENT]))
        yield part, twelve * known[:, None], known.expand(len(twelve), -1), independent


def padded(signals: Tensor) -> Tensor:
    """Lengthen signals by zeros to a multiple of the network's stride."""
    return torch.nn.functional.pad(signals, (0, -signals.shape[-1] % SpreadNetwork.STRIDE))
