"""The strip of the whole recording in the window: shown where it is of use, and kept up to date."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ecgview.gui.centre import Centre
from ecgview.gui.overviews import Overviews
from ecgview.gui.session import Session
from ecgview.gui.teaching.state import hidden_leads
from ecgview.gui.theme import Theme
from ecgview.gui.viewer.layout import within_bounds
from ecgview.gui.viewer.navigate import go_to
from ecgview.gui.viewer.overview_scene import lead_shown
from ecgview.gui.viewer.overview_strip import OverviewStrip
from ecgview.gui.viewer.trace_area import TraceArea


class OverviewPlace(QObject):
    """Puts strip, pyramids, traces and state together.

    Parameters
    ----------
    session : Session
        Shown and changed; the pyramids' worker stops with it.
    trace_area : TraceArea
        The traces.
    centre : Centre
        Where they are shown; something else may stand in their place.
    """

    def __init__(self, session: Session, trace_area: TraceArea, centre: Centre) -> None:
        super().__init__(session)
        self._session, self._area, self._centre = session, trace_area, centre
        self.overviews = Overviews(trace_area, self)
        self.strip = OverviewStrip()
        self.strip.hide()
        self.strip.moved.connect(self._go)
        self.overviews.changed.connect(self._on_known)
        self.overviews.failed.connect(session.problem)
        session.view_changed.connect(self.refresh)
        session.teaching_changed.connect(self.refresh)
        session.closing.connect(self.overviews.close)
        centre.currentChanged.connect(self.refresh)

    def set_theme(self, theme: Theme) -> None:
        """Paint the strip in another theme."""
        self.strip.set_theme(theme)

    def refresh(self) -> None:
        """Put the frame where the page is; show the strip where there is more than a page."""
        # The traces may hear of the change later than the strip.
        state, signals = self._session.state, self._area.signals()
        self.strip.set_view(within_bounds(state.view, *self._area.extent()))
        has_traces = self._centre.currentWidget() is self._area
        is_secret = signals is not None and lead_shown(signals) in hidden_leads(state)
        self.strip.setVisible(has_traces and self.strip.has_use and not is_secret)

    def _on_known(self) -> None:
        self.strip.set_signals(self._area.signals(), self.overviews.fraction)
        self.refresh()

    def _go(self, start_s: float) -> None:
        view = go_to(self._session.state.view, start_s, *self._area.extent())
        self._session.set_view(view)
