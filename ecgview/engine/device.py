"""Where models run: CUDA if present, then Apple's MPS, then the CPU."""

from __future__ import annotations

import torch

from ecgview.engine.distributed import local_rank, world_size
from ecgview.errors import ModelError


def device_names() -> list[str]:
    """List the devices of this machine, the one ``auto`` chooses first."""
    names = ["cpu"]
    # Apple's GPUs have no way to work together.
    if torch.backends.mps.is_available() and world_size() == 1:
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
        A device that is there; under ``torchrun`` each process of a machine has a GPU of its own.

    Raises
    ------
    ModelError
        If the one wished for is not there, or there are fewer GPUs than processes.
    """
    names = device_names()
    chosen = names[0] if wish == "auto" else wish
    if chosen not in names:
        raise ModelError(
            f"This machine has no device “{wish}”.", f"It has {', '.join(names)}; or use auto."
        )
    return _own_gpu() if chosen == "cuda" and world_size() > 1 else chosen


def _own_gpu() -> str:
    count = torch.cuda.device_count()
    if local_rank() >= count:
        raise ModelError(
            f"There are more processes on this machine than its {count} GPU(s).",
            f"Start torchrun with --nproc-per-node={count}, or use --device cpu.",
        )
    return f"cuda:{local_rank()}"
