"""Paint a vectorcardiogram with any QPainter."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from ecgview.gui.theme import Theme
from ecgview.gui.viewer.overlays import DASHES_PX
from ecgview.gui.viewer.vectorcardiogram_parts import Line, LoopScene, Panel, Tone, Word

_WIDTH_PX = {"QRS": 1.6, "T": 1.6, "P": 1.0}
_WORD_PX, _TITLE_PX = 11, 13
_DOT_PX, _ARROW_PX = 1.9, 8.0
_FINEST_GRID_PX = 5.0


def paint_loops(painter: QPainter, scene: LoopScene, theme: Theme) -> None:
    """Paint planes, loops and words.

    Parameters
    ----------
    painter : QPainter
        Set up so that its units are the scene's logical pixels.
    scene : LoopScene
        What to draw.
    theme : Theme
        In which colours.
    """
    painter.fillRect(QRectF(0, 0, scene.width, scene.height), QColor(theme.background))
    for panel in scene.panels:
        painter.save()
        painter.setClipRect(QRectF(panel.x, panel.y, panel.width, panel.height))
        _paint_grid(painter, panel, scene.px_per_mv, theme)
        _paint_panel(painter, panel, theme, scene.text_scale)
        painter.restore()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for tone, x, y in scene.swatches:
        painter.setPen(_line_pen(tone, _colour(tone, theme), 2.0))
        painter.drawLine(QPointF(x, y), QPointF(x + 26, y))
    for word in scene.words:
        _paint_word(painter, word, theme, scene.text_scale, halo=None)


def _colour(tone: Tone, theme: Theme) -> QColor:
    return QColor(getattr(theme, tone))


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def _line_pen(tone: Tone, colour: QColor, width: float) -> QPen:
    """Give the pen of a loop: dashes tell the reconstruction apart without its colour."""
    pen = _pen(colour, width)
    if tone == "reconstruction":
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([part / width for part in DASHES_PX[0]])
    return pen


def _paint_grid(painter: QPainter, panel: Panel, px_per_mv: float, theme: Theme) -> None:
    """Paint a millivolt grid through the origin, and the two axes."""
    place = QRectF(panel.x, panel.y, panel.width, panel.height)
    painter.fillRect(place, QColor(theme.paper))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    steps = ((0.1, theme.grid_1mm), (0.5, theme.grid_5mm))
    for step_mv, colour in steps:
        if step_mv * px_per_mv < _FINEST_GRID_PX:
            continue
        painter.setPen(QPen(QColor(colour), 0))
        for x in _places(panel.origin[0], step_mv * px_per_mv, panel.x, panel.width):
            painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
        for y in _places(panel.origin[1], step_mv * px_per_mv, panel.y, panel.height):
            painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(_pen(QColor(theme.secondary), 1.0))
    x, y = panel.origin
    painter.drawLine(QPointF(place.left() + 6, y), QPointF(place.right() - 8, y))
    painter.drawLine(QPointF(x, place.top() + 6), QPointF(x, place.bottom() - 8))
    up = panel.plane.down.sign < 0
    _paint_arrow(painter, (place.right() - 6, y, 1.0, 0.0), QColor(theme.secondary))
    end = place.top() + 6 if up else place.bottom() - 6
    _paint_arrow(painter, (x, end, 0.0, -1.0 if up else 1.0), QColor(theme.secondary))


def _places(origin: float, step: float, start: float, length: float) -> list[float]:
    first = origin + np.ceil((start - origin) / step) * step
    return [float(place) for place in np.arange(first, start + length, step)]


def _paint_panel(painter: QPainter, panel: Panel, theme: Theme, text_scale: float) -> None:
    for line in panel.lines:
        _paint_line(painter, line, theme)
    painter.setPen(Qt.PenStyle.NoPen)
    for tone, points in panel.dots:
        painter.setBrush(_colour(tone, theme))
        for x, y in points:
            painter.drawEllipse(QPointF(x, y), _DOT_PX, _DOT_PX)
    for tone, arrow in panel.arrows:
        _paint_arrow(painter, arrow, _colour(tone, theme))
    for word in panel.words:
        _paint_word(painter, word, theme, text_scale, halo=theme.paper)


def _paint_line(painter: QPainter, line: Line, theme: Theme) -> None:
    colour = _colour(line.tone, theme)
    if line.part == "P":
        colour.setAlphaF(0.55)
    painter.setPen(_line_pen(line.tone, colour, _WIDTH_PX[line.part]))
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line.points]))


def _paint_arrow(
    painter: QPainter, arrow: tuple[float, float, float, float], colour: QColor
) -> None:
    x, y, dx, dy = arrow
    half = _ARROW_PX / 2
    tip = QPointF(x + half * dx, y + half * dy)
    back_x, back_y = x - half * dx, y - half * dy
    side_x, side_y = -0.42 * _ARROW_PX * dy, 0.42 * _ARROW_PX * dx
    corners = [
        tip,
        QPointF(back_x + side_x, back_y + side_y),
        QPointF(back_x - side_x, back_y - side_y),
    ]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF(corners))


def _paint_word(
    painter: QPainter, word: Word, theme: Theme, scale: float, *, halo: str | None
) -> None:
    font = QFont()
    font.setPixelSize(round((_TITLE_PX if word.bold else _WORD_PX) * scale))
    font.setBold(word.bold)
    width = QFontMetricsF(font).horizontalAdvance(word.text)
    place = QPointF(word.x - {"left": 0.0, "centre": 0.5, "right": 1.0}[word.align] * width, word.y)
    if halo is not None:
        path = QPainterPath()
        path.addText(place, font, word.text)
        painter.strokePath(path, _pen(QColor(halo), 3.5))
    painter.setFont(font)
    painter.setPen(_colour("text" if word.bold else word.tone, theme))
    painter.drawText(place, word.text)
