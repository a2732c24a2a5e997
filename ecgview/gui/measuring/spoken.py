"""The chosen caliper's readings for who hears the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from ecgview.gui.measuring.calipers import sentence

if TYPE_CHECKING:
    from ecgview.gui.measuring.layers import MeasuringLayers
    from ecgview.gui.session import Session
    from ecgview.gui.viewer.trace_area import TraceArea


class SpokenCaliper(QObject):
    """Has a screen reader, where one runs, say the chosen caliper whenever it has changed.

    Parameters
    ----------
    session : Session
        Whose calipers they are.
    area : TraceArea
        Speaks.
    layers : MeasuringLayers
        Reads them.
    """

    def __init__(self, session: Session, area: TraceArea, layers: MeasuringLayers) -> None:
        super().__init__(area)
        self._session, self._area, self._layers = session, area, layers
        self._said = ""
        session.measuring_changed.connect(self._on_changed)

    def words(self) -> str:
        """Say the chosen caliper and its end; nothing while the mouse has hold of it."""
        state = self._session.state
        at = state.measuring.selected
        if not 0 <= at < len(state.calipers) or state.measuring.draft is not None:
            return ""
        end = "first end" if state.measuring.end == "start" else "second end"
        return f"{sentence(at + 1, self._layers.readings()[at])}; {end} chosen"

    def _on_changed(self) -> None:
        if not QAccessible.isActive():
            return
        words = self.words()
        if words and words != self._said:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._area, words))
        self._said = words
