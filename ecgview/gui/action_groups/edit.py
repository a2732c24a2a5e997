"""Editing: undo and redo, and the palette that finds every action."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec
from ecgview.gui.state import SessionState


def _can_undo(state: SessionState) -> bool:
    return bool(state.undo) and state.page == "viewer"


def _can_redo(state: SessionState) -> bool:
    return bool(state.redo) and state.page == "viewer"


def _undo_words(state: SessionState) -> str:
    return f"Undo: {state.undo}" if state.undo else "Undo"


def _redo_words(state: SessionState) -> str:
    return f"Redo: {state.redo}" if state.redo else "Redo"


EDIT_ACTIONS = (
    ActionSpec(
        "undo", "Edit", "Undo", lambda c: c.session.undo(), ("Ctrl+Z",), _can_undo,
        caption=_undo_words,
    ),
    ActionSpec(
        "redo", "Edit", "Redo", lambda c: c.session.redo(), ("Ctrl+Shift+Z", "Ctrl+Y"), _can_redo,
        caption=_redo_words,
    ),
    ActionSpec(
        "palette", "Edit", "Find an action…", lambda c: c.show_palette(), ("Ctrl+K",),
        section=True,
    ),
)  # fmt: skip
