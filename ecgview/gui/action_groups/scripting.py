"""Scripts: what is on screen as a command, as Python, and in the words of a paper."""

from __future__ import annotations

from collections.abc import Callable

from ecgview.gui.action_spec import ActionSpec
from ecgview.gui.scripting.descriptions import TITLES, can_script, has_source
from ecgview.gui.state import SessionState

_COMMAND, _PYTHON = "Edit/Copy as command", "Edit/Copy as Python"


def _has_script(state: SessionState) -> bool:
    is_other = state.page in ("library", "leadmap", "agreement", "training")
    return is_other or (state.page == "viewer" and has_source(state))


def _has_model(state: SessionState) -> bool:
    return state.card is not None


def _can(name: str) -> Callable[[SessionState], bool]:
    return lambda state: state.page == "viewer" and can_script(state, name)


def _copies(name: str) -> tuple[ActionSpec, ActionSpec]:
    """Make the two actions that copy a result."""
    title, first = TITLES[name], name == next(iter(TITLES))
    return (
        ActionSpec(
            f"command.{name}", _COMMAND, f"{title} as command",
            lambda c: c.scripting.copy(name, "command"), (), _can(name), section=first,
        ),
        ActionSpec(
            f"python.{name}", _PYTHON, f"{title} as Python",
            lambda c: c.scripting.copy(name, "python"), (), _can(name), section=first,
        ),
    )  # fmt: skip


_SHOWN = (
    ActionSpec(
        "command.shown", _COMMAND, "Copy what is shown as a command",
        lambda c: c.scripting.copy("shown", "command"), ("Ctrl+Shift+X",), _has_script,
    ),
    ActionSpec(
        "python.shown", _PYTHON, "Copy what is shown as Python",
        lambda c: c.scripting.copy("shown", "python"), ("Ctrl+Shift+Y",), _has_script,
    ),
)  # fmt: skip

SCRIPTING_ACTIONS = (
    *_SHOWN,
    *(spec for name in TITLES for spec in _copies(name)),
    ActionSpec(
        "copy.methods", "Edit", "Copy the methods paragraph",
        lambda c: c.scripting.copy_methods(), ("Ctrl+Shift+A",), _has_model,
    ),
)  # fmt: skip
