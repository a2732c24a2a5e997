"""PCC of each rebuilt lead, epoch by epoch, as a small heat map."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from ecgview.engine.runs import EpochRecord
from ecgview.gui.colours import blend
from ecgview.gui.text_size import small_font
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.training.scales import epoch_ticks
from ecgview.leads import CHEST_LEADS

_LEFT, _RIGHT, _TOP, _BOTTOM = 26, 40, 8, 22
_GAP = 1.0
# PCCs below this share the palest colour: what matters happens above.
LOWEST_PCC = 0.0


def table_of(
    history: Sequence[EpochRecord],
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Arrange the correlations.

    Parameters
    ----------
    history : sequence of EpochRecord
        Epoch by epoch.

    Returns
    -------
    leads : tuple of str
        Those that were rebuilt, in order.
    pcc : ndarray, shape (leads, epochs)
        NaN where an epoch has none.
    """
    leads = tuple(lead for lead in CHEST_LEADS if any(lead in record.pcc for record in history))
    rows = [[record.pcc.get(lead, np.nan) for record in history] for lead in leads]
    return leads, np.array(rows, dtype=np.float64).reshape(len(leads), len(history))


class HeatMap(QWidget):
    """The map; the latest figures stand at its right. Clicking chooses an epoch."""

    epoch_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._leads: tuple[str, ...] = ()
        self._pcc: NDArray[np.float64] = np.empty((0, 0))
        self._epochs = 1
        self._cursor = 0
        self.setMinimumHeight(120)
        self.setMouseTracking(True)
        self.setAccessibleName("PCC by lead and epoch")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Wider than high."""
        return QSize(260, 180)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def show_history(self, history: Sequence[EpochRecord], epochs: int, cursor: int = 0) -> None:
        """Draw the correlations of a run of at most `epochs` epochs; mark one of them."""
        self._leads, self._pcc = table_of(history)
        self._epochs, self._cursor = max(epochs, len(history), 1), cursor
        figures = [f"{lead} {value:.2f}" for lead, value in zip(self._leads, self._at(cursor))]  # noqa: B905
        self.setAccessibleDescription(", ".join(figures))
        self.update()

    def _at(self, epoch: int) -> NDArray[np.float64]:
        """Figures of an epoch; of the last one where none is marked."""
        if not self._pcc.size:
            return np.empty(0)
        return self._pcc[:, min(epoch, self._pcc.shape[1]) - 1 if epoch else -1]

    # Geometry

    def _plot(self) -> QRectF:
        return QRectF(
            _LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM
        )  # fmt: skip

    def _cell(self, row: int, first: int, stop: int) -> QRectF:
        plot = self._plot()
        height, width = plot.height() / len(self._leads), plot.width() / self._epochs
        gap = _GAP if width > 4 else 0.0
        left, right = plot.left() + first * width, plot.left() + stop * width
        return QRectF(
            left, plot.top() + row * height, max(right - left - gap, 0.5), height - _GAP
        )  # fmt: skip

    def _place(self, at: QPointF) -> tuple[int, int]:
        """Row and epoch under the cursor."""
        plot = self._plot()
        row = floor((at.y() - plot.top()) / max(plot.height(), 1) * len(self._leads))
        epoch = 1 + floor((at.x() - plot.left()) / max(plot.width(), 1) * self._epochs)
        return row, min(max(epoch, 1), self._epochs)

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose the epoch under the cursor."""
        if event.button() == Qt.MouseButton.LeftButton and self._leads:
            self.epoch_chosen.emit(self._place(event.position())[1])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell the figure under the cursor; choose the epoch while dragging."""
        if not self._leads:
            return
        row, epoch = self._place(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.epoch_chosen.emit(epoch)
        text = ""
        if 0 <= row < len(self._leads) and epoch <= self._pcc.shape[1]:
            text = f"{self._leads[row]}, epoch {epoch}: PCC {self._pcc[row, epoch - 1]:.3f}"
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the map."""
        painter = QPainter(self)
        painter.setFont(small_font())
        plot, theme = self._plot(), self._theme
        if not self._leads:
            painter.setPen(QColor(theme.secondary))
            painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, "After the first epoch")
            painter.end()
            return
        for row, lead in enumerate(self._leads):
            self._paint_row(painter, row, lead)
        painter.setPen(QColor(theme.secondary))
        painter.setFont(small_font())
        for epoch in epoch_ticks(self._epochs, 5):
            x = plot.left() + (epoch - 0.5) * plot.width() / self._epochs
            painter.drawText(QRectF(x - 30, plot.bottom() + 5, 60, 16), _CENTRE, str(epoch))
        if self._cursor:
            left = self._cell(0, self._cursor - 1, self._cursor)
            frame = QRectF(left.left(), plot.top(), left.width(), plot.height() - _GAP)
            painter.setPen(QPen(QColor(theme.text), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(frame.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.end()

    def _paint_row(self, painter: QPainter, row: int, lead: str) -> None:
        theme, plot = self._theme, self._plot()
        done = self._pcc.shape[1]
        whole = self._cell(row, 0, self._epochs)
        painter.fillRect(whole, QColor(blend(theme.panel, theme.control, 0.6)))
        # No more columns than pixels: the last epoch of each stands for the others.
        step = max(1, floor(self._epochs / max(plot.width(), 1)))
        for first in range(0, done, step):
            stop = min(first + step, done)
            value = self._pcc[row, stop - 1]
            if np.isfinite(value):
                painter.fillRect(self._cell(row, first, stop), self.colour(float(value)))
        font = QFont(small_font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        painter.drawText(QRectF(0, whole.top(), _LEFT - 6, whole.height()), _LEFT_ALIGNED, lead)
        painter.setFont(small_font())
        figure = self._at(self._cursor)[row]
        text = f"{figure:.2f}" if np.isfinite(figure) else "n/a"
        place = QRectF(plot.right(), whole.top(), _RIGHT, whole.height())
        painter.drawText(place, _RIGHT_ALIGNED, text)

    def colour(self, pcc: float) -> QColor:
        """Give the colour of a correlation: paler for lower ones."""
        part = min(max((pcc - LOWEST_PCC) / (1 - LOWEST_PCC), 0.0), 1.0)
        return QColor(blend(self._theme.accent_soft, self._theme.accent, part**2))


_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT_ALIGNED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT_ALIGNED = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
