"""Bars filled straight into a picture: against the obvious loop."""

from __future__ import annotations

import numpy as np
import pytest

from ecgview.gui.viewer.tall_bars import LEAST_PX, fill_tall

COLOUR = 0xFF123456


@pytest.mark.parametrize("dpr", [1.0, 2.0])
@pytest.mark.parametrize("width", [1, 2])
@pytest.mark.parametrize("sparse", [False, True])
def test_every_bar_fills_its_columns(dpr: float, width: int, sparse: bool) -> None:
    rng = np.random.default_rng(4)
    columns = np.arange(0, 700, 3 if sparse else 1)
    x = (columns + 0.5) / dpr
    top = rng.uniform(-30, 90, x.size)
    bars = np.stack([x, top, x, top + rng.uniform(1, 120, x.size)], axis=1)
    canvas = np.zeros((300, 640), dtype=np.uint32)
    left = fill_tall(canvas, bars, dpr, COLOUR, width)
    tall = bars[:, 3] - bars[:, 1] > LEAST_PX
    assert np.array_equal(left, bars[~tall])
    wanted = np.zeros_like(canvas)
    rows = {}
    for column, (_, y, _, bottom) in zip(columns[tall], bars[tall], strict=True):
        ends = [int(np.clip(np.rint(end * dpr), 0, 300)) for end in (y, bottom)]
        for at in range(column, min(column + width, 640)):
            before = rows.get(at, ends)
            rows[at] = [min(ends[0], before[0]), max(ends[1], before[1])]
    for at, (first, last) in rows.items():
        wanted[first:last, at] = COLOUR
    assert len(rows) > 150
    assert np.array_equal(canvas, wanted)


def test_a_core_that_all_bars_share_is_filled_too() -> None:
    x = np.arange(300) + 0.5
    bars = np.stack([x, 20.0 + x % 7, x, 80.0 - x % 5], axis=1)
    canvas = np.zeros((100, 300), dtype=np.uint32)
    assert len(fill_tall(canvas, bars, 1.0, COLOUR, 1)) == 0
    assert (canvas[30:70] == COLOUR).all()
    assert not canvas[:20].any()
    assert not canvas[81:].any()


def test_lines_that_are_no_bars_are_left_to_the_painter() -> None:
    canvas = np.zeros((100, 100), dtype=np.uint32)
    lines = np.array([[1.0, 0.0, 2.0, 90.0], [3.0, 0.0, 4.0, 90.0]])
    assert fill_tall(canvas, lines, 1.0, COLOUR, 1) is lines or not canvas.any()
    several = np.array([[5.5, 0.0, 5.5, 40.0], [5.5, 50.0, 5.5, 90.0]])
    assert np.array_equal(fill_tall(canvas, several, 1.0, COLOUR, 1), several)
    assert not canvas.any()
