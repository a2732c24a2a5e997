"""Everything the window can be told to do, in one table.

Menus, toolbar, shortcuts and the list of shortcuts (F1) all come from `ACTIONS`; `qt_actions` makes
them for Qt.
"""

from __future__ import annotations

from ecgview.gui.action_spec import (
    ActionSpec,
    has_correction,
    has_estimates,
    has_file,
    has_mark,
    has_recording,
    has_result,
    has_several,
)
from ecgview.gui.pages import PAGES
from ecgview.gui.viewer.state import GAINS_MM_MV, LAYOUT_TITLES, SPEEDS_MM_S
from ecgview.leads import LEADS, PRESETS, in_order

MENUS = ("File", "View", "Leads", "Model", "Help")
ZOOM_STEP = 1.25


def _view_choice(
    menu: str, field: str, value: object, text: str, key: str = "", *, section: bool = False
) -> ActionSpec:
    """Make an action that sets one field of the view and is checked while it has that value."""
    return ActionSpec(
        f"view.{field}.{value}",
        menu,
        text,
        lambda commands: commands.session.change_view(**{field: value}),
        (key,) if key else (),
        has_recording,
        lambda state: getattr(state.view, field) == value,
        section,
    )


def _preset(number: int, name: str) -> ActionSpec:
    leads = PRESETS[name]
    return ActionSpec(
        f"preset.{name}",
        "Leads",
        f"Give {', '.join(leads)}" if len(leads) < 5 else f"Give {name.lower()} leads",
        lambda commands: commands.session.set_available(leads),
        (f"Ctrl+{number}",),
        has_recording,
        lambda state: state.available == in_order(leads),
    )


def _lead(lead: str) -> ActionSpec:
    return ActionSpec(
        f"lead.{lead}",
        "Leads/Single leads",
        lead,
        lambda commands: commands.session.toggle_lead(lead),
        (),
        lambda state: lead in state.leads and has_recording(state),
        lambda state: lead in state.available,
    )


