"""The filters that the window has on: chosen, left out where a rate cannot carry them, loaded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from ecgview.gui.banner import Remark
from ecgview.gui.jobs import Broken, Outcome
from ecgview.gui.session import Session
from ecgview.gui.signal_processing import is_loaded, loading_job
from ecgview.signals.filtering import Filters, carried, refusal

if TYPE_CHECKING:
    from ecgview.gui.main_window import MainWindow


class Filtering(QObject):
    """Changes the filters of the view, and keeps what depends on them in step.

    Parameters
    ----------
    session : Session
        Its view has the filters.
    window : MainWindow
        It is told what cannot be.
    """

    def __init__(self, session: Session, window: MainWindow) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._is_loading = False
        self._of_model = Filters()
        session.recording_changed.connect(self._check)
        session.view_changed.connect(self._check)

    def choose(self, **change: Any) -> None:
        """Set one filter, or take it away where it is set so already.

        Parameters
        ----------
        **change : float or bool
            A field of `Filters` and its value.
        """
        before = self._session.state.view.filters
        field, value = next(iter(change.items()))
        is_on = getattr(before, field) == value
        self.set(replace(before, **{field: getattr(Filters(), field) if is_on else value}))

    def set(self, filters: Filters) -> None:
        """Filter so; refused with a sentence where the recording's rate cannot carry it."""
        recording = self._session.state.recording
        sentence = refusal(filters, recording.fs_hz) if recording is not None else ""
        if sentence:
            self._window.complain(Remark(sentence, "The filters stay as they are."))
        else:
            self._session.change_view(filters=filters)

    def filter_input(self, filtered: bool) -> None:
        """Choose whether the model is given what the filters leave, or the recording as it is."""
        self._session.update(filter_input=filtered)

    def _check(self) -> None:
        state = self._session.state
        if state.recording is None:
            return
        filters = state.view.filters
        kept = carried(filters, state.recording.fs_hz)
        if kept != filters:
            sentence = refusal(filters, state.recording.fs_hz)
            self._window.say(f"{sentence} It is off.")
            self._session.change_view(filters=kept)
            return
        if filters and not is_loaded() and not self._is_loading:
            self._is_loading = True
            self._session.files.run(loading_job, self._on_loaded)
        if state.model_filters != self._of_model:
            self._of_model = state.model_filters
            self._session.reconstructions.make()

    def _on_loaded(self, outcome: Outcome) -> None:
        self._is_loading = False
        if isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)
            return
        self._window.trace_area.refresh_filters()
        self._session.view_changed.emit()
