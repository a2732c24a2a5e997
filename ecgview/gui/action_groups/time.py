"""Time on the page: more, less, ten seconds, the whole recording."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec, has_recording
from ecgview.gui.time_zoom import STEP, USUAL_PAGE_S, change_time, show_time

TIME_ACTIONS = (
    ActionSpec(
        "time.more", "View", "More time on the page", lambda c: change_time(c, STEP), ("[",),
        has_recording, section=True,
    ),
    ActionSpec(
        "time.less", "View", "Less time on the page", lambda c: change_time(c, 1 / STEP), ("]",),
        has_recording,
    ),
    ActionSpec(
        "time.usual", "View", "10 s on the page", lambda c: show_time(c, USUAL_PAGE_S), ("Ctrl+]",),
        has_recording,
    ),
    ActionSpec(
        "time.whole", "View", "Whole recording on the page", show_time, ("Ctrl+[",),
        has_recording,
    ),
)  # fmt: skip
