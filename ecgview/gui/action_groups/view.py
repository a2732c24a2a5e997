"""The view: layout, scale, what is drawn, pages and themes."""

from __future__ import annotations

from collections.abc import Callable

from ecgview.gui.action_groups.interval import INTERVAL_ACTIONS
from ecgview.gui.action_groups.long import LONG_ACTIONS
from ecgview.gui.action_groups.paper import PAPER_ACTIONS, SCALE_MENU
from ecgview.gui.action_groups.time import TIME_ACTIONS
from ecgview.gui.action_groups.window import WINDOW_ACTIONS
from ecgview.gui.action_spec import ActionSpec, gives_nothing_away, has_mark, has_recording
from ecgview.gui.pages import PAGES
from ecgview.gui.state import SessionState
from ecgview.gui.theme_tokens import THEME_TITLES
from ecgview.gui.viewer.state import GAINS_MM_MV, LAYOUT_TITLES, LAYOUTS, SPEEDS_MM_S, Show

ZOOM_STEP = 1.25


def _view_choice(
    menu: str,
    field: str,
    value: object,
    text: str,
    key: str = "",
    *,
    enabled: Callable[[SessionState], bool] = has_recording,
    section: bool = False,
) -> ActionSpec:
    """Make an action that sets one field of the view and is checked while it has that value."""
    return ActionSpec(
        f"view.{field}.{value}",
        menu,
        text,
        lambda commands: commands.session.change_view(**{field: value}),
        (key,) if key else (),
        enabled,
        lambda state: getattr(state.view, field) == value,
        section,
    )


def _page(name: str, title: str, key: str, *, section: bool = False) -> ActionSpec:
    return ActionSpec(
        f"page.{name}",
        "View/Pages",
        f"Page: {title}",
        lambda commands: commands.session.update(page=name),
        (key,),
        checked=lambda state: state.page == name,
        section=section,
    )


def _theme(name: str, text: str, *, section: bool = False) -> ActionSpec:
    return ActionSpec(
        f"theme.{name}",
        "View/Theme",
        text,
        lambda commands: commands.session.update(theme=name),
        checked=lambda state: state.theme == name,
        section=section,
    )


_SHOWS: dict[Show, str] = {
    "overlay": "Overlay",
    "original": "Original only",
    "reconstruction": "Reconstruction only",
    "side": "Side by side",
}


def _number(value: float) -> str:
    return f"{value:g}"


VIEW_ACTIONS = (
    *(
        _view_choice("View/Layout", "layout", layout, LAYOUT_TITLES[layout], str(number))
        for number, layout in enumerate(LAYOUTS, 1)
    ),
    *(
        _view_choice("View/Speed", "speed_mm_s", speed, f"{_number(speed)} mm/s")
        for speed in SPEEDS_MM_S
    ),
    *(
        _view_choice("View/Gain", "gain_mm_mv", gain, f"{_number(gain)} mm/mV")
        for gain in GAINS_MM_MV
    ),
    _view_choice(SCALE_MENU, "scale", "fit", "Fit to the window", "F"),
    _view_choice(SCALE_MENU, "scale", "true", "True size", "T"),
    *PAPER_ACTIONS,
    *TIME_ACTIONS,
    ActionSpec(
        "zoom.in", SCALE_MENU, "Zoom in", lambda c: c.zoom(ZOOM_STEP), ("+", "=", "Ctrl++"),
        has_recording, section=True,
    ),
    ActionSpec(
        "zoom.out", SCALE_MENU, "Zoom out", lambda c: c.zoom(1 / ZOOM_STEP), ("-", "Ctrl+-"),
        has_recording,
    ),
    ActionSpec(
        "zoom.reset", SCALE_MENU, "Reset zoom", lambda c: c.reset_zoom(), ("0",), has_recording
    ),
    *(
        _view_choice(
            "View", "show", show, text, f"Alt+{number}",
            enabled=gives_nothing_away, section=number == 1,
        )
        for number, (show, text) in enumerate(_SHOWS.items(), start=1)
    ),
    ActionSpec(
        "shading", "View", "Shade the difference",
        lambda c: c.session.change_view(shading=not c.session.state.view.shading), ("S",),
        has_recording, lambda state: state.view.shading,
    ),
    *INTERVAL_ACTIONS,
    ActionSpec(
        "vectorcardiogram", "View", "Vectorcardiogram",
        lambda c: c.show_loops(not c.session.state.loops.shown), ("V",), gives_nothing_away,
        lambda state: state.shows_loops,
    ),
    ActionSpec(
        "clean", "View/Comparison", "Compare clean signals (0.5 Hz high-pass)",
        lambda c: c.session.set_clean(not c.session.state.clean), ("C",), has_recording,
        lambda state: state.clean,
    ),
    ActionSpec(
        "unmark", "View/Comparison", "Compare the whole recording",
        lambda c: c.session.change_view(mark_s=None), ("Esc",), has_mark,
    ),
    *LONG_ACTIONS,
    *(
        _page(name, title, f"Ctrl+Shift+{letter}", section=not number)
        for number, (letter, (name, title)) in enumerate(zip("VLHGT", PAGES.items(), strict=True))
    ),
    *WINDOW_ACTIONS,
    *(_theme(name, title) for name, title in THEME_TITLES.items()),
)  # fmt: skip
