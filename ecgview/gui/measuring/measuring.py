"""What the actions of measuring do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPointF
from PySide6.QtGui import QGuiApplication

from ecgview.formats.notes import tidy_note
from ecgview.gui.measuring.calipers import as_tsv, seen_in
from ecgview.gui.measuring.layers import MeasuringLayers
from ecgview.gui.measuring.listing import Listing, MarkIndex, make_listing, worth_a_tick
from ecgview.gui.measuring.snapping import on_sample, snapped
from ecgview.gui.measuring.spoken import SpokenCaliper
from ecgview.gui.measuring.state import Caliper, ToolName
from ecgview.gui.measuring.tools import CaliperTool
from ecgview.gui.viewer.layout import Page, Window
from ecgview.gui.viewer.navigate import go_to
from ecgview.recording import Mark

if TYPE_CHECKING:
    from ecgview.gui.main_window import MainWindow
    from ecgview.gui.session import Session
    from ecgview.gui.viewer.trace_area import TraceArea

_WIDTH_PX = 60.0
"""Of a caliper that is put down by key."""
_NEAR_PX = 6.0
_LEAD_IN = 0.25
"""Part of the page before a mark that was jumped to."""
_LAST_PART = 0.95


class Measuring(QObject):
    """Calipers, crosshair, marks and notes.

    Parameters
    ----------
    session : Session
        Changed.
    window : MainWindow
        Above which dialogs open.
    """

    def __init__(self, session: Session, window: MainWindow) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self.tool: CaliperTool = CaliperTool(session)
        self._listing: tuple[tuple[Any, ...], Listing] | None = None
        self._indexes: dict[str, MarkIndex] = {}
        self._ticked: tuple[Mark, ...] = ()
        self._at: QPointF | None = None
        session.marks.said.connect(window.say)
        session.recording_changed.connect(self.tool.let_go)

    def lay_over(self, area: TraceArea) -> None:
        """Lay everything over the paper, and give the tool the mouse."""
        self.area = area
        self.layers = MeasuringLayers(self._session, area)
        self.spoken = SpokenCaliper(self._session, area, self.layers)
        area.set_tool(self.tool)
        self._session.marks_changed.connect(self._show_ticks)
        area.doubleClicked.connect(self._on_double_click)
        area.menuAsked.connect(self._on_menu)

    def change(self, **changes: Any) -> None:
        """Change how one measures; that is nothing to undo."""
        measuring = replace(self._session.state.measuring, **changes)
        self._session.restore(measuring=measuring)
        if {"shows_marks", "shows_notes"} & changes.keys():
            self._show_ticks()

    def _show_ticks(self) -> None:
        """Mark on the overview of the whole recording where marks and notes are."""
        state, strip = self._session.state, self._window.overview.strip
        marks = state.marks if state.measuring.shows_marks else ()
        notes = state.notes if state.measuring.shows_notes else ()
        if marks is not self._ticked:
            self._ticked = marks
            strip.set_ticks("marks", worth_a_tick(marks), "secondary")
        strip.set_ticks("notes", [note.start_s for note in notes], "accent")

    # Calipers -----------------------------------------------------------------------------

    def choose_tool(self, tool: ToolName) -> None:
        """Let dragging make calipers; the same tool again gives the mouse back to the paper."""
        if self._session.state.measuring.tool == tool:
            self.tool.leave(self.area)
        else:
            self.change(tool=tool)
            self.area.setFocus()

    def caliper_here(self) -> None:
        """Put a caliper down at the pointer, for the keys to move."""
        spot = self._spot()
        signals = self.area.signals()
        place = self.area.page().place_at(spot.x(), spot.y())
        if signals is None or place is None:
            return
        peaks = self._session.state.measuring.snaps
        page = self.area.page()
        seen = seen_in(self._session.state)
        start = snapped(spot.x(), spot.y(), place.cell, page, signals, seen, to_peak=peaks)
        stop_s = on_sample(start[0] + _WIDTH_PX / page.px_per_s, signals)
        tool = self._session.state.measuring.tool or "lead"
        lead = place.cell.lead if tool == "lead" else ""
        heights = (start[1], start[1]) if lead else ()
        self.change(tool=tool)
        self.tool.add(Caliper(start[0], stop_s, lead, *heights))
        self.area.setFocus()

    def clear(self) -> None:
        """Remove all calipers."""
        self._session.update(calipers=())
        self.change(selected=-1, draft=None)

    def copy(self) -> None:
        """Copy what the calipers read, as a table."""
        QGuiApplication.clipboard().setText(as_tsv(self.layers.readings()))
        self._window.say("Copied the calipers")

    # Notes --------------------------------------------------------------------------------

    def note_here(self) -> None:
        """Write a note: on the marked stretch, at the pointer, or in the middle of the page."""
        mark_s = self._session.state.view.mark_s
        if mark_s is not None:
            self.write(Mark(mark_s[0], "", mark_s[1] - mark_s[0]))
            return
        spot = self._spot()
        place = self.area.page().place_at(spot.x(), spot.y())
        view = self._session.state.view
        self.write(Mark(place.time_s if place else view.start_s + view.page_s / 2, ""))

    def write(self, note: Mark) -> None:
        """Ask for the text of a new note, or for another of one that there is."""
        recording = self._session.state.recording
        if recording is None or self._session.state.measuring.reads_notes:
            return
        from ecgview.gui.measuring.note_dialog import NoteDialog

        made = tidy_note(note, recording.fs_hz)
        old = note if note.text else None
        dialog = NoteDialog(made, recording.leads, self._window)
        dialog.saved.connect(lambda new: self._replace(recording.fs_hz, old, new))
        dialog.removed.connect(lambda: self.remove_note(note))
        dialog.finished.connect(dialog.deleteLater)
        # It would otherwise save into the next recording.
        self._session.recording_changed.connect(dialog.reject)
        dialog.open()

    def _replace(self, fs_hz: float, old: Mark | None, new: Mark) -> None:
        note = tidy_note(new, fs_hz)
        others = [one for one in self._session.state.notes if one is not old]
        if note.text and note not in others:
            notes = sorted((*others, note), key=lambda one: one.start_s)
            self._session.update(notes=tuple(notes))

    def remove_note(self, note: Mark) -> None:
        """Remove a note; it can be undone."""
        notes = self._session.state.notes
        self._session.update(notes=tuple(one for one in notes if one != note))

    def _note_at(self, point: QPointF) -> Mark | None:
        page = self.area.page()
        for note in self._session.state.notes:
            for cell in page.cells:
                near = abs(page.x_in(cell, note.start_s) - point.x()) <= _NEAR_PX
                if near and note.channel in ("", cell.lead):
                    return note
        return None

    # Marks --------------------------------------------------------------------------------

    def listing(self) -> Listing:
        """Give the marks and notes that are listed now."""
        state = self._session.state
        key = (state.marks, state.notes, state.measuring.search, state.measuring.kind)
        if self._listing is None or any(
            one is not other for one, other in zip(self._listing[0], key, strict=True)
        ):
            marks, notes = self._index("marks", state.marks), self._index("notes", state.notes)
            made = make_listing(marks, notes, state.measuring.search, state.measuring.kind)
            self._listing = (key, made)
        return self._listing[1]

    def _index(self, name: str, marks: tuple[Mark, ...]) -> MarkIndex:
        known = self._indexes.get(name)
        if known is None or known.marks is not marks:
            known = self._indexes[name] = MarkIndex.of(marks)
        return known

    def step(self, by: int) -> None:
        """Jump to the next listed mark, or with -1 to the one before."""
        listing = self.listing()
        row = listing.step(self._from_s(by), by)
        if row >= 0:
            self.jump(listing.mark(row))
        else:
            self._window.say("No further mark" if by > 0 else "No earlier mark")

    def _from_s(self, by: int) -> float:
        """From the mark jumped to, as long as it is in sight; else from the page."""
        view, current_s = self._session.state.view, self._session.state.measuring.current_s
        if current_s is not None and view.start_s <= current_s <= view.start_s + view.page_s:
            return current_s
        # The first of the page counts as the next one.
        return view.start_s - 1e-9 if by > 0 else view.start_s + view.page_s

    def jump(self, mark: Mark) -> None:
        """Show a mark, and where it is."""
        state, area = self._session.state, self.area
        if state.recording is None:
            return
        view = state.view
        if not view.start_s <= mark.start_s <= view.start_s + _LAST_PART * view.page_s:
            window = Window(area.width(), area.height(), area.devicePixelRatioF())
            start_s = mark.start_s - _LEAD_IN * view.page_s
            self._session.set_view(go_to(view, start_s, state.recording.duration_s, window))
        self.change(current_s=mark.start_s)
        self._window.say(f"{mark.start_s:.3f} s  {mark.text}")

    def find(self) -> None:
        """Show the list of marks, and search it."""
        self._session.update(side="marks", side_panel=True)
        self._window.side_panel.marks.search.setFocus()
        self._window.side_panel.marks.search.selectAll()

    def go_to(self) -> None:
        """Ask for a time and show it."""
        from ecgview.gui.measuring.time_dialog import TimeDialog

        recording = self._session.state.recording
        if recording is None:
            return
        dialog = TimeDialog(recording.duration_s, self._window)
        dialog.chosen.connect(self._go_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _go_to(self, time_s: float) -> None:
        recording = self._session.state.recording
        if recording is None:
            return
        area = self.area
        window = Window(area.width(), area.height(), area.devicePixelRatioF())
        view = self._session.state.view
        self._session.set_view(go_to(view, time_s, recording.duration_s, window))

    def remove(self) -> None:
        """Remove the note chosen in the list, or else the chosen caliper."""
        note = self._note_with_keys()
        if note is not None:
            self.remove_note(note)
        else:
            self.tool.remove()

    def _note_with_keys(self) -> Mark | None:
        """Give the note chosen in the list, where the list has the keyboard."""
        if self._session.state.side != "marks":
            return None  # the panel may not be made yet
        panel = self._window.side_panel.marks
        return panel.chosen_note() if panel.has_focus() else None

    # Pointer ------------------------------------------------------------------------------

    def _spot(self) -> QPointF:
        """Where something is to be put: at the menu, at the pointer, in the middle."""
        pointer = self._at or self.area.pointer()
        return pointer if pointer is not None else self._middle()

    def _middle(self) -> QPointF:
        """Give the middle of the traces in sight, on the zero line of a row."""
        page: Page = self.area.page()
        height = self.area.height() / 2
        y = min(page.baselines, key=lambda baseline: abs(baseline - height))
        return QPointF(self.area.width() / 2, y)

    def _on_double_click(self, point: QPointF) -> None:
        note = self._note_at(point)
        place = self.area.page().place_at(point.x(), point.y())
        if note is not None:
            self.write(note)
        elif place is not None and self._session.state.recording is not None:
            self.write(Mark(place.time_s, ""))

    def _on_menu(self, point: QPointF, at: Any) -> None:
        if self._session.state.recording is None:
            return
        from ecgview.gui.measuring.context_menu import make_menu

        self._at = point
        menu = make_menu(self._window, self._note_at(point), self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.destroyed.connect(self._forget_place)
        menu.popup(at)

    def _forget_place(self) -> None:
        self._at = None
