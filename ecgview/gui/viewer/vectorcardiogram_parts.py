"""What the picture of a vectorcardiogram is made of: planes, lines, words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer.loops import Which

Tone = Which | Literal["text", "secondary"]
Part = Literal["P", "QRS", "T"]


@dataclass(frozen=True)
class Axis:
    """A direction on screen: which Frank lead, and the words at its two ends."""

    row: int
    sign: float
    positive: str
    negative: str


@dataclass(frozen=True)
class Plane:
    """A projection; `across` runs to the right, `down` to the bottom of the screen."""

    title: str
    across: Axis
    down: Axis


_X = Axis(0, 1, "X left", "right")
_Y = Axis(1, 1, "Y feet", "head")
_Z_RIGHT = Axis(2, 1, "Z back", "front")
_Z_UP = Axis(2, -1, "Z back", "front")

PLANES = (
    Plane("Frontal", _X, _Y),
    Plane("Left sagittal", _Z_RIGHT, _Y),
    Plane("Horizontal", _X, _Z_UP),
)


@dataclass(frozen=True, eq=False)
class Line:
    """A part of a loop, shape (points, 2), in pixels."""

    points: NDArray[np.float64]
    tone: Tone
    part: Part


@dataclass(frozen=True)
class Word:
    """Text at a place; `align` says which of its ends lies there."""

    x: float
    y: float
    text: str
    tone: Tone = "secondary"
    align: Literal["left", "centre", "right"] = "left"
    bold: bool = False


@dataclass(frozen=True, eq=False)
class Panel:
    """One plane on screen.

    Attributes
    ----------
    plane : Plane
        Which.
    x, y, width, height : float
        Its place.
    origin : tuple of float
        Where the heart vector is zero.
    lines : tuple of Line
        Loops, the reconstruction last.
    dots : tuple of (Tone, ndarray)
        Time dots, each array of shape (dots, 2).
    arrows : tuple of (Tone, tuple of float)
        Arrow heads on the QRS loops: place and direction, x, y, dx, dy.
    words : tuple of Word
        Title, ends of the axes, names of the loops.
    """

    plane: Plane
    x: float
    y: float
    width: float
    height: float
    origin: tuple[float, float]
    lines: tuple[Line, ...]
    dots: tuple[tuple[Tone, NDArray[np.float64]], ...]
    arrows: tuple[tuple[Tone, tuple[float, float, float, float]], ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, eq=False)
class LoopScene:
    """Everything that is painted.

    Attributes
    ----------
    width, height : float
        In logical pixels.
    px_per_mv : float
        The scale of all planes.
    panels : tuple of Panel
        None where there is nothing to show.
    words : tuple of Word
        The legend, the figures, or why there is nothing.
    swatches : tuple of (Tone, float, float)
        Samples of the lines in the legend: tone, x, y of their left end.
    text_scale : float
        What words are enlarged by.
    """

    width: float
    height: float
    px_per_mv: float
    panels: tuple[Panel, ...]
    words: tuple[Word, ...]
    swatches: tuple[tuple[Tone, float, float], ...] = ()
    text_scale: float = 1.0
