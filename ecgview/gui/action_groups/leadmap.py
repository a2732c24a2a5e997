"""The lead map: its figures as files."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec
from ecgview.gui.state import SessionState


def on_map(state: SessionState) -> bool:
    """Tell whether the lead map is shown."""
    return state.page == "leadmap"


LEADMAP_ACTIONS = (
    ActionSpec(
        "leadmap.picture", "Leads/Lead map", "Save a picture of the lead map…",
        lambda c: c.window.leadmap.save_picture(), (), on_map,
    ),
    ActionSpec(
        "leadmap.csv", "Leads/Lead map", "Save the figures of the lead map as CSV…",
        lambda c: c.window.leadmap.save_csv(), (), on_map,
    ),
)  # fmt: skip
