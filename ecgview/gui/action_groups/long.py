"""Long recordings: the windows where a reconstruction fails, and ending one that takes long."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec, has_recording
from ecgview.gui.long_words import can_go_on, is_growing
from ecgview.gui.state import SessionState

_STOP = "Stop reconstructing, keep what is there"


def has_windows(state: SessionState) -> bool:
    """Tell whether the windows of a recording are compared one by one."""
    return state.windows is not None and has_recording(state)


def _can_stop(state: SessionState) -> bool:
    return (is_growing(state) or can_go_on(state)) and has_recording(state)


def _stop_words(state: SessionState) -> str:
    return "Go on reconstructing" if can_go_on(state) else _STOP


LONG_ACTIONS = (
    ActionSpec(
        "worst.next", "View/Comparison", "Next worst window", lambda c: c.worst.step(1), ("J",),
        has_windows, section=True,
    ),
    ActionSpec(
        "worst.previous", "View/Comparison", "Previous worst window", lambda c: c.worst.step(-1),
        ("Shift+J",), has_windows,
    ),
    ActionSpec(
        "reconstruction.stop", "View/Comparison", _STOP,
        lambda c: c.session.reconstructions.stop_or_go_on(), ("Ctrl+.",), _can_stop,
        caption=_stop_words,
    ),
)  # fmt: skip
