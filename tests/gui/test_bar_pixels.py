"""Bars turned into pixels: against the obvious loop, and against Qt's painter."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from ecgview.gui.viewer.bar_pixels import SOFT_LEVELS, BarPixels, Ink, colours
from ecgview.gui.viewer.paint import draw_segments, flat_pen

BLACK, RED, SHADE = 0xFF000000, 0xFFCC0000, 0x40CC0000
ROWS, COLUMNS = 120, 90


def bars_at(seed: int, dpr: float = 1.0, step: int = 1, per_column: int = 1) -> NDArray[np.float64]:
    """Bars that begin above the picture, end below it, or are shorter than a pixel."""
    rng = np.random.default_rng(seed)
    x = (np.tile(np.arange(-2, COLUMNS + 3, step), per_column) + 0.5) / dpr
    top = rng.uniform(-30, ROWS, x.size) / dpr
    return np.stack([x, top, x, top + rng.uniform(0.3, 60, x.size) / dpr], axis=1)


def shown(inks: list[Ink], dpr: float = 1.0) -> NDArray[np.float64]:
    """Alpha, red, green and blue of all pixels."""
    filled = BarPixels().fill(inks, (ROWS, COLUMNS), dpr)
    argb = np.zeros((ROWS, COLUMNS), dtype=np.uint32)
    first = filled.first_row
    argb[first : first + len(filled.numbers)] = filled.colours[filled.numbers]
    return np.stack([argb >> shift & 0xFF for shift in (24, 16, 8, 0)], axis=2).astype(float)


def painted(inks: list[Ink], dpr: float) -> NDArray[np.float64]:
    """What Qt paints."""
    image = QImage(COLUMNS, ROWS, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    image.setDevicePixelRatio(dpr)
    painter = QPainter(image)
    for ink in inks:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, ink.is_soft)
        pen = flat_pen(QColor.fromRgba(ink.argb), ink.width / dpr)
        draw_segments(painter, ink.bars, pen)
    painter.end()
    bgra = np.frombuffer(image.constBits(), np.uint8).reshape(ROWS, COLUMNS, 4)
    return bgra[..., [3, 2, 1, 0]].astype(float)


@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_soft_bars_look_as_a_painter_draws_them(dpr: float) -> None:
    inks = [Ink(bars_at(1, dpr), BLACK), Ink(bars_at(2, dpr, step=3), RED)]
    wrong = np.abs(shown(inks, dpr) - painted(inks, dpr))
    # Half a level, and Qt counts in sixteenths of a pixel.
    assert wrong.max() <= 255 / (2 * SOFT_LEVELS) + 4
    assert (shown(inks, dpr)[..., 1] > 200).sum() > 500


def test_wide_bars_reach_to_the_right() -> None:
    beside, *bars = bars_at(3, step=4)
    narrow, wide = (shown([Ink(np.array(bars), BLACK, width)])[..., 0] for width in (1, 3))
    wanted = narrow.copy()
    for shift in (1, 2):
        wanted[:, shift:] = np.maximum(wanted[:, shift:], narrow[:, :-shift])
    assert np.array_equal(wide, wanted)
    assert (wide > narrow).sum() > 1000
    reaching = shown([Ink(beside[None], BLACK, 3)])[..., 0]
    assert reaching[:, 0].any(), "the picture begins where what lies left of it goes on"
    assert not reaching[:, 1:].any()


def test_hard_bars_fill_whole_pixels_and_let_through_what_lies_below() -> None:
    shading = bars_at(4)
    pixels = shown([Ink(shading, SHADE, is_soft=False)])
    wanted = np.zeros((ROWS, COLUMNS))
    for x, top, _, bottom in shading:
        if 0 <= x < COLUMNS:
            first, last = (int(np.clip(np.rint(end), 0, ROWS)) for end in (top, bottom))
            wanted[first:last, int(x)] = 0x40
    assert (wanted > 0).sum() > 1000
    assert np.array_equal(pixels[..., 0], wanted)
    assert pixels[..., 1].max() == round(0xCC * 0x40 / 255), "multiplied by the opacity"


def test_what_many_leads_cover_is_covered_once() -> None:
    whole = np.array([[x + 0.5, -1e6, x + 0.5, 1e6] for x in range(COLUMNS)] * 20)
    pixels = shown([Ink(whole, SHADE, is_soft=False), Ink(whole, BLACK), Ink(whole[:5], RED)])
    assert (pixels[:, 5:] == [255, 0, 0, 0]).all()
    assert (pixels[:, :5] == [255, 0xCC, 0, 0]).all()


def test_five_estimates_need_no_more_than_a_small_table() -> None:
    inks = [Ink(bars_at(0), SHADE, is_soft=False)]
    inks += [Ink(bars_at(seed, step=2), BLACK + 40 * seed) for seed in range(1, 7)]
    filled = BarPixels().fill(inks, (ROWS, COLUMNS), 1.0)
    assert len(filled.colours) <= 1 << 13
    top = inks[-1].bars[20]
    row = round(max(top[1], 0) + 2) - filled.first_row
    assert filled.colours[filled.numbers[row, int(top[0])]] == BLACK + 240


def test_memory_is_used_again_and_nothing_of_the_last_picture_is_left() -> None:
    pixels = BarPixels()
    first = pixels.fill([Ink(bars_at(5), BLACK)], (ROWS, COLUMNS), 1.0).numbers.copy()
    pixels.fill([Ink(bars_at(6), BLACK), Ink(bars_at(7), RED)], (ROWS, 2 * COLUMNS), 1.0)
    again = pixels.fill([Ink(bars_at(5), BLACK)], (ROWS, COLUMNS), 1.0).numbers
    assert np.array_equal(first, again)
    nothing = pixels.fill([Ink(bars_at(5)[:0], BLACK)], (ROWS, COLUMNS), 1.0)
    assert nothing.numbers.shape == (0, COLUMNS)


def test_the_table_holds_every_blend() -> None:
    table = colours((0x80FF0000, 0xFF0000FF), (1, 2))
    assert [hex(int(number)) for number in table] == [
        "0x0", "0x80800000", "0x80000080", "0xc0400080", "0xff0000ff", "0xff0000ff"
    ]  # fmt: skip
