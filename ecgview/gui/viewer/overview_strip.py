"""The whole recording in a strip below the traces, with the visible window as a frame on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.viewer.labels import clock
from ecgview.gui.viewer.overview_scene import LABEL_PX, Scale, overview_trace
from ecgview.gui.viewer.paint import draw_segments, faded, flat_pen, paint_text, text_font
from ecgview.gui.viewer.signals import Signals
from ecgview.gui.viewer.state import ViewState

HEIGHT_PX = 58
_WORDS_PX = 10
_TICK_PX = 5.0
_NOTCH = 120.0


@dataclass(frozen=True)
class _Ticks:
    times_s: tuple[float, ...]
    colour: str


class OverviewStrip(QWidget):
    """Shows where in the recording the page is, and moves it.

    A click puts the page's middle there, dragging the frame takes the page along; Left and Right
    step by a page, Page Up and Page Down by ten, Home and End go to the ends.
    """

    moved = Signal(float)
    """The page is to begin here, in seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._signals: Signals | None = None
        self._view = ViewState()
        self._theme = LIGHT
        self._fraction = 1.0
        self._ticks: dict[str, _Ticks] = {}
        self._picture: QPixmap | None = None
        self._picture_key: object = None
        self._held_s: float | None = None
        self.setAccessibleName("Overview of the recording")
        self.setToolTip("The whole recording. Click or drag to move; arrow keys step by a page.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Say how high it is."""
        return QSize(400, HEIGHT_PX)

    # What to show

    def set_signals(self, signals: Signals | None, fraction: float) -> None:
        """Show another recording, or more of it.

        Parameters
        ----------
        signals : Signals or None
            The samples.
        fraction : float
            How much of them is known, 0 to 1.
        """
        self._signals, self._fraction = signals, fraction
        self._picture_key = None
        self._describe()
        self.update()

    def set_view(self, view: ViewState) -> None:
        """Put the frame where the page is."""
        if (view.start_s, view.page_s) != (self._view.start_s, self._view.page_s):
            self._view = view
            self._describe()
            self.update()

    def set_ticks(self, name: str, times_s: Sequence[float], colour: str) -> None:
        """Mark times at the upper edge.

        Parameters
        ----------
        name : str
            Takes the place of earlier ticks of that name.
        times_s : sequence of float
            In seconds of the recording; none to take them away.
        colour : str
            A token of the theme, such as ``accent``.
        """
        self._ticks[name] = _Ticks(tuple(times_s), colour)
        self._picture_key = None
        self.update()

    def ticks(self, name: str) -> tuple[float, ...]:
        """Give the times that are marked under a name."""
        return self._ticks[name].times_s if name in self._ticks else ()

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self._picture_key = None
        self.update()

    @property
    def has_use(self) -> bool:
        """Whether there is more than the page shows, or something is still being read."""
        return self._duration_s > self._view.page_s * 1.001 or self._fraction < 1

    @property
    def _duration_s(self) -> float:
        return self._signals.recording.duration_s if self._signals else 0.0

    def scale(self) -> Scale:
        """Give where times lie."""
        return Scale(max(self._duration_s, 1e-9), float(self.width()))

    def words(self) -> str:
        """Say what is being done; nothing once all of it is known."""
        if self._fraction >= 1:
            return ""
        return f"Building the overview: {100 * self._fraction:.0f} %"

    def _describe(self) -> None:
        stop_s = min(self._view.start_s + self._view.page_s, self._duration_s)
        said = f"{clock(self._view.start_s)} to {clock(stop_s)} of {clock(self._duration_s)}"
        self.setAccessibleDescription(f"{said}. {self.words()}".strip())

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the kept picture, and the frame over it."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._trace_picture(painter.deviceTransform().m11()))
        if self._signals is not None:
            self._paint_frame(painter)
            self._paint_state(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0, 0, -1, -1))
        painter.end()

    def _trace_picture(self, dpr: float) -> QPixmap:
        key = (self.width(), self.height(), dpr)
        if self._picture is None or key != self._picture_key:
            picture = QPixmap(round(self.width() * dpr), round(self.height() * dpr))
            picture.setDevicePixelRatio(dpr)
            picture.fill(QColor(self._theme.panel))
            painter = QPainter(picture)
            painter.fillRect(QRectF(0, 0, self.width(), 1), QColor(self._theme.hairline))
            if self._signals is not None:
                self._paint_trace(painter, self._signals, dpr)
                self._paint_times(painter)
                self._paint_ticks(painter)
            painter.end()
            self._picture, self._picture_key = picture, key
        return self._picture

    def _paint_trace(self, painter: QPainter, signals: Signals, dpr: float) -> None:
        height = self.height() - LABEL_PX
        trace = overview_trace(signals, self.width(), height, dpr)
        shades = ((trace.gaps, self._theme.hairline), (trace.unknown, self._theme.background))
        for stretches, colour in shades:
            for left, right in stretches:
                painter.fillRect(QRectF(left, 1, right - left, height - 1), QColor(colour))
        draw_segments(painter, trace.bars, flat_pen(QColor(self._theme.secondary), 1 / dpr))

    def _paint_times(self, painter: QPainter) -> None:
        font = text_font(_WORDS_PX, bold=False)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        for x, words in self.scale().labels():
            painter.fillRect(
                QRectF(round(x), self.height() - LABEL_PX, 1, 3), QColor(self._theme.secondary)
            )
            width = metrics.horizontalAdvance(words)
            left = min(max(x - width / 2, 2.0), self.width() - width - 2)
            painter.setPen(QColor(self._theme.secondary))
            painter.drawText(QPointF(left, self.height() - 3), words)

    def _paint_ticks(self, painter: QPainter) -> None:
        scale = self.scale()
        for ticks in self._ticks.values():
            x = np.unique(np.round([scale.x_of(time_s) for time_s in ticks.times_s]))
            upright = np.stack(
                [x, np.full(x.shape, 1.0), x, np.full(x.shape, 1 + _TICK_PX)], axis=1
            )
            draw_segments(painter, upright, flat_pen(QColor(getattr(self._theme, ticks.colour)), 1))

    def _paint_frame(self, painter: QPainter) -> None:
        left, right = self.scale().frame(self._view.start_s, self._view.page_s)
        place = QRectF(round(left) + 0.5, 1.5, round(right - left), self.height() - LABEL_PX - 2)
        painter.fillRect(place, faded(self._theme.accent, 0.16))
        painter.setPen(QPen(QColor(self._theme.accent), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)

    def _paint_state(self, painter: QPainter) -> None:
        words = self.words()
        if words:
            font = text_font(_WORDS_PX + 1, bold=False)
            left = (self.width() - QFontMetricsF(font).horizontalAdvance(words)) / 2
            place = QPointF(round(left), (self.height() - LABEL_PX) / 2 + 4)
            paint_text(painter, place, words, font, self._theme.text, self._theme.panel)

    # Moving

    def _go(self, start_s: float) -> None:
        latest_s = max(0.0, self._duration_s - self._view.page_s)
        self.moved.emit(min(max(start_s, 0.0), latest_s))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the frame, or put it there."""
        if event.button() != Qt.MouseButton.LeftButton or self._signals is None:
            super().mousePressEvent(event)
            return
        x = event.position().x()
        left, right = self.scale().frame(self._view.start_s, self._view.page_s)
        time_s = self.scale().time_of(x)
        self._held_s = self._view.page_s / 2
        if left <= x <= right:
            self._held_s = time_s - self._view.start_s
        else:
            self._go(time_s - self._held_s)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take the frame along."""
        if self._held_s is not None:
            self._go(self.scale().time_of(event.position().x()) - self._held_s)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        self._held_s = None

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Step by pages."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        self._go(self._view.start_s - turned / _NOTCH * self._view.page_s)
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Keep Page Up and Page Down, which step through files elsewhere."""
        overrides = event.type() == QEvent.Type.ShortcutOverride
        if overrides and isinstance(event, QKeyEvent) and event.key() in self._steps():
            event.accept()
            return True
        return super().event(event)

    def _steps(self) -> dict[int, float]:
        """Where the keys go, as starts of the page in seconds."""
        start_s, page_s, key = self._view.start_s, self._view.page_s, Qt.Key
        return {
            key.Key_Left: start_s - page_s,
            key.Key_Right: start_s + page_s,
            key.Key_PageUp: start_s - 10 * page_s,
            key.Key_PageDown: start_s + 10 * page_s,
            key.Key_Home: 0.0,
            key.Key_End: self._duration_s,
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Step by pages, or go to an end."""
        steps = self._steps()
        if event.key() in steps and self._signals is not None:
            self._go(steps[event.key()])
        else:
            super().keyPressEvent(event)
