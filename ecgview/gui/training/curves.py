"""Losses by epoch, of one run or of two over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from ecgview.engine.runs import EpochRecord
from ecgview.gui.text_size import hold, small_font
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.training.scales import Scale, epoch_ticks, loss_scale, tick_text
from ecgview.gui.training.state import Course, best_of

_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 8, 22
_DASHES = [4.0, 2.5]


@dataclass(frozen=True)
class Curve:
    """One line.

    Attributes
    ----------
    name : str
        For tooltips.
    epochs, values : tuple
        Points, in order.
    colour : str
        A token of the theme.
    is_dashed : bool
        Training losses are dashed, validation losses solid.
    best_epoch : int
        Marked with a dot; 0 for none.
    """

    name: str
    epochs: tuple[int, ...]
    values: tuple[float, ...]
    colour: str
    is_dashed: bool
    best_epoch: int = 0


def curves_of(history: Sequence[EpochRecord], colour: str, prefix: str = "") -> tuple[Curve, ...]:
    """Give training and validation loss of a run as curves."""
    training = Curve(
        f"{prefix}training loss",
        tuple(record.epoch for record in history),
        tuple(record.loss for record in history),
        colour,
        is_dashed=True,
    )
    checked = [(r.epoch, r.validation_loss) for r in history if r.validation_loss is not None]
    if not checked:
        return (training,)
    best = best_of(tuple(history))
    validation = Curve(
        f"{prefix}validation loss",
        tuple(epoch for epoch, _ in checked),
        tuple(loss for _, loss in checked),
        colour,
        is_dashed=False,
        best_epoch=best.epoch if best else 0,
    )
    return training, validation


class CurvePlot(QWidget):
    """The plot; clicking or dragging in it chooses an epoch."""

    epoch_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._curves: tuple[Curve, ...] = ()
        self._epochs = 1
        self._cursor = 0
        self._scale: Scale = loss_scale(())
        self.setMinimumHeight(120)
        self.setMouseTracking(True)
        self.setAccessibleName("Loss by epoch")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Wider than high."""
        return QSize(360, 180)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def show_curves(self, curves: Sequence[Curve], epochs: int, cursor: int = 0) -> None:
        """Draw curves.

        Parameters
        ----------
        curves : sequence of Curve
            Later ones on top.
        epochs : int
            Length of the axis.
        cursor : int
            Epoch that an upright line marks; 0 for none.
        """
        self._curves, self._epochs, self._cursor = tuple(curves), max(epochs, 1), cursor
        self._scale = loss_scale(value for curve in self._curves for value in curve.values)
        last = [f"{curve.name} {curve.values[-1]:.4g}" for curve in curves if curve.values]
        self.setAccessibleDescription(", ".join(last))
        self.update()

    # Geometry

    def _plot(self) -> QRectF:
        return QRectF(
            _LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM
        )  # fmt: skip

    def _x(self, epoch: float) -> float:
        plot = self._plot()
        return plot.left() + plot.width() * (epoch - 1) / max(self._epochs - 1, 1)

    def _point(self, epoch: int, value: float) -> QPointF:
        plot = self._plot()
        return QPointF(self._x(epoch), plot.bottom() - plot.height() * self._scale.place(value))

    def _epoch_at(self, x: float) -> int:
        plot = self._plot()
        part = (x - plot.left()) / max(plot.width(), 1.0)
        return min(max(1 + round(part * (self._epochs - 1)), 1), self._epochs)

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose the epoch under the cursor."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.epoch_chosen.emit(self._epoch_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell the values of the epoch under the cursor; choose it while dragging."""
        epoch = self._epoch_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.epoch_chosen.emit(epoch)
        lines = [
            f"{curve.name}: {curve.values[curve.epochs.index(epoch)]:.4g}"
            for curve in self._curves
            if epoch in curve.epochs
        ]
        text = "\n".join([f"Epoch {epoch}", *lines]) if lines else ""
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw axes and curves."""
        painter = QPainter(self)
        painter.setFont(small_font())
        if not any(curve.values for curve in self._curves):
            painter.setPen(QColor(self._theme.secondary))
            painter.drawText(self._plot(), Qt.AlignmentFlag.AlignCenter, "After the first epoch")
            painter.end()
            return
        self._paint_axes(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for curve in self._curves:
            self._paint_curve(painter, curve)
        painter.end()

    def _paint_axes(self, painter: QPainter) -> None:
        plot, theme = self._plot(), self._theme
        words = QColor(theme.secondary)
        for value in self._scale.ticks:
            y = round(self._point(1, value).y()) + 0.5
            painter.setPen(QPen(QColor(theme.hairline), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(words)
            place = QRectF(0, y - 8, _LEFT - 8, 16)
            painter.drawText(place, _RIGHT_ALIGNED, tick_text(value))
        painter.setPen(words)
        for epoch in epoch_ticks(self._epochs):
            place = QRectF(self._x(epoch) - 30, plot.bottom() + 5, 60, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(epoch))
        if self._cursor:
            painter.setPen(QPen(QColor(theme.disabled), 1))
            x = round(self._x(self._cursor)) + 0.5
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))

    def _paint_curve(self, painter: QPainter, curve: Curve) -> None:
        colour = QColor(getattr(self._theme, curve.colour))
        pen = QPen(colour, 1.25 if curve.is_dashed else 1.8)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if curve.is_dashed:
            pen.setDashPattern(_DASHES)
        painter.setPen(pen)
        points = [
            self._point(epoch, value)
            for epoch, value in zip(curve.epochs, curve.values, strict=True)
        ]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if len(points) == 1:
            painter.drawEllipse(points[0], 2.0, 2.0)
        if curve.best_epoch in curve.epochs:
            best = points[curve.epochs.index(curve.best_epoch)]
            painter.setBrush(QColor(self._theme.panel))
            painter.setPen(QPen(colour, 1.8))
            painter.drawEllipse(best, 3.6, 3.6)


_RIGHT_ALIGNED = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Legend(QWidget):
    """Names of lines with a stroke as they are drawn, in one row."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._entries: tuple[tuple[str, str, bool], ...] = ()
        hold(self, height=18)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def show_entries(self, entries: Sequence[tuple[str, str, bool]]) -> None:
        """Name lines: words, colour token, whether dashed."""
        self._entries = tuple(entries)
        self.setAccessibleName(", ".join(words for words, _, _ in entries))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As wide as the words."""
        return QSize(int(self._width()), 18)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As wide as the words."""
        return self.sizeHint()

    def _width(self) -> float:
        metrics = self.fontMetrics()
        return sum(metrics.horizontalAdvance(words) + 38 for words, _, _ in self._entries)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw strokes and words, to the right edge."""
        painter = QPainter(self)
        painter.setFont(small_font())
        metrics = painter.fontMetrics()
        x = float(self.width())
        for words, colour, is_dashed in reversed(self._entries):
            width = metrics.horizontalAdvance(words)
            x -= width
            painter.setPen(QColor(self._theme.secondary))
            painter.drawText(QRectF(x, 0, width + 2, self.height()), _LEFT_ALIGNED, words)
            pen = QPen(QColor(getattr(self._theme, colour)), 1.25 if is_dashed else 1.8)
            if is_dashed:
                pen.setDashPattern(_DASHES)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            middle = self.height() / 2
            painter.drawLine(QPointF(x - 24, middle), QPointF(x - 6, middle))
            x -= 38
        painter.end()


_LEFT_ALIGNED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def legend_of(course: Course) -> list[tuple[str, str, bool]]:
    """Name the two losses of a run with their latest values."""
    if not course.history:
        return []
    last = course.history[-1]
    entries = [(f"training {last.loss:#.3g}", "accent", True)]
    if last.validation_loss is not None:
        entries.append((f"validation {last.validation_loss:#.3g}", "accent", False))
    return entries
