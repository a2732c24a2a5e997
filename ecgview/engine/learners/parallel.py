"""One network trained by several processes: gradients averaged at each step."""

from __future__ import annotations

import warnings

from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from ecgview.engine.distributed import world_size


def in_parallel(model: nn.Module) -> nn.Module:
    """Wrap a network so that its gradients are the mean over all processes.

    Batch norm sees the batches of all processes on GPUs, that of its own process on CPUs.

    Parameters
    ----------
    model : torch.nn.Module
        On its device, of the same weights everywhere; it stays the one that holds them.

    Returns
    -------
    torch.nn.Module
        What to run in training; the model itself in a single process.
    """
    if world_size() == 1:
        return model
    device = next(model.parameters()).device
    # Members train in threads of their own, so that each needs a group of its own.
    group = distributed.new_group()
    if device.type == "cuda":
        nn.SyncBatchNorm.convert_sync_batchnorm(model, group)
    # The strides of an axis of length one, which lifted convolutions leave another, do not matter.
    warnings.filterwarnings("ignore", "Grad strides do not match bucket view strides")
    # Running statistics are those of the first process, which saves and validates.
    return DistributedDataParallel(
        model,
        device_ids=[device.index] if device.type == "cuda" else None,
        process_group=group,
        forward_sync_buffers=False,
    )
