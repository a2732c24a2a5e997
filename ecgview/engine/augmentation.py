"""Chance in training: windows, amplitudes, time scales, electrode places and noise."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from ecgview.engine.input_sets import draw_known, known_mask
from ecgview.engine.parameters import TrainingParameters
from ecgview.leads import INDEPENDENT_LEADS, LIMB_FROM_I_II

_N_LIMB_INDEPENDENT = 2


OVERSAMPLING = 2
"""Windows are cut from signals at this multiple of the model's rate: cubic interpolation between
samples would blunt QRS complexes at the rate itself."""


def draw_windows(
    signals_mv: Tensor, parameters: TrainingParameters, generator: np.random.Generator
) -> Tensor:
    """Cut a window at random from each recording, its time scale and amplitude changed.

    Parameters
    ----------
    signals_mv : Tensor, shape (batch, 8, samples)
        Whole recordings at `OVERSAMPLING` times the model's rate.
    parameters : TrainingParameters
        ``window``, ``time_stretch`` and ``gain_jitter``.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Tensor, shape (batch, 8, window)
        Both input and truth see these changes.
    """
    n_batch, _, n_samples = signals_mv.shape
    stretch = 1 + parameters.time_stretch * generator.uniform(-1, 1, n_batch)
    step = np.minimum(OVERSAMPLING * stretch, (n_samples - 1) / parameters.window)
    start = generator.uniform(0, n_samples - 1 - step * (parameters.window - 1))
    positions = start[:, None] + step[:, None] * np.arange(parameters.window)
    gain = np.exp(parameters.gain_jitter * generator.standard_normal(n_batch))
    grid = torch.from_numpy(2 * positions / (n_samples - 1) - 1).float()
    grid = torch.stack([grid, torch.zeros_like(grid)], dim=-1)[:, None]
    windows = F.grid_sample(
        signals_mv[:, :, None], grid, mode="bicubic", padding_mode="border", align_corners=True
    )[:, :, 0]
    return windows * torch.from_numpy(gain).float()[:, None, None]


def spoil_inputs(
    truth_mv: Tensor, parameters: TrainingParameters, generator: np.random.Generator
) -> Tensor:
    """Make inputs from the truth: chest electrodes a little displaced, and some noise.

    Parameters
    ----------
    truth_mv : Tensor, shape (batch, 8, samples)
        Windows as they were recorded.
    parameters : TrainingParameters
        ``electrode_jitter`` and ``input_noise_uv``.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Tensor, shape (batch, 8, samples)
        The inputs before leads are hidden.
    """
    n_batch = len(truth_mv)
    mixing = torch.from_numpy(_electrode_mixing(n_batch, parameters.electrode_jitter, generator))
    noise_mv = 1e-3 * parameters.input_noise_uv * generator.uniform(0, 1, (n_batch, 1, 1))
    noise = torch.from_numpy(
        generator.standard_normal(truth_mv.shape, dtype=np.float32) * noise_mv.astype(np.float32)
    )
    return mixing @ truth_mv + noise


def _electrode_mixing(
    count: int, jitter: float, generator: np.random.Generator
) -> NDArray[np.float32]:
    """Matrices (count, 8, 8) that move each chest lead a little towards a neighbour."""
    n = len(INDEPENDENT_LEADS)
    mixing = np.tile(np.eye(n, dtype=np.float32), (count, 1, 1))
    shares = generator.normal(0, jitter, (count, n)).astype(np.float32)
    for lead in range(_N_LIMB_INDEPENDENT, n):
        towards = np.where(shares[:, lead] > 0, lead + 1, lead - 1)
        towards = np.clip(towards, _N_LIMB_INDEPENDENT, n - 1)
        share = np.abs(shares[:, lead])
        mixing[:, lead, lead] -= share
        mixing[np.arange(count), lead, towards] += share
    return mixing


def hide_leads(
    inputs_mv: Tensor, leads: tuple[str, ...], generator: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Complete the limb leads, then keep only the available leads of each window.

    Parameters
    ----------
    inputs_mv : Tensor, shape (batch, 8, samples)
        The independent leads.
    leads : tuple of str
        The available leads; a random set for each window if empty.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    signals : Tensor, shape (batch, 12, samples)
        Zero where hidden.
    known : Tensor of bool, shape (batch, 12)
        What was kept.
    """
    n_batch = len(inputs_mv)
    masks = np.tile(known_mask(leads), (n_batch, 1)) if leads else draw_known(n_batch, generator)
    known = torch.from_numpy(masks)
    return twelve_leads(inputs_mv) * known[:, :, None], known


def twelve_leads(independent: Tensor) -> Tensor:
    """Compute twelve leads from the eight independent ones, (batch, 12, samples)."""
    limb = independent.new_tensor(LIMB_FROM_I_II) @ independent[:, :_N_LIMB_INDEPENDENT]
    return torch.cat([limb, independent[:, _N_LIMB_INDEPENDENT:]], dim=1)
