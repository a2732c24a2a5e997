"""The model's reconstruction of the recording shown: asked for, compared, put into the state.

Every question to the engine carries a generation number; an answer to an old question is dropped.
A long recording is shown while it is rebuilt in the background, what is visible first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ecgview.engine.events import Event, Finished, Progress
from ecgview.errors import EcgviewError
from ecgview.filtered import filtered_recording
from ecgview.gui.jobs import Broken, Job, Lane, Outcome, Returned
from ecgview.gui.long_words import can_go_on
from ecgview.gui.model_fit import Misfit, misfit_of
from ecgview.gui.requests import (
    LONG_SAMPLES,
    Answer,
    Request,
    Wishes,
    comparison_job,
    reconstruction_job,
)
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.gui.session import Session
    from ecgview.gui.state import SessionState

REBUILDING = "Reconstructing"


class Reconstructions(QObject):
    """Asks the engine what the state calls for.

    Parameters
    ----------
    session : Session
        Its state says what is wanted and takes the results.
    lane : Lane
        The worker that the engine runs in.
    """

    def __init__(self, session: Session, lane: Lane) -> None:
        super().__init__(session)
        self._session, self._lane = session, lane
        self._job: Job | None = None
        self._generation = 0
        self._engine_started = False
        self._wishes = Wishes()
        session.view_changed.connect(self._wish_for_page)

    def drop(self) -> None:
        """Take no answer to what was asked so far."""
        if self._job is not None:
            self._job.cancel()
        self._generation += 1

    def start_engine(self) -> None:
        """Allow the engine to load, and load it."""
        if self._engine_started:
            return
        self._engine_started = True
        if not self.make():
            self._lane.submit(self._warm_up, self._on_warmed_up)

    def _warm_up(self) -> Iterator[Event]:
        yield Progress(0, 1, "Loading the engine")
        state = self._session.state
        backend = self._session.backend
        devices = tuple(backend.warm_up(state.model or None, state.device))
        yield Finished((devices, backend.device_reason("auto")))

    def _on_warmed_up(self, outcome: Outcome) -> None:
        if not isinstance(outcome, Returned):
            return
        before = self._session.state.devices
        devices, reason = outcome.result
        self._session.update(devices=devices, device_reason=reason)
        if before and devices and before[0] != devices[0]:
            self._session.problem.emit(EcgviewError(reason, "Reconstructions go on there."), "")

    def make(self) -> bool:
        """Reconstruct what the state says; tell whether there was anything to ask."""
        state = self._session.state
        can_ask = state.available or (state.card and state.card.needs_other_leads)
        if state.recording is None or not self._engine_started or not can_ask:
            self.drop()  # what was asked of another recording is not of this one
            self._session.update(busy="")
            return False
        misfit = misfit_of(state)
        if misfit is not None:
            self._refuse(misfit)
            return False
        self._rebuild(self._ask(state.recording))
        return True

    def _rebuild(self, request: Request) -> None:
        self._session.update(busy=REBUILDING, left_s=None)
        self._job = self._lane.submit(
            partial(reconstruction_job, self._session.backend, request),
            partial(self._on_made, request),
            partial(self._on_event, request),
        )

    def compare(self) -> None:
        """Compare the reconstruction shown again; one that is being made is compared then."""
        state = self._session.state
        reconstruction = state.reconstruction
        if state.busy == REBUILDING:
            self._wishes.comparison = state.comparison
        if state.recording is None or reconstruction is None or state.busy == REBUILDING:
            return
        request = self._ask(state.recording, again=True)
        self._session.update(busy="Comparing")
        self._job = self._lane.submit(
            partial(comparison_job, self._session.backend, request, reconstruction),
            partial(self._on_made, request),
            partial(self._on_event, request),
        )

    def stop(self) -> None:
        """End a reconstruction that is shown while it grows; what is rebuilt stays."""
        self._wishes.stopped = True

    def go_on(self) -> None:
        """Go on with a reconstruction that was stopped."""
        state = self._session.state
        if state.recording is not None and can_go_on(state):
            request = self._ask(state.recording, again=True)
            self._rebuild(replace(request, begun=state.reconstruction))

    def stop_or_go_on(self) -> None:
        """Stop one that is under way, or go on with one that was stopped."""
        if can_go_on(self._session.state):
            self.go_on()
        else:
            self.stop()

    def _wish_for_page(self) -> None:
        """Let what is visible be rebuilt next."""
        self._wishes.place = visible_stretch(self._session.state)

    def _ask(self, recording: Recording, *, again: bool = False) -> Request:
        """Cancel the open question and count a new one, maybe on what is shown already."""
        self.drop()
        state = self._session.state
        self._wishes = Wishes(visible_stretch(state))
        is_long = recording.n_samples > LONG_SAMPLES
        return Request(
            self._generation,
            filtered_recording(recording, state.model_filters),
            state.available,
            state.model or None,
            state.device,
            state.comparison,
            self._wishes.place if is_long else None,
            self._wishes,
            personal=state.personal,
            calibrated=state.calibrated if again else None,
            filters=state.model_filters,
        )

    def _refuse(self, misfit: Misfit) -> None:
        """Show the recording alone and say why; an answer that is on its way is dropped."""
        self.drop()
        self._show_nothing(misfit.sentence)
        self._session.settled.emit()

    def _on_event(self, request: Request, event: Event) -> None:
        if request.generation != self._generation:
            return
        if isinstance(event, Answer):
            self._put(event)
        else:
            self._session.progressed.emit(event)

    def _on_made(self, request: Request, outcome: Outcome) -> None:
        if request.generation != self._generation:
            return
        if isinstance(outcome, Returned):
            self._show(outcome.result)
        elif isinstance(outcome, Broken):
            self._show_failure(outcome)

    def _put(self, answer: Answer, **more: str) -> None:
        self._session.update(
            # Another object each time: what it holds has grown.
            reconstruction=replace(answer.reconstruction),
            agreement=answer.agreement,
            windows=answer.windows,
            calibrated=answer.calibrated,
            left_s=answer.left_s,
            failure="",
            **more,
        )

    def _show(self, answer: Answer) -> None:
        session = self._session
        self._put(replace(answer, left_s=None), busy="")
        if not session.state.devices or ran_elsewhere(session.state):
            self._lane.submit(self._warm_up, self._on_warmed_up)
        if answer.comparison != session.state.comparison:
            self.compare()
        else:
            session.settled.emit()

    def _show_nothing(self, why: str) -> None:
        self._session.update(
            reconstruction=None, agreement=None, windows=None, left_s=None, busy="", failure=why,
            calibrated=None,
        )  # fmt: skip

    def _show_failure(self, outcome: Broken) -> None:
        error = outcome.exception
        sentence = str(error) if isinstance(error, EcgviewError) else "Something unexpected failed."
        self._show_nothing(sentence)
        self._session.problem.emit(error, outcome.details)
        self._session.settled.emit()


def ran_elsewhere(state: SessionState) -> bool:
    """Tell whether the last result came from another device than the first: it may have failed."""
    used = state.reconstruction.device if state.reconstruction else ""
    return state.device == "auto" and bool(used) and used not in state.devices[:1]


def visible_stretch(state: SessionState) -> tuple[int, int] | None:
    """Tell which samples of the recording are on the page."""
    recording = state.recording
    if recording is None:
        return None
    start = round(state.view.start_s * recording.fs_hz)
    stop = start + round(state.view.page_s * recording.fs_hz)
    start = min(max(start, 0), max(recording.n_samples - 1, 0))
    return start, min(max(stop, start + 1), recording.n_samples)
