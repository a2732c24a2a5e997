"""Paint a `Drawing`, such as calipers and marks, over a page."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from ecgview.gui.theme import Theme
from ecgview.gui.viewer import lines
from ecgview.gui.viewer.drawing import Drawing, Words
from ecgview.gui.viewer.paint import draw_segments, faded, flat_pen, paint_text, text_font

_MOST_RECTANGLES = 600


def paint_drawing(painter: QPainter, drawing: Drawing, theme: Theme) -> None:
    """Paint bars, lines and words in the colours of a theme."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for bar in drawing.bars:
        colour = faded(getattr(theme, bar.colour), bar.alpha)
        painter.fillRect(QRectF(bar.x, bar.y, bar.width, bar.height), colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for strokes in drawing.strokes:
        segments = strokes.segments
        if strokes.dashes is not None:
            segments = lines.dashed(segments, *strokes.dashes)
        colour = faded(getattr(theme, strokes.colour), strokes.alpha)
        if len(segments) <= _MOST_RECTANGLES and _is_upright_or_level(segments):
            _fill_segments(painter, segments, strokes.width, colour)
        else:
            draw_segments(painter, segments, flat_pen(colour, strokes.width))
    for words in drawing.words:
        _paint_words(painter, words, theme)


def _is_upright_or_level(segments: lines.Segments) -> bool:
    x, y, to_x, to_y = segments.T
    return bool(((x == to_x) | (y == to_y)).all())


def _fill_segments(
    painter: QPainter, segments: lines.Segments, width: float, colour: QColor
) -> None:
    """Draw lines along the axes: sharp, and for long ones in a fraction of the time of a pen."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    half = width / 2
    for x, y, to_x, to_y in segments.tolist():
        box = QRectF(QPointF(x, y), QPointF(to_x, to_y)).normalized()
        if x == to_x:
            painter.fillRect(box.adjusted(-half, 0, half, 0), colour)
        else:
            painter.fillRect(box.adjusted(0, -half, 0, half), colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _paint_words(painter: QPainter, words: Words, theme: Theme) -> None:
    font = text_font(words.size_px, bold=words.bold)
    left = words.x - words.align * QFontMetricsF(font).horizontalAdvance(words.text)
    colour = QColor(getattr(theme, words.colour)).name()
    paint_text(painter, QPointF(left, words.y), words.text, font, colour, theme.paper)
