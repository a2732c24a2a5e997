"""Which arithmetic training uses: bfloat16 where the processor is faster with it."""

from __future__ import annotations

import torch


def bf16_pays(device_type: str) -> bool:
    """Tell whether bfloat16 training is faster than float32 on this device."""
    if device_type == "cpu":
        return bool(torch.cpu._is_avx512_bf16_supported())
    return device_type == "cuda" and torch.cuda.is_bf16_supported()


def autocast(device: torch.device, precision: str) -> torch.autocast:
    """Make the context in which a forward pass runs.

    Parameters
    ----------
    device : torch.device
        Where it runs.
    precision : str
        ``fp32``, ``bf16``, or ``auto`` for bf16 where it pays.

    Returns
    -------
    torch.autocast
        A context manager.
    """
    enabled = precision == "bf16" or (precision == "auto" and bf16_pays(device.type))
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=enabled)
