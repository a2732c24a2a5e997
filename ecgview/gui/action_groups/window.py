"""The window itself: its panels, full screen, and how large its words are."""

from __future__ import annotations

from collections.abc import Callable

from ecgview.gui.action_spec import ActionSpec, always
from ecgview.gui.state import TEXT_SIZES, SessionState

_MENU = "View/Window"


def _on_viewer(state: SessionState) -> bool:
    return state.page == "viewer"


def _has_side_panel(state: SessionState) -> bool:
    return _on_viewer(state) and not state.teaching.is_guessing


def _switch(
    field: str,
    text: str,
    key: str,
    enabled: Callable[[SessionState], bool] = always,
    *,
    section: bool = False,
) -> ActionSpec:
    """Make an action that turns one field of the state on and off."""
    return ActionSpec(
        field.replace("_", "."),
        _MENU,
        text,
        lambda c: c.session.update(**{field: not getattr(c.session.state, field)}),
        (key,),
        checked=lambda state: getattr(state, field),
        enabled=enabled,
        section=section,
    )


def _text_size(percent: int) -> ActionSpec:
    return ActionSpec(
        f"text.{percent}",
        "View/Text size",
        f"Text at {percent} %",
        lambda c: c.session.update(text_size=percent),
        checked=lambda state: state.text_size == percent,
    )


WINDOW_ACTIONS = (
    _switch("lead_panel", "Lead panel", "Ctrl+B", _on_viewer, section=True),
    _switch("side_panel", "Side panel", "F9", _has_side_panel),
    _switch("full_screen", "Full screen", "F11"),
    ActionSpec(
        "region.next", _MENU, "Next part of the window", lambda c: c.go_to_region(1), ("F6",)
    ),
    ActionSpec(
        "region.previous", _MENU, "Previous part of the window",
        lambda c: c.go_to_region(-1), ("Shift+F6",),
    ),
    *(_text_size(percent) for percent in TEXT_SIZES),
)  # fmt: skip
