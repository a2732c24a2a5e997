"""The vectorcardiogram in the place of the traces."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ecgview.gui.flow_layout import FlowLayout
from ecgview.gui.text_size import hold, text_scale
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.viewer.loops import (
    DOTS_MS,
    FRANK_SOURCES,
    FrankSource,
    Loops,
    LoopsState,
    figure_rows,
    loops_of,
    sources_for,
    words_of,
)
from ecgview.gui.viewer.state import ViewState
from ecgview.gui.viewer.vectorcardiogram import build_loop_scene
from ecgview.gui.viewer.vectorcardiogram_paint import paint_loops
from ecgview.gui.viewer.vectorcardiogram_parts import LoopScene
from ecgview.gui.widgets import button, label
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

_PILLS = {"measured": "Measured", "kors": "Kors", "inverse-dower": "Inverse Dower"}
_PILL_PX = 28
_DOTS_TIP = "Dots on the QRS loop at equal times"


class LoopCanvas(QWidget):
    """Three planes and their legend."""

    def __init__(self) -> None:
        super().__init__()
        self.loops = Loops()
        self.theme = LIGHT
        self.dots_ms = 0
        self.model = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Vectorcardiogram")

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Three planes want some room."""
        return QSize(320, 240)

    def scene(self) -> LoopScene:
        """Give what is painted at the current size."""
        room = self.width(), self.height()
        return build_loop_scene(self.loops, *room, self.dots_ms, self.model, text_scale())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint all of it."""
        painter = QPainter(self)
        paint_loops(painter, self.scene(), self.theme)
        painter.end()


class VectorcardiogramView(QWidget):
    """The loops with the choices of where they come from."""

    stateChanged = Signal(LoopsState)  # noqa: N815
    """The user has chosen another source or other dots."""

    def __init__(self) -> None:
        super().__init__()
        self._state = LoopsState()
        self._offered: tuple[FrankSource, ...] = ()
        self.canvas = LoopCanvas()
        self._sources: dict[FrankSource, QPushButton] = {
            source: self._choice(_PILLS[source], words_of(source), source=source)
            for source in FRANK_SOURCES
        }
        self._dots = {
            ms: self._choice(f"{ms} ms" if ms else "Off", _DOTS_TIP, dots_ms=ms) for ms in DOTS_MS
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.canvas, 1)

    def _choice(self, text: str, tip: str, **change: object) -> QPushButton:
        def choose() -> None:
            # The state comes back through `show_loops`, or the check mark goes back.
            self.stateChanged.emit(replace(self._state, **change))  # type: ignore[arg-type]
            self._refresh_choices()

        return button(text, choose, tip=tip, checkable=True, pill="true")

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("panel", "true")
        bar.setProperty("edge", "bottom")
        around, inside = QVBoxLayout(bar), QWidget()
        around.setContentsMargins(20, 8, 20, 8)
        around.addWidget(inside)
        row = FlowLayout(6, inside)
        groups = (("Frank leads", self._sources.values()), ("Dots", self._dots.values()))
        for number, (title, pills) in enumerate(groups):
            words = label(title, "secondary")
            words.setContentsMargins(14 if number else 0, 0, 0, 0)
            hold(words, height=_PILL_PX)
            for widget in (words, *pills):
                row.addWidget(widget)
        return bar

    def show_loops(
        self,
        recording: Recording | None,
        reconstruction: Reconstruction | None,
        view: ViewState,
        state: LoopsState,
    ) -> None:
        """Show the loops of a recording; nothing is computed while they are hidden."""
        self._state = state
        if recording is None or not state.shown:
            return
        self.canvas.loops = loops_of(recording, reconstruction, view, state)
        self.canvas.dots_ms = state.dots_ms
        made_of_twelve = reconstruction is not None and not reconstruction.others
        self.canvas.model = reconstruction.model_name if reconstruction and made_of_twelve else ""
        figures = "; ".join(" ".join(cells) for cells in figure_rows(self.canvas.loops))
        self.canvas.setAccessibleDescription(self.canvas.loops.problem or figures)
        self._offered = sources_for(recording)
        self._refresh_choices()
        self.canvas.update()

    def say(self, sentence: str) -> None:
        """Show a sentence in the place of the loops."""
        self.canvas.loops = Loops(problem=sentence)
        self.canvas.setAccessibleDescription(sentence)
        self.canvas.update()

    def _refresh_choices(self) -> None:
        current = self._state.source or next(iter(self._offered), "")
        for source, pill in self._sources.items():
            pill.setEnabled(source in self._offered)
            pill.setChecked(source == current)
        for ms, pill in self._dots.items():
            pill.setChecked(ms == self._state.dots_ms)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self.canvas.theme = theme
        self.canvas.update()
