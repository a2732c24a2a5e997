"""Paint the paper: millimetres, or times where it runs slowly.

Upright lines are the same from top to bottom. They are painted into a strip one device pixel high
that is then laid over the whole page, so that paper whose lines move along costs next to nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from ecgview.gui.theme import Theme
from ecgview.gui.viewer.scene import Scene
from ecgview.gui.viewer.time_grid import line_places, time_grid

GRID_1MM_PX = 0.5
GRID_5MM_PX = 0.9

Places = NDArray[np.float64]


def faded(colour: str, alpha: float) -> QColor:
    """Give a colour that lets through what lies under it."""
    faded = QColor(colour)
    faded.setAlphaF(alpha)
    return faded


def paint_paper(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Paint the grid; its lines stand on whole device pixels."""
    paint_uprights(painter, scene, theme)
    paint_levels(painter, scene, theme)


def paint_uprights(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Paint the paper with its upright lines, all but the level ones."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawTiledPixmap(QRectF(0, 0, scene.width, scene.height), _uprights(scene, theme))


def paint_levels(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Paint the level lines over it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    page = scene.page
    for step_mm, width, colour in _millimetres(scene, theme):
        y = _grid_places(page.baselines[0], step_mm * page.px_per_mm, scene.height)
        thick, tops, ink = _bars(y, width, colour, scene.dpr)
        for top in tops:
            painter.fillRect(QRectF(0, top, scene.width, thick), ink)


def _uprights(scene: Scene, theme: Theme) -> QPixmap:
    """Paint the upright lines, one device pixel high."""
    strip = QPixmap(round(scene.width * scene.dpr), 1)
    strip.setDevicePixelRatio(scene.dpr)
    strip.fill(QColor(theme.paper))
    painter = QPainter(strip)
    for x, width, colour in _upright_places(scene, theme):
        thick, lefts, ink = _bars(x, width, colour, scene.dpr)
        for left in lefts:
            painter.fillRect(QRectF(left, 0, thick, 1), ink)
    painter.end()
    return strip


def _upright_places(scene: Scene, theme: Theme) -> list[tuple[Places, float, QColor]]:
    """Where upright lines stand, how wide they are, and in which colours; fine ones first."""
    page, by_time = scene.page, time_grid(scene.page)
    if by_time is None:
        return [
            (_grid_places(page.left, step_mm * page.px_per_mm, scene.width), width, colour)
            for step_mm, width, colour in _millimetres(scene, theme)
        ]
    steps = [
        (by_time.fine_s, GRID_1MM_PX, QColor(theme.grid_1mm)),
        (by_time.heavy_s, GRID_5MM_PX, QColor(theme.grid_5mm)),
    ]
    return [
        (np.array([x for x, _ in line_places(page, step_s, scene.width)]), width, colour)
        for step_s, width, colour in steps
        if step_s is not None
    ]


def _millimetres(scene: Scene, theme: Theme) -> list[tuple[int, float, QColor]]:
    """Distances in mm, widths and colours of the lines; fine ones fade out when they get close."""
    fine = min(max((scene.page.px_per_mm - 2.5) / 1.5, 0.0), 1.0)
    faint = [(1, GRID_1MM_PX, faded(theme.grid_1mm, fine))] if fine > 0 else []
    return [*faint, (5, GRID_5MM_PX, QColor(theme.grid_5mm))]


def _bars(
    places: Places, width: float, colour: QColor, dpr: float
) -> tuple[float, NDArray[np.floating], QColor]:
    """Thickness, places and colour of bars of whole device pixels.

    They are as pale as their width lacks: what antialiased lines would show, many times faster.
    """
    pixels = max(1, round(width * dpr))
    ink = QColor(colour)
    ink.setAlphaF(ink.alphaF() * min(1.0, width * dpr / pixels))
    back = (pixels - 1) // 2 / dpr
    return pixels / dpr, np.floor(places * dpr + 1e-6) / dpr - back, ink


def _grid_places(origin: float, step: float, extent: float) -> Places:
    return np.arange(origin % step - step, extent + step, step)
