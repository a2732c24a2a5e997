"""Paint a sheet with any QPainter: the same lines for PDF, SVG, PNG and a printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPaintEngine, QPainter, QPen, QPolygonF

from ecgview.gui.printing.laid_over import drawings
from ecgview.gui.printing.paper import PX_PER_MM
from ecgview.gui.printing.sheet import Sheet
from ecgview.gui.printing.vector import areas, clipped, polylines
from ecgview.gui.theme import Theme
from ecgview.gui.viewer.lines import NO_SEGMENTS, Segments
from ecgview.gui.viewer.paint import (
    colour_of,
    draw_segments,
    flat_pen,
    interval_colour,
    paint_band,
    paint_furniture,
)
from ecgview.gui.viewer.paint_drawing import paint_drawing
from ecgview.gui.viewer.paint_paper import faded
from ecgview.gui.viewer.paint_text import text_font
from ecgview.gui.viewer.scene import Scene

TRACE_MM = 0.26
GRID_1MM_MM, GRID_5MM_MM = 0.1, 0.2
TITLE_PX, LINE_PX = 15, 11
_LINE_STEP_MM = 4.2
_INSET_MM = 3.0


def paint_sheet(painter: QPainter, sheet: Sheet, theme: Theme) -> None:
    """Paint a sheet.

    Parameters
    ----------
    painter : QPainter
        Set up so that its units are 1/96 inch from the corner of the paper.
    sheet : Sheet
        What to paint.
    theme : Theme
        One of `SCHEMES`.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    paint_words(painter, sheet, theme)
    painter.save()
    painter.translate(sheet.left_mm * PX_PER_MM, sheet.top_mm * PX_PER_MM)
    paint_ecg(painter, sheet.scene, theme)
    scene = sheet.scene
    for drawing in drawings(sheet.subject, scene.page, scene.width, scene.height):
        paint_drawing(painter, drawing, theme)
    painter.restore()


def paint_ecg(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Paint ECG paper with its traces; nothing leaves the paper."""
    _paint_grid(painter, scene, theme)
    bands = [panel.band for panel in scene.panels]
    _paint_areas(painter, scene, bands, interval_colour(theme))
    shade = faded(colour_of(scene.style, theme), theme.shade_alpha)
    _paint_areas(painter, scene, [panel.shading for panel in scene.panels], shade)
    within = (scene.width, scene.height)
    mm = scene.page.px_per_mm
    solid = _round_pen(theme.original, TRACE_MM * mm)
    for segments in (scene.pulses, *(panel.original for panel in scene.panels)):
        _draw_lines(painter, clipped(segments, *within), solid)
    for panel in scene.panels:
        for style, segments in (*panel.others, (scene.style, panel.reconstruction)):
            pen = flat_pen(QColor(colour_of(style, theme)), TRACE_MM * mm)
            draw_segments(painter, clipped(segments, *within), pen)
    # The names and what else is written on the page, as on the screen.
    breaks = clipped(scene.breaks, *within)
    paint_furniture(painter, replace(scene, pulses=NO_SEGMENTS, breaks=breaks), theme)
    paint_band(painter, scene, theme)


def paint_words(painter: QPainter, sheet: Sheet, theme: Theme) -> None:
    """Paint what stands above and below the ECG."""
    left, right = sheet.left_mm, sheet.width_mm - sheet.left_mm
    room_mm = right - left
    above_mm = sheet.top_mm - 2.5
    first_mm = above_mm - _LINE_STEP_MM * (len(sheet.head) - 1)
    for number, line in enumerate(sheet.head):
        font = text_font(TITLE_PX if not number else LINE_PX, bold=not number)
        colour = theme.secondary if number else theme.text
        y_mm = first_mm + _LINE_STEP_MM * number
        _write(painter, (left, y_mm), line, font, colour, 0.0, room_mm * 0.56)
    small = text_font(LINE_PX, bold=False)
    for number, line in enumerate(sheet.right):
        y_mm = above_mm - _LINE_STEP_MM * (len(sheet.right) - 1 - number)
        _write(painter, (right, y_mm), line, small, theme.secondary, 1.0, room_mm * 0.42)
    below_mm = sheet.top_mm + sheet.scene.height / PX_PER_MM + 4.6
    for number, texts in enumerate(sheet.foot):
        y_mm = below_mm + _LINE_STEP_MM * number
        for place, text in zip((0.0, 1.0), texts, strict=True):
            colour = theme.text if not number else theme.secondary
            _write(painter, (left + place * room_mm, y_mm), text, small, colour, place)


def _write(
    painter: QPainter,
    place_mm: tuple[float, float],
    text: str,
    font: QFont,
    colour: str,
    align: float = 0.0,
    room_mm: float | None = None,
) -> None:
    # One letter, one sign: a reader that searches the file finds "filters" without its ligature.
    font.setFeature(QFont.Tag("liga"), 0)
    metrics = QFontMetricsF(font)
    if room_mm is not None:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room_mm * PX_PER_MM)
    x = place_mm[0] * PX_PER_MM - align * metrics.horizontalAdvance(text)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QPointF(x, place_mm[1] * PX_PER_MM), text)


def _paint_grid(painter: QPainter, scene: Scene, theme: Theme) -> None:
    page, width, height = scene.page, scene.width, scene.height
    painter.fillRect(QRectF(0, 0, width, height), QColor(theme.paper))
    mm = page.px_per_mm
    for step, thick, colour in (
        (1, GRID_1MM_MM, theme.grid_1mm),
        (5, GRID_5MM_MM, theme.grid_5mm),
    ):
        x = _places(page.left, step * mm, width)
        y = _places(page.baselines[0], step * mm, height)
        upright = np.stack([x, np.zeros_like(x), x, np.full_like(x, height)], axis=1)
        level = np.stack([np.zeros_like(y), y, np.full_like(y, width), y], axis=1)
        pen = flat_pen(QColor(colour), thick * mm)
        draw_segments(painter, np.vstack([upright, level]), pen)


def _places(origin: float, step: float, extent: float) -> NDArray[np.float64]:
    """Where lines of a grid through `origin` lie from 0 to `extent`."""
    first = np.ceil(-origin / step - 1e-6)
    last = np.floor((extent - origin) / step + 1e-6)
    return np.clip(origin + step * np.arange(first, last + 1), 0.0, extent)


def _paint_areas(painter: QPainter, scene: Scene, bars: Sequence[Segments], colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for of_panel in bars:
        for outline in areas(of_panel, scene.width, scene.height):
            painter.drawPolygon(_polygon(outline), Qt.FillRule.WindingFill)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw_lines(painter: QPainter, segments: Segments, pen: QPen) -> None:
    if painter.paintEngine().type() == QPaintEngine.Type.Raster:
        # Dots are set many times faster for lines of two points; round ends close the joints.
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        draw_segments(painter, segments, pen)
        return
    painter.setPen(pen)
    for points in polylines(segments):
        painter.drawPolyline(_polygon(points))


def _polygon(points: NDArray[np.float64]) -> QPolygonF:
    polygon = QPolygonF()
    polygon.resize(len(points))
    # A QPointF is two doubles: the array is copied in at once, not point by point.
    pointer: Any = shiboken6.VoidPtr
    memory = pointer(polygon.data(), 16 * len(points), True)
    np.frombuffer(memory, dtype=np.float64).reshape(-1, 2)[:] = points
    return polygon


def _round_pen(colour: str, width: float) -> QPen:
    """Give a pen with round corners: a sharp peak would else stick out by many times its width."""
    pen = flat_pen(QColor(colour), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
