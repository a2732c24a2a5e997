"""Work out the picture of a vectorcardiogram: three planes of the same loops, on one scale.

The planes are laid out as projections of one another: frontal and left sagittal share the height
(Y), frontal and horizontal the width (X). The frontal plane is seen from the front, the sagittal
one from the patient's left, the horizontal one from above with the back at the top. Frank's axes
point to the left (X), to the feet (Y) and to the back (Z).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer.loops import Loops, Which
from ecgview.gui.viewer.vectorcardiogram_parts import (
    PLANES,
    Line,
    LoopScene,
    Panel,
    Part,
    Plane,
    Tone,
    Word,
)
from ecgview.gui.viewer.vectorcardiogram_words import frame_words, legend, loop_words
from ecgview.signals.vectorcardiogram import Loop

Placing = Callable[[NDArray[np.floating]], NDArray[np.float64]]

_MARGIN_PX = 20.0
_GAP_PX = 16.0
_SHARE = 0.76
_LEAST_TEXT = 0.75
_LEGEND_PX = (290.0, 250.0)
"""Room that the legend takes in words of the usual size."""
_LEAST_MV = 0.6
_ARROW_SHARE = 0.3


_PLACES = ((0, 0), (1, 0), (0, 1))


def build_loop_scene(
    loops: Loops,
    width: float,
    height: float,
    dots_ms: int = 0,
    model: str = "",
    text_scale: float = 1.0,
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
    text_scale : float
        What words are to be enlarged by; less where they would not fit beside each other.

    Returns
    -------
    LoopScene
        In logical pixels.
    """
    shown = loops.shown
    if not shown:
        word = Word(width / 2, height / 2, loops.problem, "secondary", "centre")
        return LoopScene(width, height, 1.0, (), (word,), text_scale=text_scale)
    cell = ((width - 2 * _MARGIN_PX - _GAP_PX) / 2, (height - 2 * _MARGIN_PX - _GAP_PX) / 2)
    text_scale = max(_LEAST_TEXT, min(text_scale, cell[0] / _LEGEND_PX[0], cell[1] / _LEGEND_PX[1]))
    low, high = _extent(shown)
    px_per_mv = min(
        _SHARE * room / size
        for plane in PLANES
        for room, size in zip(cell, (high - low)[[plane.across.row, plane.down.row]], strict=True)
    )
    middle_mv = (low + high) / 2
    panels = tuple(
        _panel(plane, _corner(place, cell), cell, px_per_mv, middle_mv, shown, dots_ms, text_scale)
        for plane, place in zip(PLANES, _PLACES, strict=True)
    )
    words, swatches = legend(loops, model, *_corner((1, 1), cell), cell[1], text_scale)
    return LoopScene(width, height, px_per_mv, panels, words, swatches, text_scale)


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
    text_scale: float,
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
    words = (*frame_words(plane, corner, cell, origin, text_scale), *loop_words(lines, origin))
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
