"""Saving and opening session files beside the window: files are looked at, which takes time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ecgview.engine.events import Event, Finished, Progress
from ecgview.gui.banner import Remark
from ecgview.gui.session_file import SavedFile, SavedSession, SessionError, write_session
from ecgview.gui.session_places import find_file, with_fingerprint
from ecgview.gui.session_reading import read_session
from ecgview.gui.state import SessionState
from ecgview.gui.viewer.state import ViewState
from ecgview.record_facts import ImportOptions


@dataclass(frozen=True)
class Found:
    """A session file as it was read, and where its files are.

    Attributes
    ----------
    saved : SavedSession
        What it says.
    files, estimates : tuple of (SavedFile, Path or None)
        Those that are there; simulated ones have no path.
    shown : SavedFile or None
        The one that was shown, if it is there.
    calibrated_from : Path or None
        The other ECG that it was calibrated from, if it is there.
    remarks : tuple of Remark
        What has moved, changed or gone.
    """

    saved: SavedSession
    files: tuple[tuple[SavedFile, Path | None], ...]
    estimates: tuple[tuple[SavedFile, Path | None], ...]
    shown: SavedFile | None
    calibrated_from: Path | None
    remarks: tuple[Remark, ...]


def reading_job(path: Path) -> Iterator[Event]:
    """Read a session file and look for its files.

    Yields
    ------
    Event
        Progress; at last a `Finished` with a `Found`.
    """
    yield Progress(0, 0, f"Opening {path.name}")
    saved, not_understood = read_session(path)
    remarks: list[Remark] = []
    found: list[list[tuple[SavedFile, Path | None]]] = [[], [], []]
    kinds = (saved.files, saved.estimates, saved.calibrated_from)
    everything = [(kind, one) for kind, ones in enumerate(kinds) for one in ones]
    for number, (kind, one) in enumerate(everything):
        yield Progress(number, len(everything), f"Opening {path.name}")
        place, remark = (None, None) if one.demo is not None else find_file(one, path)
        remarks += [remark] if remark is not None else []
        if one.demo is not None or place is not None:
            found[kind].append((one, place))
    if not found[0]:
        missing = " ".join(f"{remark.message} {remark.hint.split('. ')[0]}." for remark in remarks)
        raise SessionError(
            f"None of the recordings of {path.name} is there.", missing or "It names none."
        )
    if not_understood:
        names = ", ".join(not_understood)
        remarks.append(Remark(f"Not all of {path.name} is understood.", f"Left as usual: {names}."))
    shown = saved.files[saved.shown] if saved.shown >= 0 else None
    shown = shown if any(one is shown for one, _ in found[0]) else None
    learnt = found[2][0][1] if found[2] else None
    yield Finished(Found(saved, tuple(found[0]), tuple(found[1]), shown, learnt, tuple(remarks)))


def saved_of(state: SessionState) -> SavedSession:
    """Give what a session file says of a state; recordings that are nowhere are left out."""
    kept = [entry for entry in state.files if entry.path is not None or entry.demo is not None]
    shown = state.files[state.index] if 0 <= state.index < len(state.files) else None
    nothing = ImportOptions()
    # A lesson is not kept, and so not what it alone shows.
    view = state.view
    view = replace(view, show=ViewState().show) if view.show == "available" else view
    files = []
    for entry in kept:
        # What was remembered for its kind counts too: elsewhere it is not remembered.
        applied = state.recording.options if entry is shown and state.recording else nothing
        options = applied or entry.options or nothing
        files.append(SavedFile(entry.path, options=options, demo=entry.demo))
    return SavedSession(
        files=tuple(files),
        shown=next((at for at, entry in enumerate(kept) if entry is shown), -1),
        leads=state.available,
        model=state.model,
        clean=state.clean,
        filter_input=state.filter_input,
        view=view,
        loops=state.loops,
        estimates=tuple(SavedFile(one.path) for one in state.estimates),
        chosen=state.chosen,
        calipers=state.calipers,
        page=state.page,
        side=state.side,
        calibrated_from=_calibrated_from(state),
        calibrated_s=_calibrated_s(state),
    )


def _calibrated_from(state: SessionState) -> tuple[SavedFile, ...]:
    path = state.personal.path if state.personal is not None else None
    return (SavedFile(path),) if path is not None else ()


def _calibrated_s(state: SessionState) -> tuple[float, float] | None:
    """Give the stretch that was learnt from; None where it cannot be had again."""
    its = state.personal
    if its is None or (its.situation == "earlier" and its.path is None):
        return None
    return its.start_s, its.duration_s


def writing_job(path: Path, saved: SavedSession) -> Iterator[Event]:
    """Look at the files of a session and write it.

    Yields
    ------
    Event
        Progress; at last a `Finished` with the path.
    """
    yield Progress(0, 0, f"Saving {path.name}")
    files, estimates, learnt = (
        tuple(one if one.path is None else with_fingerprint(one.path, path, one) for one in ones)
        for ones in (saved.files, saved.estimates, saved.calibrated_from)
    )
    write_session(path, replace(saved, files=files, estimates=estimates, calibrated_from=learnt))
    yield Finished(path)
