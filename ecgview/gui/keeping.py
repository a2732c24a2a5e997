"""Session files in the window: what is open is saved, and opened again as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from ecgview.gui.banner import Remark
from ecgview.gui.demos import demo_entry
from ecgview.gui.jobs import Broken, Outcome, Returned
from ecgview.gui.model_fit import leads_for
from ecgview.gui.pages import PAGES
from ecgview.gui.save_question import asked_target
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.state import SESSION_SUFFIX, OpenFile, SessionState
from ecgview.gui.viewer.navigate import speed_within
from ecgview.leads import in_order
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.gui.main_window import MainWindow
    from ecgview.gui.session_file import SavedFile, SavedSession
    from ecgview.gui.session_jobs import Found
    from ecgview.gui.viewer.state import ViewState


def view_for(view: ViewState, present: ViewState, duration_s: float) -> ViewState:
    """Fit a saved view to this screen and to the recording as it is now.

    Parameters
    ----------
    view : ViewState
        As saved.
    present : ViewState
        Whose calibration of the screen holds.
    duration_s : float
        Length of the recording.
    """
    inside = view.start_s < duration_s
    mark = view.mark_s if view.mark_s is not None and view.mark_s[1] <= duration_s else None
    return replace(
        view,
        speed_mm_s=speed_within(view.speed_mm_s, duration_s),
        start_s=max(view.start_s, 0.0) if inside else 0.0,
        mark_s=mark,
        px_per_mm=present.px_per_mm,
        calibrated=present.calibrated,
    )


class Keeping(QObject):
    """Saves sessions and opens them.

    Parameters
    ----------
    session : Session
        Saved and changed.
    settings : Settings
        The last folder, recent files.
    window : MainWindow
        Dialogs belong to it.
    """

    def __init__(self, session: Session, settings: Settings, window: MainWindow) -> None:
        super().__init__(window)
        self._session, self._settings, self._window = session, settings, window
        self._pending: tuple[Found, OpenFile, list[OpenFile]] | None = None
        self._chosen: str | None = None
        session.recording_changed.connect(self._on_recording)
        session.busy_changed.connect(self._on_compared)

    # Saving

    def save(self) -> None:
        """Ask where to, and save what is open."""
        recording = self._session.state.recording
        stem = recording.name if recording is not None else "session"
        proposed = Path(self._settings["files/folder"]) / f"{stem}{SESSION_SUFFIX}"
        kinds = f"Sessions (*{SESSION_SUFFIX})"
        target = asked_target(self._window, "Save the session", proposed, kinds)
        if target is not None:
            self.save_to(target)

    def save_to(self, path: Path) -> None:
        """Save what is open in a file."""
        # Only who has session files needs what reads and writes them.
        from ecgview.gui.session_jobs import saved_of, writing_job

        saved = saved_of(self._session.state)
        left_out = len(self._session.state.files) - len(saved.files)
        self._session.files.write(
            partial(writing_job, path, saved), partial(self._on_saved, path, left_out)
        )

    def _on_saved(self, path: Path, left_out: int, outcome: Outcome) -> None:
        if isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)
        elif isinstance(outcome, Returned):
            self._settings.remember_file(path.absolute())
            rest = f"; {left_out} that are in no file were left out" if left_out else ""
            self._window.say(f"Saved {path}: paths and settings, no signals{rest}")

    # Opening

    def open_asked(self) -> None:
        """Ask for a session file and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            "Open a session",
            self._settings["files/folder"],
            f"Sessions (*{SESSION_SUFFIX})",
        )
        if name:
            self.open(Path(name))

    def takes(self, paths: Sequence[Path]) -> bool:
        """Open the session file among paths, if there is one; tell whether there was."""
        sessions = [path for path in paths if path.suffix.lower() == SESSION_SUFFIX]
        if sessions:
            self.open(sessions[0])
            if len(paths) > 1:
                rest = f"{len(paths) - 1} other{'s' if len(paths) > 2 else ''} left out"
                self._window.say(f"A session is opened by itself: {sessions[0].name}; {rest}")
        return bool(sessions)

    def open(self, path: Path) -> None:
        """Open a session; what is open stays until that has worked."""
        from ecgview.gui.session_jobs import reading_job

        self._session.files.asked.emit()
        self._session.files.run(partial(reading_job, path), partial(self._on_found, path))

    def _on_found(self, path: Path, outcome: Outcome) -> None:
        if isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)
            return
        if not isinstance(outcome, Returned):
            return
        found: Found = outcome.result
        self._settings.remember_file(path.absolute())
        entries = [self._entry(saved, place) for saved, place in found.files]
        at = next((n for n, (saved, _) in enumerate(found.files) if saved is found.shown), 0)
        state = self._session.state
        names = [card.name for card in state.models]
        if found.saved.model and found.saved.model not in names:
            lacks = Remark(f"The model {found.saved.model} of this session is not installed.")
            found = replace(found, remarks=(lacks, *found.remarks))
        self._pending = (found, entries[at], entries)
        others = [one for one in state.files if _key(one) not in map(_key, entries)]
        files = (*others, *entries)
        shown = _key(state.files[state.index]) if 0 <= state.index < len(state.files) else None
        index = next((at for at, one in enumerate(files) if _key(one) == shown), -1)
        self._session.update(files=files, index=index)
        self._session.files.asked_for = None
        self._session.files.go_to(len(others) + at)

    def _entry(self, saved: SavedFile, place: Path | None) -> OpenFile:
        if saved.demo is not None:
            return demo_entry(*saved.demo)
        assert place is not None
        return self._session.files.entry(place, saved.options or None)

    def _on_recording(self) -> None:
        """Put the session's choices on its recording as soon as that is shown."""
        if self._pending is None:
            return
        (found, entry, entries), self._pending = self._pending, None
        state = self._session.state
        shown = state.files[state.index] if 0 <= state.index < len(state.files) else None
        if shown is not entry or state.recording is None:
            return  # it was refused, or something else was opened meanwhile
        choices = _model_choices(found.saved, state)
        if found.shown is not None:
            choices |= _choices(found.saved, state)
        self._session.restore(files=tuple(entries), index=entries.index(entry), **choices)
        self._compare(found, state.recording)
        self._calibrate(found)
        if found.saved.page in PAGES:
            self._session.update(page=found.saved.page)
        self._window.problem_banner.show_remarks(found.remarks)

    def _calibrate(self, found: Found) -> None:
        """Calibrate again as the session was."""
        stretch_s = found.saved.calibrated_s
        if found.shown is None or stretch_s is None:
            return
        if found.calibrated_from is not None:
            self._window.commands.personal.calibrate_from(found.calibrated_from, stretch_s)
        elif not found.saved.calibrated_from:
            self._window.commands.personal.calibrate_from_stretch(*stretch_s)

    # Comparing

    def _compare(self, found: Found, recording: Recording) -> None:
        """Lay the estimates over the recording again."""
        paths = [place for _, place in found.estimates if place is not None]
        if paths and found.shown is not None:
            self._chosen = found.saved.chosen
            self._session.comparisons.add(paths)

    def _on_compared(self) -> None:
        if self._chosen is not None and not self._session.state.comparing:
            chosen, self._chosen = self._chosen, None
            self._session.comparisons.choose(chosen)


def _key(entry: OpenFile) -> tuple[str, Path | None]:
    return entry.name, entry.path


def _model_choices(saved: SavedSession, state: SessionState) -> dict[str, Any]:
    """Give the session's model where it is installed, and the leads that it takes."""
    chosen = replace(state, model=saved.model)
    if chosen.card is None:
        return {}
    leads = leads_for(chosen.card, state.leads) or state.available
    return {"model": saved.model, "available": leads}


def _choices(saved: SavedSession, state: SessionState) -> dict[str, Any]:
    """Give the fields of the state that a session sets on its recording."""
    assert state.recording is not None
    leads = in_order(lead for lead in saved.leads if lead in state.leads)
    view = view_for(saved.view, state.view, state.recording.duration_s)
    if state.teaching.is_on:
        view = replace(view, show=state.view.show)
    return {
        **({"available": leads} if leads else {}),
        "wanted": saved.leads or state.wanted,
        "clean": saved.clean,
        "filter_input": saved.filter_input,
        "loops": saved.loops,
        "side": saved.side,
        "calipers": tuple(
            one
            for one in saved.calipers
            if min(one.start_s, one.stop_s) >= 0
            and max(one.start_s, one.stop_s) <= state.recording.duration_s
        ),
        "view": view,
    }
