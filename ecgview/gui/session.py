"""The session: the window's one state, the ways to change it, and signals of what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ecgview.errors import EcgviewError
from ecgview.gui.backend import Backend
from ecgview.gui.beats.finder import BeatFinder
from ecgview.gui.comparisons import Comparisons
from ecgview.gui.files import FileList
from ecgview.gui.history import History, put_back
from ecgview.gui.jobs import Lane
from ecgview.gui.measuring.keeper import MarkKeeper
from ecgview.gui.model_fit import leads_for
from ecgview.gui.reconstructions import Reconstructions
from ecgview.gui.session_signals import SIGNAL_OF_FIELD
from ecgview.gui.signs.finder import SignFinder
from ecgview.gui.signs.state import SignsState
from ecgview.gui.state import SessionState, at_start_of_next, leads_to_start_with
from ecgview.leads import in_order
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.gui.personal.state import PersonalSource
    from ecgview.gui.viewer.state import ViewState


class Session(QObject):
    """The window's state and everything that changes it.

    Parameters
    ----------
    backend : Backend
        The engine, or a test's stand-in.
    state : SessionState, optional
        To begin with.
    parent : QObject, optional
        Owner; call `close` before it goes.
    """

    files_changed = Signal()
    opening_changed = Signal()
    recording_changed = Signal()
    available_changed = Signal()
    notice_changed = Signal()
    model_changed = Signal()
    view_changed = Signal()
    result_changed = Signal()
    busy_changed = Signal()
    theme_changed = Signal()
    page_changed = Signal()
    side_changed = Signal()
    teaching_changed = Signal()
    personal_changed = Signal()
    beats_changed = Signal()
    signs_changed = Signal()
    measuring_changed = Signal()
    marks_changed = Signal()
    history_changed = Signal()
    shape_changed = Signal()
    progressed = Signal(object)
    problem = Signal(object, str)
    options_needed = Signal(object)
    closing = Signal()
    """The workers are about to be stopped."""
    settled = Signal()
    """No question is open any more: the picture is up to date, or it failed."""

    def __init__(
        self,
        backend: Backend | None = None,
        state: SessionState | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.backend = backend or Backend()
        self._state = state or SessionState()
        self._is_closed = False
        self.history = History()
        # What long recordings take in the background holds nothing else up.
        self._lane, self._side_lane = Lane(self), Lane(self)
        self.files = FileList(self)
        self.reconstructions = Reconstructions(self, self._lane)
        self.comparisons = Comparisons(self, self._side_lane)
        self.beats = BeatFinder(self)
        self.signs = SignFinder(self, self._side_lane)
        self.marks = MarkKeeper(self)

    @property
    def state(self) -> SessionState:
        """The state now."""
        return self._state

    def update(self, **changes: Any) -> None:
        """Change fields of the state and tell each signal they belong to once."""
        after = replace(self._state, **changes)
        self.history.record(self._state, after)
        self._become(after, changes)

    def restore(self, **changes: Any) -> None:
        """Change fields as `update` does, with nothing to undo."""
        self._become(replace(self._state, **changes), changes)

    def _become(self, after: SessionState, changes: Iterable[str]) -> None:
        """Take over a state and tell what changed, in the order of `changes`."""
        undo, redo = self.history.words
        before, self._state = self._state, replace(after, undo=undo, redo=redo)
        changed = [
            field
            for field in (*changes, "undo", "redo")
            if getattr(before, field) is not getattr(self._state, field)
        ]
        for signal in dict.fromkeys(SIGNAL_OF_FIELD.get(field, "") for field in changed):
            if signal:
                getattr(self, signal).emit()

    def close(self) -> None:
        """Stop the workers."""
        self._is_closed = True
        self.closing.emit()
        self.reconstructions.drop()
        self.signs.drop()
        self.beats.close()
        self.marks.close()
        self.files.close()
        self._lane.stop()
        self._side_lane.stop()

    # Recordings ---------------------------------------------------------------------------

    def show_recording(self, recording: Recording | None) -> None:
        """Show a recording that was read, with the user's leads where it has them."""
        self.comparisons.drop()
        state = self._state
        available: tuple[str, ...] = ()
        if recording is not None:
            available = leads_for(state.card, recording.leads) or leads_to_start_with(
                recording.leads, state.wanted
            )
        self.update(
            recording=recording,
            available=available,
            view=at_start_of_next(state.view),
            filter_input=False,
            reconstruction=None,
            agreement=None,
            windows=None,
            worst_at_s=None,
            left_s=None,
            failure="",
            notice="",
            personal=None,
            calibrated=None,
            estimates=(),
            chosen="",
            calipers=(),
            measuring=state.measuring.for_next(),
            marks=(),
            notes=(),
            beats=state.beats.for_next(),
            signs=SignsState(),
        )
        self.reconstructions.make()

    # Leads --------------------------------------------------------------------------------

    def toggle_lead(self, lead: str) -> None:
        """Switch a lead on or off; refused, with a notice, where that makes no sense."""
        available = set(self._state.available)
        self.set_available(available ^ {lead})

    def set_available(self, leads: Sequence[str] | set[str]) -> None:
        """Give the model exactly these leads, as far as the file holds them."""
        state = self._state
        if state.recording is None:
            return
        missing = in_order(lead for lead in leads if lead not in state.leads)
        chosen = in_order(lead for lead in leads if lead in state.leads)
        if not chosen:
            lacks = f"{', '.join(missing)} is not in this file. " if missing else ""
            self.update(notice=f"{lacks}At least one lead must stay on.")
            return
        notice = f"Not in this file: {', '.join(missing)}." if missing else ""
        self.update(notice=notice)
        if chosen != state.available:
            self.update(available=chosen, wanted=in_order(leads))
            self.reconstructions.make()

    # Undo and redo ------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last choice of leads, view or note."""
        if self._state.undo:
            self._put_back(self.history.take_back())

    def redo(self) -> None:
        """Do again what was taken back last."""
        if self._state.redo:
            self._put_back(self.history.do_again())

    def _put_back(self, values: dict[str, Any]) -> None:
        before = self._state
        values = {**values, "notice": ""}
        if "personal" in values:
            values["calibrated"] = None
        self._become(put_back(before, values), values)
        if {"available", "model", "personal"} & values.keys():
            self.reconstructions.make()
        elif self._state.comparison != before.comparison:
            self.reconstructions.compare()
        if self._state.comparison != before.comparison:
            self.comparisons.refresh()

    # Model and device ---------------------------------------------------------------------

    def load_models(self, wanted: str = "") -> None:
        """List the installed models and choose one.

        Parameters
        ----------
        wanted : str
            The name remembered from last time; the first one where it is gone.
        """
        try:
            models = tuple(self.backend.list_models())
        except EcgviewError as error:
            self.problem.emit(error, "")
            return
        names = [card.name for card in models]
        first = names[0] if names else ""
        self.update(models=models, model=wanted if wanted in names else first)

    def set_model(self, name: str) -> None:
        """Choose a model by name; one that takes one set of leads only is given that set."""
        if name != self._state.model:
            self.update(model=name)
            leads = leads_for(self._state.card, self._state.leads)
            if leads and leads != self._state.available:
                self.set_available(leads)
            else:
                self.reconstructions.make()

    def set_personal(self, source: PersonalSource | None) -> None:
        """Calibrate from an ECG of the person, or no more."""
        shown = self._state.recording
        if source is self._state.personal or shown is None:
            return
        before = self._state.comparison
        # What a recording taught is not to be verified on the same samples.
        if source is not None and source.recording.is_of_file(shown):
            source = replace(source, recording=shown, situation="same")
        last = source if source and source.situation == "earlier" else self._state.last_personal
        self.update(personal=source, calibrated=None, last_personal=last)
        self.reconstructions.make()
        if self._state.comparison != before:
            self.comparisons.refresh()

    def set_device(self, device: str) -> None:
        """Choose a device by name, or ``auto``."""
        if device != self._state.device:
            self.update(device=device)
            self.reconstructions.make()

    def start_engine(self) -> None:
        """Allow the engine to load; called after the window's first paint, if it is open still."""
        if self._is_closed:
            return
        self.reconstructions.start_engine()
        self.beats.start()
        self.marks.start()

    # View and comparison ------------------------------------------------------------------

    def set_view(self, view: ViewState) -> None:
        """Draw the traces differently; a new mark is compared afresh."""
        if view == self._state.view:
            return
        before = self._state.comparison
        self.update(view=view)
        if self._state.comparison != before:
            self.reconstructions.compare()
            self.comparisons.refresh()

    def change_view(self, **changes: Any) -> None:
        """Change some fields of the view."""
        self.set_view(replace(self._state.view, **changes))

    def set_clean(self, clean: bool) -> None:
        """Compare raw signals, or signals high-passed at 0.5 Hz."""
        if clean != self._state.clean:
            self.update(clean=clean)
            self.reconstructions.compare()
            self.comparisons.refresh()
