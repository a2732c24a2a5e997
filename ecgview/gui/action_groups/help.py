"""Help."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec

HELP_ACTIONS = (
    ActionSpec("guide", "Help", "Guide", lambda c: c.show_guide(), ("F1",)),
    ActionSpec(
        "shortcuts", "Help", "Keyboard shortcuts", lambda c: c.show_shortcuts(), ("?", "Ctrl+F1")
    ),
    ActionSpec("about", "Help", "About ecgview", lambda c: c.show_about(), role="about"),
)