def _page(name: str, title: str, key: str, *, section: bool = False) -> ActionSpec:
    return ActionSpec(
        f"page.{name}",
        "View",
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


def _number(value: float) -> str:
    return f"{value:g}"


FILE_ACTIONS = (
    ActionSpec("open", "File", "Open…", lambda c: c.open_files(), ("Ctrl+O",)),
    ActionSpec("open.folder", "File", "Open folder…", lambda c: c.open_folder(), ("Ctrl+Shift+O",)),
    ActionSpec(
        "import.report", "File", "Import report…", lambda c: c.show_report(), ("Ctrl+I",),
        has_recording, section=True,
    ),
    ActionSpec(
        "import.correct", "File", "Correct import…", lambda c: c.importing.correct(),
        ("Ctrl+Shift+I",), has_file,
    ),
    ActionSpec(
        "import.undo", "File", "Undo correction", lambda c: c.importing.undo(), ("Ctrl+Shift+Z",),
        has_correction,
    ),
    ActionSpec(
        "compare", "File", "Compare with…", lambda c: c.compare_with(), ("Ctrl+D",),
        has_recording, section=True,
    ),
    ActionSpec(
        "compare.next", "File", "Next estimate", lambda c: c.session.comparisons.step(), ("E",),
        has_estimates,
    ),
    ActionSpec(
        "compare.clear", "File", "Remove the estimates",
        lambda c: c.session.comparisons.clear(), ("Ctrl+Shift+D",), has_estimates,
    ),
    ActionSpec(
        "previous", "File", "Previous file", lambda c: c.session.files.step(-1), ("PgUp",),
        has_several, section=True,
    ),
    ActionSpec(
        "next", "File", "Next file", lambda c: c.session.files.step(1), ("PgDown",), has_several
    ),
    ActionSpec(
        "close", "File", "Close file", lambda c: c.session.files.close_shown(), ("Ctrl+W",),
        has_recording,
    ),
    ActionSpec(
        "save.reconstruction", "File", "Save the reconstruction as…",
        lambda c: c.exporting.save_reconstruction(), ("Ctrl+S",), has_result, section=True,
    ),
    ActionSpec(
        "save.recording", "File", "Save the recording as…",
        lambda c: c.exporting.save_recording(), ("Ctrl+Alt+S",), has_recording,
    ),
    ActionSpec(
        "save.anonymised", "File", "Save an anonymised copy…",
        lambda c: c.exporting.save_anonymised(), (), has_recording,
    ),
    ActionSpec(
        "convert", "File", "Convert a folder…", lambda c: c.exporting.convert_folder(),
    ),
    ActionSpec(
        "save.picture", "File", "Save a picture of the window…", lambda c: c.save_picture(),
        ("Ctrl+Shift+S",), has_recording, section=True,
    ),
    ActionSpec(
        "copy.table", "File", "Copy the agreement table", lambda c: c.copy_table(),
        ("Ctrl+C",), has_result,
    ),
    ActionSpec("quit", "File", "Quit", lambda c: c.quit(), ("Ctrl+Q",), section=True),
)  # fmt: skip

VIEW_ACTIONS = (
    _view_choice("View", "layout", "3x4+II", LAYOUT_TITLES["3x4+II"], "1"),
    _view_choice("View", "layout", "12x1", LAYOUT_TITLES["12x1"], "2"),
    _view_choice("View", "scale", "fit", "Fit to the window", "F", section=True),
    _view_choice("View", "scale", "true", "True size", "T"),
    *(
        _view_choice("View/Speed", "speed_mm_s", speed, f"{_number(speed)} mm/s")
        for speed in SPEEDS_MM_S
    ),
    *(
        _view_choice("View/Gain", "gain_mm_mv", gain, f"{_number(gain)} mm/mV")
        for gain in GAINS_MM_MV
    ),
    ActionSpec(
        "vectorcardiogram", "View", "Vectorcardiogram",
        lambda c: c.show_loops(not c.session.state.loops.shown), ("V",), has_recording,
        lambda state: state.loops.shown, section=True,
    ),
    ActionSpec(
        "zoom.in", "View", "Zoom in", lambda c: c.zoom(ZOOM_STEP), ("+", "=", "Ctrl++"),
        has_recording, section=True,
    ),
    ActionSpec(
        "zoom.out", "View", "Zoom out", lambda c: c.zoom(1 / ZOOM_STEP), ("-", "Ctrl+-"),
        has_recording,
    ),
    ActionSpec("zoom.reset", "View", "Reset zoom", lambda c: c.reset_zoom(), ("0",), has_recording),
    _view_choice("View", "show", "overlay", "Overlay", "Alt+1", section=True),
    _view_choice("View", "show", "original", "Original only", "Alt+2"),
    _view_choice("View", "show", "reconstruction", "Reconstruction only", "Alt+3"),
    ActionSpec(
        "shading", "View", "Shade the difference",
        lambda c: c.session.change_view(shading=not c.session.state.view.shading), ("S",),
        has_recording, lambda state: state.view.shading,
    ),
    ActionSpec(
        "clean", "View", "Compare clean signals (0.5 Hz high-pass)",
        lambda c: c.session.set_clean(not c.session.state.clean), ("C",), has_recording,
        lambda state: state.clean, section=True,
    ),
    ActionSpec(
        "unmark", "View", "Compare the whole recording",
        lambda c: c.session.change_view(mark_s=None), ("Esc",), has_mark,
    ),
    *(
        _page(name, title, f"Ctrl+Shift+{letter}", section=not number)
        for number, (letter, (name, title)) in enumerate(zip("VT", PAGES.items(), strict=True))
    ),
    _theme("system", "As the system"),
    _theme("light", "Light"),
    _theme("dark", "Dark"),
)  # fmt: skip

LEAD_ACTIONS = (
    *(_preset(number, name) for number, name in enumerate(PRESETS, start=1)),
    *(_lead(lead) for lead in LEADS),
)

HELP_ACTIONS = (
    ActionSpec(
        "shortcuts", "Help", "Keyboard shortcuts", lambda c: c.show_shortcuts(), ("F1", "?")
    ),
    ActionSpec("about", "Help", "About ecgview", lambda c: c.show_about()),
)

ACTIONS: tuple[ActionSpec, ...] = (*FILE_ACTIONS, *VIEW_ACTIONS, *LEAD_ACTIONS, *HELP_ACTIONS)
