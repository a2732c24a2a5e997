"""Calibrating to the person."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec, has_mark, has_recording
from ecgview.gui.state import SessionState


def _can_calibrate(state: SessionState) -> bool:
    card = state.card
    return has_recording(state) and card is not None and not card.needs_other_leads


def _has_last(state: SessionState) -> bool:
    last = state.last_personal
    return _can_calibrate(state) and last is not None and last is not state.personal


def _again(state: SessionState) -> str:
    last = state.last_personal
    name = last.recording.name if last is not None else "the last one"
    return f"Calibrate again from {name}"


PERSONAL_ACTIONS = (
    ActionSpec(
        "personal.earlier", "Model", "Calibrate from an earlier ECG…",
        lambda c: c.personal.ask(), ("Ctrl+Alt+G",), _can_calibrate, section=True,
    ),
    ActionSpec(
        "personal.mark", "Model", "Calibrate from the marked stretch",
        lambda c: c.personal.calibrate_from_mark(), (),
        lambda state: _can_calibrate(state) and has_mark(state),
    ),
    ActionSpec(
        "personal.again", "Model", "Calibrate again from the last one",
        lambda c: c.personal.again(), (), _has_last, caption=_again,
    ),
    ActionSpec(
        "personal.remove", "Model", "Remove the calibration",
        lambda c: c.personal.remove(), ("Ctrl+Alt+Shift+G",),
        lambda state: state.personal is not None and state.page == "viewer",
    ),
)  # fmt: skip
