"""Comparing with files from elsewhere: opened, laid over the recording and compared in a worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.pairing import distinct_names
from ecgview.errors import EcgviewError
from ecgview.gui.backend import Backend, Comparison
from ecgview.gui.banner import Remark
from ecgview.gui.comparisons_table import MODEL, ShownEstimate
from ecgview.gui.jobs import Broken, Lane, Outcome, Returned
from ecgview.gui.viewer.overlays import MOST_OTHERS
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.formats import Corrections, NeedsOptions
    from ecgview.gui.session import Session


@dataclass(frozen=True)
class AskedFor:
    """A file to compare with, under the name and in the style that it will have."""

    name: str
    style: int
    path: Path
    import_options: Any = None


@dataclass(frozen=True)
class Answer:
    """What became of the files.

    Attributes
    ----------
    estimates : tuple of ShownEstimate
        Those that could be laid over the recording.
    remarks : tuple of Remark
        What must be known of them, and why the others could not.
    questions : tuple of NeedsOptions
        Text files that do not say what they hold.
    """

    estimates: tuple[ShownEstimate, ...]
    remarks: tuple[Remark, ...]
    questions: tuple[NeedsOptions, ...]


def laying_job(
    backend: Backend,
    recording: Recording,
    files: Sequence[AskedFor],
    comparison: Comparison,
    corrections: Corrections | None = None,
) -> Iterator[Event]:
    """Open files and lay them over a recording; one that cannot be does not stop the others.

    Yields
    ------
    Event
        Progress; at last a `Finished` with an `Answer`.
    """
    from ecgview.engine.comparison import estimate_from
    from ecgview.formats import NeedsOptions, open_recording

    estimates: list[ShownEstimate] = []
    remarks: list[Remark] = []
    questions: list[NeedsOptions] = []
    for number, file in enumerate(files):
        yield Progress(number, len(files), f"Comparing with {file.name}")
        try:
            opened = open_recording(file.path, options=file.import_options, corrections=corrections)
            made = estimate_from(recording, opened, name=file.name)
            agreement = backend.compare(recording, made.reconstruction, comparison)
        except NeedsOptions as question:
            questions.append(question)
        except EcgviewError as error:
            remarks.append(Remark(error.message, error.hint))
        else:
            estimates.append(ShownEstimate(file.name, file.path, file.style, made, agreement))
            remarks += [Remark(one.message, one.hint) for one in made.remarks]
    yield Finished(Answer(tuple(estimates), tuple(remarks), tuple(questions)))


def figures_job(
    backend: Backend,
    recording: Recording,
    estimates: Sequence[ShownEstimate],
    comparison: Comparison,
) -> Iterator[Event]:
    """Compare estimates again, over another stretch or with another filter.

    Yields
    ------
    Event
        Progress; at last a `Finished` with the estimates and their new figures.
    """
    anew: list[ShownEstimate] = []
    for number, one in enumerate(estimates):
        yield Progress(number, len(estimates), f"Comparing with {one.name}")
        figures = backend.compare(recording, one.estimate.reconstruction, comparison)
        anew.append(replace(one, agreement=figures))
    yield Finished(tuple(anew))


class Comparisons(QObject):
    """Keeps the estimates from elsewhere in the session's state.

    Parameters
    ----------
    session : Session
        Whose recording they are compared with.
    lane : Lane
        The worker.
    """

    remarked = Signal(object)
    """What must be known of the files asked for last, as a tuple of remarks; maybe empty."""
    options_needed = Signal(object)

    def __init__(self, session: Session, lane: Lane) -> None:
        super().__init__(session)
        self._session = session
        self._lane = lane
        self._recording_number = 0
        self._figures_number = 0
        self._open: list[AskedFor] = []
        self._is_refreshing = False

    def add(self, paths: Sequence[Path], import_options: Any = None) -> None:
        """Lay files over the recording shown; the first that can be is chosen.

        Parameters
        ----------
        paths : sequence of Path
            Files; one that is compared with already is read again.
        import_options : ImportOptions, optional
            For text files that do not explain themselves.
        """
        recording = self._session.state.recording
        if recording is None or not paths:
            return
        files, too_many = self._files_of(paths, import_options, recording.name)
        self._open += files
        comparison = self._session.state.comparison
        self._session.update(comparing=f"Comparing with {', '.join(f.name for f in files)}")
        self._lane.submit(
            partial(
                laying_job,
                self._session.backend,
                recording,
                files,
                comparison,
                self._session.files.corrections,
            ),
            partial(self._on_laid, self._recording_number, files, comparison, too_many),
        )

    def _files_of(
        self, paths: Sequence[Path], import_options: Any, own_name: str
    ) -> tuple[list[AskedFor], tuple[Remark, ...]]:
        """Give each file a name and a free style; one that is known keeps its own."""
        state = self._session.state
        known = {one.path: (one.name, one.style) for one in state.estimates}
        known |= {file.path: (file.name, file.style) for file in self._open}
        new = [path for path in dict.fromkeys(paths) if path not in known]
        taken = {style for _, style in known.values()}
        free = [style for style in range(1, MOST_OTHERS + 1) if style not in taken]
        names = distinct_names(new, [own_name, *(name for name, _ in known.values())])
        known |= {path: (name, style) for path, name, style in zip(new, names, free, strict=False)}
        files = [
            AskedFor(*known[path], path, import_options)
            for path in dict.fromkeys(paths)
            if path in known
        ]
        left = len(new) - len(free)
        if left <= 0:
            return files, ()
        message = f"{MOST_OTHERS} files at most are compared at once; {left} were left out."
        return files, (Remark(message, "Remove one from the list of estimates first."),)

    def _on_laid(
        self,
        number: int,
        files: Sequence[AskedFor],
        comparison: Comparison,
        too_many: tuple[Remark, ...],
        outcome: Outcome,
    ) -> None:
        if number != self._recording_number:
            return
        self._open = [file for file in self._open if file not in files]
        state = self._session.state
        if isinstance(outcome, Returned):
            answer: Answer = outcome.result
            new = {one.name: one for one in answer.estimates}
            kept = [new.pop(one.name, one) for one in state.estimates]
            chosen = answer.estimates[0].name if answer.estimates else state.chosen
            self._session.update(estimates=(*kept, *new.values()), chosen=chosen)
            self.remarked.emit((*too_many, *answer.remarks))
            for question in answer.questions:
                self.options_needed.emit(question)
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)
        self._rest()
        if comparison != self._session.state.comparison:
            self.refresh()

    def choose(self, key: str) -> None:
        """Let table, labels and shading belong to an estimate; `MODEL` for the model's."""
        known = {MODEL, *(one.name for one in self._session.state.estimates)}
        if key in known and key != self._session.state.chosen:
            self._session.update(chosen=key)

    def step(self) -> None:
        """Choose the next estimate, after the last the model's."""
        state = self._session.state
        keys = [MODEL, *(one.name for one in state.estimates)]
        self.choose(keys[(keys.index(state.chosen) + 1) % len(keys)])

    def remove(self, key: str) -> None:
        """Stop comparing with an estimate; the model's stays."""
        state = self._session.state
        left = tuple(one for one in state.estimates if one.name != key)
        chosen = state.chosen if state.chosen != key else MODEL
        if len(left) < len(state.estimates):
            self._session.update(estimates=left, chosen=chosen)

    def clear(self) -> None:
        """Stop comparing with any file; what is still being read is dropped."""
        self.drop()
        self._session.update(estimates=(), chosen=MODEL)

    def drop(self) -> None:
        """Forget what is being read: another recording is shown."""
        self._recording_number += 1
        self._figures_number += 1
        self._open = []
        self._is_refreshing = False
        self._session.update(comparing="")

    def refresh(self) -> None:
        """Compare anew, because the stretch or the filter has changed."""
        state = self._session.state
        if state.recording is None or not state.estimates:
            return
        self._figures_number += 1
        self._is_refreshing = True
        self._session.update(comparing="Comparing")
        self._lane.submit(
            partial(
                figures_job,
                self._session.backend,
                state.recording,
                state.estimates,
                state.comparison,
            ),
            partial(self._on_figures, self._figures_number),
        )

    def _on_figures(self, number: int, outcome: Outcome) -> None:
        if number != self._figures_number:
            return
        self._is_refreshing = False
        if isinstance(outcome, Returned):
            # By the estimate, not by its name: its file may have been read again since.
            anew = {id(one.estimate): one for one in outcome.result}
            shown = self._session.state.estimates
            self._session.update(estimates=tuple(anew.get(id(one.estimate), one) for one in shown))
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)
        self._rest()

    def _rest(self) -> None:
        """Say that nothing is compared any more, unless something is still under way."""
        names = ", ".join(file.name for file in self._open)
        under_way = "Comparing" if self._is_refreshing else ""
        self._session.update(comparing=f"Comparing with {names}" if names else under_way)
