"""The caliper under the mouse and the keys: made, moved, stepped through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from ecgview.gui.measuring.calipers import seen_in
from ecgview.gui.measuring.grips import Grip, grip_at
from ecgview.gui.measuring.snapping import on_sample, snapped
from ecgview.gui.measuring.state import (
    Caliper,
    MeasuringState,
    next_end,
    selected_caliper,
)
from ecgview.gui.viewer.layout import Cell

if TYPE_CHECKING:
    from ecgview.gui.session import Session
    from ecgview.gui.viewer.signals import Signals
    from ecgview.gui.viewer.trace_area import TraceArea

_LEAST_DRAG_PX = 4.0
_STEP_MV = 0.01
_FAST = 10
_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


@dataclass(frozen=True)
class _Drag:
    """What the mouse has hold of.

    Attributes
    ----------
    cell : Cell
        Where it was pressed.
    from_px : QPointF
        Likewise.
    before : Caliper
        The caliper as it was.
    grip : Grip or None
        What of a caliper; None while a new one is made.
    """

    cell: Cell
    from_px: QPointF
    before: Caliper
    grip: Grip | None


class CaliperTool:
    """Makes calipers while one of the tools is chosen; moves those that there are at any time.

    Parameters
    ----------
    session : Session
        Whose calipers they are.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._drag: _Drag | None = None

    @property
    def _measuring(self) -> MeasuringState:
        return self._session.state.measuring

    def _set(self, **changes: object) -> None:
        # Neither the choice of a caliper nor a drag under way is a step to undo.
        self._session.restore(measuring=replace(self._measuring, **changes))  # type: ignore[arg-type]

    def let_go(self) -> None:
        """Drop what is held, as its recording has gone."""
        self._drag = None

    # Mouse --------------------------------------------------------------------------------

    def press(self, area: TraceArea, event: QMouseEvent) -> bool:
        """Take hold of a caliper, or begin one."""
        signals = area.signals()
        if event.button() != Qt.MouseButton.LeftButton or signals is None:
            return False
        page, point = area.page(), event.position()
        calipers = self._session.state.calipers
        grip = grip_at(page, calipers, point.x(), point.y(), area.height())
        place = page.place_at(point.x(), point.y())
        if grip is not None:
            before = calipers[grip.number]
            self._drag = _Drag(grip.cell, point, before, grip)
            self._set(selected=grip.number, end=grip.end or self._measuring.end, draft=before)
            return True
        if not self._measuring.tool or place is None:
            return False
        time_s, value_mv = self._spot(point, place.cell, area, signals)
        lead = place.cell.lead if self._measuring.tool == "lead" else ""
        made = Caliper(time_s, time_s, lead, *((value_mv, value_mv) if lead else ()))
        self._drag = _Drag(place.cell, point, made, None)
        return True

    def move(self, area: TraceArea, event: QMouseEvent) -> bool:
        """Draw out or move what is held; show over a caliper that it can be taken hold of."""
        signals = area.signals()
        if self._drag is None or signals is None:
            self._show_grip(area, event)
            return False
        far = event.position() - self._drag.from_px
        if self._drag.grip is None and max(abs(far.x()), abs(far.y())) < _LEAST_DRAG_PX:
            return True
        level = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        draft = self._dragged(event.position(), area, signals, level)
        if self._drag.grip is None and self._measuring.draft is None:
            self._set(selected=-1, end="stop", draft=draft)
        else:
            self._set(draft=draft)
        return True

    def release(self, area: TraceArea, event: QMouseEvent) -> bool:
        """Let go: only now it can be undone."""
        if self._drag is None:
            return False
        drag, self._drag = self._drag, None
        draft = self._measuring.draft
        if draft is None:
            self._set(selected=-1)
        elif drag.grip is None:
            self.add(draft)
        else:
            self._put(self._measuring.selected, draft)
        return True

    def _dragged(self, point: QPointF, area: TraceArea, signals: Signals, level: bool) -> Caliper:
        drag = self._drag
        assert drag is not None
        before = drag.before
        time_s, value_mv = self._spot(point, drag.cell, area, signals)
        if drag.grip is not None and drag.grip.end is None:
            return self._carried(point, area, signals, level)
        end = "stop" if drag.grip is None or drag.grip.end is None else drag.grip.end
        other = before.end("start" if end == "stop" else "stop")
        if not before.lead or level:
            value_mv = other[1]
        return before.with_end(end, time_s, value_mv)

    def _carried(self, point: QPointF, area: TraceArea, signals: Signals, level: bool) -> Caliper:
        """Move the whole, its first end on a sample."""
        drag, page = self._drag, area.page()
        assert drag is not None
        far = point - drag.from_px
        to_s = on_sample(drag.before.start_s + far.x() / page.px_per_s, signals)
        by_mv = 0.0 if level or not drag.before.lead else -far.y() / page.px_per_mv_in(drag.cell)
        return drag.before.moved(to_s - drag.before.start_s, by_mv)

    def _spot(
        self, point: QPointF, cell: Cell, area: TraceArea, signals: Signals
    ) -> tuple[float, float]:
        seen, peaks = seen_in(self._session.state), self._measuring.snaps
        return snapped(point.x(), point.y(), cell, area.page(), signals, seen, to_peak=peaks)

    def _show_grip(self, area: TraceArea, event: QMouseEvent) -> None:
        if event.buttons():
            return
        page, point = area.page(), event.position()
        calipers = self._session.state.calipers
        grip = grip_at(page, calipers, point.x(), point.y(), area.height())
        if grip is not None:
            by_end = Qt.CursorShape.SizeHorCursor if grip.end else Qt.CursorShape.SizeAllCursor
            area.setCursor(by_end)
        elif self._measuring.tool:
            area.setCursor(Qt.CursorShape.CrossCursor)
        else:
            area.unsetCursor()

    # Calipers -----------------------------------------------------------------------------

    def add(self, caliper: Caliper) -> None:
        """Put a caliper beside the others and choose it."""
        calipers = (*self._session.state.calipers, caliper)
        measuring = replace(self._measuring, selected=len(calipers) - 1, end="stop", draft=None)
        self._session.update(calipers=calipers, measuring=measuring)

    def _put(self, number: int, caliper: Caliper) -> None:
        calipers = self._session.state.calipers
        now = (*calipers[:number], caliper, *calipers[number + 1 :])
        measuring = replace(self._measuring, draft=None)
        if now == calipers:
            self._session.restore(measuring=measuring)
        else:
            self._session.update(calipers=now, measuring=measuring)

    def remove(self) -> None:
        """Remove the chosen caliper and choose the one before it."""
        calipers, at = self._session.state.calipers, self._measuring.selected
        if 0 <= at < len(calipers):
            left = (*calipers[:at], *calipers[at + 1 :])
            measuring = replace(self._measuring, selected=min(at, len(left) - 1), draft=None)
            self._session.update(calipers=left, measuring=measuring)

    def march(self) -> None:
        """Repeat the chosen caliper's interval over the page, or no longer."""
        caliper = selected_caliper(self._session.state.calipers, self._measuring)
        if caliper is not None and self._measuring.selected >= 0:
            self._put(self._measuring.selected, replace(caliper, marches=not caliper.marches))

    # Keys ---------------------------------------------------------------------------------

    def wants(self, event: QKeyEvent) -> bool:
        """Tell whether a key is the tool's before it is a shortcut's."""
        return bool(self._measuring.tool) and (
            event.key() in _WAYS or event.key() == Qt.Key.Key_Escape
        )

    def key(self, area: TraceArea, event: QKeyEvent) -> bool:
        """Move the chosen end, go to the next, or leave the tool."""
        if not self._measuring.tool:
            return False
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.leave(area)
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return self._step(1 if key == Qt.Key.Key_Tab else -1)
        if key in _WAYS:
            fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return self._nudge(area, *(way * (_FAST if fast else 1) for way in _WAYS[key]))
        return False

    def leave(self, area: TraceArea) -> None:
        """Give the mouse back to the paper."""
        self._drag = None
        self._set(tool="", selected=-1, draft=None)
        area.unsetCursor()

    def _step(self, by: int) -> bool:
        """Go to the next end; past the last the key goes on to the next control."""
        measuring = self._measuring
        found = next_end(len(self._session.state.calipers), measuring.selected, measuring.end, by)
        if found is None:
            self._set(selected=-1)
            return False
        self._set(selected=found[0], end=found[1])
        return True

    def _nudge(self, area: TraceArea, samples: int, steps_mv: int) -> bool:
        measuring, signals = self._measuring, area.signals()
        caliper = selected_caliper(self._session.state.calipers, measuring)
        if caliper is None or signals is None or measuring.draft is not None:
            return False
        time_s, value_mv = caliper.end(measuring.end)
        moved_s = on_sample(time_s + samples / signals.recording.fs_hz, signals)
        moved_mv = value_mv + steps_mv * _STEP_MV if caliper.lead else value_mv
        self._put(measuring.selected, caliper.with_end(measuring.end, moved_s, moved_mv))
        return True
