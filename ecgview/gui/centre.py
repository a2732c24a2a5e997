"""The middle of the viewer: the traces, or vectorcardiogram or average beat in their place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget

from ecgview.gui.comparisons_table import overlays_of, shown_state
from ecgview.gui.jobs import Broken, Outcome, Returned
from ecgview.gui.session import Session
from ecgview.gui.signal_processing import is_loaded, loading_job
from ecgview.gui.tab_order import order_tabs
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.viewer.paint import colour_of
from ecgview.gui.viewer.trace_area import TraceArea
from ecgview.gui.viewer.vectorcardiogram_view import VectorcardiogramView

if TYPE_CHECKING:
    from ecgview.gui.beats.view import AverageBeatView

LOOPS_FOOTER = "Vectorcardiogram · same scale in all planes · filters off"


class Centre(QStackedWidget):
    """Shows what the state says.

    Parameters
    ----------
    session : Session
        Shown and changed.
    trace_area : TraceArea
        The traces; the window tells them what to show.
    """

    def __init__(self, session: Session, trace_area: TraceArea) -> None:
        super().__init__()
        self._session = session
        self._trace_area = trace_area
        self._theme = LIGHT
        self._is_loading = False
        self._average: AverageBeatView | None = None
        self.loops = VectorcardiogramView()
        self.addWidget(trace_area)
        self.addWidget(self.loops)
        self.loops.stateChanged.connect(lambda loops: session.update(loops=loops))
        for signal in (
            session.recording_changed,
            session.result_changed,
            session.view_changed,
            session.beats_changed,
            session.teaching_changed,
        ):
            signal.connect(self.refresh)

    @property
    def average(self) -> AverageBeatView:
        """The average beat; made when it is first asked for."""
        if self._average is None:
            from ecgview.gui.beats.view import AverageBeatView

            self._average = AverageBeatView()
            self._average.set_theme(self._theme)
            self.addWidget(self._average)
            order_tabs(self._average, after=self._trace_area)
        return self._average

    def refresh(self) -> None:
        """Show the state."""
        state = self._session.state
        self._dress_loops()
        if is_loaded():
            reconstruction = shown_state(state).reconstruction
            loops = replace(state.loops, shown=state.shows_loops)
            self.loops.show_loops(state.recording, reconstruction, state.view, loops)
        elif state.shows_loops:
            self._wait_for_signal_processing()
        if state.beats.shown:
            self.average.show_state(state)
        shown, taker = self._shown_now()
        if self.currentWidget() is not shown:
            self.setCurrentWidget(shown)
            taker.setFocus()

    def _shown_now(self) -> tuple[QWidget, QWidget]:
        """Give what the state says is in the middle, and which part of it takes the keyboard."""
        state = self._session.state
        if state.shows_loops:
            return self.loops, self.loops.canvas
        if state.beats.shown:
            return self.average, self.average.canvas
        return self._trace_area, self._trace_area

    def _wait_for_signal_processing(self) -> None:
        """Load it beside the window, and show the loops then."""
        self.loops.say("Averaging the beats…")
        if not self._is_loading:
            self._is_loading = True
            self._session.files.run(loading_job, self._on_loaded)

    def _on_loaded(self, outcome: Outcome) -> None:
        self._is_loading = False
        if isinstance(outcome, Returned):
            self.refresh()
        elif isinstance(outcome, Broken):
            self.loops.say("The beats cannot be averaged.")
            self._session.problem.emit(outcome.exception, outcome.details)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self._trace_area.set_theme(theme)
        if self._average is not None:
            self._average.set_theme(theme)
        self._dress_loops()

    def _dress_loops(self) -> None:
        """Draw the loops of the chosen estimate in its colour."""
        colour = colour_of(overlays_of(self._session.state).style, self._theme)
        self.loops.set_theme(replace(self._theme, reconstruction=colour))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Ask for the room of what is shown alone: the others may want more."""
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else super().minimumSizeHint()

    def footer_text(self) -> str:
        """Give the scale in words, for the line at the bottom."""
        state = self._session.state
        if state.beats.shown and not state.shows_loops:
            from ecgview.gui.beats.page import FOOTER

            return FOOTER
        if state.shows_loops:
            return LOOPS_FOOTER
        said, filters = self._trace_area.footer_text(), state.model_filters
        return said.replace(
            filters.words, f"{filters.words} (the model's input too)", int(bool(filters))
        )
