"""Network and linear architectures, one a file."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ecgview.engine.models.anylead import AnyLeadUNet
from ecgview.engine.models.lead_set import LeadSetUNet
from ecgview.engine.models.linear import LeastSquares

ARCHITECTURES: dict[str, Callable[..., nn.Module]] = {
    "anylead-unet": AnyLeadUNet,
    "least-squares": LeastSquares,
    "lead-set-unet": LeadSetUNet,
}
"""Architectures by the name that stands in model cards."""


def estimate(model: nn.Module, signals: Tensor, known: Tensor) -> Tensor:
    """Run a model on windows of any length, on the device that it is on.

    Parameters
    ----------
    model : torch.nn.Module
        One of `ARCHITECTURES`, in evaluation mode.
    signals : Tensor, shape (batch, 12, samples)
        Known leads in mV, zero elsewhere.
    known : Tensor of bool, shape (batch, 12)
        Which are known.

    Returns
    -------
    Tensor, shape (batch, 8, samples)
        Independent leads in mV, on the CPU.
    """
    # A network in an ONNX file has no tensors here, and stays on the CPU.
    device = next((tensor.device for tensor in model.state_dict().values()), torch.device("cpu"))
    n_samples = signals.shape[-1]
    padding = -n_samples % int(model.STRIDE)  # type: ignore[arg-type]
    with torch.inference_mode():
        estimated = model(F.pad(signals, (0, padding)).to(device), known.to(device))
    return estimated[..., :n_samples].float().cpu()
