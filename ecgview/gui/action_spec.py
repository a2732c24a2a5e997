"""What an action is, and when it can be done: questions to the state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ecgview.gui.state import SessionState

if TYPE_CHECKING:
    from ecgview.gui.commands import Commands


def always(state: SessionState) -> bool:
    """Tell that it can always be done."""
    return True


def has_recording(state: SessionState) -> bool:
    """Tell whether a recording is shown."""
    return state.recording is not None and state.page == "viewer"


def has_file(state: SessionState) -> bool:
    """Tell whether the recording shown is that of a file."""
    return has_recording(state) and state.recording is not None and state.recording.path is not None


def has_correction(state: SessionState) -> bool:
    """Tell whether the recording shown is not what its file says, or something unfit was said."""
    if state.recording is None or not has_file(state):
        return False
    unfit = any(warning.code == "correction-unfit" for warning in state.recording.warnings)
    return unfit or bool(replace(state.recording.options, part=None))


def has_files(state: SessionState) -> bool:
    """Tell whether anything is open."""
    return bool(state.files)


def has_several(state: SessionState) -> bool:
    """Tell whether there are files to step through."""
    return len(state.files) > 1 and state.page == "viewer"


def has_result(state: SessionState) -> bool:
    """Tell whether there is a reconstruction."""
    return state.reconstruction is not None and state.page == "viewer"


def has_estimates(state: SessionState) -> bool:
    """Tell whether the recording is compared with files."""
    return bool(state.estimates) and has_recording(state)


def gives_nothing_away(state: SessionState) -> bool:
    """Tell whether a recording is shown of which no lesson keeps anything back."""
    return has_recording(state) and not state.teaching.is_guessing


def has_mark(state: SessionState) -> bool:
    """Tell whether a stretch is marked."""
    return state.view.mark_s is not None and state.page == "viewer"


@dataclass(frozen=True)
class ActionSpec:
    """One thing to do.

    Attributes
    ----------
    id : str
        Short name, unique.
    menu : str
        Where it stands; ``View/Speed`` is a submenu. Empty: shortcut only.
    text : str
        What the menu says.
    do : callable
        Does it.
    shortcuts : tuple of str
        Portable key sequences.
    enabled : callable
        Tells from the state whether it can be done.
    checked : callable, optional
        Tells from the state whether it has a check mark.
    section : bool
        Whether a line separates it from the one above.
    caption : callable, optional
        Gives what the menu says now from the state; `text` where it always says the same.
    role : str
        What macOS moves into the application's own menu: ``about`` or ``quit``.
    """

    id: str
    menu: str
    text: str
    do: Callable[[Commands], object]
    shortcuts: tuple[str, ...] = ()
    enabled: Callable[[SessionState], bool] = always
    checked: Callable[[SessionState], bool] | None = None
    section: bool = False
    caption: Callable[[SessionState], str] | None = None
    role: Literal["", "about", "quit"] = ""
