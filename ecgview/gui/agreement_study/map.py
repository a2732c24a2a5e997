"""v against r-squared of all markers and leads shown; a click looks at one of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from ecgview.export.agreement_words import known_share
from ecgview.export.label_places import placed
from ecgview.gui.agreement_study.frame import Frame, paint_axes
from ecgview.gui.agreement_study.state import Key
from ecgview.gui.text_size import scaled, small_font
from ecgview.gui.theme import LIGHT, Theme
from ecgview.studies.agreement.results import MARKERS, MarkerAgreement

COLOURS = ("estimate_3", "accent", "estimate_2", "estimate_4", "estimate_1")
"""Tokens of the theme for P, R, S, ST and T."""
_REACH_PX = 10.0
_RADIUS_PX = 3.6
_DESCENT_PX = 2.0
_LEAST_TOP, _MOST_TOP = 1.1, 2.2
_ABOVE = "invented variance"


class VarianceMap(QWidget):
    """The map: a colour a marker, named by lead; the diagonal is where v = r-squared."""

    chosen = Signal(str, str)
    """This lead and marker is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._rows: tuple[MarkerAgreement, ...] = ()
        self._key: Key = ("", "")
        self.setObjectName("agreement-map")
        self.setMouseTracking(True)
        self.setMinimumSize(220, 160)
        self.setAccessibleName("Variance ratio against r-squared")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Wider than high."""
        return QSize(460, 340)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def show_rows(self, rows: Sequence[MarkerAgreement], chosen: Key) -> None:
        """Draw rows, one of which is looked at."""
        self._rows = tuple(
            row for row in rows if math.isfinite(row.r2) and math.isfinite(row.variance_ratio)
        )
        self._key = chosen
        told = ", ".join(f"{row.lead} {row.marker} {row.reading}" for row in self._rows)
        self.setAccessibleDescription(told)
        self.update()

    def frame(self) -> Frame:
        """Give the axes as they are now."""
        highest = max((row.variance_ratio for row in self._rows), default=1.0)
        top = min(max(highest * 1.06, _LEAST_TOP), _MOST_TOP)
        return Frame.in_widget(self.width(), self.height(), (0.0, 1.0), (0.0, top))

    def place_of(self, row: MarkerAgreement) -> QPointF:
        """Give the pixel of a row."""
        return self.frame().point(known_share(row), row.variance_ratio)

    def _nearest(self, at: QPointF) -> MarkerAgreement | None:
        def away(row: MarkerAgreement) -> float:
            offset = self.place_of(row) - at
            return math.hypot(offset.x(), offset.y())

        nearest = min(self._rows, key=away, default=None)
        return nearest if nearest is not None and away(nearest) <= _REACH_PX else None

    # Events

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Say what is under the cursor."""
        row, text = self._nearest(event.position()), ""
        if row is not None:
            figures = f"v {row.variance_ratio:.2f}, r {row.r:.2f}"
            text = f"{row.marker} in {row.lead}: {figures}\n{row.reading}"
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Look at what is under the cursor."""
        row = self._nearest(event.position())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(row.lead, row.marker)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw regions, axes and points."""
        painter = QPainter(self)
        frame, theme = self.frame(), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_regions(painter, frame)
        names = ("r² between real and reconstructed", "v = variance ratio")
        paint_axes(painter, frame, theme, names)
        painter.setPen(QPen(QColor(theme.text), 1.2))
        painter.drawLine(frame.point(0, 0), frame.point(1, 1))
        for row in self._rows:
            self._paint_point(painter, row)
        self._paint_names(painter, frame)
        self._paint_legend(painter, frame)
        painter.end()

    def _paint_regions(self, painter: QPainter, frame: Frame) -> None:
        theme, area = self._theme, frame.area
        top = frame.y_ends[1]
        corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent_soft))
        painter.drawPolygon(QPolygonF([frame.point(*corner) for corner in corners]))
        painter.setBrush(QColor(theme.warning_soft))
        corners = [(0.0, 0.0), (1.0, 1.0), (1.0, top), (0.0, top)]
        painter.drawPolygon(QPolygonF([frame.point(*corner) for corner in corners]))
        painter.setFont(small_font())
        painter.setPen(QColor(theme.secondary))
        inside = area.adjusted(8, 6, -8, -6)
        left_top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        right_bottom = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(inside, left_top, _ABOVE)
        painter.drawText(inside, right_bottom, "over-shrunk")

    def _colour(self, row: MarkerAgreement) -> QColor:
        return QColor(getattr(self._theme, COLOURS[MARKERS.index(row.marker)]))

    def _is_chosen(self, row: MarkerAgreement) -> bool:
        return (row.lead, row.marker) == self._key

    def _paint_point(self, painter: QPainter, row: MarkerAgreement) -> None:
        chosen = self._is_chosen(row)
        painter.setPen(QPen(QColor(self._theme.text if chosen else self._theme.panel), 1.6))
        painter.setBrush(self._colour(row))
        radius = _RADIUS_PX + (2.0 if chosen else 0.0)
        painter.drawEllipse(self.place_of(row), radius, radius)

    def _paint_names(self, painter: QPainter, frame: Frame) -> None:
        """Name the points by their leads where there is room, the one looked at first."""
        rows = sorted(self._rows, key=lambda row: not self._is_chosen(row))
        area, font = frame.area, small_font()
        points = [self.place_of(row) for row in rows]
        upright = [(at.x() - area.left(), area.bottom() - at.y()) for at in points]
        names, room = [row.lead for row in rows], (area.width(), area.height())
        places = placed(upright, names, font.pixelSize(), _RADIUS_PX + 1, room)
        for row, place in zip(rows, places, strict=True):
            if place is not None:
                chosen = self._is_chosen(row)
                font.setBold(chosen)
                painter.setFont(font)
                painter.setPen(QColor(self._theme.text) if chosen else self._colour(row))
                at = QPointF(area.left() + place[0], area.bottom() - place[1] - _DESCENT_PX)
                painter.drawText(at, row.lead)

    def _paint_legend(self, painter: QPainter, frame: Frame) -> None:
        font = small_font()
        painter.setFont(font)
        x, y = frame.area.right() - 8.0, frame.area.top() + scaled(12)
        present = [marker for marker in MARKERS if any(r.marker == marker for r in self._rows)]
        words = painter.fontMetrics().horizontalAdvance
        if sum(words(marker) + 22 for marker in present) + words(_ABOVE) + 24 > frame.area.width():
            y += scaled(16)  # below the name of the region
        for marker in reversed(present):
            width = painter.fontMetrics().horizontalAdvance(marker)
            colour = QColor(getattr(self._theme, COLOURS[MARKERS.index(marker)]))
            painter.setPen(QColor(self._theme.text))
            painter.drawText(QPointF(x - width, y + scaled(4)), marker)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(x - width - 8, y), _RADIUS_PX, _RADIUS_PX)
            x -= width + 22
