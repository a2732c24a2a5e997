"""What one run of the window leaves for the next."""

from __future__ import annotations

from ecgview.gui.session import Session
from ecgview.gui.settings import SETTINGS, Settings
from ecgview.gui.state import SessionState, at_start_of_next
from ecgview.gui.viewer.state import ViewState

_WINDOW_FIELDS = ("theme", "text_size", "lead_panel", "side_panel", "side")
_VIEW_FIELDS = (
    "layout", "rhythm", "order", "half_chest", "scale", "speed_mm_s", "gain_mm_mv", "show",
    "shading", "interval",
)  # fmt: skip


def remembered_state(settings: Settings) -> SessionState:
    """Make the state that a run starts with from what the last one left."""
    return SessionState(
        view=ViewState(**{field: settings[f"view/{field}"] for field in _VIEW_FIELDS}),
        clean=settings["agreement/clean"],
        device=settings["model/device"],
        **{field: settings[f"window/{field}"] for field in _WINDOW_FIELDS},
    )


def remember(settings: Settings, session: Session, geometry: bytes) -> None:
    """Write what the next run starts with.

    Parameters
    ----------
    settings : Settings
        Written to.
    session : Session
        Its state is written.
    geometry : bytes
        Place and size of the window, as Qt saves them.
    """
    state = session.state
    settings["window/geometry"] = geometry
    for field in _WINDOW_FIELDS:
        settings[f"window/{field}"] = getattr(state, field)
    view = at_start_of_next(state.view)
    for field in _VIEW_FIELDS:
        # What only teaching shows, leads that are to be guessed, is not for the next run.
        if SETTINGS[f"view/{field}"].allows(getattr(view, field)):
            settings[f"view/{field}"] = getattr(view, field)
    settings["agreement/clean"] = state.clean
    settings["model/name"] = state.model
    settings["model/device"] = state.device


def remember_file(settings: Settings, session: Session) -> None:
    """Put the file shown at the top of the recent ones, unless it was only stepped to."""
    state = session.state
    shown = state.files[state.index] if 0 <= state.index < len(state.files) else None
    if shown is not None and shown.path is not None and shown is session.files.asked_for:
        settings.remember_file(shown.path.absolute())
