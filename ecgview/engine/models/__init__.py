"""Network and linear architectures, one a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from torch import Tensor, nn

from ecgview.engine.models.anylead import AnyLeadUNet
from ecgview.engine.models.linear import LeastSquares


class LeadModel(Protocol):
    """What every model that rebuilds leads offers."""

    STRIDE: int
    REACH: int

    def __call__(self, signals: Tensor, known: Tensor) -> Tensor:
        """Map (batch, 12, samples) and (batch, 12) flags to (batch, 8, samples)."""
        ...


ARCHITECTURES: dict[str, Callable[..., nn.Module]] = {
    "anylead-unet": AnyLeadUNet,
    "least-squares": LeastSquares,
}
"""Architectures by the name that stands in model cards."""
