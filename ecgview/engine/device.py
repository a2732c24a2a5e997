"""Where models run: CUDA if present, then Apple's MPS, then the CPU."""

from __future__ import annotations

import torch

from ecgview.errors import ModelError


def device_names() -> list[str]:
    """List the devices of this machine, the one ``auto`` chooses first."""
    names = ["cpu"]
    if torch.backends.mps.is_available():
        names.insert(0, "mps")
    if torch.cuda.is_available():
        names.insert(0, "cuda")
    return names


def choose_device(wish: str = "auto") -> str:
    """Choose the device to run on.

    Parameters
    ----------
    wish : str
        ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Returns
    -------
    str
        A device that is there.

    Raises
    ------
    ModelError
        If the one wished for is not.
    """
    names = device_names()
    if wish == "auto":
        return names[0]
    if wish not in names:
        raise ModelError(
            f"This machine has no device “{wish}”.", f"It has {', '.join(names)}; or use auto."
        )
    return wish
