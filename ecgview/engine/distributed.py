"""Several processes at one job, on one machine or more, as ``torchrun`` starts them.

Each process is told its rank and how many there are through the environment. Alone, without
``torchrun``, all functions do the plain thing and nothing is initialised. Processes exchange JSON
as arrays of bytes, in which no code can hide.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from ecgview.errors import EcgviewError

Item = TypeVar("Item")

_TIMEOUT = timedelta(minutes=30)
"""How long to wait for processes that neither answer nor end: as long as preparing data takes."""

_LOST = ("gloo", "nccl", "connection", "tcpstore", "timed out")
"""Words of the errors that torch raises when another process is gone."""


def rank() -> int:
    """Give the number of this process, from 0 on."""
    return int(os.environ.get("RANK", 0)) if _is_launched() else 0


def local_rank() -> int:
    """Give the number of this process among those on the same machine, from 0 on."""
    return int(os.environ.get("LOCAL_RANK", 0)) if _is_launched() else 0


def world_size() -> int:
    """Tell how many processes there are; 1 without ``torchrun``."""
    return int(os.environ["WORLD_SIZE"]) if _is_launched() else 1


def is_first() -> bool:
    """Tell whether this process is the one that prints and writes."""
    return rank() == 0


def shard(items: Sequence[Item]) -> list[Item]:
    """Take the items that are this process's: every one in `world_size`, from its rank on."""
    return list(items[rank() :: world_size()])


def start(device: str) -> None:
    """Join the other processes.

    Parameters
    ----------
    device : str
        Torch device of this process; the processes meet through nccl if it is a GPU.

    Raises
    ------
    EcgviewError
        If they cannot be reached.
    """
    if world_size() == 1:
        return
    import torch
    from torch import distributed

    on_gpu = device.startswith("cuda")
    if on_gpu:
        torch.cuda.set_device(device)
    with _told():
        # What is not on a GPU, such as JSON, always goes through gloo.
        distributed.init_process_group("cpu:gloo,cuda:nccl" if on_gpu else "gloo", timeout=_TIMEOUT)


def stop() -> None:
    """Part from the other processes, once all are here."""
    if world_size() > 1:
        from torch import distributed

        wait()
        distributed.destroy_process_group()


@contextmanager
def joined(device: str) -> Iterator[None]:
    """`start`, and `stop` unless there was an error.

    Raises
    ------
    EcgviewError
        In place of torch's own error, if another process is gone.
    """
    start(device)
    with _told():
        yield
    # A process that failed does not wait for others: they notice when it ends.
    stop()


def wait() -> None:
    """Wait for the other processes to come here."""
    average([0.0])


@contextmanager
def after_first_on_machine() -> Iterator[None]:
    """Let the first process of each machine do it, then the others."""
    if local_rank():
        wait()
    yield
    if not local_rank():
        wait()


def average(values: Sequence[float]) -> list[float]:
    """Average the same number of values over all processes; all get the result.

    A value that is not a number in one process is none in the result.
    """
    if world_size() == 1:
        return list(values)
    import torch
    from torch import distributed

    summed = torch.tensor(values, dtype=torch.float64)
    with _told():
        distributed.all_reduce(summed)
    return (summed / world_size()).tolist()


def broadcast(value: Any) -> Any:
    """Give all processes what the first one has.

    Parameters
    ----------
    value : JSON value
        Of the first process; what the others pass does not matter.
    """
    return value if world_size() == 1 else _exchange(value if is_first() else None)[0]


def gather(items: Sequence[Any]) -> list[Any]:
    """Collect what the processes made of their shards.

    Parameters
    ----------
    items : sequence of JSON values
        One for each item of `shard`, in its order.

    Returns
    -------
    list
        At the first process all results, in the order of the items before sharding; at the
        others nothing.
    """
    if world_size() == 1:
        return list(items)
    shards = _exchange(list(items))
    if not is_first():
        return []
    rounds = max(len(its) for its in shards)
    return [its[place] for place in range(rounds) for its in shards if place < len(its)]


def in_input_order(results: Iterable[Item]) -> Iterator[Item]:
    """Hand on results one by one: as they come when alone, else from all processes at the end."""
    yield from results if world_size() == 1 else gather(list(results))


def _is_launched() -> bool:
    return int(os.environ.get("WORLD_SIZE", 1)) > 1 and "RANK" in os.environ


def _exchange(value: Any) -> list[Any]:
    """Give all processes what each has."""
    import torch
    from torch import distributed

    own = bytearray(json.dumps(value).encode())
    sizes = [torch.zeros(1, dtype=torch.int64) for _ in range(world_size())]
    with _told():
        distributed.all_gather(sizes, torch.tensor([len(own)]))
        largest = max(int(size) for size in sizes)
        padded = torch.frombuffer(own.ljust(largest), dtype=torch.uint8)
        parts = [torch.empty(largest, dtype=torch.uint8) for _ in sizes]
        distributed.all_gather(parts, padded)
    # JSON ends in no blanks, and blanks after it do no harm.
    return [json.loads(part.numpy().tobytes()) for part in parts]


@contextmanager
def _told() -> Iterator[None]:
    """Say in a sentence that the other processes are gone."""
    try:
        yield
    except RuntimeError as error:
        if world_size() == 1 or not any(word in str(error).lower() for word in _LOST):
            raise
        raise EcgviewError(
            f"Process {rank()} has lost the others.",
            "One of them has ended or cannot be reached; see what it says.",
        ) from error
