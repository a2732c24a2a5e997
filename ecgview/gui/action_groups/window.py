"""The window itself: its panels, full screen, and how large its words are."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec
from ecgview.gui.state import TEXT_SIZES, SessionState


def _on_viewer(state: SessionState) -> bool:
    return state.page == "viewer"


def _switch(field: str, text: str, key: str, *, section: bool = False) -> ActionSpec:
    """Make an action that turns one field of the state on and off."""
    return ActionSpec(
        field.replace("_", "."),
        "View",
        text,
        lambda c: c.session.update(**{field: not getattr(c.session.state, field)}),
        (key,),
        checked=lambda state: getattr(state, field),
        enabled=(lambda state: True) if field == "full_screen" else _on_viewer,
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
    _switch("lead_panel", "Lead panel", "Ctrl+B", section=True),
    _switch("side_panel", "Side panel", "F9"),
    _switch("full_screen", "Full screen", "F11"),
    ActionSpec(
        "region.next", "View", "Next part of the window", lambda c: c.go_to_region(1), ("F6",)
    ),
    ActionSpec(
        "region.previous", "View", "Previous part of the window",
        lambda c: c.go_to_region(-1), ("Shift+F6",),
    ),
    *(_text_size(percent) for percent in TEXT_SIZES),
)  # fmt: skip
