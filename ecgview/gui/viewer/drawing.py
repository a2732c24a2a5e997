"""What is laid over the page, such as calipers and marks: plain values that any painter can paint.

A *layer* is a pure function from the page to a `Drawing`; see `TracePaper.set_layer`. Nothing here
knows Qt. Coordinates are logical pixels of the window, y downwards; colours are names of the
theme's tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ecgview.gui.viewer.layout import Page
from ecgview.gui.viewer.lines import Segments


@dataclass(frozen=True, eq=False)
class Strokes:
    """Straight lines of one colour and width.

    Attributes
    ----------
    segments : ndarray, shape (n, 4)
        x and y of both ends of each.
    colour : str
        A token of the theme, such as ``accent``.
    width : float
        In logical pixels.
    alpha : float
        Opacity, 0 to 1.
    dashes : tuple of float or None
        Lengths of dash and gap; None for a solid line.
    """

    segments: Segments
    colour: str
    width: float = 1.0
    alpha: float = 1.0
    dashes: tuple[float, float] | None = None


@dataclass(frozen=True)
class Bar:
    """A filled rectangle without edges."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    alpha: float = 1.0


@dataclass(frozen=True)
class Words:
    """A line of text; x and y are the left end of its base line.

    Attributes
    ----------
    align : float
        Where `x` is on the text: 0 at its left end, 0.5 in its middle, 1 at its right end.
    """

    x: float
    y: float
    text: str
    colour: str
    size_px: int = 11
    bold: bool = False
    align: float = 0.0


@dataclass(frozen=True)
class Drawing:
    """All that a layer shows: bars lowest, then lines, then words."""

    bars: tuple[Bar, ...] = ()
    strokes: tuple[Strokes, ...] = ()
    words: tuple[Words, ...] = ()


Layer = Callable[[Page, float, float], Drawing]
"""``layer(page, width, height)`` gives what it shows on a page in a window of that size."""
