"""Work out the picture of a vectorcardiogram: three planes of the same loops, on one scale.

The planes are laid out as projections of one another: frontal and left sagittal share the height
(Y), frontal and horizontal the width (X). The frontal plane is seen from the front, the sagittal
one from the patient's left, the horizontal one from above with the back at the top. Frank's axes
point to the left (X), to the feet (Y) and to the back (Z).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer.loops import Loops, Which, figure_rows
from ecgview.signals.vectorcardiogram import Loop

Tone = Which | Literal["text", "secondary"]
Part = Literal["P", "QRS", "T"]
Placing = Callable[[NDArray[np.floating]], NDArray[np.float64]]

_MARGIN_PX = 20.0
_GAP_PX = 16.0
_SHARE = 0.76
_LEAST_MV = 0.6
_LINE_PX = 22.0
_ARROW_SHARE = 0.3
_TITLE_PX = 110.0


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
_PLACES = ((0, 0), (1, 0), (0, 1))


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
    """

    width: float
    height: float
    px_per_mv: float
    panels: tuple[Panel, ...]
    words: tuple[Word, ...]
    swatches: tuple[tuple[Tone, float, float], ...] = ()


def build_loop_scene(
    loops: Loops, width: float, height: float, dots_ms: int = 0, model: str = ""
) -> LoopScene:
    """Work out what the vectorcardiogram shows.

    Parameters
    ----------
    loops : Loops
        What to draw.
    width, height : float
        Room in logical pixels.
    dots_ms : int
        Time between the dots on the QRS loops, 0 for none.
    model : str
        What made the reconstruction, for the legend.

    Returns
    -------
    LoopScene
        In logical pixels.
    """
    shown = loops.shown
    if not shown:
        word = Word(width / 2, height / 2, loops.problem, "secondary", "centre")
        return LoopScene(width, height, 1.0, (), (word,))
    cell = ((width - 2 * _MARGIN_PX - _GAP_PX) / 2, (height - 2 * _MARGIN_PX - _GAP_PX) / 2)
    low, high = _extent(shown)
    px_per_mv = min(
        _SHARE * room / size
        for plane in PLANES
        for room, size in zip(cell, (high - low)[[plane.across.row, plane.down.row]], strict=True)
    )
    middle_mv = (low + high) / 2
    panels = tuple(
        _panel(plane, _corner(place, cell), cell, px_per_mv, middle_mv, shown, dots_ms)
        for plane, place in zip(PLANES, _PLACES, strict=True)
    )
    words, swatches = _legend(loops, model, *_corner((1, 1), cell), cell[1])
    return LoopScene(width, height, px_per_mv, panels, words, swatches)


