"""The library: a data set to browse."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec
from ecgview.gui.state import SessionState


def in_library(state: SessionState) -> bool:
    """Tell whether the library is shown."""
    return state.page == "library"


LIBRARY_ACTIONS = (
    ActionSpec(
        "library.folder", "File/Library", "Browse a data set…", lambda c: c.window.library.ask(),
        ("Ctrl+L",),
    ),
    ActionSpec(
        "library.find", "File/Library", "Search statements and reports",
        lambda c: c.window.library.go_to_search(), ("Ctrl+Shift+F",), in_library,
    ),
    ActionSpec(
        "library.score", "File/Library", "Rebuild what is shown",
        lambda c: c.window.library.score(), ("Ctrl+R",), in_library,
    ),
)  # fmt: skip
