"""The loss of the any-lead network."""

from __future__ import annotations

import torch
from torch import Tensor

from ecgview.signals.filters import CLEAN_CUTOFF_HZ

_FLOOR_MV = 0.02  # keeps the square root smooth where the error vanishes


def high_pass(signals: Tensor, fs_hz: float) -> Tensor:
    """Approximate the *clean* filter inside a window.

    Multiplies the spectrum by ``1 / (1 + (fc / f)^4)``, the squared gain of a Butterworth high-pass
    of order 2, which is what forward and backward filtering amounts to.

    Parameters
    ----------
    signals : Tensor, shape (..., samples)
        Windows.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    Tensor, shape (..., samples)
        Filtered windows.
    """
    n_samples = signals.shape[-1]
    frequency_hz = torch.fft.rfftfreq(n_samples, 1 / fs_hz, device=signals.device)
    gain = frequency_hz**4 / (frequency_hz**4 + CLEAN_CUTOFF_HZ**4)
    return torch.fft.irfft(torch.fft.rfft(signals) * gain, n=n_samples)


def amplitude_scaled_error(
    estimate_mv: Tensor, truth_mv: Tensor, hidden: Tensor, fs_hz: float, clean_weight: float
) -> Tensor:
    """Root-mean-square error of each hidden lead over the square root of its amplitude.

    Between the RMSE of the tables (no scaling) and what correlation sees (full scaling), so that
    recordings of small amplitude count and loud ones do not rule.

    Parameters
    ----------
    estimate_mv, truth_mv : Tensor, shape (batch, 8, samples)
        Independent leads in mV.
    hidden : Tensor of bool, shape (batch, 8)
        Leads that count.
    fs_hz : float
        Sampling rate.
    clean_weight : float
        Share of the high-passed error; the rest is the raw error.

    Returns
    -------
    Tensor
        A scalar.
    """
    error = estimate_mv - truth_mv
    amplitude = high_pass(truth_mv, fs_hz).square().mean(-1).sqrt().clamp(min=_FLOOR_MV)
    clean_error = high_pass(error, fs_hz)
    raw_rms = (error - error.mean(-1, keepdim=True)).square().mean(-1).add(_FLOOR_MV**2).sqrt()
    clean_rms = clean_error.square().mean(-1).add(_FLOOR_MV**2).sqrt()
    rms = clean_weight * clean_rms + (1 - clean_weight) * raw_rms
    return (rms / amplitude.sqrt())[hidden].mean()
