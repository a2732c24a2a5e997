"""What the colours of the map mean, and the words for its signs."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ecgview.gui.leadmap.colours import Scale, ground, scale_of
from ecgview.gui.leadmap.drawing import NO_FIGURE, SIGNS
from ecgview.gui.leadmap.state import ShownMap
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import LIGHT, Theme
from ecgview.leads import Origin

_BAR_PX = (150, 10)
_TEXT_PX, _STOPS = 11, 24
_NAMES = {"pcc": "PCC", "rmse_uv": "RMSE, µV"}
_ENDS = {False: ("far off", "close"), True: ("worse", "better than expected")}


SIGN_WORDS = (
    f"{SIGNS[Origin.MEASURED]} measured",
    f"{SIGNS[Origin.DERIVED]} derived, exact",
    f"{NO_FIGURE} nothing to compare with",
)


class Legend(QWidget):
    """A bar of the scale between words for its ends."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme = LIGHT
        self._measure, self._of_difference = "pcc", False
        self.setAccessibleName("Legend")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def scale(self) -> Scale:
        """The scale that is explained."""
        return scale_of(self._measure, of_difference=self._of_difference)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme, in its size of words."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def show_map(self, shown: ShownMap) -> None:
        """Explain a map."""
        self._measure, self._of_difference = shown.measure, shown.source == "difference"
        low, high = self._ends()
        self.setAccessibleDescription(f"From {low} to {high}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Ask for room for the bar and the words."""
        metrics = QFontMetricsF(self._font())
        ends = sum(metrics.horizontalAdvance(words) + 8 for words in self._ends())
        return QSize(round(ends + scaled(_BAR_PX[0]) + 4), scaled(30))

    def _ends(self) -> tuple[str, str]:
        """Word the ends of the bar: the worst and the best."""
        worst, best = _ENDS[self._of_difference]
        name = _NAMES[self._measure]
        return f"{name}  {worst}", best

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(scaled(_TEXT_PX))
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the bar and the words."""
        painter = QPainter(self)
        painter.setFont(self._font())
        metrics = QFontMetricsF(self._font())
        low, high = self._ends()
        left = self._word(painter, metrics, 0.0, low) + 8
        bar = QRectF(left, scaled(3), scaled(_BAR_PX[0]), scaled(_BAR_PX[1]))
        self._paint_bar(painter, metrics, bar)
        self._word(painter, metrics, bar.right() + 8, high)
        painter.end()

    def _word(self, painter: QPainter, metrics: QFontMetricsF, left: float, words: str) -> float:
        """Write words on the line of the bar, and tell where they end."""
        width = metrics.horizontalAdvance(words)
        painter.setPen(QColor(self._theme.secondary))
        place = QRectF(left, 0, width + 1, scaled(16))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        return left + width

    def _paint_bar(self, painter: QPainter, metrics: QFontMetricsF, bar: QRectF) -> None:
        scale = self.scale
        ends = (scale.high, scale.low) if scale.good_is_low else (scale.low, scale.high)
        colours = QLinearGradient(bar.topLeft(), bar.topRight())
        for stop in range(_STOPS + 1):
            part = stop / _STOPS
            value = ends[0] + (ends[1] - ends[0]) * part
            colours.setColorAt(part, QColor(ground(scale, value, self._theme)))
        painter.fillRect(bar, colours)
        painter.setPen(QColor(self._theme.secondary))
        for tick in scale.ticks:
            x = bar.left() + bar.width() * (tick - ends[0]) / (ends[1] - ends[0])
            painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + 2))
            text = f"{tick:g}".replace("-", "\N{MINUS SIGN}")
            width = metrics.horizontalAdvance(text)
            place = QRectF(x - width / 2 - 1, bar.bottom() + 2, width + 2, scaled(14))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
