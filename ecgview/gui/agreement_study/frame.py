"""Axes of the page's plots: values to pixels and back, ticks, and how they are painted."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ecgview.gui.text_size import scaled, small_font
from ecgview.gui.theme import Theme
from ecgview.gui.training.scales import nice_step

_LEFT_PX, _RIGHT_PX, _TOP_PX, _BOTTOM_PX = 64, 14, 10, 40
_MINUS = "\N{MINUS SIGN}"
_PX_PER_TICK = 62.0


@dataclass(frozen=True)
class Frame:
    """A plot in a widget.

    Attributes
    ----------
    area : QRectF
        Inside of the axes, in pixels.
    x_ends, y_ends : tuple of float
        Values at their ends.
    """

    area: QRectF
    x_ends: tuple[float, float]
    y_ends: tuple[float, float]

    @classmethod
    def in_widget(
        cls, width: float, height: float, x_ends: tuple[float, float], y_ends: tuple[float, float]
    ) -> Frame:
        """Leave room for the words of axes, as large as they are."""
        left, bottom = scaled(_LEFT_PX), scaled(_BOTTOM_PX)
        area = QRectF(left, _TOP_PX, width - left - _RIGHT_PX, height - _TOP_PX - bottom)
        return cls(area, x_ends, y_ends)

    def point(self, x: float, y: float) -> QPointF:
        """Give the pixel of two values; what lies beyond an axis stands at its end."""
        right, up = _part(x, self.x_ends), _part(y, self.y_ends)
        return QPointF(
            self.area.left() + right * self.area.width(),
            self.area.bottom() - up * self.area.height(),
        )

    def holds(self, x: float, y: float) -> bool:
        """Tell whether two values lie inside of the axes."""
        return self.x_ends[0] <= x <= self.x_ends[1] and self.y_ends[0] <= y <= self.y_ends[1]


def _part(value: float, ends: tuple[float, float]) -> float:
    return min(max((value - ends[0]) / (ends[1] - ends[0]), 0.0), 1.0)


def ticks_of(ends: tuple[float, float], length_px: float) -> list[float]:
    """Choose round values to name on an axis of so many pixels."""
    most = max(length_px / scaled(_PX_PER_TICK, 0.7), 1.5)
    step = nice_step((ends[1] - ends[0]) / most)
    first = math.ceil(ends[0] / step - 1e-9)
    last = math.floor(ends[1] / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def tick_words(value: float) -> str:
    """Write a value beside an axis."""
    return f"{value:.6g}".replace("-", _MINUS) if abs(value) > 1e-9 else "0"


def paint_axes(painter: QPainter, frame: Frame, theme: Theme, names: tuple[str, str]) -> None:
    """Paint grid lines, values and names of both axes."""
    area = frame.area
    painter.setFont(small_font())
    line, words = QPen(QColor(theme.hairline), 1), QColor(theme.secondary)
    high = scaled(16)
    for value in ticks_of(frame.y_ends, area.height()):
        y = round(frame.point(frame.x_ends[0], value).y()) + 0.5
        painter.setPen(line)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(words)
        place = QRectF(high, y - high / 2, area.left() - high - 6, high)
        painter.drawText(place, _RIGHT, tick_words(value))
    for value in ticks_of(frame.x_ends, area.width()):
        x = round(frame.point(value, frame.y_ends[0]).x()) + 0.5
        painter.setPen(line)
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(words)
        place = QRectF(x - 40, area.bottom() + 3, 80, high)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, tick_words(value))
    _paint_names(painter, area, names, high)


def _paint_names(painter: QPainter, area: QRectF, names: tuple[str, str], high: float) -> None:
    below = QRectF(area.left(), area.bottom() + 3 + high, area.width(), high)
    cut = painter.fontMetrics().elidedText
    along = cut(names[0], Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(below, Qt.AlignmentFlag.AlignCenter, along)
    painter.save()
    painter.translate(2, area.center().y())
    painter.rotate(-90)
    beside = QRectF(-area.height() / 2, 0, area.height(), high)
    up = cut(names[1], Qt.TextElideMode.ElideRight, int(area.height()))
    painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, up)
    painter.restore()


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
