"""The Bland-Altman plot of the row that is looked at; a click on a point opens its recording."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QToolTip, QWidget

from ecgview.export.axis_ends import axis_ends
from ecgview.gui.agreement_study.frame import Frame, paint_axes
from ecgview.gui.text_size import scaled, small_font
from ecgview.gui.theme import LIGHT, Theme
from ecgview.studies.agreement.results import AgreementReport, MarkerAgreement, Points

Array = NDArray[np.float64]
Against = Literal["real", "mean"]
_REACH_PX = 9.0
_POINT_PX = 4.6
_FADED = 0.82
_MINUS = "\N{MINUS SIGN}"
_HINT = "Click, or Enter: open in the viewer"


class PointPlot(QWidget):
    """The plot; arrows go from point to point, Enter or a click opens the recording."""

    opened = Signal(int)
    """The recording at this place of the report is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._report: AgreementReport | None = None
        self._row: MarkerAgreement | None = None
        self._points = _no_points()
        self._along, self._across = np.zeros(0), np.zeros(0)
        self._against: Against = "real"
        self._ends = ((0.0, 1.0), (0.0, 1.0))
        self._at = -1
        self.setObjectName("agreement-plot")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(220, 160)
        self.setAccessibleName("Bland-Altman plot")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Wider than high."""
        return QSize(460, 340)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def show_row(
        self, report: AgreementReport | None, row: MarkerAgreement | None, against: Against
    ) -> None:
        """Draw the points of a row over the real amplitudes or over the mean."""
        self._report, self._row, self._against = report, row, against
        there = report is not None and row is not None and not row.reason
        self._points = report.points(row) if report and row and there else _no_points()
        real, estimated = self._points.real_uv, self._points.estimated_uv
        self._along = real if against == "real" else (real + estimated) / 2
        self._across = estimated - real
        edges = (row.limits_low_uv, row.limits_high_uv) if row else ()
        self._ends = axis_ends(self._along), axis_ends(self._across, edges)
        self._at = -1
        self.setAccessibleDescription(self._words())
        self.update()

    def _words(self) -> str:
        row = self._row
        if row is None or not len(self._across):
            return "No points"
        return (
            f"{row.marker} in {row.lead}, {len(self._across)} patients: bias {row.bias_uv:.0f} "
            f"microvolts, limits {row.limits_low_uv:.0f} to {row.limits_high_uv:.0f}"
        )

    # Geometry

    def frame(self) -> Frame:
        """Give the axes as they are now."""
        return Frame.in_widget(self.width(), self.height(), *self._ends)

    def place_of(self, point: int) -> QPointF:
        """Give the pixel of a point: of the pairs in their order."""
        return self.frame().point(float(self._along[point]), float(self._across[point]))

    def nearest(self, at: QPointF) -> int:
        """Give the point under the cursor; -1 for none."""
        if not len(self._along):
            return -1
        frame = self.frame()
        x = frame.area.left() + frame.area.width() * _parts(self._along, frame.x_ends)
        y = frame.area.bottom() - frame.area.height() * _parts(self._across, frame.y_ends)
        away = np.hypot(x - at.x(), y - at.y())
        point = int(away.argmin())
        return point if away[point] <= _REACH_PX else -1

    # Events

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Say what is under the cursor."""
        point = self.nearest(event.position())
        self._go_to(point)
        text = self._told(point) if point >= 0 else ""
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if point >= 0 else Qt.CursorShape.ArrowCursor
        )
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Mark nothing."""
        if not self.hasFocus():
            self._go_to(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Open what is under the cursor."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._open(self.nearest(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Go along the points from left to right, or open the one marked."""
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and len(self._along):
            order = np.argsort(self._along, kind="stable")
            here = int(np.flatnonzero(order == self._at)[0]) if self._at >= 0 else -1
            step = 1 if key == Qt.Key.Key_Right else -1
            self._go_to(int(order[(here + step) % len(order)]))
            self.setAccessibleDescription(self._told(self._at))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self._at)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Show where the keyboard is."""
        super().focusOutEvent(event)
        self._go_to(-1)

    def _go_to(self, point: int) -> None:
        if point != self._at:
            self._at = point
            self.update()

    def _open(self, point: int) -> None:
        if point >= 0:
            self.opened.emit(int(self._points.rows[point]))

    def _told(self, point: int) -> str:
        assert self._report is not None
        name = self._report.recordings[int(self._points.rows[point])].name
        real, made = (
            f"{float(values[point]):.0f}".replace("-", _MINUS)
            for values in (self._points.real_uv, self._points.estimated_uv)
        )
        return f"{name}\nreal {real} µV, reconstructed {made} µV\n{_HINT}"

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw axes, points and lines."""
        painter = QPainter(self)
        theme, row = self._theme, self._row
        if row is None or not len(self._along):
            painter.setPen(QColor(theme.secondary))
            words = row.reason if row is not None and row.reason else "No points"
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
            painter.end()
            return
        frame = self.frame()
        along = "real amplitude (µV)" if self._against == "real" else "mean of both (µV)"
        paint_axes(painter, frame, theme, (along, f"reconstructed {_MINUS} real (µV)"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_points(painter, frame)
        self._paint_lines(painter, frame, row)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _paint_points(self, painter: QPainter, frame: Frame) -> None:
        colour = QColor(self._theme.accent)
        colour.setAlphaF(min(0.8, max(0.28, 12 / math.sqrt(len(self._along)))))
        pen = QPen(colour, _POINT_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        inside, beyond = QPolygonF(), []
        for x, y in zip(self._along.tolist(), self._across.tolist(), strict=True):
            if frame.holds(x, y):
                inside.append(frame.point(x, y))
            else:
                beyond.append(frame.point(x, y))
        painter.drawPoints(inside)
        painter.setPen(QPen(QColor(self._theme.accent), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for at in beyond:
            painter.drawPolygon(
                [at + QPointF(0, -4), at + QPointF(4, 3), at + QPointF(-4, 3)]
            )  # fmt: skip
        if self._at >= 0:
            painter.setPen(QPen(QColor(self._theme.text), 1.6))
            painter.drawEllipse(self.place_of(self._at), 5.0, 5.0)

    def _paint_lines(self, painter: QPainter, frame: Frame, row: MarkerAgreement) -> None:
        theme, (left, right) = self._theme, frame.x_ends
        zero = QPen(QColor(theme.disabled), 1)
        solid, dashed = QPen(QColor(theme.text), 1.4), QPen(QColor(theme.text), 1.1)
        dashed.setDashPattern([4, 3])
        lines = (
            (0.0, zero, ""),
            (row.bias_uv, solid, "bias"),
            (row.limits_high_uv, dashed, "+1.96 SD"),
            (row.limits_low_uv, dashed, f"{_MINUS}1.96 SD"),
        )
        painter.setFont(small_font())
        for value, pen, words in lines:
            if math.isfinite(value) and frame.y_ends[0] <= value <= frame.y_ends[1]:
                painter.setPen(pen)
                start, end = frame.point(left, value), frame.point(right, value)
                painter.drawLine(start, end)
                if words:
                    self._paint_words(painter, frame, end, f"{words} {value:+.0f}")
        self._paint_leaning(painter, frame, row)

    def _paint_words(self, painter: QPainter, frame: Frame, end: QPointF, text: str) -> None:
        """Write over the end of a line, or below it where there is no room above; points fade."""
        text, high = text.replace("-", _MINUS), scaled(15)
        wide = painter.fontMetrics().horizontalAdvance(text) + 4
        is_low = end.y() - high - 1 < frame.area.top()
        place = QRectF(end.x() - wide, end.y() + (1 if is_low else -high - 1), wide, high)
        ground = QColor(self._theme.panel)
        ground.setAlphaF(_FADED)
        painter.fillRect(place, ground)
        painter.drawText(place.adjusted(0, 0, -2, 0), _RIGHT, text)

    def _paint_leaning(self, painter: QPainter, frame: Frame, row: MarkerAgreement) -> None:
        slope, start = (
            (row.slope_on_real, row.intercept_on_real_uv)
            if self._against == "real"
            else (row.slope_on_mean, row.intercept_on_mean_uv)
        )
        if math.isfinite(slope):
            painter.setPen(QPen(QColor(self._theme.estimate_3), 1.8))
            painter.setClipRect(frame.area)
            low, high = float(self._along.min()), float(self._along.max())
            ends = [_unclamped(frame, x, start + slope * x) for x in (low, high)]
            painter.drawLine(*ends)
            painter.setClipping(False)
            foot = frame.area.adjusted(4, 0, 0, -4)
            painter.drawText(foot, _LEFT_BOTTOM, "line of the differences")


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT_BOTTOM = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom


def _no_points() -> Points:
    return Points(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


def _parts(values: Array, ends: tuple[float, float]) -> Array:
    return np.clip((values - ends[0]) / (ends[1] - ends[0]), 0.0, 1.0)


def _unclamped(frame: Frame, x: float, y: float) -> QPointF:
    (left, right), (low, high), area = frame.x_ends, frame.y_ends, frame.area
    return QPointF(
        area.left() + (x - left) / (right - left) * area.width(),
        area.bottom() - (y - low) / (high - low) * area.height(),
    )
