"""The agreement page's one state, the ways to change it, and signals of what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Signal

from ecgview.engine.events import Event, Failed, Progress
from ecgview.errors import EcgviewError
from ecgview.gui.agreement_study.state import Key, StudyState, usual_folds
from ecgview.gui.agreement_study.work import Events
from ecgview.gui.jobs import Broken, Job, Lane, Outcome, Returned
from ecgview.gui.page_session import StatefulSession
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.state import USUAL_LEADS
from ecgview.leads import LEADS, in_order
from ecgview.studies.agreement.results import AgreementReport, MarkerAgreement
from ecgview.studies.agreement.task import AgreementTask

_SHOWN = ("report", "model", "available", "subset", "sort", "descending")
_SIGNAL_OF_FIELD = {
    **dict.fromkeys(
        ("folders", "summary", "looking", "data_problem", "folds", "input_sets", "models"),
        "asked_changed",
    ),
    **dict.fromkeys(("running", "failure"), "running_changed"),
    **dict.fromkeys(("step", "failed"), "progressed"),
    **dict.fromkeys(_SHOWN, "shown_changed"),
    **dict.fromkeys(("chosen", "view", "against"), "chosen_changed"),
    "saving": "saving_changed",
}


class StudySession(StatefulSession):
    """The page's state and everything that changes it.

    Parameters
    ----------
    session : Session
        The window's: its models, its choice of leads, its files and its problems.
    settings : Settings
        Remembers data folders.
    """

    _signal_of_field = _SIGNAL_OF_FIELD
    asked_changed = Signal()
    running_changed = Signal()
    progressed = Signal()
    shown_changed = Signal()
    chosen_changed = Signal()
    saving_changed = Signal()
    said = Signal(str)
    """Something worth a line."""

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__(session)
        self._window, self._settings = session, settings
        self._backend = session.backend.study
        self._lane, self._looking, self._writing = Lane(self), Lane(self), Lane(self)
        self._job: Job | None = None
        self._look: Job | None = None
        self._opening: tuple[Path, float] | None = None
        session.recording_changed.connect(self._on_recording)
        state = session.state
        own = in_order(state.available or state.wanted or USUAL_LEADS)
        self._state = StudyState(
            input_sets=(own,) if own != LEADS else (USUAL_LEADS,),
            models=(state.model,) if state.model in self.models else self.models[:1],
        )

    @property
    def state(self) -> StudyState:
        """The state now."""
        return self._state

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the installed models that take some of the twelve leads."""
        cards = self._window.state.models
        return tuple(card.name for card in cards if not card.needs_other_leads)

    def title_of(self, model: str) -> str:
        """Give the title of a model."""
        cards = self._window.state.models
        return next((card.title for card in cards if card.name == model), model)

    def close(self) -> None:
        """Stop the workers."""
        for lane in (self._lane, self._looking, self._writing):
            lane.stop()

    # What is asked for

    def choose_data(self, folders: Sequence[Path]) -> None:
        """Look through data folders."""
        if self._look is not None:
            self._look.cancel()
        chosen = tuple(folder.absolute() for folder in folders)
        self.update(folders=chosen, summary=None, data_problem="", looking=bool(chosen))
        if chosen:
            self._look = self._looking.submit(
                partial(self._backend.summarise, chosen), partial(self._on_looked, chosen)
            )

    def _on_looked(self, folders: tuple[Path, ...], outcome: Outcome) -> None:
        if folders != self._state.folders:
            return
        if isinstance(outcome, Returned) and outcome.result is not None:
            for folder in reversed(folders):
                self._settings.remember_data(folder)
            folds = usual_folds(outcome.result.folds)
            self.update(looking=False, summary=outcome.result, folds=folds)
        elif isinstance(outcome, Broken):
            self.update(looking=False, data_problem=self._sentence(outcome))

    def _sentence(self, outcome: Broken) -> str:
        """Say what failed; what nobody foresaw is told with its details too."""
        if isinstance(outcome.exception, EcgviewError):
            return str(outcome.exception)
        self._window.problem.emit(outcome.exception, outcome.details)
        return "Something unexpected failed."

    def toggle_fold(self, fold: int) -> None:
        """Take a fold, or leave it out."""
        self.update(folds=tuple(sorted({*self._state.folds} ^ {fold})))

    def toggle_set(self, available: tuple[str, ...]) -> None:
        """Take a set of available leads, or leave it out."""
        sets = self._state.input_sets
        kept = tuple(one for one in sets if one != available)
        self.update(input_sets=kept if len(kept) < len(sets) else (*sets, available))

    def toggle_model(self, model: str) -> None:
        """Take a model, or leave it out; they keep the order of the window."""
        wanted = {*self._state.models} ^ {model}
        self.update(models=tuple(name for name in self.models if name in wanted))

    @property
    def task(self) -> AgreementTask:
        """What a study would be of."""
        state = self._state
        return AgreementTask(
            data_dirs=state.folders,
            input_sets=state.input_sets,
            models=state.models,
            folds=state.folds,
            device=self._window.state.device,
        )

    # The study

    def start(self) -> None:
        """Study what is asked for, or say what is missing."""
        if not self._state.can_start:
            self.said.emit(self._state.why_not or "The folder is still being looked through.")
            return
        self.update(running=True, step=None, failed=(), failure="")
        self._job = self._lane.submit(
            partial(self._backend.study, self.task), self._on_ended, self._on_event
        )

    def cancel(self) -> None:
        """Stop the study at its next step; an earlier result stays."""
        if self._job is not None and self._state.running:
            self._job.cancel()
            self.update(step=Progress(0, 0, "Stopping"))

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Failed):
            self.update(failed=(*self._state.failed, event))
        elif isinstance(event, Progress):
            self.update(step=event)

    def _on_ended(self, outcome: Outcome) -> None:
        self._job = None
        if isinstance(outcome, Returned) and outcome.result is not None:
            self.show_report(outcome.result)
            self.said.emit("The study of agreement is ready")
        elif isinstance(outcome, Broken):
            self.update(running=False, step=None, failure=self._sentence(outcome))
        else:
            self.update(running=False, step=None)
            self.said.emit("The study was cancelled")

    def show_report(self, report: AgreementReport) -> None:
        """Show a result from its beginning."""
        first = report.values[0] if report.values else None
        self.update(
            running=False, step=None, failure="", report=report,
            model=first.model if first else "", available=first.available if first else (),
            subset=report.subsets[0].key if report.subsets else "all",
        )  # fmt: skip

    # What is looked at

    def show(self, **choice: Any) -> None:
        """Look at another model, set or subset; a model that does not take the set gives way."""
        self.update(**choice)
        there = self._state.models_shown
        if there and self._state.model not in there:
            self.update(model=there[0])

    def choose(self, key: Key) -> None:
        """Look at a row."""
        if key != self._state.chosen:
            self.update(chosen=key)

    def sort_by(self, column: str) -> None:
        """Sort by a column; the other way round where it is sorted by already."""
        state = self._state
        self.update(sort=column, descending=not state.descending if column == state.sort else False)

    def open(self, row: MarkerAgreement, place: int) -> None:
        """Show the recording behind a point in the viewer, its neighbours before and after it.

        Parameters
        ----------
        row : MarkerAgreement
            Whose point.
        place : int
            Of the recording in the report.
        """
        report = self._state.report
        if report is None:
            return
        points = report.points(row)
        order = np.argsort(points.estimated_uv - points.real_uv, kind="stable")
        places = [int(one) for one in points.rows[order]]
        paths = [Path(report.recordings[one].path) for one in places]
        if row.model in self.models:
            self._window.set_model(row.model)
        self._window.update(wanted=in_order(row.available))
        self._opening = paths[places.index(place)], report.recordings[place].start_s
        self._window.files.show_list(paths, places.index(place))

    def _on_recording(self) -> None:
        """Go to the stretch that was compared, where it is not the beginning."""
        opening, self._opening = self._opening, None
        recording = self._window.state.recording
        if opening is not None and recording is not None and recording.path == opening[0]:
            self._window.change_view(start_s=opening[1])

    # Results as files

    def write(self, events: Callable[[], Events], what: str) -> None:
        """Write something in a worker, and say where it is."""
        self.update(saving=what)
        self._writing.submit(events, partial(self._on_written, what))

    def _on_written(self, what: str, outcome: Outcome) -> None:
        self.update(saving="")
        if isinstance(outcome, Returned):
            files = list(outcome.result or ())
            many = f"{len(files)} files in {files[0].parent}" if len(files) > 1 else f"{files[0]}"
            self.said.emit(f"Saved {many}" if files else f"Saved {what}")
        elif isinstance(outcome, Broken):
            self._window.problem.emit(outcome.exception, outcome.details)
