"""Cards of intervals: which model one belongs to, how it was made and what it holds (no torch).

An interval is two files beside those of its model: ``NAME.intervals.safetensors``, and its card
``NAME.intervals.json``.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ecgview.engine.cards import ModelCard
from ecgview.errors import ModelError
from ecgview.storing import put_in_place

INTERVAL_FORMAT = 1
INTERVAL_SUFFIX = ".intervals.safetensors"


@dataclass(frozen=True, eq=False)
class IntervalCard:
    """What is known of the interval of a model.

    Attributes
    ----------
    sha256 : str
        Checksum of its weights file.
    model_sha256 : str
        Checksum of the model's weights: it holds for no other.
    base_width : int
        Width of its U-Net.
    training, calibration : dict
        Recordings, parameters, and the command that repeats it.
    coverage : dict
        What the report of `ecgview study intervals` found.
    path : Path
        The weights file.
    """

    sha256: str
    model_sha256: str
    base_width: int
    training: dict[str, Any] = field(default_factory=dict)
    calibration: dict[str, Any] = field(default_factory=dict)
    coverage: dict[str, Any] = field(default_factory=dict)
    path: Path = Path()


def interval_path(model: ModelCard) -> Path:
    """Name the file of a model's interval, there or not."""
    return model.path.with_name(f"{model.path.stem}{INTERVAL_SUFFIX}")


def find_interval(model: ModelCard) -> IntervalCard | None:
    """Find the interval of a model.

    Parameters
    ----------
    model : ModelCard
        Any model.

    Returns
    -------
    IntervalCard or None
        None where it has none, or the one that lies there belongs to other weights.

    Raises
    ------
    ModelError
        If the card is there and cannot be read.
    """
    weights = interval_path(model)
    file = weights.with_suffix(".json")
    if model.path == Path() or not file.is_file():
        return None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content.pop("format") != INTERVAL_FORMAT:
            raise ValueError("unknown format number")
        card = IntervalCard(**content, path=weights)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{file} is not the card of an interval ({error}).",
            "It may come from another version of ecgview; without it the model works, with no "
            "interval.",
        ) from error
    return card if card.model_sha256 == model.sha256 else None


def write_interval_card(card: IntervalCard) -> Path:
    """Write a card beside its weights and return its path.

    Raises
    ------
    ModelError
        If it cannot be written.
    """
    file = card.path.with_suffix(".json")
    temporary = file.with_suffix(".json.part")
    content = {name: value for name, value in vars(card).items() if name != "path"}
    try:
        text = json.dumps({"format": INTERVAL_FORMAT, **content}, indent=1) + "\n"
        temporary.write_text(text, encoding="utf-8")
        return put_in_place(temporary, file)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise ModelError(f"{file} could not be written: {error.strerror or error}.") from error
