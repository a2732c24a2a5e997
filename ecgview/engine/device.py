"""Where models run: CUDA if present and working, then Apple's MPS, then the CPU; and why."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ecgview.engine.distributed import local_rank, world_size
from ecgview.engine.gpu import (
    WAY_TO_CUDA,
    cuda_fault,
    failure_words,
    give_up_gpu,
    given_up,
    gpu_words,
    has_mps,
    is_gpu_failure,
    own_place,
)
from ecgview.errors import ModelError

_TITLES = {"cpu": "CPU", "mps": "MPS: the GPU of this Mac"}
_LOGGER = logging.getLogger("ecgview")


def device_names() -> list[str]:
    """List the devices of this machine that work, the one ``auto`` chooses first."""
    names = ["cpu"]
    if given_up():
        return names
    if has_mps():
        names.insert(0, "mps")
    if not cuda_fault():
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
        A device that works; under ``torchrun`` each process of a machine has a GPU of its own.

    Raises
    ------
    ModelError
        If the one wished for is not there or does not work, or there are fewer GPUs than
        processes.
    """
    names = device_names()
    chosen = names[0] if wish == "auto" else wish
    if chosen not in names:
        raise _not_there(wish, names)
    return _own_gpu() if chosen == "cuda" and world_size() > 1 else chosen


def device_reason(wish: str = "auto") -> str:
    """Say in a sentence or two where models run, and why there.

    Parameters
    ----------
    wish : str
        As in `choose_device`.

    Raises
    ------
    ModelError
        As in `choose_device`.
    """
    chosen = choose_device(wish).split(":")[0]
    words = _cuda_title() if chosen == "cuda" else _TITLES[chosen]
    if wish != "auto":
        return f"{words}, as chosen."
    return f"CPU: {_why_cpu()}" if chosen == "cpu" else f"{words}."


def fall_back(error: RuntimeError, device: str, wish: str) -> None:
    """Turn from a GPU that failed at work to the CPU, and tell; errors of other kinds go on.

    Parameters
    ----------
    error : RuntimeError
        What was raised.
    device : str
        Where.
    wish : str
        As in `choose_device`: only ``auto`` falls back.

    Raises
    ------
    ModelError
        If the device was asked for by name.
    """
    if device == "cpu" or not is_gpu_failure(error):
        raise error
    why = failure_words(error)
    if wish != "auto":
        raise ModelError(
            f"The GPU failed: {why}.", "Close other programs that use it, or choose the CPU."
        ) from error
    give_up_gpu(why)
    _LOGGER.warning("ecgview: the GPU is not used any more: %s. The CPU goes on.", why)


@contextmanager
def gpu_failures_told(device: str, hint: str) -> Iterator[None]:
    """Tell in a sentence that a GPU failed at work which cannot go on elsewhere.

    Raises
    ------
    ModelError
        In the place of the GPU's own error; others go on.
    """
    try:
        yield
    except RuntimeError as error:
        if device == "cpu" or not is_gpu_failure(error):
            raise
        raise ModelError(f"The GPU failed: {failure_words(error)}.", hint) from error


def _cuda_title() -> str:
    return f"{'ROCm' if torch.version.hip else 'CUDA'}: {gpu_words(own_place())}"


def _why_cpu() -> str:
    """Say why no GPU is used, with the way to one where there may be one."""
    if given_up():
        return f"the GPU is not used any more: {given_up()}."
    if sys.platform == "darwin":
        shared = "several processes cannot share a Mac's GPU."
        return shared if world_size() > 1 else "no GPU that torch can use was found."
    fault = cuda_fault()
    return f"{fault}. {WAY_TO_CUDA}" if "installed application" in fault else f"{fault}."


def _not_there(wish: str, names: list[str]) -> ModelError:
    has = f"It has {', '.join(names)}; or use auto."
    if wish == "cuda" and sys.platform != "darwin":
        why = f"the GPU is not used any more: {given_up()}" if given_up() else cuda_fault()
        way = f"{WAY_TO_CUDA} " if "has no CUDA" in why else ""
        return ModelError(f"The device “cuda” cannot be used: {why}.", way + has)
    return ModelError(f"This machine has no device “{wish}”.", has)


def _own_gpu() -> str:
    count = torch.cuda.device_count()
    if local_rank() >= count:
        raise ModelError(
            f"There are more processes on this machine than its {count} GPU(s).",
            f"Start torchrun with --nproc-per-node={count}, or use --device cpu.",
        )
    return f"cuda:{local_rank()}"
