"""The words in the picture of a vectorcardiogram: axes, loops, legend and figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from ecgview.gui.viewer.loops import Loops, figure_rows
from ecgview.gui.viewer.vectorcardiogram_parts import Line, Plane, Tone, Word
from ecgview.signals.vectorcardiogram import Loop

_LINE_PX = 22.0
_TITLE_PX = 110.0


def frame_words(
    plane: Plane,
    corner: tuple[float, float],
    cell: tuple[float, float],
    origin: tuple[float, ...],
    scale: float,
) -> Iterator[Word]:
    """Title of a plane and the ends of its axes, beside where the loops are."""
    left, top = corner
    right, bottom = left + cell[0], top + cell[1]
    yield Word(left + 10, top + 4 + 16 * scale, plane.title, "text", bold=True)
    # Words stand on the side of the axis where the loops are not.
    beside = origin[1] + (5 + 12 * scale if origin[1] > (top + bottom) / 2 else -8)
    yield Word(right - 16, beside, plane.across.positive, align="right")
    yield Word(left + 8, beside, plane.across.negative)
    down, up = plane.down.positive, plane.down.negative
    if plane.down.sign < 0:
        down, up = up, down
    yield Word(origin[0] + 8, bottom - 10, down)
    under_title = origin[0] < left + _TITLE_PX * scale
    yield Word(origin[0] + 8, min(top + 4 + (34 if under_title else 16) * scale, origin[1] - 8), up)


def loop_words(lines: tuple[Line, ...], origin: tuple[float, ...]) -> Iterator[Word]:
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


def legend(
    loops: Loops, model: str, left: float, top: float, height: float, scale: float
) -> tuple[tuple[Word, ...], tuple[tuple[Tone, float, float], ...]]:
    """Say what the lines are, and give the figures, in the corner that no plane takes."""
    words: list[Word] = []
    swatches: list[tuple[Tone, float, float]] = []
    line = min(_LINE_PX * scale, height / 14)
    y = top + min(20.0 * scale, line)
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
        below = y + min(17.0 * scale, line)
        words.append(Word(left + 46, below, f"{origin}{made if tone != 'original' else ''}"))
        y += 2 * line
    y += line / 4
    for row, cells in enumerate(figure_rows(loops)):
        for column, text in enumerate(cells):
            at = left + 10 if not column else left + (100 + 70 * column) * scale + 10
            align: Literal["left", "right"] = "right" if column else "left"
            tone = "text" if row and column else "secondary"
            words.append(Word(at, y, text, tone, align))
        y += line
    for text in (loops.stretch, "Origin: PR baseline · lines every 0.1 and 0.5 mV"):
        words.append(Word(left + 10, y + line / 4, text))
        y += min(18.0 * scale, line)
    return tuple(words), tuple(swatches)
