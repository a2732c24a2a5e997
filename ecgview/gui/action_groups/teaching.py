"""Teaching mode."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec, has_recording
from ecgview.gui.state import SessionState


def _is_teaching(state: SessionState) -> bool:
    return state.teaching.is_on and has_recording(state)


def _goes_on(state: SessionState) -> bool:
    """Tell whether there is a next step: of a lesson on the viewer, of the tour on any page."""
    return state.teaching.tour is not None or _is_teaching(state)


TEACHING_ACTIONS = (
    ActionSpec(
        "teach", "View", "Teaching mode", lambda c: c.teaching.toggle(), ("F8",),
        checked=lambda state: state.teaching.is_on, section=True,
    ),
    ActionSpec(
        "teach.tour", "View", "Guided tour: why V3 and not V6?",
        lambda c: c.teaching.toggle_tour(), ("Shift+F8",),
        checked=lambda state: state.teaching.tour is not None,
    ),
    ActionSpec(
        "teach.reveal", "View/Lesson", "Reveal what comes next", lambda c: c.teaching.reveal(),
        ("R",), _goes_on,
    ),
    ActionSpec(
        "teach.leads", "View/Lesson", "Give the next leads", lambda c: c.teaching.step_leads(),
        ("Ctrl+Right",), _goes_on,
    ),
    ActionSpec(
        "teach.leads.back", "View/Lesson", "Give the leads before",
        lambda c: c.teaching.step_leads(-1), ("Ctrl+Left",), _is_teaching,
    ),
    ActionSpec(
        "teach.case", "View/Lesson", "Next case", lambda c: c.teaching.next_case(),
        ("Ctrl+PgDown",), _is_teaching,
    ),
)  # fmt: skip
