"""One signal's first seconds in a row of the import dialog, on paper as in the window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ecgview.gui.importing.tracing import ROW_PX, TRACED_S
from ecgview.gui.theme import Theme
from ecgview.gui.viewer import lines
from ecgview.gui.viewer.paint import GRID_5MM_PX, TRACE_PX, draw_segments

GRID_S = 0.2
GRID_MV = 0.5
_LEAST_WIDTH_PX = 260


class TraceCell(QWidget):
    """Draws a signal; with a grid of 0.2 s and 0.5 mV where rate and unit are known.

    Parameters
    ----------
    theme : Theme
        In which colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._signal: NDArray[np.floating] | None = None
        self._fs_hz = 0.0
        self._px_per_unit = 0.0
        self._has_grid = False
        self.setMinimumWidth(_LEAST_WIDTH_PX)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Give the size of a row."""
        return QSize(_LEAST_WIDTH_PX, round(ROW_PX))

    def show_signal(
        self, signal: NDArray[np.floating] | None, fs_hz: float, px_per_mv: float | None
    ) -> None:
        """Draw a signal.

        Parameters
        ----------
        signal : ndarray, shape (samples,), or None
            mV, or anything else where `px_per_mv` is None; None for an empty row.
        fs_hz : float
            Sampling rate.
        px_per_mv : float or None
            Scale; None to fit the signal into the row, without a grid.
        """
        self._signal, self._fs_hz, self._has_grid = None, fs_hz, px_per_mv is not None
        if signal is not None and np.isfinite(signal).any():
            lowest, highest = float(np.nanmin(signal)), float(np.nanmax(signal))
            spread = highest - lowest
            self._px_per_unit = px_per_mv or (0.8 * ROW_PX / spread if spread else 0.0)
            fits = spread * self._px_per_unit <= ROW_PX
            self._signal = signal - ((lowest + highest) / 2 if fits else np.nanmedian(signal))
        self.setAccessibleDescription("" if self._signal is None else "first seconds drawn")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint paper, grid and trace."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.paper))
        px_per_s = self.width() / TRACED_S
        if self._signal is None:
            return
        if self._has_grid:
            self._paint_grid(painter, px_per_s)
        dpr = self.devicePixelRatioF()
        per_bin = lines.samples_per_bin(self._fs_hz / (px_per_s * dpr))
        thinned = lines.thin(self._signal, 0, per_bin)
        drawn = lines.segments(thinned, self._fs_hz, px_per_s, self._px_per_unit)
        drawn = drawn + np.array([0.0, self.height() / 2] * 2)
        # A signal of a wrong unit is thousands of rows high: it is drawn out of the row, no more.
        drawn[:, 1::2] = np.clip(drawn[:, 1::2], -self.height(), 2 * self.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        pen = QPen(QColor(self._theme.original), TRACE_PX if dpr > 1 else 1.0)
        draw_segments(painter, lines.overlapping(drawn, dpr), pen)

    def _paint_grid(self, painter: QPainter, px_per_s: float) -> None:
        colour = QColor(self._theme.grid_5mm)
        colour.setAlphaF(GRID_5MM_PX * 0.7)
        step_x, step_y = GRID_S * px_per_s, GRID_MV * self._px_per_unit
        for x in np.arange(0.0, self.width(), step_x):
            painter.fillRect(QRectF(round(x), 0, 1, self.height()), colour)
        for y in np.arange(self.height() / 2 % step_y, self.height(), step_y):
            painter.fillRect(QRectF(0, round(y), self.width(), 1), colour)
