"""The interval around a reconstruction: which one is drawn, if any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecgview.gui.action_spec import ActionSpec, has_recording
from ecgview.gui.interval_words import interval_title, missing_words
from ecgview.interval import DEFAULT_LEVEL, LEVELS

if TYPE_CHECKING:
    from ecgview.gui.commands import Commands

MENU = "View/Interval"


def show_interval(commands: Commands, level: float) -> None:
    """Draw another interval, and say where that shows nothing."""
    state = commands.session.state
    commands.session.change_view(interval=level)
    if level and (missing := missing_words(state.reconstruction)):
        commands.window.say(missing)


def _toggle(commands: Commands) -> None:
    show_interval(commands, 0.0 if commands.session.state.view.interval else DEFAULT_LEVEL)


def _level(level: float, *, section: bool = False) -> ActionSpec:
    return ActionSpec(
        f"interval.{100 * level:.0f}",
        MENU,
        interval_title(level),
        lambda commands: show_interval(commands, level),
        enabled=has_recording,
        checked=lambda state: state.view.interval == level,
        section=section,
    )


INTERVAL_ACTIONS = (
    ActionSpec(
        "interval.shown", MENU, "Interval behind reconstructed leads", _toggle, ("I",),
        has_recording, lambda state: bool(state.view.interval),
    ),
    *(_level(level, section=not number) for number, level in enumerate(LEVELS)),
)  # fmt: skip
INTERVAL_IDS = [spec.id for spec in INTERVAL_ACTIONS]