def _extent(shown: list[tuple[Which, Loop]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest value of X, Y and Z, the origin among them."""
    every = np.concatenate([loop.frank_mv for _, loop in shown] + [np.zeros((3, 1))], axis=1)
    low, high = every.min(axis=1), every.max(axis=1)
    short = np.maximum(0, _LEAST_MV - (high - low)) / 2
    return low - short, high + short


def _corner(place: tuple[int, int], cell: tuple[float, float]) -> tuple[float, float]:
    return (
        _MARGIN_PX + place[0] * (cell[0] + _GAP_PX),
        _MARGIN_PX + place[1] * (cell[1] + _GAP_PX),
    )


def _panel(
    plane: Plane,
    corner: tuple[float, float],
    cell: tuple[float, float],
    px_per_mv: float,
    middle_mv: NDArray[np.float64],
    shown: list[tuple[Which, Loop]],
    dots_ms: int,
) -> Panel:
    axes = (plane.across, plane.down)
    across, down = (
        float(start + size / 2 - px_per_mv * axis.sign * middle_mv[axis.row])
        for start, size, axis in zip(corner, cell, axes, strict=True)
    )
    origin = (across, down)

    def place(vectors_mv: NDArray[np.floating]) -> NDArray[np.float64]:
        """Project vectors, shape (3, n), to points, shape (n, 2)."""
        signs = np.array([[axis.sign] for axis in axes])
        return (px_per_mv * signs * vectors_mv[[axis.row for axis in axes]]).T + origin

    lines = tuple(line for tone, loop in shown for line in _lines(tone, loop, place))
    dots = tuple((tone, place(_dots(loop, dots_ms))) for tone, loop in shown if dots_ms)
    qrs = [line for line in lines if line.part == "QRS"]
    arrows = tuple((line.tone, _arrow(line.points)) for line in qrs)
    words = (*_frame_words(plane, corner, cell, origin), *_loop_words(lines, origin))
    return Panel(plane, *corner, *cell, origin, lines, dots, arrows, words)


def _lines(tone: Tone, loop: Loop, place: Placing) -> Iterator[Line]:
    parts: tuple[tuple[Part, slice], ...] = (("P", loop.p), ("T", loop.t), ("QRS", loop.qrs))
    for part, samples in parts:
        yield Line(place(loop.frank_mv[:, samples]), tone, part)


def _dots(loop: Loop, dots_ms: int) -> NDArray[np.float64]:
    """Heart vectors every so often in the QRS complex, shape (3, dots)."""
    qrs_mv = loop.frank_mv[:, loop.qrs]
    every = np.arange(qrs_mv.shape[1])
    samples = np.arange(0, len(every), dots_ms / 1000 * loop.fs_hz)
    return np.stack([np.interp(samples, every, lead) for lead in qrs_mv])


def _arrow(points: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Place and direction of an arrow head some way along a line."""
    steps = np.diff(points, axis=0)
    lengths = np.hypot(*steps.T)
    at = int(np.searchsorted(np.cumsum(lengths), _ARROW_SHARE * lengths.sum()))
    at = min(at, len(steps) - 1)
    nearby = points[min(at + 2, len(points) - 1)] - points[max(at - 2, 0)]
    dx, dy = nearby / (np.hypot(*nearby) or 1.0)
    return float(points[at, 0]), float(points[at, 1]), float(dx), float(dy)


def _frame_words(
    plane: Plane,
    corner: tuple[float, float],
    cell: tuple[float, float],
    origin: tuple[float, ...],
) -> Iterator[Word]:
    left, top = corner
    right, bottom = left + cell[0], top + cell[1]
    yield Word(left + 10, top + 20, plane.title, "text", bold=True)
    # Words stand on the side of the axis where the loops are not.
    beside = origin[1] + (17 if origin[1] > (top + bottom) / 2 else -8)
    yield Word(right - 16, beside, plane.across.positive, align="right")
    yield Word(left + 8, beside, plane.across.negative)
    down, up = plane.down.positive, plane.down.negative
    if plane.down.sign < 0:
        down, up = up, down
    yield Word(origin[0] + 8, bottom - 10, down)
    under_title = origin[0] < left + _TITLE_PX
    yield Word(origin[0] + 8, min(top + (38 if under_title else 20), origin[1] - 8), up)


def _loop_words(lines: tuple[Line, ...], origin: tuple[float, ...]) -> Iterator[Word]:
    """Names of the QRS and the T loop beside their farthest points, once."""
    for part in ("QRS", "T"):
        line = next(line for line in lines if line.part == part)
        out = line.points - origin
        reach = np.hypot(*out.T)
        far = int(np.argmax(reach))
        if reach[far] < 12:
            continue
        x, y = line.points[far] + 13 * out[far] / reach[far]
        yield Word(float(x), float(y) + 4, part, line.tone, "centre")


def _legend(
    loops: Loops, model: str, left: float, top: float, height: float
) -> tuple[tuple[Word, ...], tuple[tuple[Tone, float, float], ...]]:
    words: list[Word] = []
    swatches: list[tuple[Tone, float, float]] = []
    line = min(_LINE_PX, height / 14)
    y = top + min(20.0, line)
    made = f" from {model}" if model else ""
    entries: tuple[tuple[Tone, Loop | None, str, str], ...] = (
        ("original", loops.original, "Original", loops.original_words),
        ("reconstruction", loops.reconstruction, "Reconstruction", loops.reconstruction_words),
    )
    for tone, loop, title, origin in entries:
        if loop is None:
            continue
        swatches.append((tone, left + 10, y - 4))
        words.append(Word(left + 46, y, title, tone, bold=True))
        below = y + min(17.0, line)
        words.append(Word(left + 46, below, f"{origin}{made if tone != 'original' else ''}"))
        y += 2 * line
    y += line / 4
    for row, cells in enumerate(figure_rows(loops)):
        for column, text in enumerate(cells):
            at = left + 10 if not column else left + 110 + 70 * column
            align: Literal["left", "right"] = "right" if column else "left"
            tone = "text" if row and column else "secondary"
            words.append(Word(at, y, text, tone, align))
        y += line
    for text in (loops.stretch, "Origin: PR baseline · lines every 0.1 and 0.5 mV"):
        words.append(Word(left + 10, y + line / 4, text))
        y += min(18.0, line)
    return tuple(words), tuple(swatches)
