"""The agreement page: a study of a data set."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec
from ecgview.gui.state import SessionState

_MENU = "Leads/Agreement over a data set"


def on_page(state: SessionState) -> bool:
    """Tell whether the agreement page is shown."""
    return state.page == "agreement"


AGREEMENT_ACTIONS = (
    ActionSpec(
        "study.folder", _MENU, "Choose a data set to compare over…",
        lambda c: c.window.study.ask(),
    ),
    ActionSpec(
        "study.start", _MENU, "Start the study of agreement",
        lambda c: c.window.study.start(), ("Ctrl+Return",), on_page,
    ),
    ActionSpec(
        "study.cancel", _MENU, "Cancel the study of agreement",
        lambda c: c.window.study.cancel(), (), on_page,
    ),
    ActionSpec(
        "study.report", _MENU, "Save the report of the study…",
        lambda c: c.window.study.save_report(), (), on_page, section=True,
    ),
)  # fmt: skip
