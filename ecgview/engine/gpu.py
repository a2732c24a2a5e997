"""Whether torch can use a GPU of this machine, tried once, and in plain words why not."""

from __future__ import annotations

import sys
import warnings
from functools import lru_cache

import torch

from ecgview.engine.distributed import local_rank, world_size

WAY_TO_CUDA = (
    "For an NVIDIA GPU, install ecgview with pip, and PyTorch with the command that PyTorch's own "
    "site gives for your CUDA version."
)
_given_up: list[str] = []


def give_up_gpu(why: str) -> None:
    """Use no GPU any more in this process, not even one that is asked for by name.

    Parameters
    ----------
    why : str
        A part of a sentence, such as ``its memory is full``.
    """
    _given_up[:] = [why]


def given_up() -> str:
    """Tell why no GPU is used any more; empty while one may be."""
    return _given_up[0] if _given_up else ""


def has_mps() -> bool:
    """Tell whether Apple's GPU can be used; they have no way to work together."""
    return bool(torch.backends.mps.is_available()) and world_size() == 1


@lru_cache(maxsize=1)
def cuda_fault() -> str:
    """Tell why no NVIDIA (or, in a build for it, AMD) GPU can be used; empty where one can.

    Returns
    -------
    str
        A part of a sentence, such as ``no GPU was found``.
    """
    if torch.version.cuda is None and torch.version.hip is None:
        if getattr(sys, "frozen", False):
            return "the installed application has no CUDA"
        return "this build of torch has no CUDA"
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        if not torch.cuda.is_available():
            return _why_not_available([str(one.message) for one in said])
        return _fault_in_use()


def _why_not_available(said: list[str]) -> str:
    """Word what torch warned of; without a driver it warns of nothing, or of finding none."""
    words = " ".join(said)
    if "too old" in words:
        return "the NVIDIA driver is too old for this build of torch"
    if not words or "no NVIDIA driver" in words:
        return "no GPU was found"
    return f"the NVIDIA driver does not work ({_first_sentence(words)})"


def _fault_in_use() -> str:
    place = own_place()
    try:
        _calculate(f"cuda:{place}")
    except RuntimeError as error:
        return f"{gpu_name(place)} cannot be used: {failure_words(error)}"
    return ""


def _calculate(device: str) -> None:
    """Calculate a little: a GPU may be there and too old for this build, full, or broken."""
    values = torch.ones(1, 1, 8, device=device)
    torch.nn.functional.conv1d(values, values[..., :3]).sum().item()


def failure_words(error: RuntimeError) -> str:
    """Word what went wrong on a GPU, as a part of a sentence."""
    if isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error):
        return "its memory is full"
    if "no kernel image" in str(error):
        return "it is not one of those that this build of torch supports"
    return _first_sentence(str(error))


def is_gpu_failure(error: RuntimeError) -> bool:
    """Tell whether an error is the GPU's, and not of what it was asked to calculate."""
    words = str(error)
    return isinstance(error, torch.OutOfMemoryError) or any(
        sign in words for sign in ("CUDA", "HIP", "cuDNN", "CUBLAS", "MPS", "out of memory")
    )


def own_place() -> int:
    """Give the number of the GPU of this process; the first one where there are too few."""
    return local_rank() if local_rank() < torch.cuda.device_count() else 0


def gpu_name(place: int) -> str:
    """Name a GPU as its maker does."""
    try:
        return torch.cuda.get_device_name(place)
    except RuntimeError:
        return "the GPU"


def gpu_words(place: int) -> str:
    """Name a GPU and its memory."""
    gibibytes = torch.cuda.get_device_properties(place).total_memory / 2**30
    return f"{gpu_name(place)}, {gibibytes:.0f} GB"


def _first_sentence(words: str) -> str:
    return words.strip().split("\n")[0].split(". ")[0].rstrip(".")
