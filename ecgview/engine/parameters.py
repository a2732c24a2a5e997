"""The one table of training parameters: defaults, limits, units and help.

Validation, the command line, the form in the window and its tooltips are all made from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from ecgview.errors import TrainingError

Kind = Literal["integer", "number", "choice", "leads", "text"]


@dataclass(frozen=True)
class Parameter:
    """What a parameter may be, and how it is explained.

    Attributes
    ----------
    name : str
        As in `TrainingParameters`.
    kind : str
        ``integer``, ``number``, ``choice``, ``leads`` (a tuple of lead names) or ``text``.
    default : object
        Of the general table; a recipe may have another.
    help : str
        One line for people.
    low, high : float
        Inclusive limits of a number.
    unit : str
        Empty for plain numbers.
    choices : tuple of str
        What a choice may be.
    """

    name: str
    kind: Kind
    default: Any
    help: str
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    choices: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """Its name on the command line."""
        return f"--{self.name.replace('_', '-')}"

    def problem(self, value: Any) -> str:
        """Say what is wrong with a value; empty if nothing is."""
        if self.kind == "choice" and value not in self.choices:
            return f"It must be one of {', '.join(self.choices)}."
        if self.kind in ("integer", "number") and not self.low <= value <= self.high:
            limits = f"It must lie between {self.low:g} and {self.high:g}"
            return f"{limits} {self.unit}".strip() + "."
        return ""


def _number(default: float, help_text: str, low: float, high: float, unit: str = "") -> Any:
    kind = "integer" if isinstance(default, int) else "number"
    about = {"kind": kind, "help": help_text, "low": low, "high": high, "unit": unit}
    return field(default=default, metadata=about)


def _choice(default: str, help_text: str, *choices: str) -> Any:
    return field(
        default=default, metadata={"kind": "choice", "help": help_text, "choices": choices}
    )


def _other(kind: Kind, default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"kind": kind, "help": help_text})


@dataclass(frozen=True)
class TrainingParameters:
    """Parameters of a training run; `parameter_table` explains each.

    `ecgview.engine.recipes.Recipe.parameters` makes one with the defaults of a recipe.

    Raises
    ------
    TrainingError
        If a value is outside its limits.
    """

    leads: tuple[str, ...] = _other("leads", (), "available leads; any set if not given")
    architecture: str = _other("text", "unet", "network: unet, or the name of a file of your own")
    epochs: int = _number(120, "passes over the training recordings", 1, 10_000)
    batch_size: int = _number(32, "windows in a batch", 1, 4096)
    lr: float = _number(1e-3, "highest learning rate", 1e-7, 1.0)
    schedule: str = _choice("one-cycle", "course of the learning rate", "one-cycle", "constant")
    weight_decay: float = _number(0.02, "AdamW weight decay", 0.0, 10.0)
    clip: float = _number(1.0, "longest gradient step, 0 for any", 0.0, 1000.0)
    base_width: int = _number(24, "channels of the first block of a U-Net", 1, 256)
    members: int = _number(2, "U-Nets trained side by side and averaged", 1, 16)
    rate_hz: float = _number(125.0, "sampling rate of the model", 50.0, 1000.0, "Hz")
    window: int = _number(1024, "length of a training window", 64, 65536, "samples")
    ema: float = _number(0.999, "decay of the moving average of the weights", 0.0, 0.99999)
    patience: int = _number(
        0, "epochs without a better validation loss before stopping, 0 for never", 0, 10_000
    )
    precision: str = _choice(
        "auto", "arithmetic of the forward pass: bf16 where it pays", "auto", "fp32", "bf16"
    )
    seed: int = _number(1, "seed of everything random", 0, 2**31 - 1)
    clean_weight: float = _number(0.7, "share of the loss taken on high-passed signals", 0, 1)
    electrode_jitter: float = _number(0.06, "mixing of neighbouring chest inputs", 0.0, 0.5)
    gain_jitter: float = _number(0.15, "log standard deviation of the amplitude", 0.0, 1.0)
    time_stretch: float = _number(0.1, "largest relative change of the time scale", 0.0, 0.5)
    input_noise_uv: float = _number(8.0, "white noise added to the inputs", 0.0, 500.0, "uV")

    def __post_init__(self) -> None:
        for parameter in parameter_table():
            value = getattr(self, parameter.name)
            if problem := parameter.problem(value):
                raise TrainingError(f"{parameter.option[2:]} is {value}.", problem)


def parameter_table() -> list[Parameter]:
    """List the parameters in order, each with its limits and general default."""
    return [
        Parameter(name=f.name, default=f.default, **f.metadata) for f in fields(TrainingParameters)
    ]
