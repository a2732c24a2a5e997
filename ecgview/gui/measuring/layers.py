"""What measuring lays over the paper, worked out anew only where something has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ecgview.gui.measuring.calipers import Reading, read_caliper, seen_in, values_at
from ecgview.gui.measuring.crosshair import crosshair_drawing
from ecgview.gui.measuring.drawing import calipers_drawing
from ecgview.gui.measuring.marks_drawing import (
    Names,
    Tracks,
    marks_drawing,
    notes_drawing,
    tracks_of,
)
from ecgview.gui.measuring.snapping import on_sample
from ecgview.gui.measuring.state import Caliper, shown_calipers
from ecgview.gui.text_size import text_scale
from ecgview.gui.viewer.drawing import Drawing
from ecgview.gui.viewer.furniture import label_rise
from ecgview.gui.viewer.layout import Page
from ecgview.leads import LEAD_INDEX
from ecgview.recording import Mark

if TYPE_CHECKING:
    from ecgview.gui.session import Session
    from ecgview.gui.viewer.trace_area import TraceArea

_FRAME_MS = 16
NOTHING = Drawing()


class MeasuringLayers(QObject):
    """The layers of calipers, marks, notes and the crosshair.

    Parameters
    ----------
    session : Session
        What there is to show.
    area : TraceArea
        What they lie over.
    """

    def __init__(self, session: Session, area: TraceArea) -> None:
        super().__init__(area)
        self._session = session
        self._area = area
        self._readings: dict[tuple[object, ...], Reading] = {}
        self._tracks: dict[str, tuple[tuple[Mark, ...], Tracks]] = {}
        area.set_layer("marks", self._marks)
        area.set_layer("notes", self._notes, on_screen_only=True)
        area.set_layer("calipers", self._calipers)
        area.set_layer("crosshair", self._crosshair, on_screen_only=True)
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(_FRAME_MS)
        self._frame.timeout.connect(area.update)
        area.pointerMoved.connect(self._on_pointer)
        for signal in (session.measuring_changed, session.marks_changed, session.teaching_changed):
            signal.connect(area.update)
        for signal in (area.signalsChanged, area.grown, session.result_changed):
            signal.connect(self._readings.clear)

    def _on_pointer(self) -> None:
        if self._session.state.measuring.crosshair and not self._frame.isActive():
            self._frame.start()

    def readings(self) -> tuple[Reading, ...]:
        """Give what every caliper reads now."""
        state = self._session.state
        return tuple(
            self._read(caliper) for caliper in shown_calipers(state.calipers, state.measuring)
        )

    def _read(self, caliper: Caliper) -> Reading:
        signals, view = self._area.signals(), self._session.state.view
        seen = seen_in(self._session.state)
        where = replace(caliper, marches=False)
        key = (
            where,
            seen,
            view.speed_mm_s,
            view.gain_mm_mv,
            view.half_chest,
            view.layout,
            view.rhythm,
        )
        if key not in self._readings:
            if len(self._readings) > 500:
                self._readings.clear()  # a long drag leaves one for each sample
            assert signals is not None
            self._readings[key] = read_caliper(caliper, signals, view, seen)
        return replace(self._readings[key], caliper=caliper)

    def _tracks_of(self, name: str, marks: tuple[Mark, ...]) -> Tracks:
        recording = self._session.state.recording
        known = self._tracks.get(name)
        if known is None or known[0] is not marks:
            assert recording is not None
            known = self._tracks[name] = (marks, tracks_of(marks, recording))
        return known[1]

    # Layers -------------------------------------------------------------------------------

    def _marks(self, page: Page, width: float, height: float) -> Drawing:
        state = self._session.state
        if state.recording is None or not state.measuring.shows_marks:
            return NOTHING
        tracks = self._tracks_of("marks", state.marks)
        return marks_drawing(page, tracks, self._names(page), state.measuring.current_s)

    def _notes(self, page: Page, width: float, height: float) -> Drawing:
        state = self._session.state
        if state.recording is None or not state.measuring.shows_notes:
            return NOTHING
        return notes_drawing(page, self._tracks_of("notes", state.notes), self._names(page))

    def _names(self, page: Page) -> Names:
        signals = self._area.signals()
        return Names(label_rise(page, signals) if signals else 0.0, text_scale())

    def _calipers(self, page: Page, width: float, height: float) -> Drawing:
        if self._area.signals() is None:
            return NOTHING
        return calipers_drawing(
            page, width, height, self.readings(), self._session.state.measuring, text_scale()
        )

    def _crosshair(self, page: Page, width: float, height: float) -> Drawing:
        point, signals = self._area.pointer(), self._area.signals()
        if not self._session.state.measuring.crosshair or point is None or signals is None:
            return NOTHING
        place = page.place_at(point.x(), point.y())
        if place is None or not 0 <= place.time_s < signals.recording.duration_s:
            return NOTHING
        seen = seen_in(self._session.state)
        place = replace(place, time_s=on_sample(place.time_s, signals))
        values = values_at(signals, place.time_s, seen)[LEAD_INDEX[place.cell.lead]]
        return crosshair_drawing(
            page, width, height, (point.x(), point.y()), place, values, text_scale()
        )
