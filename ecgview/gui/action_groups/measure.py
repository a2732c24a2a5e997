"""Measuring: calipers, crosshair, marks and notes."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec, gives_nothing_away, has_recording
from ecgview.gui.measuring.state import ToolName
from ecgview.gui.state import SessionState

_CALIPERS = "Measure/Calipers"


def _on_paper(state: SessionState) -> bool:
    return has_recording(state) and not (state.shows_loops or state.beats.shown)


def _has_calipers(state: SessionState) -> bool:
    return bool(state.calipers) and _on_paper(state)


def _has_chosen(state: SessionState) -> bool:
    return _on_paper(state) and 0 <= state.measuring.selected < len(state.calipers)


def _has_removable(state: SessionState) -> bool:
    return _has_chosen(state) or (bool(state.notes) and has_recording(state))


def _marches(state: SessionState) -> bool:
    return _has_chosen(state) and state.calipers[state.measuring.selected].marches


def _has_marks(state: SessionState) -> bool:
    return bool(state.marks or state.notes) and _on_paper(state)


def _takes_notes(state: SessionState) -> bool:
    return _on_paper(state) and not state.measuring.reads_notes


def _tool(name: ToolName, text: str, key: str) -> ActionSpec:
    return ActionSpec(
        f"caliper.{name}",
        "Measure",
        text,
        lambda c: c.measuring.choose_tool(name),
        (key,),
        _on_paper,
        lambda state: state.measuring.tool == name,
    )


def _switch(
    name: str, field: str, text: str, keys: tuple[str, ...] = (), menu: str = "Measure"
) -> ActionSpec:
    return ActionSpec(
        name,
        menu,
        text,
        lambda c: c.measuring.change(**{field: not getattr(c.session.state.measuring, field)}),
        keys,
        _on_paper,
        lambda state: getattr(state.measuring, field),
    )


MEASURE_ACTIONS = (
    _tool("lead", "Caliper in a lead", "M"),
    _tool("all", "Caliper over all leads", "Shift+M"),
    ActionSpec(
        "caliper.here", "Measure", "Put a caliper here", lambda c: c.measuring.caliper_here(),
        ("Ctrl+M",), _on_paper,
    ),
    ActionSpec(
        "caliper.march", _CALIPERS, "March the caliper out", lambda c: c.measuring.tool.march(),
        ("Ctrl+Shift+M",), _has_chosen, _marches,
    ),
    _switch("caliper.snap", "snaps", "Snap calipers to peaks", menu=_CALIPERS),
    ActionSpec(
        "caliper.remove", _CALIPERS, "Remove the caliper or note",
        lambda c: c.measuring.remove(), ("Del", "Backspace"), _has_removable,
    ),
    ActionSpec(
        "caliper.clear", _CALIPERS, "Remove all calipers", lambda c: c.measuring.clear(),
        ("Shift+Del", "Shift+Backspace"), _has_calipers,
    ),
    ActionSpec(
        "caliper.copy", _CALIPERS, "Copy the calipers", lambda c: c.measuring.copy(), (),
        _has_calipers,
    ),
    _switch("crosshair", "crosshair", "Crosshair", ("X",)),
    ActionSpec(
        "note.here", "Measure", "Write a note\N{HORIZONTAL ELLIPSIS}",
        lambda c: c.measuring.note_here(), ("N",), _takes_notes, section=True,
    ),
    ActionSpec(
        "marks.next", "Measure", "Next mark", lambda c: c.measuring.step(1), ("Alt+Right",),
        _has_marks,
    ),
    ActionSpec(
        "marks.previous", "Measure", "Previous mark", lambda c: c.measuring.step(-1),
        ("Alt+Left",), _has_marks,
    ),
    ActionSpec(
        "marks.find", "Measure", "Find a mark", lambda c: c.measuring.find(), ("Ctrl+F",),
        gives_nothing_away,
    ),
    _switch("marks.show", "shows_marks", "Show the file's annotations"),
    _switch("notes.show", "shows_notes", "Show own notes"),
    ActionSpec(
        "goto", "Measure", "Go to a time\N{HORIZONTAL ELLIPSIS}", lambda c: c.measuring.go_to(),
        ("Ctrl+G",), _on_paper, section=True,
    ),
)  # fmt: skip
