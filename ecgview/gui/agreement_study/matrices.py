"""How much leads tell of each other in the marker looked at: real, reconstructed, difference."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from ecgview.gui.colours import blend, ink_on
from ecgview.gui.text_size import scaled, small_font
from ecgview.gui.theme import LIGHT, Theme
from ecgview.studies.agreement.results import InterLead

_TITLES = ("Real", "Reconstructed", "Reconstructed \N{MINUS SIGN} real")
_HEAD_PX, _NAMES_PX, _GAP_PX = 20, 30, 14
_LEAST_NUMBER_PX = 20.0
_LEGEND_PX, _LEGEND_BAR_PX, _LEGEND_GAP_PX, _LEGEND_STEPS = 22, 90, 6, 40
_MINUS = "\N{MINUS SIGN}"


class LeadMatrices(QWidget):
    """Three small maps, beside each other or one over the other, as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._matrix: InterLead | None = None
        self.setObjectName("agreement-matrices")
        self.setMouseTracking(True)
        self.setMinimumSize(220, 160)
        self.setAccessibleName("Squared correlations between leads")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Wider than high."""
        return QSize(460, 340)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def show_matrix(self, matrix: InterLead | None) -> None:
        """Draw the matrices of a marker; None where there are none."""
        self._matrix = matrix
        self.setAccessibleDescription(self._words())
        self.update()

    def _words(self) -> str:
        matrix = self._matrix
        if matrix is None:
            return "No matrices"
        above = ~np.eye(len(matrix.leads), dtype=bool)
        real, made = (
            float(np.nanmean(np.where(above, values, np.nan)))
            if np.isfinite(values[above]).any()
            else math.nan
            for values in (matrix.real_r2, matrix.reconstructed_r2)
        )
        return f"{matrix.marker}: mean r-squared {real:.2f} real, {made:.2f} reconstructed"

    def parts(self) -> list[tuple[str, NDArray[np.float64], QRectF]]:
        """Give title, values and place of each map."""
        if self._matrix is None:
            return []
        real, made = self._matrix.real_r2, self._matrix.reconstructed_r2
        values = (real, made, made - real)
        areas = self._areas()
        return list(zip(_TITLES, values, areas, strict=True))

    def _areas(self) -> list[QRectF]:
        """Place three squares as large as they can be in one, two or three columns."""
        best: list[QRectF] = []
        for columns in (1, 2, 3):
            lines = math.ceil(3 / columns)
            names, head = scaled(_NAMES_PX), scaled(_HEAD_PX)
            wide = (self.width() - columns * (names + _GAP_PX)) / columns
            room = self.height() - scaled(_LEGEND_PX)
            high = (room - lines * (head + scaled(_HEAD_PX) + _GAP_PX)) / lines
            side = min(wide, high)
            areas = [
                QRectF(
                    names + (at % columns) * (names + _GAP_PX + side),
                    2 * head + (at // columns) * (2 * head + _GAP_PX + side),
                    side, side,
                )
                for at in range(3)
            ]  # fmt: skip
            if not best or side > best[0].width():
                best = areas
        return best

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Say what is under the cursor."""
        text = ""
        for title, values, area in self.parts():
            if area.contains(event.position()) and self._matrix is not None:
                text = self._told(title, values, area, event.position())
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def _told(self, title: str, values: NDArray[np.float64], area: QRectF, at: QPointF) -> str:
        assert self._matrix is not None
        cell = area.width() / len(values)
        last = len(values) - 1
        row = min(int((at.y() - area.top()) / cell), last)
        column = min(int((at.x() - area.left()) / cell), last)
        value = values[row, column]
        if row == column or not np.isfinite(value):
            return ""
        leads = self._matrix.leads
        return f"{title}: {leads[row]} and {leads[column]}, r² {value:.2f}"

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the maps."""
        painter = QPainter(self)
        if self._matrix is None:
            painter.setPen(QColor(self._theme.secondary))
            words = "No matrices: too few patients with this marker in all leads"
            painter.drawText(self.rect(), _CENTRE | Qt.TextFlag.TextWordWrap, words)
        for title, values, area in self.parts():
            self._paint_map(painter, title, values, area)
        if self._matrix is not None:
            self._paint_legend(painter)
        painter.end()

    def _paint_legend(self, painter: QPainter) -> None:
        """Draw the scale of the maps, and that of their difference, at the foot."""
        painter.setFont(small_font())
        words, foot = painter.fontMetrics().horizontalAdvance, scaled(_LEGEND_PX)
        scales = (("r²  0", 0.0, "1"), (f"difference  {_MINUS}1", -1.0, "+1"))
        said = sum(words(low) + words(high) + 5 * _LEGEND_GAP_PX for low, _, high in scales)
        wide = min(max((self.width() - said) / len(scales), 16.0), scaled(_LEGEND_BAR_PX))
        x, y = 0.0, self.height() - foot / 2
        for low, start, high in scales:
            x = self._paint_word(painter, x, low)
            steps = np.linspace(start, 1.0, _LEGEND_STEPS)
            for at, value in enumerate(steps):
                left = x + wide * at / _LEGEND_STEPS
                cell = QRectF(left, y - scaled(4), wide / _LEGEND_STEPS + 0.5, scaled(8))
                painter.fillRect(cell, self._colour(float(value)))
            x = self._paint_word(painter, x + wide + _LEGEND_GAP_PX, high) + _LEGEND_GAP_PX

    def _paint_word(self, painter: QPainter, x: float, word: str) -> float:
        """Write a word at the foot, and tell where the next thing stands."""
        foot, wide = scaled(_LEGEND_PX), painter.fontMetrics().horizontalAdvance(word) + 1
        painter.setPen(QColor(self._theme.secondary))
        painter.drawText(QRectF(x, self.height() - foot, wide, foot), _RIGHT, word)
        return x + wide + _LEGEND_GAP_PX

    def _colour(self, value: float) -> QColor:
        strong = self._theme.accent if value >= 0 else self._theme.estimate_3
        return QColor(blend(self._theme.control, strong, min(abs(value), 1.0)))

    def _paint_map(
        self, painter: QPainter, title: str, values: NDArray[np.float64], area: QRectF
    ) -> None:
        assert self._matrix is not None
        theme, leads = self._theme, self._matrix.leads
        cell, head = area.width() / len(leads), scaled(_HEAD_PX)
        bold = small_font()
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        words = f"{title}, {self._matrix.marker}"
        room = int(min(area.width() + scaled(_NAMES_PX), self.width() - area.left()))
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(area.left(), area.top() - head - 8), words)
        tiny = small_font()
        tiny.setPixelSize(max(8, min(scaled(11), int(cell * 0.42))))
        painter.setFont(tiny)
        signed = title == _TITLES[2]
        for at, lead in enumerate(leads):
            painter.setPen(QColor(theme.secondary))
            self._paint_above(painter, lead, QPointF(area.left() + at * cell, area.top()), cell)
            names = scaled(_NAMES_PX) + _GAP_PX
            down = QRectF(area.left() - names, area.top() + at * cell, names - 4, cell)
            painter.drawText(down, _RIGHT, lead)
        for (row, column), value in np.ndenumerate(values):
            if row != column and np.isfinite(value):
                place = QRectF(area.left() + column * cell, area.top() + row * cell, cell, cell)
                self._paint_cell(painter, place.adjusted(0, 0, -1, -1), float(value), signed)

    @staticmethod
    def _paint_above(painter: QPainter, lead: str, at: QPointF, cell: float) -> None:
        """Name a column, upright where it is too narrow for its name."""
        head = scaled(_HEAD_PX)
        if painter.fontMetrics().horizontalAdvance("aVR") <= cell:
            painter.drawText(QRectF(at.x(), at.y() - head + 2, cell, head - 4), _CENTRE, lead)
            return
        painter.save()
        painter.translate(at.x() + cell / 2, at.y() - 2)
        painter.rotate(-90)
        place = QRectF(0, -cell / 2 - 2, head + 12, cell + 4)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, lead)
        painter.restore()

    def _paint_cell(self, painter: QPainter, place: QRectF, value: float, signed: bool) -> None:
        ground = self._colour(value)
        painter.fillRect(place, ground)
        if place.width() >= _LEAST_NUMBER_PX:
            painter.setPen(QColor(ink_on(ground.name())))
            number = round(100 * value)
            text = f"{number:+d}" if signed and number else f"{number}"
            painter.drawText(place, _CENTRE, text.replace("-", "\N{MINUS SIGN}"))


_CENTRE = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
