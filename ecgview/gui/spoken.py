"""Which page of a recording is shown, in words: for who hears the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ecgview.gui.session import Session
from ecgview.gui.state import SessionState
from ecgview.gui.viewer.state import LAYOUT_TITLES

if TYPE_CHECKING:
    from ecgview.gui.viewer.trace_area import TraceArea


def page_words(state: SessionState) -> str:
    """Say what is shown, from when to when, and what is marked.

    Where each lead comes from is in the description of the traces.

    Parameters
    ----------
    state : SessionState
        As it is.
    """
    recording = state.recording
    if recording is None:
        return "Traces"
    view, length_s = state.view, recording.duration_s
    stop_s = min(view.start_s + view.page_s, length_s)
    parts = [
        f"Traces of {recording.name}",
        LAYOUT_TITLES[view.layout],
        f"{view.start_s:.1f} to {stop_s:.1f} of {length_s:.1f} s",
    ]
    if view.mark_s is not None:
        parts.append(f"marked {view.mark_s[0]:.1f} to {view.mark_s[1]:.1f} s")
    return ", ".join(parts)


class SpokenPage(QObject):
    """Keeps the name of the trace area in step with what it shows.

    Parameters
    ----------
    session : Session
        Told of.
    area : TraceArea
        Named.
    """

    def __init__(self, session: Session, area: TraceArea) -> None:
        super().__init__(area)
        self._session, self._area = session, area
        session.recording_changed.connect(self.refresh)
        session.view_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Name what is shown now."""
        self._area.setAccessibleName(page_words(self._session.state))
