"""Time on the page: more, less, ten seconds, the whole recording."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec, has_recording
from ecgview.gui.time_zoom import STEP, USUAL_PAGE_S, change_time, show_time

TIME_MENU = "View/Time on the page"

TIME_ACTIONS = (
    ActionSpec(
        "time.more", TIME_MENU, "More time on the page", lambda c: change_time(c, STEP), ("[",),
        has_recording,
    ),
    ActionSpec(
        "time.less", TIME_MENU, "Less time on the page", lambda c: change_time(c, 1 / STEP), ("]",),
        has_recording,
    ),
    ActionSpec(
        "time.usual", TIME_MENU, "10 s on the page", lambda c: show_time(c, USUAL_PAGE_S),
        ("Ctrl+]",), has_recording,
    ),
    ActionSpec(
        "time.whole", TIME_MENU, "Whole recording on the page", show_time, ("Ctrl+[",),
        has_recording,
    ),
)  # fmt: skip
