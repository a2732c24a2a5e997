"""The one table of training parameters: defaults, limits, units and help.

Validation, the command line and (later) the form in the window are all made from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from ecgview.errors import TrainingError


@dataclass(frozen=True)
class Limits:
    """What a parameter may be, and how it is explained.

    Attributes
    ----------
    help : str
        One line for people.
    low, high : float or None
        Inclusive limits.
    unit : str
        Empty for plain numbers.
    """

    help: str
    low: float | None = None
    high: float | None = None
    unit: str = ""


def _parameter(default: Any, help_text: str, low: float, high: float, unit: str = "") -> Any:
    return field(default=default, metadata={"limits": Limits(help_text, low, high, unit)})


@dataclass(frozen=True)
class TrainingParameters:
    """Parameters of a training run; the metadata of each field holds its `Limits`.

    Raises
    ------
    TrainingError
        If a value is outside its limits.
    """

    epochs: int = _parameter(120, "passes over the training recordings", 1, 10_000)
    batch_size: int = _parameter(32, "windows in a batch", 1, 4096)
    lr: float = _parameter(1e-3, "highest learning rate", 1e-7, 1.0)
    weight_decay: float = _parameter(0.02, "AdamW weight decay", 0.0, 10.0)
    base_width: int = _parameter(24, "channels of the first block of a U-Net", 1, 256)
    members: int = _parameter(2, "U-Nets trained side by side and averaged", 1, 16)
    rate_hz: float = _parameter(125.0, "sampling rate of the model", 50.0, 1000.0, "Hz")
    window: int = _parameter(1024, "length of a training window", 64, 65536, "samples")
    ema: float = _parameter(0.999, "decay of the moving average of the weights", 0.0, 0.99999)
    seed: int = _parameter(1, "seed of everything random", 0, 2**31 - 1)
    clean_weight: float = _parameter(0.7, "share of the loss taken on high-passed signals", 0, 1)
    electrode_jitter: float = _parameter(0.06, "mixing of neighbouring chest inputs", 0.0, 0.5)
    gain_jitter: float = _parameter(0.15, "log standard deviation of the amplitude", 0.0, 1.0)
    time_stretch: float = _parameter(0.1, "largest relative change of the time scale", 0.0, 0.5)
    input_noise_uv: float = _parameter(8.0, "white noise added to the inputs", 0.0, 500.0, "uV")

    def __post_init__(self) -> None:
        for parameter, limits in parameter_table():
            value = getattr(self, parameter)
            if not limits.low <= value <= limits.high:
                raise TrainingError(
                    f"{parameter.replace('_', '-')} is {value}.",
                    f"It must lie between {limits.low:g} and {limits.high:g} {limits.unit}".strip()
                    + ".",
                )


def parameter_table() -> list[tuple[str, Limits]]:
    """List the parameters in order, each with its limits."""
    return [(f.name, f.metadata["limits"]) for f in fields(TrainingParameters)]
